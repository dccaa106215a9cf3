"""The village desk: who has reported today and who has not, the findings, open disputes, the ledger of the week."""

import uuid
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from common import clock, periods
from disputes.lists import LISTING as DISPUTES
from grids import access, holders
from grids.choosing import area_of_list
from grids.models import Area
from screening import duty, lists
from screening.list_pages import excuse_of

SHOWN_FINDINGS = 20
OPEN = {"missing", "pending"}


@require_safe
def desk(request):
    area = area_of_list(request.user, "report.view", request.GET.get("area", ""))
    access.require(request.user, "report.view", area)
    now = clock.now()
    rows, found = (
        _rows_of(area, now, access.may(request.user, "leave.grant", area.path)),
        lists.standing(request.user, area, now.date(), now.date()),
    )
    return render(
        request,
        "screening/desk.html",
        {
            "area": area,
            "day": now.date(),
            "counts": _counts(area, rows, now.date()),
            "open": [row for row in rows if row["state"] in OPEN],
            "filed": [row for row in rows if row["report_id"]],
            "excused": [row for row in rows if row["state"] == "excused"],
            "findings": found.select_related("area", "household", "case").order_by("-pk")[:SHOWN_FINDINGS],
            "findings_count": found.count(),
            "findings_url": lists.list_url("screening:findings", area, now.date()),
            "disputes": _disputes(request.user, area, now.date()),
            "ledger_url": _ledger_url(area, now.date()),
            "may_file_for": access.may(request.user, "report.file_for", area.path),
            "new_id": uuid.uuid4,
            "leaves": holders.leaves_at(area) if access.may(request.user, "post.view", area.path) else [],
        },
    )


def _rows_of(area: Area, now, reasons):
    rows = duty.states(area, now.date(), now.date(), as_of=now)
    if not reasons:
        rows = [row | {"excuse": row["excuse"] and lists.AWAY} for row in rows]
    since = duty.missing_since([row["area_id"] for row in rows if row["state"] in OPEN], now.date())
    return [row | {"since": since.get(row["area_id"]), "excuse": excuse_of(row)} for row in rows]


def _counts(area, rows, day):
    """What stands on top: each number with the list it leads to."""
    states = dict(lists.STATES)
    shown = ["expected", "reported", "missing", "pending", "excused"]

    def number(state):
        if state == "expected":
            return len(rows)
        return sum(bool(row["report_id"]) if state == "reported" else row["state"] == state for row in rows)

    return [
        {
            "label": states[state],
            "value": number(state),
            "url": lists.list_url("screening:reports", area, day, state=state),
        }
        for state in shown
    ]


def _disputes(user, area, day):
    """The number of open disputes and the list of them; None for a person who may not see disputes."""
    if not access.may(user, "dispute.view", area.path):
        return None
    open_now = DISPUTES.spells(user, {"area": area, "open_on": day}).count()
    query = urlencode({"area": area.code, "open_on": day.isoformat()})
    return {"count": open_now, "url": f"{reverse('disputes:list')}?{query}"}


def _ledger_url(area, day):
    """Where the ledger of the village's week is shown; None for an area that keeps none, or while there is no page."""
    if area.village_id != area.pk:
        return None
    try:
        return reverse("ledgers:week", args=[area.code, periods.week_of(day).start.isoformat()])
    except NoReverseMatch:
        return None
