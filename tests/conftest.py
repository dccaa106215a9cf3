"""Places and people with fixed meaning: a town with two villages, its neighbour town, and somebody for every role."""

import datetime as dt
from itertools import count

import pytest

from accounts.models import User
from common.fields import step
from grids.models import Area, Placement, Post
from grids.roles import Role

SINCE = dt.date(2020, 1, 1)  # every place and post of the fixtures is older than what the tests do


@pytest.fixture
def open_area(db):
    """open_area(kind, parent, code, name): an area open since 2020, placed as its parent is."""

    def make(kind, parent, code, name, reports=False):
        area = Area(kind=kind, parent=parent, code=code, name=name, reports=reports, opened_on=SINCE, path=code)
        area.save()
        area.path = (parent.path if parent else "") + step(area.pk)
        own = kind if kind in {"county", "town", "village", "grid"} else "village" if kind == "dedicated" else None
        for level in ["county", "town", "village", "grid"]:
            setattr(area, level, area if level == own else getattr(parent, level, None))
        area.save()
        places = {level: getattr(area, level) for level in ["grid", "village", "town", "county"]}
        Placement.objects.create(area=area, from_day=SINCE, reports=reports, **places)
        return area

    return make


@pytest.fixture
def county(open_area):
    return open_area("county", None, "140429000000", "武乡县")


@pytest.fixture
def town(open_area, county):
    return open_area("town", county, "140429104000", "故城镇")


@pytest.fixture
def other_town(open_area, county):
    return open_area("town", county, "140429105000", "墨镫乡")


@pytest.fixture
def village(open_area, town):
    return open_area("village", town, "140429104201", "东良村")


@pytest.fixture
def other_village(open_area, town):
    return open_area("village", town, "140429104202", "南沟村")


@pytest.fixture
def grid(open_area, village):
    return open_area("grid", village, "140429104201001", "东良村第一网格", reports=True)


@pytest.fixture
def other_grid(open_area, other_village):
    return open_area("grid", other_village, "140429104202001", "南沟村第一网格", reports=True)


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
