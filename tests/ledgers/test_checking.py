"""check_figures finds nothing in a month of honest work, and every fault that is planted in it."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from common import clock
from disputes import workflow
from grids.models import TouchedDay
from grids.roles import Role
from ledgers import checking, closing, counting, signing
from ledgers.models import Fact, WeeklyLedger
from screening.reporting import void_report

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 3, 2)
WEEK = dt.timedelta(days=7)
NOW = clock.at(dt.date(2026, 4, 2), 10)


def day(n):
    return MON + dt.timedelta(days=n)


@pytest.fixture
def month(working_town, village, worker, other_worker, grid, other_grid, report, dispute, someone):
    """March: reports on time, late, missing, voided; three disputes, one reopened; three weeks signed, one returned."""
    desk, director = someone(Role.VILLAGE_DESK, village), someone(Role.VILLAGE_DIRECTOR, village)
    town_desk = someone(Role.TOWN_DESK, working_town)
    for n in range(31):
        if n % 6:
            report(worker, grid, day(n), *["spot"] * (n % 3), hour=21 if n % 5 == 0 else 18)
        report(other_worker, other_grid, day(n), hour=20 if n % 9 else 12)
        with clock.standing_at(clock.at(day(n), 19)):
            if n == 8:
                void_report(by=desk, report=report(worker, grid, day(0), on=day(8)), reason="填错")
            if n in (1, 9, 16):
                first = dispute(grid, day(n))
            if n in (3, 10):
                workflow.take("settle", dispute=first, by=desk)
            if n == 12:
                workflow.take("reopen", dispute=first, by=director, note="又起争执")
        with clock.standing_at(clock.at(day(n + 1), 2)):
            closing.close_owed()
            if n % 7 == 6:
                draft = WeeklyLedger.objects.get(village=village, week=day(n - 6), state="draft")
                signed = signing.sign(ledger=draft, by=director)
                if n == 13:
                    again = signing.send_back(ledger=signed, by=town_desk, reason="漏了一件")
                    signing.accept(ledger=signing.sign(ledger=again, by=director), by=town_desk)
        if n % 4 == 1:
            with clock.standing_at(clock.at(day(n + 1), 3)):
                counting.drain()
    with clock.standing_at(NOW):
        closing.close_owed()
        counting.drain()
    return working_town


def check(first=None, last=None):
    with clock.standing_at(NOW):
        return checking.check(first, last)


def figures_of(found):
    return {difference.figure for difference in found.differences}


def sql(*statements):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # past every trigger, as a vandal would go
        for statement in statements:
            cursor.execute(statement)


def test_a_month_of_honest_work_has_no_difference(month):
    found = check()

    assert found.differences == []
    assert found.facts == (31 * 4 + (4 + 1) * (4 + 2))
    assert (found.reports > 50, found.ledgers >= 9, found.periods, found.waiting) == (True, True, 31 + 4 + 1 + 4, 0)


PLANTED = {
    "a day of a village with one late report too many": (
        ["UPDATE ledgers_fact SET late = late + 1, on_time = on_time - 1"
         " WHERE kind = 'D' AND start = '2026-03-03' AND area_id = (SELECT id FROM grids_area WHERE name = '东良村')"],
        {"late", "on_time"},
    ),
    "a week of the town that forgot a finding": (
        ["UPDATE ledgers_fact SET findings = findings - 1 WHERE kind = 'W' AND start = '2026-03-09'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '故城镇')"],
        {"findings"},
    ),
    "a month of the county in the wrong field": (
        ["UPDATE ledgers_fact SET by_field = array[1, 0, by_field[3] - 1, 0, 0, 0, 0] WHERE kind = 'M'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '武乡县')"],
        {"by_field.1", "by_field.3"},
    ),
    "a week of a grid in the wrong category": (
        ["UPDATE ledgers_fact SET by_category = array_fill(0, array[18]) WHERE kind = 'W' AND start = '2026-03-09'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '东良村第一网格')"],
        {"by_category.02"},
    ),
    "an open dispute that is not open": (
        ["UPDATE ledgers_fact SET open = open + 1 WHERE kind = 'M' AND area_id ="
         " (SELECT id FROM grids_area WHERE name = '东良村第一网格')"],
        {"open"},
    ),
    "a visit nobody paid": (
        ["UPDATE ledgers_fact SET visits = visits + 1, to_visit = to_visit + 1, visited = visited + 1 WHERE kind = 'D'"
         " AND start = '2026-03-04' AND area_id = (SELECT id FROM grids_area WHERE name = '南沟村')"],
        {"visits", "to_visit", "visited"},
    ),
    "a fact that is gone": (
        ["DELETE FROM ledgers_fact WHERE kind = 'D' AND start = '2026-03-04' AND area_id ="
         " (SELECT id FROM grids_area WHERE name = '南沟村')"],
        {"expected", "on_time", "nil"},
    ),
    "a fact stored twice": (
        ["ALTER TABLE ledgers_fact DROP CONSTRAINT ledgers_fact_pkey",
         "INSERT INTO ledgers_fact (area_id, kind, start, expected, on_time, late, nil, missing, excused, pending,"
         " findings, opened, reopened, settled, unsettled, transferred, duplicates, open, households, linked, visits,"
         " nobody_home, to_visit, visited, overdue)"
         " SELECT area_id, kind, start, expected, on_time, late, nil, missing, excused, pending, findings, opened,"
         " reopened, settled, unsettled, transferred, duplicates, open, households, linked, visits, nobody_home,"
         " to_visit, visited, overdue FROM ledgers_fact"
         " WHERE kind = 'D' AND start = '2026-03-01'::date + 1 LIMIT 1"],
        {"facts"},
    ),
    "a week that begins on a Tuesday": (
        ["UPDATE ledgers_fact SET start = start + 1 WHERE kind = 'W' AND start = '2026-03-09'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '故城镇')"],
        {"begin of the period"},
    ),
    "a second standing report of an area and day": (
        ["DROP INDEX one_report_per_area_and_day",
         "UPDATE screening_dailyreport SET day = '2026-03-03', due_by = due_by - interval '1 day',"
         " late = received_at > due_by - interval '1 day' WHERE day = '2026-03-04' AND area_id ="
         " (SELECT id FROM grids_area WHERE name = '东良村第一网格')"],
        {"standing reports"},
    ),
    "a report marked late that came in time": (
        ["ALTER TABLE screening_dailyreport DROP CONSTRAINT late_means_after_the_cut_off",
         "UPDATE screening_dailyreport SET late = true WHERE day = '2026-03-04' AND area_id ="
         " (SELECT id FROM grids_area WHERE name = '南沟村第一网格')"],
        {"late"},
    ),
    "a report marked nil that has findings": (
        ["UPDATE screening_dailyreport SET nil = true WHERE day = '2026-03-03' AND area_id ="
         " (SELECT id FROM grids_area WHERE name = '东良村第一网格')"],
        {"nil"},
    ),
    "a first receipt that was changed": (
        ["UPDATE screening_dailyreport SET received_at = received_at - interval '1 hour' WHERE day = '2026-03-04'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '南沟村第一网格')"],
        {"first receipt"},
    ),
    "a finding on another day than its report": (
        ["UPDATE screening_finding SET day = day + 1 WHERE day = '2026-03-03'"],
        {"day and village of a finding"},
    ),
    "a report that came without a touched day": (
        ["UPDATE screening_dailyreport SET voided_at = received_at, void_reason = 'x' WHERE day = '2026-03-04'"
         " AND area_id = (SELECT id FROM grids_area WHERE name = '南沟村第一网格')"],
        {"missing", "on_time", "nil"},
    ),
    "a signed ledger with another number in its content": (
        ["UPDATE ledgers_weeklyledger SET content = jsonb_set(content, '{lines,0,category}', '\"09\"')"
         " WHERE state = 'signed' AND week = '2026-03-02'"],
        {"seal (version 1)"},
    ),
    "a ledger that does not carry over": (
        ["ALTER TABLE ledgers_weeklyledger DROP CONSTRAINT ledger_carries_over",
         "UPDATE ledgers_weeklyledger SET closing = closing + 1 WHERE state = 'signed' AND week = '2026-03-02'"],
        {"closing carried over (version 1)", "totals in the content (version 1)"},
    ),
    "a ledger that opens with another number than the one before closed with": (
        ["UPDATE ledgers_weeklyledger SET opening = opening + 1, corrections = corrections - 1"
         " WHERE state = 'signed' AND week = '2026-03-16'"],
        {"opening (version 1)", "totals in the content (version 1)"},
    ),
    "a ledger that was opened from a version out of force": (
        ["UPDATE ledgers_weeklyledger SET opened_from_id = NULL WHERE version = 1 AND week = '2026-03-09'"
         " AND state <> 'draft'"],
        {"opened from (version 1)"},
    ),
    "late truth that drafted no new version": (
        ["UPDATE ledgers_weeklyledger SET content = jsonb_set(content, '{figures,findings}', '99')"
         " WHERE week = '2026-03-23'"],
        {"ledger: findings (version 1)"},
    ),
    "a day that was never counted": (
        ["UPDATE ledgers_owedperiod SET done_at = NULL, attempts = 5, error = 'E', parked_at = due_at"
         " WHERE kind = 'D' AND start = '2026-03-05'"],
        {"counting the day"},
    ),
    "a week that is not even owed": (
        ["DELETE FROM ledgers_owedperiod WHERE kind = 'W' AND start = '2026-03-09'"],
        {"counting the week"},
    ),
    "a month counted before it was over": (
        ["UPDATE ledgers_owedperiod SET done_at = due_at - interval '1 day' WHERE kind = 'M'"],
        {"counting the month"},
    ),
}  # fmt: skip


def test_every_planted_fault_is_found(month, subtests):
    for fault, (statements, figures) in PLANTED.items():
        with subtests.test(fault), transaction.atomic():
            sql(*statements)
            found = figures_of(check())
            transaction.set_rollback(True)
            assert found >= figures

    assert check().differences == []


def test_a_difference_says_where_and_what_and_only_the_asked_days_are_looked_at(month, village):
    Fact.objects.filter(area=village, kind="D", start=day(1)).update(nil=1, late=1, on_time=0)

    printed = io.StringIO()
    with clock.standing_at(NOW), pytest.raises(CommandError, match="differences") as refusal:
        call_command("check_figures", "--from", "2026-03-03", "--to", "2026-03-03", stdout=printed)

    assert f"{village.code} 2026-03-03 late: stored 1, recounted 0\n" in printed.getvalue()
    assert refusal.value.returncode == 1
    assert figures_of(check(first=dt.date(2026, 3, 4))) == set()


def test_what_waits_for_the_worker_is_left_out_and_said(month, worker, grid, report):
    report(worker, grid, day(6), "spot", on=NOW.date(), hour=9)
    assert TouchedDay.objects.exists()

    found = check()
    assert found.differences == []
    assert found.waiting > 0

    with clock.standing_at(NOW):
        counting.drain()
    found = check()
    assert (found.differences, found.waiting) == ([], 0)
