"""Pages of the weekly ledger: which are signed, one ledger with its acts, its paper, its table file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from grids import access
from grids.models import Area
from ledgers import exporting, forms, overview
from ledgers.sheet import open_sheet
from ledgers.signing import NotNow

WEEKS_A_PAGE = 20


@require_safe
def weekly_list(request):
    """All villages of a week for whoever reads several; all weeks for whoever reads one, or asks for one."""
    if not access.may_somewhere(request.user, "ledger.view"):
        raise PermissionDenied("ledger.view")
    readable = list(overview.villages(request.user))
    asked = request.GET.get("village")
    chosen = [village for village in readable if village.code == asked] if asked else readable
    if asked and not chosen:
        raise Http404
    return _of_village(request, chosen[0]) if len(chosen) == 1 else _of_week(request, chosen)


def _of_week(request, villages):
    week = overview.asked_week(request.GET.get("week", ""))
    if week is None:
        raise Http404
    rows, state = overview.of_week(villages, week), request.GET.get("state", "")
    context = {
        "week": week, "state": state, "rows": [row for row in rows if state in ("", row.state)],
        "counted": [(name, label, sum(row.state == name for row in rows)) for name, label in overview.STATES.items()],
        "before": week.shift(-1), "after": overview.asked_week(week.shift(1).iso_label),
    }  # fmt: skip
    return render(request, "ledgers/weekly_list.html", context)


def _of_village(request, village):
    page = Paginator(overview.weeks_of(village), WEEKS_A_PAGE).get_page(request.GET.get("page"))
    rows = overview.of_village(village, page.object_list)
    return render(request, "ledgers/village_list.html", {"village": village, "rows": rows, "page_obj": page})


@require_safe
def week(request, code, monday):
    return _shown(request, _sheet(request, code, monday, request.GET.get("version", "")))


def _sheet(request, code, monday, version):
    """404 outside the person's areas, 403 for a post that does not read ledgers."""
    places = Area.objects.filter(village=F("id")).select_related("town")
    return open_sheet(access.fetch(places, request.user, "ledger.view", code=code), monday, version)


def _shown(request, sheet, bound=None, status=200):
    asked = {name: request.GET.get(name, "") for name in ("show", "category", "field")}
    context = {
        "sheet": sheet, "shown": sheet.shown(**asked), "bound": bound,
        "acts": forms.for_ledger(sheet.row, request.user, bound),
        "may_open": access.may(request.user, "dispute.view", sheet.village.path),
    }  # fmt: skip
    return render(request, "ledgers/week.html", context, status=status)


@require_POST
def act(request, code, monday, act):
    """Takes an act; one that is refused comes back with everything that was typed."""
    sheet = _sheet(request, code, monday, request.POST.get("version", ""))
    if act not in forms.FORMS or sheet.row is None:
        raise Http404
    form = forms.FORMS[act](request.POST)
    try:
        if form.is_valid():
            form.take(ledger=sheet.row, by=request.user)
            messages.success(request, form.done)
            return redirect(sheet.path)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return _shown(request, _sheet(request, code, monday, ""), form, 409 if isinstance(wrong, NotNow) else 422)
    return _shown(request, sheet, form, 422)


@require_safe
def week_print(request, code, monday):
    return render(
        request, "ledgers/week_print.html", {"sheet": _sheet(request, code, monday, request.GET.get("version", ""))}
    )


@require_safe
def week_xlsx(request, code, monday):
    sheet = _sheet(request, code, monday, request.GET.get("version", ""))
    audit.record(request.user, "ledger_export", area_code=sheet.village.code, reason=sheet.week.iso_label)
    return exporting.week(request, sheet)
