"""The page of a place and the list of places."""

import pytest
from django.urls import reverse

from grids.models import Leave
from grids.roles import Role
from tests.governance.page_numbers import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    def get(user, area):
        client.force_login(user)
        answer = client.get(reverse("grids:area", args=[area.code]))
        assert answer.status_code == 200
        return answer

    return get


def test_a_village_shows_who_works_there_what_lies_below_and_how_the_week_stands(read, someone, village, grid):
    desk, director = someone(Role.VILLAGE_DESK, village), someone(Role.VILLAGE_DIRECTOR, village)
    member = someone(Role.LINKED_MEMBER, village)

    page = read(desk, village)

    assert [post.user for post in page.context["staff"]] == [desk, director]
    assert [post.user for post in page.context["members"]] == [member]
    assert [row.area for row in page.context["comparison"].rows] == [grid]
    assert page.context["told"].on_time.whole > 0
    assert Page.read(page.content.decode()).strays == []


def test_who_is_on_leave_is_marked(read, someone, village):
    from common import clock

    desk = someone(Role.VILLAGE_DESK, village)
    today = clock.today()
    Leave.objects.create(post=desk.posts.get(), reason="病假", from_day=today, until_day=today.replace(year=2099))

    assert [post.away for post in read(desk, village).context["staff"]] == [True]


def test_a_micro_grid_leads_to_its_households(read, someone, village, micro_grid):
    page = read(someone(Role.VILLAGE_DESK, village), micro_grid)

    assert page.context["told"].households.url.startswith(reverse("households:list"))
    assert micro_grid.code in page.context["told"].households.url
    assert page.context["with_duty"] is False


def test_without_a_right_to_figures_the_place_is_shown_without_them(read, someone, village, grid):
    page = read(someone(Role.SYSTEM_ADMIN, village), village)

    assert "told" not in page.context
    assert Page.read(page.content.decode()).figures == []
    assert grid.name in page.content.decode()


def test_places_outside_ones_own_do_not_exist(client, someone, village, other_village, town):
    client.force_login(someone(Role.VILLAGE_DESK, village))

    assert client.get(reverse("grids:area", args=[other_village.code])).status_code == 404
    assert client.get(reverse("grids:area", args=[town.code])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"ended": "yes"}, ["东良村", "东良村第一网格", "第一微网格"]),
        ({"q": "donglian"}, ["东良村", "东良村第一网格"]),
        ({"kind": "grid"}, ["东良村第一网格"]),
        ({"q": "dlc", "kind": "village"}, ["东良村"]),
        ({"q": "140429104201001"}, ["东良村第一网格", "第一微网格"]),
        ({"q": "南沟"}, []),
        ({"kind": "county"}, []),
    ],
)
def test_places_are_found_by_name_sound_code_and_kind(
    client, someone, village, micro_grid, other_village, query, found
):
    client.force_login(someone(Role.VILLAGE_DESK, village))

    page = client.get(reverse("grids:areas", query=query))

    assert [place.name for place in page.context["page_obj"]] == found


def test_an_area_that_does_not_exist_is_not_there(client, someone, village):
    client.force_login(someone(Role.VILLAGE_DESK, village))

    assert client.get("/areas/999/").status_code == 404
