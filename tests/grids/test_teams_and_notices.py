"""Teams with members and terms; the notice of a grid tells what the regulation names and nothing else."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import clock
from grids import notices, places, teams
from grids.models import Boundary, Team, TownProfile
from grids.roles import Role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY, 10)):
        yield


@pytest.fixture
def team(village):
    return teams.found(
        area=village, kind="volunteer", name="东良村志愿服务队", base="村部", from_day=TODAY - DAY, by=None
    )  # fmt: skip


def test_members_join_leave_and_stay_in_the_register(team, someone):
    one, two = someone(), someone()
    first = teams.add(team=team, user=one, leads=True, from_day=TODAY - DAY, by=None)
    second = teams.add(team=team, user=two, leads=False, from_day=TODAY, by=None)
    with pytest.raises(ValidationError):
        teams.add(team=team, user=one, leads=False, from_day=TODAY, by=None)
    assert teams.today_of(team) == 2
    teams.leave(member=first, on=TODAY, by=None)
    teams.leave(member=second, on=TODAY, by=None)  # entered today by mistake
    assert teams.today_of(team) == 0
    assert [(member.user, member.until_day) for member in team.members.all()] == [(one, TODAY)]


def test_a_team_that_ends_takes_its_members_along(team, someone):
    teams.add(team=team, user=someone(), leads=False, from_day=TODAY - DAY, by=None)
    teams.end(team=team, on=TODAY, by=None)
    assert (Team.objects.get().until_day, team.members.get().until_day) == (TODAY, TODAY)
    with pytest.raises(ValidationError):
        teams.add(team=team, user=someone(), leads=False, from_day=TODAY, by=None)


def test_a_grid_has_no_team_of_its_own_and_a_mediator_founds_none(grid, village, someone):
    said = {"kind": "grid", "name": "网格队", "base": "", "from_day": TODAY}
    with pytest.raises(ValidationError):
        teams.found(area=grid, by=None, **said)
    with pytest.raises(PermissionDenied):
        teams.found(area=village, by=someone(Role.MEDIATOR, village), **said)


def test_belonging_to_a_team_gives_no_right(client, team, someone, village):
    member = someone()
    teams.add(team=team, user=member, leads=True, from_day=TODAY, by=None)
    client.force_login(member)
    assert client.get(f"/areas/{village.code}/").status_code == 404


def test_a_team_is_entered_and_filled_on_its_pages(client, someone, village, grid):
    client.force_login(someone(Role.VILLAGE_DESK, village))
    worker = someone(Role.GRID_WORKER, grid)
    said = {"kind": "mediation", "name": "调解队", "base": "司法所", "from_day": "2026-03-10"}
    address = client.post(f"/areas/{village.code}/teams/", said)["Location"]
    assert client.post(address, {"person": worker.pk, "leads": "on", "from_day": "2026-03-10"}).status_code == 302
    member = Team.objects.get().members.get()
    assert (member.user, member.leads) == (worker, True)
    assert client.post(f"{address}members/{member.pk}/leave/").status_code == 302
    assert not Team.objects.get().members.exists()


# --- the notice -----------------------------------------------------------------------------


def notice(client, area):
    return client.get(f"/notices/{area.code}/")


def test_the_notice_tells_grid_area_worker_and_both_phones_to_anybody(client, someone, grid, micro_grid):
    TownProfile.objects.update(supervision_phone="0355-6380000")
    worker = someone(Role.GRID_WORKER, grid, public_phone="0355-6381234")
    worker.phone = "13812345678"
    worker.save()
    page = notice(client, grid)
    text = page.content.decode()
    for word in ["东良村第一网格", "第一微网格", worker.name, "0355-6381234", "0355-6380000", f"/notices/{grid.code}/"]:
        assert word in text
    assert "13812345678" not in text
    assert worker.username not in text
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_the_notice_names_no_leader_no_member_and_says_when_vacant(client, someone, grid):
    leader = someone(Role.GRID_LEADER, grid)
    leader.name = "赵铁柱"
    leader.save()
    text = notice(client, grid).content.decode()
    assert "赵铁柱" not in text
    assert "暂缺" in text


@pytest.mark.parametrize("place", ["village", "town", "micro_grid"])
def test_there_is_a_notice_for_grids_only(client, request, place):
    assert notice(client, request.getfixturevalue(place)).status_code == 404


def test_all_notices_of_a_town_are_printed_in_one_go_and_missing_phones_are_told(
    client, someone, town, village, grid, other_grid
):
    told = someone(Role.GRID_WORKER, grid, public_phone="0355-6381234")
    silent = someone(Role.GRID_WORKER, other_grid)
    client.force_login(someone(Role.TOWN_DESK, town))

    page = client.get(f"/areas/{town.code}/notices/")
    assert [sheet.grid for sheet, _address, _code in page.context["sheets"]] == [grid, other_grid]
    assert [post.user for post in page.context["without_phone"]] == [silent]
    assert page.content.decode().count("<svg") >= 2
    of_village = client.get(f"/areas/{village.code}/notices/")
    assert [sheet.workers[0].user for sheet, _address, _code in of_village.context["sheets"]] == [told]


def test_a_grid_that_ended_has_no_notice(client, grid):
    places.end_area(area=grid, on=TODAY, by=None)
    assert notice(client, grid).status_code == 404


def test_the_outline_is_drawn_to_scale_with_north_up(client, grid):
    ring = [[113.0, 36.0], [113.02, 36.0], [113.02, 36.01], [113.0, 36.01], [113.0, 36.0]]
    Boundary.objects.create(
        area=grid, geometry={"type": "Polygon", "coordinates": [ring]}, west=113.0, south=36.0, east=113.02,
        north=36.01, source="test", from_day=TODAY,
    )  # fmt: skip
    wide, high, path = notices.outline(grid, TODAY)
    assert wide == notices.WIDE
    assert abs(high / wide - 0.01 / (0.02 * 0.809)) < 0.01  # cos 36°
    assert path.startswith(f"M0.0 {path.split()[1].rstrip('L')}")
    assert "notice-map" in notice(client, grid).content.decode()
