"""The tree of places: it opens level by level, ended places come on wish, and its cost does not grow with a branch."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from common import clock
from grids import places
from grids.places import Opening
from grids.reshaping import planning
from grids.roles import Role
from households.models import Household
from tests.conftest import SINCE

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    def get(user, **query):
        client.force_login(user)
        return client.get(reverse("grids:areas", query=query))

    return get


def shown(nodes):
    """The tree as names, with what is open below each."""
    return {node.area.name: shown(node.below) if node.is_open else None for node in nodes}


def more_grids(village, numbers):
    openings = [Opening("grid", f"{village.code}{n:03}", f"第{n}网格", village) for n in numbers]
    with clock.standing_at(clock.at(SINCE)):
        return places.open_areas(openings=openings, on=SINCE, by=None)


def living_in(place):
    here = {"area": place, "area_path": place.path, "town": place.town, "village": place.village, "grid": place.grid}
    return Household.objects.create(code="H001", name="李老四", from_day=SINCE, **here)


def test_a_single_top_is_open_and_the_way_to_a_place_opens_without_a_script(look, someone, town, village, micro_grid):
    desk = someone(Role.TOWN_DESK, town)

    assert shown(look(desk).context["tree"]) == {"故城镇": {"东良村": None}}
    assert shown(look(desk, at=village.code).context["tree"]) == {"故城镇": {"东良村": {"东良村第一网格": None}}}


def test_several_posts_are_several_tops_and_a_post_inside_another_is_none(
    look, someone, town, village, grid, other_town
):
    from grids.models import Post

    user = someone(Role.VILLAGE_DESK, village)
    Post.objects.create(user=user, area=grid, role=Role.GRID_WORKER, from_day=SINCE)
    Post.objects.create(user=user, area=other_town, role=Role.TOWN_LEADER, from_day=SINCE)

    assert shown(look(user).context["tree"]) == {"东良村": None, "墨镫乡": None}


def test_a_branch_comes_by_itself_and_only_inside_ones_own(client, someone, village, grid, other_village):
    client.force_login(someone(Role.VILLAGE_DESK, village))

    assert grid.name in client.get(reverse("grids:branch", args=[village.code])).content.decode()
    assert client.get(reverse("grids:branch", args=[other_village.code])).status_code == 404


def test_ended_places_are_shown_on_wish(look, someone, village, grid):
    desk, today = someone(Role.VILLAGE_DESK, village), clock.today()
    places.end_area(area=grid, on=today, by=None)

    assert [area.name for area in look(desk, kind="grid").context["page_obj"]] == []
    page = look(desk, kind="grid", ended="yes")
    assert [area.name for area in page.context["page_obj"]] == [grid.name]
    assert "已撤销" in page.content.decode()


def test_levels_are_called_as_the_town_calls_them(look, someone, town, village, grid):
    town.profile.scheme.levels.filter(kind="grid").update(label="片区")

    page = look(someone(Role.TOWN_DESK, town), at=village.code)
    assert '<span class="tree-kind">片区</span>' in page.content.decode()


def test_the_export_holds_what_is_shown(client, someone, village, grid, other_village):
    client.force_login(someone(Role.VILLAGE_DESK, village))
    answer = client.get(reverse("grids:areas_export", query={"kind": "grid"}))
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]

    assert rows[-1][:4] == [grid.name, "网格", village.name, grid.code]
    assert rows[-1][6] == dt.datetime(2020, 1, 1)
    assert len([row for row in rows if row[1] == "网格"]) == 1


@pytest.mark.parametrize("page", ["area", "tree", "branch"])
def test_the_cost_of_a_page_does_not_grow_with_its_children(
    client, someone, village, page, django_assert_max_num_queries
):
    client.force_login(someone(Role.TOWN_DESK, village.town))
    address = {
        "area": reverse("grids:area", args=[village.code]),
        "tree": reverse("grids:areas", query={"at": village.code}),
        "branch": reverse("grids:branch", args=[village.code]),
    }[page]
    counts = []
    for numbers in (range(1, 6), range(6, 201)):
        more_grids(village, numbers)
        with django_assert_max_num_queries(25) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_beside_a_place_stands_what_it_holds_and_each_number_is_as_long_as_its_list(
    client, look, someone, town, village, grid, micro_grid
):
    someone(Role.GRID_WORKER, grid)
    living_in(micro_grid)
    desk = someone(Role.TOWN_DESK, town)

    (line,) = look(desk).context["tree"][0].below

    assert line.holds | {"posts_url": "", "households_url": ""} == {
        "below": 1, "posts": 1, "households": 1, "posts_url": "", "households_url": "",
    }  # fmt: skip
    assert client.get(line.holds["posts_url"]).context["page_obj"].paginator.count == 1
    assert client.get(line.holds["households_url"]).context["page_obj"].paginator.count == 1


def test_who_may_not_see_households_sees_no_number_of_them(look, someone, town, micro_grid):
    living_in(micro_grid)

    (line,) = look(someone(Role.SYSTEM_ADMIN, town)).context["tree"][0].below

    assert line.holds["households"] is None


def test_a_place_is_found_by_the_name_and_code_it_bore_before(look, someone, town, grid):
    desk = someone(Role.TOWN_DESK, town)
    before = grid.code
    planning.take("rename", {"area": grid.pk, "name": "河东网格", "code": f"{before[:12]}077"}, clock.today(), by=None)

    for words in ("东良村第一", before):
        assert [place.name for place in look(desk, q=words).context["page_obj"]] == ["河东网格"]
