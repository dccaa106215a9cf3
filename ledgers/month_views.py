"""Pages of the town's monthly table: on the screen, as a paper, as a table file."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit
from common import clock, periods
from common.periods import MONTH, Period
from grids import access
from grids.models import Area
from ledgers import exporting, overview
from ledgers.report_form import report_form
from ledgers.sheet import began
from ledgers.town_table import TownTable


@require_safe
def town_month(request, code="", month=""):
    """The table; without a town the reader's own, without a month the last one that is over."""
    table = _table(request, code, month)
    context = {
        "table": table, "form": table.form,
        "unsigned": overview.unsigned_in(table.town, table.month),
        "before": _if_it_was(table.town, table.month.shift(-1)), "after": _if_it_was(table.town, table.month.shift(1)),
    }  # fmt: skip
    return render(request, "ledgers/town_month.html", context)


@require_safe
def town_month_print(request, code, month):
    table = _table(request, code, month)
    return render(request, "ledgers/town_month_print.html", {"table": table, "form": table.form})


@require_safe
def town_month_xlsx(request, code, month):
    table = _table(request, code, month)
    audit.record(request.user, "table_export", area_code=table.town.code, reason=table.month.iso_label)
    return exporting.town_month(request, table)


def _table(request, code, month):
    """404 outside the person's areas and for months that never were, 403 for a post that does not read tables."""
    town = _town(request.user, code)
    chosen = _month(month) if month else _last_closed(town)
    if chosen is None or (month and not _if_it_was(town, chosen)):
        raise Http404
    return TownTable(town, chosen, report_form(), _village(town, request.GET.get("village", "")))


def _town(user, code):
    towns = Area.objects.filter(kind=Area.Kind.TOWN)
    if code:
        return access.fetch(towns, user, "table.view", code=code)
    mine = towns.visible_to(user, "table.view").order_by("path").first()
    if mine is None:
        raise PermissionDenied("table.view")
    return mine


def _village(town, code):
    if not code:
        return None
    found = Area.objects.filter(town=town, code=code).first()
    if found is None or found.village_id != found.pk:
        raise Http404
    return found


def _month(text):
    try:
        return periods.month_of(dt.datetime.strptime(text, "%Y-%m").date())
    except ValueError:
        return None


def _last_closed(town):
    """The month before this one, or this one in a town's first month."""
    this = periods.month_of(clock.today())
    return _if_it_was(town, this.shift(-1)) or this


def _if_it_was(town, month: Period) -> Period | None:
    """The month, if it has begun and the town worked with the platform in it."""
    return month if month.start <= clock.today() and month.last >= began(town) and month.kind == MONTH else None
