"""The villages' weekly ledgers: seal, carry-over, the chain from week to week, and what late truth did to them."""

import datetime as dt
import hashlib
import json

from casework.codes import CATEGORIES, FIELDS
from common.periods import WEEK, Period
from ledgers.checking.differences import Difference
from ledgers.models import SEALED, WeeklyLedger

PLUS = ["opening", "new", "reopened", "moved_in", "corrections"]
MINUS = ["settled", "unsettled", "transferred", "duplicates", "moved_out"]
DRAFT, RETURNED = "draft", "returned"


def check(window, tally, checked):
    """Yields what is wrong with the ledgers of the window's weeks."""
    first = Period(WEEK, window.first - dt.timedelta(days=window.first.weekday()))
    rows = WeeklyLedger.objects.filter(week__range=(first.shift(-1).start, window.last))
    by_week = {}
    for row in rows.select_related("opened_from").order_by("village", "week", "version").iterator(chunk_size=500):
        by_week.setdefault((row.village_id, row.week), []).append(row)
    for (village, monday), versions in by_week.items():
        if monday < first.start:
            continue
        week = Period(WEEK, monday)
        before = by_week.get((village, week.shift(-1).start), [])
        for row in versions:
            checked.ledgers += 1
            for figure, stored, recounted in _wrong(row, before):
                if stored != recounted:
                    yield _difference(window, row, figure, stored, recounted)
        yield from _numbering(window, versions)
        yield from _against_the_rows(window, tally, checked, versions[-1], week)


def _wrong(row, before):
    """(what, stored, recounted) of one version."""
    carried = sum(getattr(row, name) for name in PLUS) - sum(getattr(row, name) for name in MINUS)
    yield "closing carried over", row.closing, carried
    yield (
        "totals in the content",
        row.content.get("totals"),
        {name: getattr(row, name) for name in [*PLUS, *MINUS, "closing"]},
    )
    if row.state == DRAFT:
        return
    yield "seal", row.sha256, _seal(row.content)
    opener = row.opened_from
    yield "opened from", opener and opener.pk, _in_force(before, row.signed_at)
    yield "opening", row.opening, opener.closing if opener else row.opening
    yield "seal opened from", row.content.get("opened_from"), opener.sha256 if opener else ""


def _seal(content):
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def _in_force(versions, moment):
    """The id of the version that counted at a moment: the last one signed by then and not yet returned."""
    held = [
        row
        for row in versions
        if row.signed_at and row.signed_at <= moment and not (row.state == RETURNED and row.reviewed_at <= moment)
    ]
    return held[-1].pk if held else None


def _numbering(window, versions):
    numbers = [row.version for row in versions]
    if numbers != list(range(1, len(numbers) + 1)):
        yield _difference(window, versions[0], "versions", numbers, list(range(1, len(numbers) + 1)))
    if [row.state for row in versions].count(DRAFT) > 1:
        yield _difference(window, versions[0], "drafts", "more than one", 1)


def _against_the_rows(window, tally, checked, row, week):
    """The last version of a week, draft or signed, says what the rows say: late truth has drafted the next version."""
    if row.town_id not in window.towns:
        return
    if window.waits({row.village_id}, week):
        checked.waiting += 1
        return
    recounted = tally.of(row.village_id, week)
    said = row.content.get("figures", {})
    for name in [*SEALED, "open"]:
        if said.get(name, 0) != recounted[name]:
            yield _difference(window, row, f"ledger: {name}", said.get(name), recounted[name])
    for name, codes in (("by_field", FIELDS), ("by_category", CATEGORIES)):
        values, true = said.get(name) or [0] * len(codes), [recounted[f"{name}.{code}"] for code in codes]
        if values != true:
            yield _difference(window, row, f"ledger: {name}", values, true)


def _difference(window, row, figure, stored, recounted):
    label = Period(WEEK, row.week).iso_label
    return Difference(window.codes[row.village_id], label, f"{figure} (version {row.version})", stored, recounted)
