"""The village desk: names, not counts; filing for a worker; every number leads to a list as long as it says."""

import datetime as dt
import re
import uuid

import pytest

from common import clock
from grids.models import Leave
from grids.roles import Role
from screening import reporting
from screening.models import DailyReport, DutyRule, Submission
from tests.screening.conftest import MONDAY

DESK = "/desk/"


@pytest.fixture
def second_grid(open_area, village):
    return open_area("grid", village, "140429104201002", "东良村第二网格")


@pytest.fixture
def third_grid(open_area, village):
    return open_area("grid", village, "140429104201003", "东良村第三网格")


@pytest.fixture
def page(client, town, desk, grid, second_grid, third_grid, worker, someone, filed, found):
    """The desk on Monday at 18:30: the first grid has reported two matters, the second has not since Friday, the
    third is on leave."""
    DutyRule.objects.create(town=town, from_day=dt.date(2020, 1, 1))
    filed(found(), found(outcome="dispute", line="两家争地界"))
    slow = someone(Role.GRID_WORKER, second_grid)
    with clock.standing_at(clock.at(dt.date(2026, 11, 13), 9)):
        reporting.file_report(by=slow, area=second_grid, day=dt.date(2026, 11, 13), client_id=uuid.uuid4())
    away = someone(Role.GRID_WORKER, third_grid)
    Leave.objects.create(post=away.posts.get(), reason="培训", from_day=MONDAY, until_day=MONDAY.replace(day=18))
    client.force_login(desk)
    with clock.standing_at(clock.at(MONDAY, 18, 30)):
        yield client.get(DESK)


def test_who_has_reported_who_has_not_and_who_is_excused(page, grid, second_grid, third_grid):
    shown = page.context

    assert [row["area_id"] for row in shown["filed"]] == [grid.pk]
    assert [(row["area_id"], row["since"]) for row in shown["open"]] == [(second_grid.pk, dt.date(2026, 11, 14))]
    assert [(row["area_id"], row["excuse"]) for row in shown["excused"]] == [(third_grid.pk, "培训")]
    assert "自11月14日起未报" in page.content.decode()


def test_the_findings_and_the_open_disputes_of_the_village_stand_there(page):
    text = page.content.decode()

    assert "两家为排水沟争吵" in text
    assert page.context["findings_count"] == 2
    assert page.context["disputes"]["count"] == 1


def test_every_number_leads_to_a_list_as_long_as_it_says(page, client):
    links = re.findall(r'<a class="figure" href="([^"]+)" data-value="(\d+)"', page.content.decode())

    assert len(links) == 7
    for address, number in links:
        listed = client.get(address.replace("&amp;", "&"))
        assert listed.context["page_obj"].paginator.count == int(number), address


def test_the_ledger_of_the_week_is_one_click_away(page, client):
    with clock.standing_at(clock.at(MONDAY, 18, 30)):
        assert client.get(page.context["ledger_url"]).status_code == 200


def test_after_the_cut_off_the_missing_are_called_overdue(page, client):
    with clock.standing_at(clock.at(MONDAY, 20, 1)):
        shown = client.get(DESK)

    assert [row["state"] for row in shown.context["open"]] == ["missing"]
    assert "超时未报" in shown.content.decode()


def test_the_desk_files_nothing_found_for_a_worker_and_it_is_marked(page, client, second_grid):
    form = {"client_id": str(uuid.uuid4()), "area": second_grid.code, "day": MONDAY}

    answer = client.post("/today/nil/", form, follow=True)

    report = DailyReport.objects.get(area=second_grid, day=MONDAY)
    assert answer.redirect_chain == [(f"/desk/?area={second_grid.village.code}", 302)]
    assert Submission.objects.get(report=report).proxy
    assert [row["area_id"] for row in answer.context["open"]] == []
    assert "代报" in client.get(f"/reports/{report.pk}/").content.decode()


def test_the_desk_files_a_finding_for_a_worker(page, client, second_grid):
    form = {"client_id": str(uuid.uuid4()), "field": "6", "category": "99", "line": "桥栏杆松动", "outcome": "order",
            "severity": "04", "place": "", "household": "", "party_1": "", "party_2": ""}  # fmt: skip

    client.post(f"/today/found/?area={second_grid.code}&day={MONDAY}", form)

    report = DailyReport.objects.get(area=second_grid, day=MONDAY)
    assert report.findings.get().case.kind == "order"
    assert Submission.objects.get(report=report).proxy


def test_a_director_reads_and_files_nothing(page, client, someone, village, second_grid):
    client.force_login(someone(Role.VILLAGE_DIRECTOR, village))

    with clock.standing_at(clock.at(MONDAY, 18, 30)):
        shown = client.get(DESK)
        form = {"client_id": str(uuid.uuid4()), "area": second_grid.code, "day": MONDAY}
        refused = client.post("/today/nil/", form)

    assert shown.status_code == 200
    assert "代为上报" not in shown.content.decode()
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [(Role.TOWN_DESK, "town", 200), (Role.PARTY_COMMITTEE, "town", 403), (Role.MEDIATOR, "village", 403),
     (Role.VILLAGE_DESK, "other_village", 404)],
)  # fmt: skip
def test_who_may_look_at_the_desk_of_a_village(page, client, someone, village, request, role, where, status):
    client.force_login(someone(role, request.getfixturevalue(where)))

    assert client.get(DESK, {"area": village.code}).status_code == status


def test_the_reason_of_a_leave_stays_with_those_who_grant_it(client, someone, page, village, third_grid):
    client.force_login(someone(Role.AREA_CADRE, village))
    with clock.standing_at(clock.at(MONDAY, 18, 30)):
        shown = client.get(DESK, {"area": village.code})
        reports = client.get("/reports/", {"area": village.code})
    assert [row["excuse"] for row in shown.context["excused"]] == ["请假"]
    assert "培训" not in shown.content.decode() + reports.content.decode()
    assert "请假" in reports.content.decode()


def test_the_leave_of_the_village_stands_on_the_desk(page, third_grid):
    [leave] = page.context["leaves"]
    assert (leave.post.area, leave.last_day) == (third_grid, MONDAY.replace(day=17))
    assert f"/posts/{leave.post_id}/" in page.content.decode()
