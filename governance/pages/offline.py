"""The service worker's script: which static files and entry pages a phone keeps, or that it keeps none any more."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

FILES = [
    "vendor/tabler.min.css", "app.css", "screening.css", "icon.svg", "vendor/icons.svg", "django_htmx/htmx-2.min.js",
    "page.js", "outbox.js", "report.js", "visit.js", "drafts.js", "offline.js",
]  # fmt: skip
ENTRIES = ["screening:today", "screening:found", "screening:round", "screening:record_visit"]
DOORS = ["accounts:sign_in", "accounts:sign_out", "accounts:sign_out_everywhere"]


@login_not_required
@never_cache
@require_safe
def worker(request):
    """JavaScript; the same for everybody, so that it says nothing about anybody."""
    if not settings.OFFLINE_PAGES:
        return _script((settings.BASE_DIR / "static/worker_off.js").read_text(encoding="utf-8"))
    text = (settings.BASE_DIR / "static/worker.js").read_text(encoding="utf-8")
    files = [static(name) for name in FILES]
    setup = {
        "files": files, "entries": [reverse(name) for name in ENTRIES], "doors": [reverse(name) for name in DOORS],
        "choosing": reverse("screening:record_visit"),
    }  # fmt: skip
    setup["version"] = hashlib.sha256(json.dumps([setup, text]).encode()).hexdigest()[:12]
    return _script(f"const SETUP = {json.dumps(setup)};\n{text}")


def _script(text):
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")
