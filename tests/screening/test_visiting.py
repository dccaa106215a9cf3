"""Recording visits: once each whatever is resent, what was raised counts in the day, corrections stay readable."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from casework.models import Case
from common import clock
from grids.models import TouchedDay
from grids.roles import Role
from households import linking
from households.models import PartyMember, PartyOrg
from screening import reporting, visiting
from screening.models import DailyReport, Finding, Visit, VisitConflict
from tests.screening.conftest import MONDAY

NOON = clock.at(MONDAY, 12)
QUARREL = {"field": "3", "category": "02", "outcome": "dispute", "parties": [{"name": "李四"}]}


@pytest.fixture
def member(someone, village, household):
    user = someone(Role.LINKED_MEMBER, village)
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    made = PartyMember.objects.create(user=user, org=org, area_path=village.path)
    linking.link(household=household, member=made, from_day=dt.date(2026, 1, 1), by=None)
    return user


@pytest.fixture
def visited(household, worker):
    """visited(...): the worker's visit on Monday noon, somebody was there, unless said otherwise."""

    def make(at=NOON, **said):
        kept = {"by": worker, "client_id": uuid.uuid4(), "day": MONDAY, "household": household, "result": "met"}
        with clock.standing_at(at):
            return visiting.record(**kept | said)

    return make


def test_a_visit_keeps_who_was_there_by_relation_and_where_it_counts(visited, household, worker, grid):
    done = visited(present=["head", "child"], reasons=["红白事"], again_on=MONDAY + dt.timedelta(days=9))

    row = Visit.objects.get()
    assert done.status == "created"
    assert (row.household, row.by, row.capacity, row.present) == (household, worker, "worker", ["head", "child"])
    assert (row.area, row.grid, row.village, row.town) == (household.area, grid, grid.village, grid.town)
    assert TouchedDay.objects.filter(kind="visit", village=grid.village, day=MONDAY).exists()


def test_the_same_again_changes_nothing_and_other_content_is_kept_beside_it(visited):
    number = uuid.uuid4()
    visited(client_id=number, line="路灯不亮")

    assert visited(client_id=number, line="路灯不亮").status == "replayed"
    assert visited(client_id=number, line="水管破了").status == "conflict"
    assert visited(client_id=number, line="水管破了").status == "conflict"
    assert Visit.objects.get().line == "路灯不亮"
    assert VisitConflict.objects.get().content["line"] == "水管破了"


def test_what_a_worker_hears_stands_in_the_days_report_and_is_typed_once(visited, grid):
    done = visited(line="两家为排水沟争吵", matter=QUARREL)

    report, finding = DailyReport.objects.get(), Finding.objects.get()
    assert (report.area, report.day, report.nil) == (grid, MONDAY, False)
    assert (finding.report, finding.line, done.visit.finding) == (report, "两家为排水沟争吵", finding)
    assert Case.objects.get(kind="dispute").dispute.parties.get().name == "李四"


def test_a_matter_sent_twice_is_one_case(visited):
    number = uuid.uuid4()
    for _time in range(2):
        visited(client_id=number, line="两家为排水沟争吵", matter=QUARREL)

    assert (Finding.objects.count(), Case.objects.count(), Visit.objects.count()) == (1, 1, 1)


def test_a_members_matter_becomes_a_case_and_leaves_the_report_to_the_worker(visited, member, household, filed):
    visited(by=member, line="想办低保", matter={"field": "3", "category": "09", "outcome": "order"})

    finding = Finding.objects.get()
    assert (finding.report, finding.household, finding.case.kind) == (None, household, "order")
    assert not DailyReport.objects.exists()
    assert filed().report.nil


def test_a_member_visits_his_own_households_only(visited, member, micro_grid, household):
    other = type(household).objects.create(
        code="H2", name="赵六", area=micro_grid, area_path=micro_grid.path, town=household.town,
        village=household.village, grid=household.grid, from_day=dt.date(2020, 1, 1),
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        visited(by=member, household=other)
    assert visited(by=member).visit.capacity == "member"


@pytest.mark.parametrize(
    "said",
    [
        {"result": "nobody", "line": "路灯不亮"}, {"result": "nobody", "present": ["head"]},
        {"result": "nobody", "matter": QUARREL}, {"matter": QUARREL}, {"again_on": MONDAY},
        {"day": MONDAY + dt.timedelta(days=1)}, {"day": MONDAY - dt.timedelta(days=32)},
    ],
)  # fmt: skip
def test_what_cannot_have_been_is_refused(visited, said):
    with pytest.raises(visiting.VisitRefused):
        visited(**said)
    assert not Visit.objects.exists()
    assert not Case.objects.exists()


def test_nobody_home_is_a_result(visited):
    assert visited(result="nobody").visit.result == "nobody"


def test_a_correction_leaves_the_old_row_and_takes_the_matter_along(visited, worker):
    row = visited(line="两家争吵", matter=QUARREL).visit
    number = uuid.uuid4()

    with clock.standing_at(NOON):
        for status in ("corrected", "replayed"):
            done = visiting.correct(by=worker, visit=row, client_id=number, result="met", line="两家为水沟争吵")
            assert done.status == status
    row.refresh_from_db()
    assert (row.finding, row.withdrawn_by, done.visit.corrects, done.visit.finding) == (
        None, worker, row, Finding.objects.get(),
    )  # fmt: skip
    assert Visit.objects.filter(withdrawn_at__isnull=True).get() == done.visit


def test_only_who_paid_it_corrects_and_nobody_corrects_twice(visited, worker, desk):
    row = visited().visit
    with pytest.raises(visiting.VisitRefused):
        visiting.correct(by=desk, visit=row, client_id=uuid.uuid4(), result="nobody")
    with clock.standing_at(NOON):
        visiting.correct(by=worker, visit=row, client_id=uuid.uuid4(), result="nobody")
        with pytest.raises(visiting.VisitRefused):
            visiting.correct(by=worker, visit=row, client_id=uuid.uuid4(), result="met")


def test_the_desk_withdraws_with_a_reason_and_the_finding_goes_too(visited, desk):
    row = visited(line="门前垃圾", matter={"field": "3", "category": "99", "outcome": "spot"}).visit

    with clock.standing_at(NOON):
        with pytest.raises(visiting.VisitRefused):
            visiting.withdraw(by=desk, visit=row, reason=" ")
        visiting.withdraw(by=desk, visit=row, reason="走错门")
    assert Finding.objects.get().withdrawn_by is not None
    assert DailyReport.objects.get().nil


def test_what_has_become_a_case_is_not_withdrawn_with_its_visit(visited, worker, someone):
    row = visited(line="两家争吵", matter=QUARREL).visit

    with pytest.raises(visiting.VisitRefused):
        visiting.withdraw(by=worker, visit=row, reason="走错门")
    with pytest.raises(PermissionDenied):
        visiting.withdraw(by=someone(Role.MEDIATOR, row.village), visit=row, reason="走错门")


def test_a_leaders_reception_is_no_visit_and_may_raise_a_case(someone, town, village):
    leader = someone(Role.TOWN_LEADER, town)
    with clock.standing_at(NOON):
        row = visiting.record(
            by=leader, client_id=uuid.uuid4(), day=MONDAY, area=village, line="反映邻里纠纷", matter=QUARREL
        ).visit

    assert (row.kind, row.capacity, row.household, row.village) == ("reception", "leader", None, village)
    assert row.finding.case.dispute.source == "visit"
    assert not TouchedDay.objects.filter(kind="visit").exists()


def test_a_report_of_the_day_keeps_what_the_visit_found(visited, filed):
    visited(line="门前垃圾", matter={"field": "3", "category": "99", "outcome": "spot"})

    answer = filed()
    assert answer.status == reporting.ADDED
    assert not answer.report.nil
