"""What a village's weekly ledger lists: disputes, daily reports, findings, and what came late (补报), read from rows.

Numbers, codes, places, kinds and dates only, nothing about persons: a seal never has to be broken for an erasure."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from casework.models import Spell
from common import clock, periods
from common.periods import WEEK, Period
from grids.acts import names_on
from grids.models import Area
from ledgers.models import WeeklyLedger
from screening import duty
from screening.models import DailyReport, Finding

KEYS = {"lines": ("number", "round"), "reports": ("place", "day"), "findings": ("id",)}


@dataclass(frozen=True)
class Told:
    """The days a ledger tells of: the whole week, or in the first one those since the town began."""

    start: dt.date
    last: dt.date

    @classmethod
    def of(cls, village: Area, week: Period):
        return cls(max(week.start, village.town.profile.in_use_from), week.last)


class Names:
    """Codes and names of places as they were at the end of a week: a new name rewrites no signed week."""

    def __init__(self, week):
        self.former = names_on(week.last)

    def of(self, area: Area) -> dict:
        return self.told(area.pk, area.code, area.name)

    def told(self, pk: int, code: str, name: str) -> dict:
        code, name = self.former.get(pk, (code, name))
        return {"place": code, "place_name": name}


def lines(village: Area, week: Told) -> list[dict]:
    """One line for every spell open at the start of the week or opened in it, in order of number."""
    names = Names(week)
    spells = (
        Spell.objects.filter(case__village=village, case__kind="dispute", opened_on__lte=week.last)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gte=week.start))
        .select_related("case__area", "case__dispute")
        .order_by("case__number", "round")
    )
    return [_line(spell, village, week, names) for spell in spells]


def _line(spell, village, week, names):
    """A spell as it stood at the end of the week. Of a sensitive dispute no place below the village is told."""
    case, dispute = spell.case, spell.case.dispute
    place = village if dispute.sensitive else case.area
    ended = spell.closed_on is not None and spell.closed_on <= week.last
    return {
        "case": case.pk,
        "number": case.number,
        "round": spell.round,
        **names.of(place),
        "category": case.category,
        "field": case.field,
        "severity": dispute.severity,
        "sensitive": dispute.sensitive,
        "opened_on": spell.opened_on.isoformat(),
        "closed_on": spell.closed_on.isoformat() if ended else "",
        "closed_as": spell.closed_as if ended else "",
        "carried": spell.opened_on < week.start,
    }


def reports(village: Area, week: Told, as_of: dt.datetime) -> list[dict]:
    """Every report expected in the week and what became of it (screening.duty.STATES), by place and day."""
    rows, names = duty.states(village, week.start, week.last, as_of=as_of), Names(week)
    found = [
        names.told(row["area_id"], row["area_code"], row["area_name"])
        | {"day": row["day"].isoformat(), "state": row["state"], "nil": row["nil"]}
        for row in rows
    ]
    return sorted(found, key=lambda row: (row["place"], row["day"]))


def findings(village: Area, week: Told) -> list[dict]:
    """Every standing finding of the week's days, in order of day."""
    rows = Finding.objects.filter(village=village, day__range=(week.start, week.last), withdrawn_by__isnull=True)
    names = Names(week)
    return [
        {"id": row.pk, **names.of(row.area), "day": row.day.isoformat(),
         "field": row.field, "category": row.category, "outcome": row.outcome}
        for row in rows.select_related("area").order_by("day", "pk")
    ]  # fmt: skip


def changes(part: str, older: list[dict], newer: list[dict]) -> dict:
    """What one list of a ledger changed against an older one: rows added, removed, and pairs from/to."""

    def keyed(rows):
        return {tuple(row[name] for name in KEYS[part]): row for row in rows}

    was, now = keyed(older), keyed(newer)
    return {
        "added": [now[key] for key in now if key not in was],
        "removed": [was[key] for key in was if key not in now],
        "changed": [{"from": was[key], "to": now[key]} for key in now if key in was and was[key] != now[key]],
    }


def late(village: Area, week: Period, before: WeeklyLedger | None) -> list[dict]:
    """补报, what the week had to take over that an earlier ledger does not say: reports for earlier weeks received in
    this one, and disputes that read otherwise now than they were signed. `stock` is what an entry adds to the open
    ones at the start of the week; together they are the ledger's corrections."""
    found = _late_reports(village, week)
    if before is None:
        return found
    last_week = week.shift(-1)
    found += _as_late(
        last_week, changes("lines", before.content["lines"], lines(village, Told.of(village, last_week))), stock=True
    )
    for monday, was, now in _standing_changes(village, week):
        found += _as_late(Period(WEEK, monday), changes("lines", was["lines"], now["lines"]), stock=False)
    return found


def _late_reports(village, week):
    span = (clock.at(week.start, 0), periods.end_of(week.last))
    rows = DailyReport.objects.filter(village=village, day__lt=week.start, voided_at__isnull=True)
    rows = rows.filter(received_at__gte=span[0], received_at__lt=span[1]).select_related("area")
    rows = rows.annotate(n=Count("findings", filter=Q(findings__withdrawn_by__isnull=True)))
    names = Names(week)
    return [
        {"late": "report", "week": periods.week_of(row.day).iso_label, **names.of(row.area),
         "day": row.day.isoformat(),
         "received_on": row.received_at.astimezone(clock.SHANGHAI).date().isoformat(), "findings": row.n, "stock": 0}
        for row in rows.order_by("day", "area__code")
    ]  # fmt: skip


def _standing_changes(village, week):
    """Weeks before the last one whose next version was drafted in this week, with what they said and say."""
    drafts = WeeklyLedger.objects.filter(
        village=village, state=WeeklyLedger.State.DRAFT, version__gt=1, week__lt=week.shift(-1).start,
        drafted_at__gte=clock.at(week.start, 0), drafted_at__lt=periods.end_of(week.last),
    )  # fmt: skip
    for draft in drafts.order_by("week"):
        signed = in_force(village.pk, draft.week)
        if signed:
            yield draft.week, signed.content, draft.content


def _as_late(week, found, *, stock):
    def entry(kind, line, change):
        return line | {"late": kind, "week": week.iso_label, "stock": change if stock else 0}

    def is_open(line):
        return 0 if line["closed_on"] else 1

    return [
        *(entry("added", line, is_open(line)) for line in found["added"]),
        *(entry("removed", line, -is_open(line)) for line in found["removed"]),
        *(entry("changed", pair["to"], is_open(pair["to"]) - is_open(pair["from"])) for pair in found["changed"]),
    ]


def in_force(village_id: int, monday: dt.date) -> WeeklyLedger | None:
    """The version of a week's ledger that counts: the last one signed and not returned."""
    versions = WeeklyLedger.objects.filter(village=village_id, week=monday, state__in=WeeklyLedger.IN_FORCE)
    return versions.order_by("-version").first()
