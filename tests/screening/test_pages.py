"""The worker's page, filing without JavaScript, the report with its versions, correcting and voiding."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from casework.models import Case
from common import clock
from grids.models import Leave
from grids.roles import Role
from screening import reporting
from screening.models import DailyReport, Finding, Submission
from tests.screening.conftest import MONDAY

TODAY, NIL, FOUND = "/today/", "/today/nil/", "/today/found/"


@pytest.fixture(autouse=True)
def three_past_six():
    with clock.standing_at(clock.at(MONDAY, 18, 3)):
        yield


@pytest.fixture
def as_worker(client, worker):
    client.force_login(worker)
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def said(grid, **more):
    """What the form of a finding sends."""
    return {"client_id": str(uuid.uuid4()), "field": "3", "category": "02", "line": "两家为排水沟争吵", "place": "",
            "household": "", "outcome": "spot", "party_1": "", "party_2": "", "severity": "04"} | more  # fmt: skip


def found_at(grid, day=MONDAY):
    return f"{FOUND}?area={grid.code}&day={day}"


def test_the_page_says_in_one_line_what_is_due(as_worker, grid):
    text = text_of(as_worker.get(TODAY))

    assert grid.name in text
    assert "11月16日的日报，请在20:00前上报。" in text
    assert "今天无事（零报告）" in text


def test_one_tap_files_and_the_receipt_comes_from_the_server(as_worker, grid):
    form = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": MONDAY}

    text = text_of(as_worker.post(NIL, form, follow=True))

    assert "18:03已收到，按时" in text
    assert "今天无事（零报告）" not in text
    assert DailyReport.objects.get().nil


def test_a_double_tap_makes_one_row(as_worker, grid):
    form = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": MONDAY}

    as_worker.post(NIL, form)
    as_worker.post(NIL, form)

    assert (DailyReport.objects.count(), Submission.objects.count()) == (1, 1)


def test_every_button_of_a_page_has_a_number_of_its_own(as_worker, grid):
    numbers = re.findall(r'name="client_id" value="([^"]+)"', as_worker.get(TODAY).content.decode())

    assert len(numbers) == len(set(numbers)) == 8  # today and seven missed days


def test_after_the_cut_off_the_page_says_that_it_counts_as_late(as_worker, worker, grid):
    with clock.standing_at(clock.at(MONDAY, 20, 30)):
        as_worker.force_login(worker)  # the session of this morning is over
        assert "已经超时。请现在补报，按迟报计。" in text_of(as_worker.get(TODAY))
        form = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": MONDAY}
        assert "20:30已收到，迟报" in text_of(as_worker.post(NIL, form, follow=True))


def test_missed_days_are_listed_newest_first_and_filed_late_with_one_tap(as_worker, grid, worker):
    worker.posts.update(from_day=dt.date(2026, 11, 13))

    page = as_worker.get(TODAY)
    yesterday = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": "2026-11-15"}
    as_worker.post(NIL, yesterday)

    assert page.context["duties"][0].missed == [dt.date(2026, 11, 15), dt.date(2026, 11, 14), dt.date(2026, 11, 13)]
    assert DailyReport.objects.get().late
    assert as_worker.get(TODAY).context["duties"][0].missed == [dt.date(2026, 11, 14), dt.date(2026, 11, 13)]


def test_days_on_leave_are_not_missed(as_worker, grid, worker):
    worker.posts.update(from_day=dt.date(2026, 11, 13))
    Leave.objects.create(
        post=worker.posts.get(), reason="病假", from_day=dt.date(2026, 11, 14), until_day=dt.date(2026, 11, 16)
    )

    assert as_worker.get(TODAY).context["duties"][0].missed == [dt.date(2026, 11, 13)]


def test_a_stand_in_sees_the_area_he_stands_in_for(client, grid, other_grid, worker, someone):
    stand_in = someone(Role.GRID_WORKER, other_grid)
    Leave.objects.create(
        post=worker.posts.get(), reason="病假", stand_in=stand_in, from_day=MONDAY, until_day=MONDAY.replace(day=20)
    )
    client.force_login(stand_in)

    text = text_of(client.get(TODAY))

    assert grid.name in text
    assert other_grid.name in text
    assert f"代{worker.name}值守" in text


def test_a_grid_leader_sees_the_state_and_files_nothing(client, grid, someone):
    client.force_login(someone(Role.GRID_LEADER, grid))

    page = client.get(TODAY)

    assert grid.name in text_of(page)
    assert NIL not in page.content.decode()


def test_the_page_is_not_for_people_without_a_grid(client, desk):
    client.force_login(desk)

    assert client.get(TODAY).status_code == 403


def test_a_finding_is_filed_and_the_page_offers_another(as_worker, grid, micro_grid):
    answer = as_worker.post(found_at(grid), said(grid, place=micro_grid.code), follow=True)

    row = Finding.objects.get()
    assert (row.area, row.line, row.severity) == (micro_grid, "两家为排水沟争吵", "04")
    assert answer.redirect_chain == [(TODAY, 302)]
    assert "又发现一件" in text_of(answer)
    assert "两家为排水沟争吵" in text_of(answer)


def test_a_dispute_takes_the_names_of_two_parties_and_the_page_names_its_number(as_worker, grid):
    form = said(grid, outcome="dispute", party_1="王五", party_2="赵六")

    text = text_of(as_worker.post(found_at(grid), form, follow=True))

    case = Case.objects.get()
    assert sorted(party.name for party in case.dispute.parties.all()) == ["王五", "赵六"]
    assert case.number in text


def test_names_typed_before_the_outcome_was_changed_are_not_kept(as_worker, grid):
    as_worker.post(found_at(grid), said(grid, outcome="spot", party_1="王五"))

    assert "王五" not in str(Submission.objects.get().content)


@pytest.mark.parametrize("typed", ["张三丰 14042910420100100001-001", "14042910420100100001-001", "张三丰"])
def test_a_household_is_meant_by_its_line_its_code_or_its_name(as_worker, grid, household, typed):
    as_worker.post(found_at(grid), said(grid, household=typed))

    assert Finding.objects.get().household == household
    assert Finding.objects.get().area == household.area


def test_two_households_of_one_name_are_asked_apart(as_worker, grid, household):
    household.pk, household.code = None, household.code[:-1] + "2"
    household.save()

    answer = as_worker.post(found_at(grid), said(grid, household="张三丰"))

    assert answer.status_code == 422
    assert "有同名的户" in text_of(answer)
    assert not DailyReport.objects.exists()


@pytest.mark.parametrize("missing", ["field", "category", "line", "outcome", "client_id"])
def test_what_is_missing_is_told_and_what_was_typed_stays(as_worker, grid, missing):
    answer = as_worker.post(found_at(grid), said(grid, **{missing: ""}))

    assert answer.status_code == 422
    assert missing in answer.context["form"].errors
    assert missing == "line" or "两家为排水沟争吵" in answer.content.decode()


def test_the_same_form_twice_makes_one_finding(as_worker, grid):
    form = said(grid)

    as_worker.post(found_at(grid), form)
    as_worker.post(found_at(grid), form)

    assert Finding.objects.count() == 1


def test_the_same_form_with_other_words_is_told_to_be_a_conflict(as_worker, grid):
    form = said(grid)

    as_worker.post(found_at(grid), form)
    text = text_of(as_worker.post(found_at(grid), form | {"line": "另一件事"}, follow=True))

    assert "内容不同。两份都已保存，以先收到的为准。" in text
    assert Finding.objects.get().line == "两家为排水沟争吵"


def test_nothing_is_asked_that_the_system_knows(as_worker, grid):
    asked = set(as_worker.get(found_at(grid)).context["form"].fields)

    assert asked == {"client_id", "field", "category", "line", "place", "household", "outcome", "party_1", "party_2",
                     "severity"}  # fmt: skip


def test_a_day_to_come_is_refused_with_words(as_worker, grid):
    answer = as_worker.post(found_at(grid, "2026-11-17"), said(grid))

    assert answer.status_code == 422
    assert "那一天还没有到" in text_of(answer)


@pytest.mark.parametrize("wrong", ["day=2026-02-30", "day=tomorrow"])
def test_a_day_that_is_none_is_a_bad_request(as_worker, grid, wrong):
    assert as_worker.get(f"{FOUND}?area={grid.code}&{wrong}").status_code == 400


def test_another_grid_does_not_exist_for_a_worker(as_worker, other_grid):
    form = {"client_id": str(uuid.uuid4()), "area": other_grid.code, "day": MONDAY}

    assert as_worker.get(found_at(other_grid)).status_code == 404
    assert as_worker.post(NIL, form).status_code == 404


@pytest.fixture
def with_two(grid, worker, found):
    """A report with one finding settled on the spot and one dispute."""
    return reporting.file_report(
        by=worker, area=grid, day=MONDAY, client_id=uuid.uuid4(),
        findings=[found(), found(outcome="dispute", line="两家争地界", category="07")],
    ).report  # fmt: skip


def correct_at(finding):
    return reverse("screening:correct", args=[finding.report_id, finding.pk])


def test_a_correction_changes_one_finding_and_keeps_the_rest(as_worker, grid, with_two):
    row = with_two.findings.get(outcome="spot")
    page = as_worker.get(correct_at(row))
    answer = as_worker.post(correct_at(row), said(grid, line="三家为排水沟争吵", severity="03"))

    assert page.context["form"]["line"].value() == "两家为排水沟争吵"
    assert answer.url == reverse("screening:report", args=[with_two.pk])
    lines = with_two.findings.filter(withdrawn_by__isnull=True).values_list("line", "severity")
    assert sorted(lines) == [("三家为排水沟争吵", "03"), ("两家争地界", "04")]
    assert Case.objects.count() == 1


def test_taking_the_only_finding_out_makes_the_report_nil(as_worker, grid, worker, found):
    report = reporting.file_report(by=worker, area=grid, day=MONDAY, client_id=uuid.uuid4(), findings=[found()]).report
    row = report.findings.get()

    as_worker.post(correct_at(row), {"client_id": str(uuid.uuid4()), "take_out": "1"})

    report.refresh_from_db()
    assert report.nil
    assert Finding.objects.get().withdrawn_by is not None


def test_the_same_correction_twice_is_one(as_worker, grid, with_two):
    row = with_two.findings.get(outcome="spot")
    form = said(grid, line="改过的")

    as_worker.post(correct_at(row), form)
    again = as_worker.post(correct_at(row), form)

    assert again.status_code == 302
    assert Submission.objects.count() == 2


def test_a_finding_that_was_corrected_meanwhile_is_not_overwritten(as_worker, grid, with_two):
    row = with_two.findings.get(outcome="spot")
    as_worker.post(correct_at(row), said(grid, line="先改的"))

    answer = as_worker.post(correct_at(row), said(grid, line="后改的"))

    assert answer.status_code == 422
    assert "刚刚已被更正" in text_of(answer)
    assert "后改的" in answer.content.decode()


def test_what_became_a_case_is_not_corrected_here(as_worker, grid, with_two):
    row = with_two.findings.get(outcome="dispute")

    answer = as_worker.post(correct_at(row), said(grid))

    assert answer.status_code == 422
    assert "已转为纠纷或点单" in text_of(answer)


def test_the_report_shows_every_version_and_what_was_withdrawn(as_worker, grid, with_two):
    as_worker.post(correct_at(with_two.findings.get(outcome="spot")), said(grid, line="改过的"))

    page = as_worker.get(reverse("screening:report", args=[with_two.pk]))

    assert [row.kind for row in page.context["versions"]] == ["first", "correction"]
    text = text_of(page)
    assert "首次上报" in text
    assert "更正" in text
    assert "两家为排水沟争吵" in text


def test_the_desk_voids_with_a_reason(client, desk, with_two):
    client.force_login(desk)
    address = reverse("screening:void", args=[with_two.pk])

    without = client.post(address, {"reason": ""})
    text = text_of(client.post(address, {"reason": "填错网格"}, follow=True))

    assert without.status_code == 422
    assert "这份日报已作废。" in text
    assert "填错网格" in text


def test_a_worker_voids_nothing(as_worker, with_two):
    page = as_worker.get(reverse("screening:report", args=[with_two.pk]))
    answer = as_worker.post(reverse("screening:void", args=[with_two.pk]), {"reason": "填错网格"})

    assert not page.context["may_void"]
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [(Role.VILLAGE_DIRECTOR, "village", 200), (Role.TOWN_DESK, "town", 200), (Role.PARTY_COMMITTEE, "town", 403),
     (Role.VILLAGE_DESK, "other_village", 404), (Role.MEDIATOR, "village", 403), (Role.TOWN_DESK, "other_town", 404)],
)  # fmt: skip
def test_who_may_open_a_report(client, someone, request, with_two, role, where, status):
    client.force_login(someone(role, request.getfixturevalue(where)))

    assert client.get(reverse("screening:report", args=[with_two.pk])).status_code == status
