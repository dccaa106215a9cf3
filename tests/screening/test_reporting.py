"""Filing the daily report: the first receipt counts, nothing is doubled, nothing is lost, nothing is deleted."""

import datetime as dt
import threading
import uuid
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from casework.models import Case
from common import clock
from grids.models import Leave, TouchedDay
from grids.roles import Role
from screening import reporting
from screening.models import DailyReport, DutyRule, Finding, Submission
from tests.screening.conftest import MONDAY


def standing(report):
    return list(report.findings.filter(withdrawn_by__isnull=True).values_list("line", flat=True).order_by("id"))


def test_the_first_filing_makes_the_report(filed, grid, worker):
    answer = filed()

    report = DailyReport.objects.get()
    assert answer.status == "created"
    assert (report.area, report.day, report.worker, report.nil, report.late) == (grid, MONDAY, worker, True, False)
    assert (report.village, report.town, report.area_path) == (grid.village, grid.town, grid.path)
    assert report.received_at == clock.at(MONDAY, 18, 3)
    assert Submission.objects.get().kind == "first"


def test_each_filing_touches_the_day_of_its_village(filed, grid):
    filed()

    touched = TouchedDay.objects.get(kind="report")
    assert (touched.village, touched.town, touched.day) == (grid.village, grid.town, MONDAY)


@pytest.mark.parametrize(
    ("hour", "minute", "second", "late"), [(0, 0, 0, False), (19, 59, 59, False), (20, 0, 0, False), (20, 0, 1, True),
                                           (23, 59, 59, True)],
)  # fmt: skip
def test_the_cut_off_decides_on_time_or_late(filed, hour, minute, second, late):
    assert filed(at=clock.at(MONDAY, hour, minute, second)).report.late is late


def test_a_report_for_yesterday_is_late_whatever_the_hour(filed):
    assert filed(at=clock.at(MONDAY + dt.timedelta(days=1), 0, 0, 0)).report.late


def test_the_town_sets_its_own_cut_off_from_a_day_on(filed, town):
    DutyRule.objects.create(town=town, cut_off=dt.time(18), from_day=dt.date(2026, 1, 1), until_day=MONDAY)
    DutyRule.objects.create(town=town, cut_off=dt.time(18, 2), from_day=MONDAY)

    report = filed().report

    assert report.due_by == clock.at(MONDAY, 18, 2)
    assert report.late


@pytest.mark.parametrize("days_off", [-3, 0, 3])
def test_a_wrong_clock_of_the_phone_changes_nothing_but_what_is_kept_of_it(filed, days_off):
    told = clock.at(MONDAY, 18) + dt.timedelta(days=days_off)

    answer = filed(captured_at=told)

    assert answer.report.late is False
    assert answer.report.received_at == clock.at(MONDAY, 18, 3)
    assert answer.submission.captured_at == told


def test_findings_are_written_where_they_lie_and_where_they_count(filed, found, grid, micro_grid):
    filed(found(area=micro_grid), found(line="网格里的事"))

    first, second = Finding.objects.order_by("id")
    assert (first.area, first.area_path, first.grid, first.village) == (micro_grid, micro_grid.path, grid, grid.village)
    assert (second.area, second.day) == (grid, MONDAY)
    assert DailyReport.objects.get().nil is False


def test_a_household_says_where_it_lies(filed, found, household):
    filed(found(household=household))

    assert Finding.objects.get().area == household.area


def test_a_place_outside_the_grid_is_refused_and_nothing_is_written(filed, found, other_grid):
    with pytest.raises(reporting.ReportRefused):
        filed(found(area=other_grid))

    assert not DailyReport.objects.exists()
    assert not TouchedDay.objects.filter(kind="report").exists()


def test_a_household_outside_the_grid_is_refused(filed, found, household, other_grid):
    household.area = other_grid

    with pytest.raises(reporting.ReportRefused):
        filed(found(household=household))


def test_a_dispute_and_an_order_are_raised_in_the_same_act(filed, found, worker, micro_grid):
    filed(
        found(outcome="dispute", area=micro_grid, parties=[{"name": "王五"}, {"name": "赵六"}]),
        found(outcome="order", line="路灯不亮", field="6", category="99"),
    )

    dispute, order = Case.objects.order_by("kind")
    assert (dispute.kind, dispute.area, dispute.category) == ("dispute", micro_grid, "02")
    assert dispute.registered_by == worker
    assert dispute.dispute.source == "daily_report"
    assert sorted(party.name for party in dispute.dispute.parties.all()) == ["王五", "赵六"]
    assert (order.kind, order.order.line) == ("order", "路灯不亮")
    assert [row.case_id for row in Finding.objects.order_by("id")] == [dispute.pk, order.pk]


def test_when_a_case_cannot_be_raised_nothing_of_the_report_stays(filed, found, grid):
    with pytest.raises(Exception, match="."):
        filed(found(), found(outcome="dispute", category="77"))

    assert not DailyReport.objects.exists()
    assert not Case.objects.exists()


def test_a_second_filing_is_an_addition_and_leaves_the_first_receipt(filed, found, worker):
    filed()
    answer = filed(found(), at=clock.at(MONDAY, 21))

    report = DailyReport.objects.get()
    assert answer.status == "added"
    assert (report.late, report.nil, report.received_at) == (False, False, clock.at(MONDAY, 18, 3))
    assert list(report.submissions.order_by("id").values_list("kind", flat=True)) == ["first", "addition"]


def test_of_parallel_filings_the_first_receipt_decides_whichever_was_written_first(filed):
    filed(at=clock.at(MONDAY, 20, 0, 1))
    answer = filed(at=clock.at(MONDAY, 19, 59, 59))

    report = DailyReport.objects.get()
    assert answer.status == "added"
    assert answer.report.late is report.late is False
    assert report.received_at == clock.at(MONDAY, 19, 59, 59)


def test_a_second_worker_of_the_grid_may_add(filed, found, grid, worker, someone):
    second = someone(Role.GRID_WORKER, grid)
    filed()

    answer = filed(found(), by=second)

    assert answer.status == "added"
    assert answer.report.worker == worker


def test_a_nil_addition_to_a_report_with_findings_does_not_make_it_nil(filed, found):
    filed(found())
    filed(at=clock.at(MONDAY, 19))

    assert DailyReport.objects.get().nil is False


def test_a_correction_keeps_the_first_receipt_and_every_version(filed, found):
    filed(found(line="写错的一行"), found(line="对的一行"))
    answer = filed(found(line="改好的一行"), found(line="对的一行"), correction=True, at=clock.at(MONDAY, 22))

    assert answer.status == "corrected"
    assert answer.report.received_at == clock.at(MONDAY, 18, 3)
    assert answer.report.late is False
    assert standing(answer.report) == ["对的一行", "改好的一行"]
    assert Finding.objects.get(line="写错的一行").withdrawn_by == answer.submission
    assert [len(row.content["findings"]) for row in Submission.objects.order_by("id")] == [2, 2]


def test_a_correction_to_nothing_makes_the_report_nil(filed, found):
    filed(found())
    answer = filed(correction=True)

    assert answer.report.nil
    assert standing(answer.report) == []


def test_a_correction_of_the_severity_is_a_correction(filed, found):
    filed(found())
    filed(found(severity="02"), correction=True)

    assert Finding.objects.get(withdrawn_by__isnull=True).severity == "02"


def test_of_two_alike_a_correction_can_take_one_away(filed, found):
    filed(found(), found())
    answer = filed(found(), correction=True)

    assert len(standing(answer.report)) == 1


def test_what_became_a_case_stays_and_is_not_raised_twice(filed, found):
    filed(found(outcome="dispute"), found(line="另一件"))

    left_out = filed(correction=True)
    named = filed(found(outcome="dispute", severity="02"), correction=True)

    assert standing(left_out.report) == ["两家为排水沟争吵"]
    assert standing(named.report) == ["两家为排水沟争吵"]
    assert Case.objects.count() == 1


def test_the_same_again_is_answered_and_changes_nothing(filed, found):
    number = uuid.uuid4()
    filed(found(outcome="dispute"), client_id=number)
    answer = filed(found(outcome="dispute"), client_id=number, at=clock.at(MONDAY, 23))

    assert answer.status == "replayed"
    assert answer.submission.received_at == clock.at(MONDAY, 18, 3)
    rows = [model.objects.count() for model in (DailyReport, Submission, Finding, Case)]
    assert rows == [1, 1, 1, 1]


def test_the_same_id_with_other_content_is_a_conflict_and_both_are_kept(filed, found):
    number = uuid.uuid4()
    filed(found(line="第一次"), client_id=number)
    answer = filed(found(line="第二次"), client_id=number)
    again = filed(found(line="第二次"), client_id=number)

    assert (answer.status, again.status) == ("conflict", "conflict")
    assert standing(answer.report) == ["第一次"]
    kept = Submission.objects.filter(client_id=number).order_by("id")
    said = [(row.kind, row.content["findings"][0]["line"]) for row in kept]
    assert said == [("first", "第一次"), ("conflict", "第二次")]


def test_the_same_id_for_another_day_is_a_conflict_and_makes_no_second_report(filed):
    number = uuid.uuid4()
    filed(client_id=number)
    answer = filed(client_id=number, day=MONDAY - dt.timedelta(days=1))

    assert answer.status == "conflict"
    assert DailyReport.objects.count() == 1


def test_a_day_to_come_is_refused(filed):
    with pytest.raises(reporting.ReportRefused):
        filed(day=MONDAY + dt.timedelta(days=1))


def test_a_place_that_does_not_report_is_refused(filed, village, someone):
    with pytest.raises(reporting.ReportRefused):
        filed(by=someone(Role.GRID_WORKER, village), area=village)


def test_a_day_before_the_grid_was_opened_is_refused(filed, grid):
    grid.placements.update(from_day=MONDAY)

    with pytest.raises(reporting.ReportRefused):
        filed(day=MONDAY - dt.timedelta(days=1))


def test_nobody_files_for_another_grid(filed, other_grid):
    with pytest.raises(PermissionDenied):
        filed(area=other_grid)


def test_a_stand_in_files_while_he_stands_in(filed, worker, someone):
    stand_in = someone()
    Leave.objects.create(
        post=worker.posts.get(), reason="病假", stand_in=stand_in, from_day=MONDAY,
        until_day=MONDAY + dt.timedelta(days=1),
    )  # fmt: skip

    assert filed(by=stand_in).report.worker == stand_in
    with pytest.raises(PermissionDenied):
        filed(by=stand_in, at=clock.at(MONDAY + dt.timedelta(days=1), 9))


def test_the_desk_files_for_a_worker_and_it_is_marked(filed, desk, worker):
    answer = filed(by=desk, proxy=True)

    assert answer.report.worker == worker
    assert (answer.submission.by, answer.submission.proxy) == (desk, True)


def test_the_desk_does_not_file_as_if_it_were_the_worker(filed, desk):
    with pytest.raises(PermissionDenied):
        filed(by=desk)


def test_a_report_is_voided_with_a_reason_and_nothing_is_deleted(filed, found, desk):
    report = filed(found()).report
    TouchedDay.objects.all().delete()

    reporting.void_report(by=desk, report=report, reason="填错网格")

    report.refresh_from_db()
    assert (report.void_reason, report.voided_by) == ("填错网格", desk)
    assert standing(report) == []
    assert list(report.submissions.order_by("id").values_list("kind", flat=True)) == ["first", "void"]
    assert TouchedDay.objects.get(kind="report").day == MONDAY


def test_after_a_void_the_next_filing_is_a_first_one_with_its_own_receipt(filed, desk):
    reporting.void_report(by=desk, report=filed().report, reason="填错网格")
    answer = filed(at=clock.at(MONDAY, 21))

    assert (answer.status, answer.report.late) == ("created", True)
    assert DailyReport.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_void_without_a_reason(filed, desk, reason):
    with pytest.raises(reporting.ReportRefused):
        reporting.void_report(by=desk, report=filed().report, reason=reason)


def test_no_second_void(filed, desk):
    report = filed().report
    reporting.void_report(by=desk, report=report, reason="填错网格")

    with pytest.raises(reporting.ReportRefused):
        reporting.void_report(by=desk, report=report, reason="再来一次")


def test_a_worker_does_not_void(filed, worker):
    with pytest.raises(PermissionDenied):
        reporting.void_report(by=worker, report=filed().report, reason="填错网格")


def in_parallel(number, act):
    """Runs act(n) in that many threads at once, each with a connection of its own; returns what came back."""
    gate, answers = threading.Barrier(number), []

    def run(n):
        gate.wait()
        try:
            answers.append(act(n))
        except Exception as problem:
            answers.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_resends_make_one_row(filed, found, worker):
    number = uuid.uuid4()

    answers = in_parallel(50, lambda n: filed(found(outcome="dispute"), client_id=number).status)

    assert Counter(answers) == {"created": 1, "replayed": 49}
    rows = [model.objects.count() for model in (DailyReport, Submission, Finding, Case)]
    assert rows == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_filings_with_ids_of_their_own_make_one_report_and_lose_nothing(filed, found, worker):
    answers = in_parallel(50, lambda n: filed(found(line=f"第{n}件")).status)

    assert Counter(answers) == {"created": 1, "added": 49}
    assert DailyReport.objects.count() == 1
    assert Finding.objects.filter(withdrawn_by__isnull=True).count() == 50


@pytest.mark.django_db(transaction=True)
def test_the_same_id_with_other_content_in_parallel_keeps_every_content_once(filed, found, worker):
    number = uuid.uuid4()

    answers = in_parallel(40, lambda n: filed(found(line=f"说法{n % 4}"), client_id=number).status)

    assert Counter(answers) == {"created": 1, "replayed": 9, "conflict": 30}
    kept = Submission.objects.filter(client_id=number)
    assert Counter(row.kind for row in kept) == {"first": 1, "conflict": 3}
    assert {row.content["findings"][0]["line"] for row in kept} == {"说法0", "说法1", "说法2", "说法3"}
    assert DailyReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_voids_and_filings_at_once_leave_at_most_one_standing_report(filed, worker, desk):
    report = filed().report

    def act(n):
        if n % 5 == 0:
            return reporting.void_report(by=desk, report=report, reason="填错网格") and "voided"
        return filed().status

    answers = in_parallel(20, act)

    kinds = Counter(answer if isinstance(answer, str) else type(answer).__name__ for answer in answers)
    assert kinds["voided"] == 1
    assert kinds["ReportRefused"] == 3
    assert kinds["created"] + kinds["added"] == 16
    assert DailyReport.objects.filter(voided_at__isnull=True).count() == kinds["created"]
    assert kinds["created"] in (0, 1)
