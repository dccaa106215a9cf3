"""Pages of exports with telephone numbers: asking, deciding, downloading."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import second_factor
from accounts.forms import CodeForm
from accounts.models import Release
from common import clock
from common.spreadsheets import CONTENT_TYPE
from governance.navigation import demo_note
from governance.pages.people.forms import ReasonForm
from grids import access, releases
from grids.models import Area


class AskForm(CodeForm):
    """Which people, what for, and the code of this moment."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("People of"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    reason = forms.CharField(
        label=gettext_lazy("Purpose"),
        min_length=4,
        max_length=200,
        help_text=gettext_lazy("The second person reads it, and it stands in the file and on record."),
    )
    field_order = ["area", "reason", "code"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = releases.areas(user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request):
    """One's own requests with the form for a new one, and those that wait for oneself."""
    may_ask = access.may_somewhere(request.user, "person.export")
    if not may_ask and not access.may_somewhere(request.user, "person.release"):
        raise PermissionDenied("person.export")
    if request.method == "POST" and not may_ask:
        raise PermissionDenied("person.export")
    form = AskForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            releases.ask(by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Asked. A second person decides; the request runs out in 24 hours."))
            return redirect("people:exports")
    return _shown(request, form, may_ask, 422 if form.is_bound else 200)


def _shown(request, form, may_ask, status=200):
    names = dict(Area.objects.filter(code__in=Release.objects.values("area_code")).values_list("code", "name"))
    mine, waiting = list(releases.of(request.user)[:20]), list(releases.waiting_for(request.user))
    for row in [*mine, *waiting]:
        row.area_name = names.get(row.area_code, row.area_code)
        row.open_now = row.until > clock.now()
    shown = {"form": form, "mine": mine, "waiting": waiting, "may_ask": may_ask, "reason_form": ReasonForm()}
    shown["second"] = second_factor.of(request.user)
    return render(request, "governance/people/exports.html", shown, status=status)


@require_POST
def decide(request, pk):
    """Releases, or with a reason refuses."""
    if not access.may_somewhere(request.user, "person.release"):
        raise PermissionDenied("person.release")
    row = get_object_or_404(releases.waiting_for(request.user), pk=pk)
    try:
        if request.POST.get("answer") == "release":
            releases.release(request=row, by=request.user, notes=[note for note in [demo_note(request)] if note])
            messages.success(request, _("Released. The file waits 24 hours for the one who asked."))
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("Please say why it is refused."))
                return redirect("people:exports")
            releases.refuse(request=row, by=request.user, note=form.cleaned_data["reason"])
            messages.success(request, _("Refused."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("people:exports")


@never_cache
@require_safe
def download(request, pk):
    if not access.may_somewhere(request.user, "person.export"):
        raise PermissionDenied("person.export")
    row = get_object_or_404(releases.of(request.user).select_related("file"), pk=pk)
    name, content = releases.download(request=row, by=request.user)
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
