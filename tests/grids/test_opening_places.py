"""Opening and ending areas: codes, levels, where an area counts, and which past days it touches."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from common import clock
from grids import names, places, schemes
from grids.models import Area, Placement, TouchedDay, TownProfile
from grids.roles import Role
from tests.grids.conftest import SINCE, open_town

Kind = Area.Kind
GRID, SMALL, MICRO = "140429104218001", "14042910421800103", "14042910421800100012"


def add(parent, kind, code, name="某处", **more):
    return places.open_area(parent=parent, kind=kind, code=code, name=name, by=None, **{"on": SINCE} | more)


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("故城村村委会", "故城村"),
        ("禹王村委会", "禹王村"),
        ("雷家沟村民委员会", "雷家沟村"),
        ("城关村村民委员会", "城关村"),
        ("皂户信一村民委员会", "皂户信一村"),
        ("嘉园社区居民委员会", "嘉园社区"),
        ("兴盛社区居委会", "兴盛社区"),
        ("县府街居民委员会", "县府街"),
        ("文昌社区", "文昌社区"),
    ],
)
def test_official_names_are_shown_as_people_say_them(official, shown):
    assert names.display_name(official) == shown


def test_an_area_is_found_by_sound_and_first_letters(own_village):
    assert (own_village.pinyin, own_village.initials) == ("dong liang cun", "dlc")


def test_every_area_knows_its_place_and_its_path_continues_its_parents(own_town, own_village, own_grid):
    micro = Area.objects.get(pk=add(own_grid, Kind.MICRO_GRID, MICRO).pk)
    assert micro.path.startswith(own_grid.path)
    assert len(micro.path) == 5 * 6
    assert [micro.county, micro.town, micro.village, micro.grid] == [own_town.parent, own_town, own_village, own_grid]
    assert [own_grid.reports, micro.reports, own_village.reports] == [True, False, False]
    assert own_village.grid is None
    placed = Placement.objects.get(area=micro)
    assert (placed.grid, placed.village, placed.town) == (own_grid, own_village, own_town)
    assert (placed.from_day, placed.until_day) == (SINCE, None)


def test_a_dedicated_grid_hangs_from_the_town_and_is_its_own_village(own_town, own_village):
    market = add(own_town, Kind.DEDICATED, "140429104218901", "故城集市专属网格", anchor=own_village)
    assert (market.village, market.grid, market.reports) == (market, market, True)
    with pytest.raises(ValidationError):
        add(own_town, Kind.DEDICATED, "140429104218902")


def test_where_groups_report_the_group_is_the_grid(db):
    town = open_town("group")
    village = add(town, Kind.VILLAGE, "140429104218")
    group = add(village, Kind.GROUP, GRID)
    assert (group.reports, group.grid) == (True, group)
    with pytest.raises(ValidationError):
        add(village, Kind.GRID, "140429104218002")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.GRID, "140429104218"),
        (Kind.GRID, "140429104218000"),
        (Kind.GRID, "140429104218901"),  # 9nn is kept for dedicated grids
        (Kind.GRID, "140429104219001"),
        (Kind.GRID, "14042910421800a"),
        (Kind.VILLAGE, "140429104219"),
        (Kind.SMALL_GRID, SMALL),
    ],
)
def test_a_code_that_does_not_fit_is_refused(own_village, kind, code):
    with pytest.raises(ValidationError):
        add(own_village, kind, code)


def test_a_micro_grid_marks_the_skipped_level_with_two_zeros(own_grid):
    add(own_grid, Kind.MICRO_GRID, MICRO)
    with pytest.raises(ValidationError):
        add(own_grid, Kind.MICRO_GRID, "14042910421800101012")


def test_a_micro_grid_below_a_small_grid_continues_its_code(db):
    town = open_town("grid-small-micro")
    grid = add(add(town, Kind.VILLAGE, "140429104218"), Kind.GRID, GRID)
    small = add(grid, Kind.SMALL_GRID, SMALL)
    micro = add(small, Kind.MICRO_GRID, SMALL + "004")
    assert (micro.grid, micro.reports) == (grid, False)


def test_many_areas_are_opened_in_a_handful_of_statements(own_town, django_assert_max_num_queries):
    village = places.Opening(Kind.VILLAGE, "140429104218", "东良村", own_town)
    grid = places.Opening(Kind.GRID, GRID, "第一网格", village.code)
    micros = [places.Opening(Kind.MICRO_GRID, f"{GRID}00{n:03d}", f"第{n}微网格", GRID) for n in range(1, 41)]
    with django_assert_max_num_queries(12):
        areas = places.open_areas(openings=[village, grid, *micros], on=SINCE, by=None)
    assert Area.objects.in_subtree(areas[0]).count() == 42
    assert len({area.path for area in areas}) == 42


def test_a_grid_opened_in_the_past_touches_the_days_since_then(own_village):
    with clock.standing_at(clock.at(dt.date(2026, 3, 10))):
        add(own_village, Kind.GRID, GRID, on=dt.date(2026, 3, 8))
    days = TouchedDay.objects.values_list("village", "day", "kind").order_by("day")
    assert list(days) == [(own_village.pk, dt.date(2026, 3, n), "place") for n in (8, 9, 10)]


def test_days_before_the_town_used_the_platform_are_left_alone(own_town, own_village):
    TownProfile.objects.update(in_use_from=dt.date(2026, 3, 9))
    with clock.standing_at(clock.at(dt.date(2026, 3, 10))):
        add(own_village, Kind.GRID, GRID)
    assert TouchedDay.objects.count() == 2


def test_ending_a_grid_closes_its_posts_and_keeps_its_past(own_grid, someone):
    worker = someone(Role.GRID_WORKER, own_grid)
    on = dt.date(2026, 3, 9)
    with clock.standing_at(clock.at(dt.date(2026, 3, 10))):
        TouchedDay.objects.all().delete()
        places.end_area(area=own_grid, on=on, by=None)
    assert Area.objects.get(pk=own_grid.pk).ended_on == on
    assert Placement.objects.get(area=own_grid).until_day == on
    assert worker.posts.get().until_day == on
    assert sorted(TouchedDay.objects.values_list("day", flat=True)) == [on, dt.date(2026, 3, 10)]


def test_an_area_with_open_places_below_it_is_not_ended(own_village, own_grid):
    with pytest.raises(ValidationError):
        places.end_area(area=own_village, on=dt.date(2026, 3, 9), by=None)
    places.end_area(area=own_grid, on=dt.date(2026, 3, 9), by=None)
    places.end_area(area=own_village, on=dt.date(2026, 3, 9), by=None)
    with pytest.raises(ValidationError):
        add(own_village, Kind.GRID, "140429104218002", on=dt.date(2026, 3, 9))


def test_only_the_town_desk_and_the_system_administrator_change_places(own_town, own_village, someone):
    leader, desk, admin = (someone(role, own_town) for role in (Role.TOWN_LEADER, Role.TOWN_DESK, Role.SYSTEM_ADMIN))
    opening = {"parent": own_village, "kind": Kind.GRID, "code": GRID, "name": "第一网格", "on": SINCE}
    with pytest.raises(PermissionDenied):
        places.open_area(**opening, by=leader)
    assert places.open_area(**opening, by=desk).reports
    assert places.open_area(**opening | {"code": GRID[:-1] + "2"}, by=admin).reports


def test_a_scheme_a_town_has_edited_stays_as_it_is(db):
    scheme = schemes.preset("grid")
    scheme.levels.filter(rank=1).update(label="社区")
    assert schemes.preset("grid").levels.get(rank=1).label == "社区"
    assert [scheme.levels.filter(reports=True).get().kind] == ["grid"]
