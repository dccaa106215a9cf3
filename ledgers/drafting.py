"""What a village's weekly ledger says: its lines, its totals and its carry-over, drafted from rows (handbook 8.2, 8.3).

The content holds numbers, codes, places, kinds and dates and nothing about persons, so that a seal never has to be
broken for somebody's erasure."""

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.db.models import F, Q

from casework.models import Spell
from common import clock
from common.periods import WEEK, Period
from grids.models import Area
from ledgers import recount
from ledgers.models import COUNTS, WeeklyLedger
from ledgers.rows import fetch

LAYOUT = 1
FLOWS = {"new": "opened", "reopened": "reopened", "settled": "settled", "unsettled": "unsettled",
         "transferred": "transferred", "duplicates": "duplicates"}  # fmt: skip


def canonical(content: dict) -> str:
    """The one written form of a content: sorted keys, no spaces, UTF-8, no floats."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(content: dict) -> str:
    """SHA-256 over the canonical form."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def figures(village: Area, week: Period, as_of: dt.datetime) -> dict:
    """The counts of one village and week, recounted from rows."""
    scope = recount.Scope((village.town,), as_of, (village.pk,))
    bucket = recount.Bucket(week.start, week.start, min(week.last, as_of.date()))
    row = fetch(recount.select(recount.VILLAGE, scope), recount.parameters(scope, [bucket]))[0]
    return {name: row[name] for name in [*COUNTS, "open", "by_field", "by_category"]}


def lines(village: Area, week: Period) -> list[dict]:
    """One line for every spell open at the start of the week or opened in it, in order of number."""
    spells = (
        Spell.objects.filter(case__village=village, case__kind="dispute", opened_on__lte=week.last)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gte=week.start))
        .select_related("case__area")
        .order_by("case__number", "round")
    )
    return [_line(spell, week) for spell in spells]


def _line(spell, week):
    """A spell as it stood at the end of the week."""
    ended = spell.closed_on is not None and spell.closed_on <= week.last
    return {
        "case": spell.case_id,
        "number": spell.case.number,
        "round": spell.round,
        "place": spell.case.area.code,
        "place_name": spell.case.area.name,
        "category": spell.case.category,
        "field": spell.case.field,
        "opened_on": spell.opened_on.isoformat(),
        "closed_on": spell.closed_on.isoformat() if ended else "",
        "closed_as": spell.closed_as if ended else "",
        "carried": spell.opened_on < week.start,
    }


def in_force(village_id: int, monday: dt.date) -> WeeklyLedger | None:
    """The version of a week's ledger that counts: the last one signed and not returned."""
    versions = WeeklyLedger.objects.filter(village=village_id, week=monday, state__in=WeeklyLedger.IN_FORCE)
    return versions.order_by("-version").first()


def compose(village: Area, monday: dt.date, *, as_of: dt.datetime) -> dict:
    """Everything a draft of that week says now: `totals` for the row's columns, `content` to be sealed, `opened_from`.

    The opening is the closing of the version in force of the week before; what changed in the past since that was
    signed stands in `corrections`, with its lines under `late` (补报)."""
    week = Period(WEEK, monday)
    counts, said = figures(village, week, as_of), lines(village, week)
    before = in_force(village.pk, monday - dt.timedelta(days=7))
    flows = {name: counts[source] for name, source in FLOWS.items()}
    true_start = counts["open"] - flows["new"] - flows["reopened"] + sum(
        flows[name] for name in ("settled", "unsettled", "transferred", "duplicates")
    )  # fmt: skip
    opening = before.closing if before else true_start
    totals = flows | {"opening": opening, "corrections": true_start - opening, "moved_in": 0, "moved_out": 0,
                      "closing": counts["open"]}  # fmt: skip
    content = {
        "layout": LAYOUT,
        "village": village.code,
        "village_name": village.name,
        "week": week.iso_label,
        "monday": monday.isoformat(),
        "totals": totals,
        "figures": counts,
        "lines": said,
        "late": late_lines(before, said, week),
        "opened_from": before.sha256 if before else "",
    }
    return {"totals": totals, "content": content, "opened_from": before}


def late_lines(before: WeeklyLedger | None, said: list[dict], week: Period) -> list[dict]:
    """补报: lines carried into this week that the signed week before did not carry out, and the other way round."""
    if before is None:
        return []
    carried_out = {(line["number"], line["round"]) for line in before.content["lines"] if not line["closed_on"]}
    carried_in = {(line["number"], line["round"]): line for line in said if line["carried"]}
    added = [line | {"late": "added"} for key, line in carried_in.items() if key not in carried_out]
    gone = [
        line | {"late": "removed"}
        for line in before.content["lines"]
        if not line["closed_on"] and (line["number"], line["round"]) not in carried_in
    ]
    return added + gone


def difference(older: dict, newer: dict) -> dict:
    """What a version changed against the one before: lines added, removed and changed, and totals from/to."""
    was = {(line["number"], line["round"]): line for line in older["lines"]}
    now = {(line["number"], line["round"]): line for line in newer["lines"]}
    counts = {**older["figures"], **{f"total_{k}": v for k, v in older["totals"].items()}}
    renewed = {**newer["figures"], **{f"total_{k}": v for k, v in newer["totals"].items()}}
    return {
        "added": [now[key] for key in now if key not in was],
        "removed": [was[key] for key in was if key not in now],
        "changed": [{"from": was[key], "to": now[key]} for key in now if key in was and was[key] != now[key]],
        "figures": {name: [counts.get(name), renewed[name]] for name in renewed if counts.get(name) != renewed[name]},
    }


@transaction.atomic
def draft_week(town: Area, monday: dt.date) -> list[WeeklyLedger]:
    """Drafts the week's ledger for every village of the town that has none yet; running it again changes nothing."""
    had = set(WeeklyLedger.objects.filter(town=town, week=monday).values_list("village_id", flat=True))
    villages = Area.objects.filter(town=town, village=F("id"), opened_on__lt=monday + dt.timedelta(days=7))
    villages = villages.exclude(ended_on__lte=monday).exclude(pk__in=had).select_related("town")
    return [_new_version(village, monday, 1) for village in villages.order_by("path")]


def _new_version(village, monday, version):
    said = compose(village, monday, as_of=clock.now())
    return WeeklyLedger.objects.create(
        village=village, town_id=village.town_id, area_path=village.path, week=monday, version=version,
        content=said["content"], opened_from=said["opened_from"], drafted_at=clock.now(), **said["totals"],
    )  # fmt: skip


def draft_again(ledger: WeeklyLedger) -> WeeklyLedger:
    """The next version of a ledger, unless a draft of that week stands already."""
    standing = WeeklyLedger.objects.filter(village=ledger.village_id, week=ledger.week, state="draft").first()
    if standing:
        return standing
    last = WeeklyLedger.objects.filter(village=ledger.village_id, week=ledger.week).order_by("-version").first()
    return _new_version(ledger.village, ledger.week, last.version + 1)


def redraft(ledger: WeeklyLedger) -> WeeklyLedger:
    """Brings an unsigned draft up to the truth of now."""
    said = compose(ledger.village, ledger.week, as_of=clock.now())
    for name, value in (said["totals"] | {"content": said["content"], "opened_from": said["opened_from"]}).items():
        setattr(ledger, name, value)
    ledger.save()
    return ledger


def renew_signed(villages, weeks) -> list[WeeklyLedger]:
    """After a recount: where the truth of a signed week differs from what was signed, drafts version n+1; a draft that
    stands is brought up to date. Returns the drafts. (Architecture, Ledgers and late truth.)"""
    drafts = []
    for village in Area.objects.filter(pk__in=villages).select_related("town"):
        for monday in sorted(weeks):
            latest = WeeklyLedger.objects.filter(village=village, week=monday).order_by("-version").first()
            if latest is None:
                continue
            if latest.state == WeeklyLedger.State.DRAFT:
                drafts.append(redraft(latest))
            elif _differs(latest, village):
                drafts.append(draft_again(latest))
    return drafts


def _differs(signed, village):
    """Whether the week itself reads otherwise now: its lines or its counts, not what it took over from the week before
    (that difference belongs to the next open ledger)."""
    now = compose(village, signed.week, as_of=clock.now())["content"]
    return any(signed.content[part] != now[part] for part in ("lines", "figures"))
