"""The system page: whether everything is at work, what is owed, what waits to be counted, which version runs."""

import datetime as dt
import platform
from functools import partial

import django
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock
from common.periods import Period
from governance import health, version
from grids import access
from grids.models import Area, TouchedDay
from ledgers.models import Heartbeat, OwedPeriod
from workdays import calendar

PARTS = [
    ("database", _("Database"), health.probe_database),
    ("redis", _("Redis (the doorbell)"), health.probe_redis),
    ("migrations", _("Tables up to date"), health.probe_migrations),
    ("worker", _("Worker (counts)"), partial(health.probe_heartbeat, "worker")),
    ("beat", _("Beat (rings every 20 seconds)"), partial(health.probe_heartbeat, "beat")),
]
NOTICE = dt.timedelta(days=31)  # the list of the coming year is asked for from December on
SHOWN = 20  # owed periods in the list; the number above it says how many there are


@never_cache
@require_safe
def system(request):
    """For those who keep the system running; reads and changes nothing."""
    if not access.may_somewhere(request.user, "system.view"):
        raise PermissionDenied("system.view")
    towns = Area.objects.filter(kind=Area.Kind.TOWN).visible_to(request.user, "system.view")
    owed = OwedPeriod.objects.filter(town__in=towns, done_at__isnull=True, due_at__lte=clock.now())
    touched = TouchedDay.objects.filter(town__in=towns)
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    return render(
        request,
        "governance/system.html",
        {
            "parts": [(label, health.ask(probe)["ok"], seen.get(name)) for name, label, probe in PARTS],
            "owed": [_told(row) for row in owed.select_related("town").order_by("parked_at", "due_at")[:SHOWN]],
            "owed_count": owed.filter(parked_at__isnull=True).count(),
            "parked_count": owed.filter(parked_at__isnull=False).count(),
            "touched_count": touched.values("village", "day").distinct().count(),
            "touched_since": touched.order_by("at").values_list("at", flat=True).first(),
            "unknown_years": calendar.unknown_years({clock.today().year, (clock.today() + NOTICE).year}),
            "version": version.running(),
            "versions": f"Python {platform.python_version()}, Django {django.get_version()}",
            "now": clock.now(),
        },
    )


def _told(row):
    """A row with its period, as the page writes it; a ledger belongs to a week."""
    row.period = Period("W" if row.kind == "L" else row.kind, row.start)
    return row
