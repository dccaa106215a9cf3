"""Drafting the weekly ledger: what it lists, that it carries over, and how late truth reaches it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from common import canonical, clock
from common.periods import WEEK, Period
from grids.models import TownProfile
from grids.roles import Role
from ledgers import checking, closing, counting, drafting
from ledgers.models import WeeklyLedger
from screening.reporting import void_report

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 3, 2)
NEXT, THIRD = MON + dt.timedelta(days=7), MON + dt.timedelta(days=14)
DAYS = [MON + dt.timedelta(days=n) for n in range(28)]


def drain(day, hour=12):
    with clock.standing_at(clock.at(day, hour)):
        return counting.drain()


def ledger(village, monday, **which):
    return WeeklyLedger.objects.filter(village=village, week=monday, **which).order_by("-version").first()


def test_on_monday_every_village_has_one_draft_and_drafting_again_changes_nothing(
    working_town, village, other_village, close
):
    close(NEXT)
    before = list(WeeklyLedger.objects.order_by("pk").values())

    with clock.standing_at(clock.at(NEXT, 2)):
        assert drafting.draft_week(working_town, MON) == []
        assert closing.close_owed() == 0

    assert {row["village_id"] for row in before} == {village.pk, other_village.pk}
    assert [(row["week"], row["version"], row["state"]) for row in before] == [(MON, 1, "draft")] * 2
    assert list(WeeklyLedger.objects.order_by("pk").values()) == before


def test_composing_twice_gives_the_same_hash(working_town, village, grid, worker, report, dispute):
    report(worker, grid, MON, "spot")
    dispute(grid, DAYS[2])
    with clock.standing_at(clock.at(NEXT, 1)):
        first = drafting.compose(village, MON, as_of=clock.now())["content"]
    with clock.standing_at(clock.at(THIRD, 1)):
        again = drafting.compose(village, MON, as_of=clock.now())["content"]

    assert canonical.digest(first) == canonical.digest(again)


def test_a_village_opened_after_the_week_or_ended_before_it_has_no_ledger(working_town, village, other_village):
    type(village).objects.filter(pk=village.pk).update(opened_on=NEXT)
    type(village).objects.filter(pk=other_village.pk).update(ended_on=MON)

    with clock.standing_at(clock.at(NEXT, 1)):
        assert drafting.draft_week(working_town, MON) == []


def test_the_draft_lists_spells_open_at_the_start_or_opened_in_the_week(
    working_town, village, grid, other_grid, dispute, take, close
):
    old, settled, new = dispute(grid, MON), dispute(grid, DAYS[1]), dispute(grid, NEXT)
    dispute(other_grid, NEXT)
    take("settle", settled, DAYS[2])
    take("settle", old, NEXT + dt.timedelta(days=3))
    later = take("settle", dispute(grid, DAYS[8]), THIRD)
    close(THIRD)

    lines = {line["number"]: line for line in ledger(village, NEXT).content["lines"]}

    assert set(lines) == {d.case.number for d in (old, new, later)}
    assert (lines[old.case.number]["carried"], lines[old.case.number]["closed_as"]) == (True, "settled")
    assert (lines[new.case.number]["carried"], lines[new.case.number]["closed_as"]) == (False, "")
    assert lines[later.case.number]["closed_on"] == ""  # settled only after the week


def test_the_carry_over_adds_up_and_refuses_what_does_not(working_town, village, grid, dispute, take, close):
    four = [dispute(grid, DAYS[n]) for n in range(4)]
    take("settle", four[0], DAYS[4])
    take("transfer", four[1], DAYS[5])
    take("close_unsettled", four[2], DAYS[8])
    take("reopen", four[0], DAYS[9])
    take("mark_duplicate", dispute(grid, DAYS[9]), DAYS[10], of=four[0])
    close(THIRD)

    first, second = ledger(village, MON), ledger(village, NEXT)

    terms = [
        "opening",
        "new",
        "reopened",
        "corrections",
        "settled",
        "unsettled",
        "transferred",
        "duplicates",
        "closing",
    ]
    assert [getattr(first, name) for name in terms] == [0, 4, 0, 0, 1, 0, 1, 0, 2]
    assert [getattr(second, name) for name in terms] == [2, 1, 1, 0, 0, 1, 0, 1, 2]
    second.closing += 1
    with pytest.raises(IntegrityError, match="ledger_carries_over"), transaction.atomic():
        second.save()


def test_the_lists_are_as_long_as_the_figures(
    working_town, village, grid, worker, report, dispute, take, someone, close
):
    report(worker, grid, MON)
    report(worker, grid, DAYS[1], "spot", "dispute", hour=21)
    take("settle", dispute(grid, MON), DAYS[1])
    close(NEXT)
    content = ledger(village, MON).content
    counts, totals = content["figures"], content["totals"]

    states = [row["state"] for row in content["reports"]]
    for state in ("on_time", "late", "missing", "excused", "pending"):
        assert states.count(state) == counts[state]
    assert len(states) == counts["expected"] == 7
    assert len(content["findings"]) == counts["findings"] == 2
    assert len([line for line in content["lines"] if not line["closed_on"]]) == totals["closing"] == 1
    assert len([line for line in content["lines"] if not line["carried"]]) == totals["new"] == 2


def test_opening_is_the_closing_of_the_version_in_force_by_foreign_key(
    working_town, village, grid, dispute, sign, close
):
    dispute(grid, MON)
    close(NEXT)
    signed = sign(village, MON)
    close(THIRD)

    draft = ledger(village, NEXT)

    assert (draft.opened_from, draft.opening, draft.corrections) == (signed, 1, 0)
    assert draft.content["opened_from"] == signed.sha256


def test_a_late_report_after_signing_drafts_version_two_and_leaves_version_one_as_it_was(
    working_town, village, other_village, grid, worker, report, sign, close
):
    report(worker, grid, MON)
    close(NEXT)
    signed = sign(village, MON)
    sealed = WeeklyLedger.objects.filter(pk=signed.pk).values().get()
    report(worker, grid, DAYS[2], "spot", on=NEXT, hour=10)

    drain(NEXT)
    drain(NEXT, 13)

    assert WeeklyLedger.objects.filter(pk=signed.pk).values().get() == sealed
    second = ledger(village, MON)
    assert (second.version, second.state) == (2, "draft")
    changed = drafting.difference(signed.content, second.content)
    assert changed["figures"]["late"] == [0, 1]
    assert changed["figures"]["missing"] == [6, 5]
    assert [pair["to"]["state"] for pair in changed["reports"]["changed"]] == ["late"]
    assert [row["category"] for row in changed["findings"]["added"]] == ["02"]
    assert WeeklyLedger.objects.filter(village=other_village).count() == 1


def test_the_next_open_ledger_lists_the_report_that_came_late(working_town, village, grid, worker, report, sign, close):
    report(worker, grid, MON)
    close(NEXT)
    sign(village, MON)
    report(worker, grid, DAYS[2], "spot", on=NEXT, hour=10)

    with clock.standing_at(clock.at(NEXT, 11)):
        running = drafting.compose(village, NEXT, as_of=clock.now())

    (entry,) = running["content"]["late"]
    assert (entry["late"], entry["day"], entry["received_on"], entry["findings"]) == (
        "report", DAYS[2].isoformat(), NEXT.isoformat(), 1,
    )  # fmt: skip
    assert running["totals"]["corrections"] == 0


def test_a_recategorised_dispute_drafts_version_two_and_shows_in_the_next_ledger(
    working_town, village, grid, dispute, take, sign, close
):
    found = dispute(grid, MON)
    close(NEXT)
    signed = sign(village, MON)
    take("recategorise", found, DAYS[8], category="03", field="1")
    drain(DAYS[8], 16)

    second = ledger(village, MON)
    (pair,) = drafting.difference(signed.content, second.content)["lines"]["changed"]
    assert (second.version, pair["from"]["category"], pair["to"]["category"]) == (2, "02", "03")
    close(THIRD)
    (entry,) = ledger(village, NEXT).content["late"]
    assert (entry["late"], entry["category"], entry["week"], entry["stock"]) == ("changed", "03", "2026-W10", 0)


def test_what_moves_the_stock_of_a_signed_week_stands_as_a_correction(
    working_town, village, grid, dispute, take, sign, close
):
    gone, late = dispute(grid, MON), dispute(grid, NEXT)
    close(NEXT + dt.timedelta(days=1))
    sign(village, MON)
    gone.case.spells.update(opened_on=NEXT)  # a spell that was dated wrongly, put right afterwards
    late.case.spells.update(opened_on=MON)
    dispute(grid, NEXT).case.spells.update(opened_on=DAYS[3])
    close(THIRD)

    draft = ledger(village, NEXT)

    assert (draft.opening, draft.corrections) == (1, 1)
    assert sum(entry["stock"] for entry in draft.content["late"]) == draft.corrections
    assert sorted(entry["late"] for entry in draft.content["late"]) == ["added", "added", "removed"]
    assert draft.closing == 3


def test_a_draft_without_difference_is_put_away_again(
    working_town, village, grid, worker, report, sign, someone, close
):
    close(NEXT)
    sign(village, MON)
    filed = report(worker, grid, DAYS[2], on=NEXT, hour=10)
    drain(NEXT)
    assert ledger(village, MON).version == 2

    with clock.standing_at(clock.at(NEXT, 13)):
        void_report(by=someone(Role.VILLAGE_DESK, village), report=filed, reason="填错日期")
    drain(NEXT, 14)

    assert ledger(village, MON).version == 1


def test_an_unsigned_draft_is_brought_up_to_date_in_place(working_town, village, grid, worker, report, close):
    close(NEXT)
    report(worker, grid, DAYS[2], on=NEXT, hour=10)
    drain(NEXT)

    draft = ledger(village, MON)

    assert (draft.version, draft.content["figures"]["late"]) == (1, 1)
    assert WeeklyLedger.objects.filter(village=village, week=MON).count() == 1


def test_no_name_phone_or_line_reaches_a_ledger(working_town, village, grid, worker, report, dispute, close):
    report(worker, grid, MON, "dispute", line="金丝雀与王五争执 13912345678")
    dispute(grid, MON, parties=[{"name": "金丝雀", "phone": "13912345678"}])
    close(NEXT)

    text = canonical.canonical(ledger(village, MON).content)

    assert '"new":2' in text
    for canary in ("金丝雀", "13912345678", "宅基地边界", "张三丰", worker.username):
        assert canary not in text


def test_a_sensitive_dispute_tells_no_place_below_the_village(working_town, village, grid, dispute, close):
    dispute(grid, MON, sensitive=True)
    close(NEXT)

    (line,) = ledger(village, MON).content["lines"]

    assert (line["sensitive"], line["place"]) == (True, village.code)


def test_the_week_of_the_turn_of_the_year_keeps_its_iso_name(working_town, village, grid, dispute):
    monday = dt.date(2026, 12, 28)
    dispute(grid, dt.date(2027, 1, 2))

    with clock.standing_at(clock.at(dt.date(2027, 1, 4), 1)):
        said = drafting.compose(village, monday, as_of=clock.now())

    assert Period(WEEK, monday).iso_label == said["content"]["week"] == "2026-W53"
    assert said["totals"]["new"] == 1


def test_the_first_ledger_of_a_town_that_begins_mid_week_tells_the_days_since(
    working_town, village, worker, grid, report, dispute, take
):
    """Begun on Wednesday: what the desk tried out on Tuesday is carried in, not counted as found in the week."""
    wednesday = MON + dt.timedelta(days=2)
    TownProfile.objects.filter(town=working_town).update(in_use_from=wednesday)
    tried_out, found = dispute(grid, MON + dt.timedelta(days=1)), dispute(grid, MON + dt.timedelta(days=3))
    report(worker, grid, wednesday, "spot")
    with clock.standing_at(clock.at(MON + dt.timedelta(days=7), 2)):
        closing.close_owed()
        wrong = checking.check().differences

    draft = WeeklyLedger.objects.get(village=village, week=MON)
    lines = {line["number"]: line["carried"] for line in draft.content["lines"]}
    assert (draft.opening, draft.new, draft.closing) == (1, 1, 2)
    assert lines == {tried_out.case.number: True, found.case.number: False}
    assert {row["day"] for row in draft.content["reports"]} == {
        (wednesday + dt.timedelta(days=n)).isoformat() for n in range(5)
    }
    assert draft.content["figures"]["expected"] == 5
    assert wrong == []
