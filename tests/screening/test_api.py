"""The phone's address: what it answers, to whom, and what it costs."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from grids.models import Leave
from grids.roles import Role
from screening.models import DailyReport, Finding, Submission
from tests.screening.conftest import MONDAY

ADDRESS = "/api/v1/reports/"


@pytest.fixture(autouse=True)
def three_past_six():
    with clock.standing_at(clock.at(MONDAY, 18, 3)):
        yield


@pytest.fixture
def send(grid, worker):
    """send(area=…, findings=[…]): posts JSON as the phone does and returns status and answer."""

    def post(by=worker, language="zh-hans", **said):
        phone = Client(headers={"accept-language": language})
        if by:
            phone.force_login(by)
        phone.cookies["language"] = language
        content = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": MONDAY.isoformat(), "findings": []} | said
        answer = phone.post(ADDRESS, json.dumps(content), content_type="application/json")
        return answer.status_code, answer.json()

    return post


def one(**said):
    return {"field": "1", "category": "07", "line": "两家争地界", "outcome": "spot"} | said


def test_a_nil_report_is_received(send):
    status, answer = send()

    assert status == 201
    assert answer == {"status": "created", "findings": 0, "late": False, "received_at": "2026-11-16T18:03:00+08:00"}


def test_a_finding_is_received_with_place_household_and_parties(send, micro_grid, household):
    status, answer = send(
        findings=[
            one(area=micro_grid.code, outcome="dispute", parties=[{"name": "王五"}, {"name": "赵六"}]),
            one(household=household.code, severity="02"),
        ]
    )

    assert (status, answer["findings"]) == (201, 2)
    dispute, visited = Finding.objects.order_by("id")
    assert (dispute.area, dispute.severity, dispute.case.dispute.parties.count()) == (micro_grid, "04", 2)
    assert (visited.household, visited.area, visited.severity) == (household, micro_grid, "02")


def test_an_addition_and_a_correction_are_told_apart(send):
    send()

    assert send(findings=[one()])[1]["status"] == "added"
    assert send(findings=[one(line="改过")], correction=True)[1] == {
        "status": "corrected", "findings": 1, "late": False, "received_at": "2026-11-16T18:03:00+08:00",
    }  # fmt: skip


def test_a_resend_is_answered_with_200_and_the_first_receipt(send):
    number = str(uuid.uuid4())
    send(client_id=number)
    with clock.standing_at(clock.at(MONDAY, 22)):
        status, answer = send(client_id=number)

    assert (status, answer["status"], answer["received_at"]) == (200, "replayed", "2026-11-16T18:03:00+08:00")
    assert Submission.objects.count() == 1


def test_the_same_id_with_other_content_is_409_and_both_are_kept(send):
    number = str(uuid.uuid4())
    send(client_id=number)
    status, answer = send(client_id=number, findings=[one()])

    assert (status, answer["status"]) == (409, "conflict")
    assert Submission.objects.filter(client_id=number).count() == 2


def test_the_phones_clock_is_kept_and_decides_nothing(send):
    send(captured_at="2026-11-13T07:00:00+08:00")

    assert Submission.objects.get().captured_at.isoformat() == "2026-11-12T23:00:00+00:00"
    assert DailyReport.objects.get().late is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"client_id": "7"}, "client_id"), ({"day": "yesterday"}, "day"), ({"area": ""}, "area"),
     ({"day": "2026-11-17"}, "detail")],
)  # fmt: skip
def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(send, wrong, field):
    status, answer = send(**wrong)

    assert status == 400
    assert list(answer) == [field]
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"field": "9"}, "field"), ({"category": "18"}, "category"), ({"line": " "}, "line"),
     ({"line": "长" * 201}, "line"), ({"outcome": "other"}, "outcome"), ({"severity": "05"}, "severity"),
     ({"area": "140429104202001"}, "area"), ({"household": "nobody"}, "household")],
)  # fmt: skip
def test_the_finding_that_is_wrong_is_named(send, wrong, field, other_grid):
    status, answer = send(findings=[one(), one(**wrong)])

    assert status == 400
    assert list(answer["findings"]) == ["1"]
    assert list(answer["findings"]["1"]) == [field]


def test_errors_are_in_the_language_of_the_person(send):
    assert send(day="2026-11-17")[1] == {"detail": ["那一天还没有到。请选择今天或更早的日子。"]}
    assert "has not come yet" in send(day="2026-11-17", language="en")[1]["detail"][0]
    assert send(client_id="7")[1]["client_id"][0].endswith("有效的 UUID。")


def test_a_grid_outside_ones_areas_does_not_exist(send, other_grid):
    assert send(area=other_grid.code)[0] == 404


def test_inside_ones_area_but_not_allowed_is_403(send, village, someone, desk):
    assert send(by=desk)[0] == 403
    assert send(by=someone(Role.MEDIATOR, village))[0] == 403


def test_the_desk_files_for_a_worker(send, desk):
    status, _answer = send(by=desk, proxy=True)

    assert status == 201
    assert Submission.objects.get().proxy


def test_somebody_not_signed_in_or_without_a_post_gets_nothing(send, someone):
    assert send(by=None)[0] == 403
    assert send(by=someone())[0] == 404


def test_a_post_that_ended_files_no_more(send, someone, grid):
    assert send(by=someone(Role.GRID_WORKER, grid, until_day=MONDAY))[0] == 404


def test_a_stand_in_files(send, worker, someone):
    stand_in = someone()
    Leave.objects.create(
        post=worker.posts.get(), reason="病假", stand_in=stand_in, from_day=MONDAY, until_day=MONDAY.replace(day=17)
    )

    assert send(by=stand_in)[0] == 201


def test_without_the_token_of_the_page_nothing_is_taken(worker, grid):
    phone = Client(enforce_csrf_checks=True)
    phone.force_login(worker)

    answer = phone.post(ADDRESS, "{}", content_type="application/json")

    assert answer.status_code == 403


def test_a_nil_report_costs_at_most_eight_statements(send, worker, grid):
    phone = Client()
    phone.force_login(worker)
    content = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": MONDAY.isoformat()}

    with CaptureQueriesContext(connection) as seen:
        answer = phone.post(ADDRESS, content, content_type="application/json")

    around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    statements = [query["sql"] for query in seen if not query["sql"].startswith(around)]
    assert answer.status_code == 201
    assert len(statements) <= 8, "\n".join(statements)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"findings":' + "[" * 50_000 + "]" * 50_000 + "}"])
def test_what_is_nested_without_end_is_refused_as_malformed(grid, worker, body):
    phone = Client()
    phone.force_login(worker)

    assert phone.post(ADDRESS, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"severity": "\ud800"}, "severity"), ({"parties": [{"name": "王五", "phone": "x"}]}, "parties")],
)
def test_half_a_character_and_a_phone_without_digits_are_named_as_wrong(send, wrong, named):
    status, answer = send(findings=[one(outcome="dispute", **wrong)])

    assert status == 400
    assert list(answer["findings"]["0"]) == [named]


def test_a_place_that_is_not_among_ones_own_is_not_there_in_plain_words(send, other_grid):
    assert send(area=other_grid.code) == (404, {"detail": "您的辖区内没有这个地方。"})
