"""People of screening and the filing of a report, short enough to be read in a test."""

import datetime as dt
import uuid

import pytest

from common import clock
from grids.roles import Role
from households.models import Household
from screening import reporting

MONDAY = dt.date(2026, 11, 16)


@pytest.fixture
def worker(grid, someone):
    return someone(Role.GRID_WORKER, grid)


@pytest.fixture
def desk(village, someone):
    return someone(Role.VILLAGE_DESK, village)


@pytest.fixture
def found():
    """found(line="…"): one matter settled on the spot, unless said otherwise."""

    def make(**said):
        return {"field": "3", "category": "02", "severity": "04", "line": "两家为排水沟争吵", "outcome": "spot"} | said

    return make


@pytest.fixture
def filed(grid, worker):
    """filed(...): the worker's report for Monday, received at 18:03 unless `at` says otherwise."""

    def make(*findings, at=None, **options):
        said = {"by": worker, "area": grid, "day": MONDAY, "client_id": uuid.uuid4()} | options
        with clock.standing_at(at or clock.at(MONDAY, 18, 3)):
            return reporting.file_report(findings=findings, **said)

    return make


@pytest.fixture
def household(grid, micro_grid):
    return Household.objects.create(
        code="14042910420100100001-001", name="张三丰", area=micro_grid, area_path=micro_grid.path,
        town=grid.town, village=grid.village, grid=grid, from_day=dt.date(2020, 1, 1),
    )  # fmt: skip
