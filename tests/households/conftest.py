"""A small town with two villages whose micro-grids hold households; days stand still on 10 March 2026."""

import datetime as dt

import pytest

from common import clock
from grids.models import TouchedDay
from households.models import Household, Resident
from tests.conftest import SINCE
from tests.households.linked_village import (  # noqa: F401 (fixtures)
    a_member,
    branch,
    clerk,
    other_branch,
    secretary,
    some_homes,
)

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY)):
        yield


@pytest.fixture
def other_micro(open_area, other_grid):
    return open_area("micro_grid", other_grid, "14042910420200100001", "第一微网格")


@pytest.fixture
def second_micro(open_area, grid):
    return open_area("micro_grid", grid, "14042910420100100002", "第二微网格")


@pytest.fixture
def home_at(db):
    """home_at(area, *people): a household since 2020; each person is (name, relation) or a dictionary of columns."""

    def make(area, *people, **more):
        number = Household.objects.count() + 1
        columns = {
            "code": f"{area.village.code}H{number:04d}", "name": "户", "area": area, "area_path": area.path,
            "town_id": area.town_id, "village_id": area.village_id, "grid_id": area.grid_id, "from_day": SINCE,
        }  # fmt: skip
        home = Household.objects.create(**columns | more)
        for person in people:
            said = person if isinstance(person, dict) else dict(zip(("name", "relation"), person, strict=True))
            row = Resident.objects.create(household=home, area_path=area.path, **{"from_day": SINCE} | said)
            if row.is_head:
                home.name = row.name
                home.save(update_fields=["name", "pinyin", "initials"])
        TouchedDay.objects.all().delete()
        return home

    return make
