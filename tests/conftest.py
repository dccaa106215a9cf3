"""Places and people with fixed meaning: a town with two villages, its neighbour town, and somebody for every role."""

import datetime as dt
from itertools import count

import pytest

from accounts.models import User
from common import clock
from grids import places, schemes
from grids.models import Post, TownProfile
from grids.roles import Role

SINCE = dt.date(2020, 1, 1)  # every place and post of the fixtures is older than what the tests do
LONGEST = ("tests/faults/", "tests/governance/", "tests/properties/", "tests/browser/")


def pytest_collection_modifyitems(items):
    """The folders whose files take longest come first, so that no process is left alone with one at the end."""
    order = {folder: number for number, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: next((order[folder] for folder in LONGEST if item.nodeid.startswith(folder)), 99))


@pytest.fixture
def open_area(db):
    """open_area(kind, parent, code, name): an area opened in 2020, on that day itself: no past day is touched."""

    def make(kind, parent, code, name):
        with clock.standing_at(clock.at(SINCE)):
            return places.open_area(parent=parent, kind=kind, code=code, name=name, on=SINCE, by=None)

    return make


@pytest.fixture
def open_town(open_area, county):
    """open_town(code, name): a town that divides itself into villages, grids and micro-grids; grids report."""

    def make(code, name):
        town = open_area("town", county, code, name)
        TownProfile.objects.create(town=town, scheme=schemes.preset("grid-micro"), in_use_from=SINCE)
        return town

    return make


@pytest.fixture
def county(open_area):
    return open_area("county", None, "140429000000", "武乡县")


@pytest.fixture
def town(open_town):
    return open_town("140429104000", "故城镇")


@pytest.fixture
def other_town(open_town):
    return open_town("140429105000", "墨镫乡")


@pytest.fixture
def village(open_area, town):
    return open_area("village", town, "140429104201", "东良村")


@pytest.fixture
def other_village(open_area, town):
    return open_area("village", town, "140429104202", "南沟村")


@pytest.fixture
def grid(open_area, village):
    return open_area("grid", village, "140429104201001", "东良村第一网格")


@pytest.fixture
def other_grid(open_area, other_village):
    return open_area("grid", other_village, "140429104202001", "南沟村第一网格")


@pytest.fixture
def micro_grid(open_area, grid):
    return open_area("micro_grid", grid, "14042910420100100001", "第一微网格")


@pytest.fixture
def someone(db):
    """someone(Role.MEDIATOR, village): a new person who holds that post; someone() holds none."""
    numbers = count(1)

    def make(role=None, area=None, **post):
        user = User.objects.create_user(f"person{next(numbers)}", "张三丰")
        if role is not None:
            Post.objects.create(user=user, area=area, role=Role(role), **{"from_day": SINCE} | post)
        return user

    return make
