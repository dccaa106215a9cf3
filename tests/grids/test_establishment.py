"""Staffing templates: what of the five towns' templates is vacant, since when, and who fills two posts at once."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import clock
from grids import establishment, staffing
from grids.establishment import OF_TOWN, TEMPLATES
from grids.models import TownProfile
from grids.roles import Role
from tests.conftest import SINCE

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY, 10)):
        yield


def missing(place, code):
    """(place, slot's roles, how many are missing) of everything that is not as the template says."""
    gaps = establishment.gaps(place, TEMPLATES[code])
    return [(gap.area.name, sorted(gap.slot.roles)[0], gap.missing) for gap in gaps]


def test_every_one_of_the_five_towns_has_its_template():
    assert set(OF_TOWN.values()) == set(TEMPLATES)


def test_one_worker_a_grid_is_exactly_one(village, grid, someone):
    assert missing(village, "one-worker") == [("东良村第一网格", Role.GRID_WORKER, 1)]
    someone(Role.GRID_WORKER, grid)
    assert missing(village, "one-worker") == []
    someone(Role.GRID_WORKER, grid)
    assert missing(village, "one-worker") == [("东良村第一网格", Role.GRID_WORKER, -1)]


def test_one_full_time_and_four_part_time_workers(village, grid, someone):
    for _n in range(3):
        someone(Role.GRID_WORKER, grid, full_time=False)
    gaps = establishment.gaps(village, TEMPLATES["1-4"])
    assert [(gap.slot.full_time, gap.there, gap.missing) for gap in gaps] == [(True, 0, 1), (False, 3, 1)]


def test_leader_worker_and_assistant_are_three_people(village, grid, someone):
    one = someone(Role.GRID_LEADER, grid)
    staffing.appoint(user=one, area=grid, role=Role.GRID_WORKER, from_day=TODAY, by=None)
    assert missing(village, "1-1-1-n") == [("东良村第一网格", Role.GRID_ASSISTANT, 1)]
    [posts] = establishment.doubled(village, TEMPLATES["1-1-1-n"])
    assert {post.user for post in posts} == {one}
    assert establishment.doubled(village, TEMPLATES["1-n-x"]) == []


def test_head_of_the_township_managers_of_villages_and_leaders_of_groups(open_town, open_area, someone):
    town = open_town("140429106000", "泾明乡")
    village = open_area("village", town, "140429106201", "白家村")
    assert missing(town, "1-12-71") == [("泾明乡", Role.GRID_LEADER, 1), ("白家村", Role.GRID_LEADER, 1)]
    someone(Role.GRID_LEADER, village)
    assert missing(town, "1-12-71") == [("泾明乡", Role.GRID_LEADER, 1)]


def test_social_forces_are_wished_for_but_never_vacant(village, grid, someone):
    someone(Role.GRID_LEADER, grid)
    someone(Role.GRID_WORKER, grid)
    assert missing(village, "1-n-x") == []


def test_vacant_since_the_last_holder_left_or_since_the_place_was_opened(village, grid, someone):
    def since():
        return [gap.since for gap in establishment.gaps(village, TEMPLATES["one-worker"])]

    assert since() == [SINCE]
    post = someone(Role.GRID_WORKER, grid).posts.get()
    staffing.end_post(post=post, on=dt.date(2026, 2, 1), by=None)
    assert since() == [dt.date(2026, 2, 1)]


def test_the_town_desk_chooses_the_template_and_nobody_below(town, village, someone):
    choice = {"town": town, "staffing": "1-n-x", "supervision_phone": "0355-6381234"}
    with pytest.raises(PermissionDenied):
        establishment.choose(**choice, by=someone(Role.VILLAGE_DESK, village))
    establishment.choose(**choice, by=someone(Role.TOWN_DESK, town))
    profile = TownProfile.objects.get(pk=town.pk)
    assert (profile.staffing, profile.supervision_phone) == ("1-n-x", "0355-6381234")
    assert establishment.template_of(town) == TEMPLATES["1-n-x"]
    with pytest.raises(ValidationError):
        establishment.choose(**choice | {"staffing": "9+9"}, by=None)


def test_the_page_lists_what_is_vacant_with_a_way_to_appoint(client, town, village, grid, someone):
    TownProfile.objects.update(staffing="one-worker")
    client.force_login(someone(Role.TOWN_DESK, town))
    page = client.get(f"/areas/{village.code}/vacancies/").content.decode()
    assert f"/areas/{grid.code}/posts/new/?role=10" in page
    assert client.get(f"/areas/{village.code}/vacancies.xlsx").status_code == 200
    client.force_login(someone(Role.VILLAGE_DESK, village))
    assert "posts/new" not in client.get(f"/areas/{village.code}/vacancies/").content.decode()


def test_several_villages_are_given_to_a_cadre_in_one_form(client, town, village, other_village, someone):
    client.force_login(someone(Role.TOWN_DESK, town))
    cadre = someone(Role.TOWN_LEADER, town)
    page = client.get(f"/areas/{town.code}/area-cadres/")
    assert list(page.context["without"]) == [village, other_village]
    said = {"person": cadre.pk, "villages": [village.pk, other_village.pk], "from_day": "2026-03-10"}
    assert client.post(f"/areas/{town.code}/area-cadres/", said).status_code == 302
    [(person, posts)] = client.get(f"/areas/{town.code}/area-cadres/").context["cadres"]
    assert (person, [post.area for post in posts]) == (cadre, [village, other_village])
