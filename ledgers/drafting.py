"""Drafting the village's weekly ledger: its totals, its carry-over and its lists, from rows (domain handbook 8.2, 8.3).

A draft can be written anew at any time; only signing makes it last."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from common import clock
from common.periods import WEEK, Period
from grids.models import Area
from ledgers import contents, recount
from ledgers.contents import Told, in_force
from ledgers.models import SEALED, WeeklyLedger
from ledgers.rows import fetch

LAYOUT = 1
FLOWS = {"new": "opened", "reopened": "reopened", "settled": "settled", "unsettled": "unsettled",
         "transferred": "transferred", "duplicates": "duplicates"}  # fmt: skip
LEAVING = ["settled", "unsettled", "transferred", "duplicates"]
SAID = ["figures", "lines", "reports", "findings"]  # what the week itself says; the rest is taken over from before


def figures(village: Area, week: Period, as_of: dt.datetime) -> dict:
    """The counts of one village and week, recounted from rows; of a town's first week, since it began."""
    scope = recount.Scope((village.town,), as_of, (village.pk,))
    told = Told.of(village, week)
    bucket = recount.Bucket(week.start, told.start, min(told.last, as_of.date()))
    row = fetch(recount.select(recount.VILLAGE, scope), recount.parameters(scope, [bucket]))[0]
    return {name: row[name] for name in [*SEALED, "open", "by_field", "by_category"]}


def compose(village: Area, monday: dt.date, *, as_of: dt.datetime) -> dict:
    """Everything a draft of that week says now: `totals` for the row's columns, `content` to be sealed, `opened_from`.

    The opening is the closing of the version in force of the week before; what changed in the past since that was
    signed stands in `corrections`, with its lines under `late` (补报). Of a week that is running, its first days."""
    week = Period(WEEK, monday)
    told = Told.of(village, week)
    before = in_force(village.pk, monday - dt.timedelta(days=7))
    counts = figures(village, week, as_of)
    totals = _carry_over(counts, before)
    named = contents.Names(week).of(village)
    content = {
        "layout": LAYOUT,
        "village": named["place"],
        "village_name": named["place_name"],
        "week": week.iso_label,
        "monday": monday.isoformat(),
        "totals": totals,
        "figures": counts,
        "lines": contents.lines(village, told),
        "reports": contents.reports(village, told, as_of),
        "findings": contents.findings(village, told),
        "late": contents.late(village, week, before),
        "opened_from": before.sha256 if before else "",
    }
    return {"totals": totals, "content": content, "opened_from": before}


def _carry_over(counts, before):
    """The terms of the carry-over line. The true opening is computed back from the end of the week."""
    flows = {name: counts[source] for name, source in FLOWS.items()}
    true_opening = counts["open"] - flows["new"] - flows["reopened"] + sum(flows[name] for name in LEAVING)
    opening = before.closing if before else true_opening
    return flows | {
        "opening": opening, "corrections": true_opening - opening, "moved_in": 0, "moved_out": 0,
        "closing": counts["open"],
    }  # fmt: skip


def difference(older: dict, newer: dict) -> dict:
    """What a version changed against the one before: for `lines`, `reports` and `findings` the rows added, removed
    and changed, and under `figures` the counts and totals as [from, to]."""
    was, now = ({**c["figures"], **{f"total_{k}": v for k, v in c["totals"].items()}} for c in (older, newer))
    counts = {name: [was.get(name), now[name]] for name in now if was.get(name) != now[name]}
    return {part: contents.changes(part, older[part], newer[part]) for part in contents.KEYS} | {"figures": counts}


@transaction.atomic
def draft_week(town: Area, monday: dt.date) -> list[WeeklyLedger]:
    """Drafts the week's ledger for every village of the town that has none yet; running it again changes nothing."""
    had = set(WeeklyLedger.objects.filter(town=town, week=monday).values_list("village_id", flat=True))
    villages = villages_of(town, Period(WEEK, monday)).exclude(pk__in=had).select_related("town")
    return [_new_version(village, monday, 1) for village in villages]


def villages_of(town: Area, period: Period):
    """The villages (and dedicated grids) of a town that were open on a day of the period: each keeps a ledger."""
    villages = Area.objects.filter(town=town, village=F("id"), opened_on__lt=period.until)
    return villages.exclude(ended_on__lte=period.start).order_by("path")


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
    stands is brought up to date, and put away when nothing differs any more. Returns the drafts that stand then.
    (Architecture, Ledgers and late truth.)"""
    latest = WeeklyLedger.objects.filter(village__in=villages, week__in=weeks).select_related("village__town")
    latest = latest.order_by("village_id", "week", "-version").distinct("village_id", "week")
    return [draft for ledger in latest if (draft := _renewed(ledger))]


def _renewed(latest):
    if latest.state != WeeklyLedger.State.DRAFT:
        return draft_again(latest) if _differs(latest.content, compose_now(latest)["content"]) else None
    draft = redraft(latest)
    signed = WeeklyLedger.objects.filter(village=draft.village_id, week=draft.week, version=draft.version - 1).first()
    if signed is None or signed.state == WeeklyLedger.State.RETURNED or _differs(signed.content, draft.content):
        return draft
    draft.delete()
    return None


def compose_now(ledger: WeeklyLedger) -> dict:
    """What the ledger of that village and week would say if it were drafted now."""
    return compose(ledger.village, ledger.week, as_of=clock.now())


def _differs(signed, now):
    """Whether the week itself reads otherwise, not what it took over from the week before: that difference belongs
    to the next open ledger."""
    return any(signed[part] != now[part] for part in SAID)
