"""A town at work: its profile and duty, workers at their grids, and short words for what happens in it."""

import datetime as dt
import uuid

import pytest

from common import clock
from disputes import workflow
from grids.models import TouchedDay, TownProfile
from grids.roles import Role
from ledgers import closing, signing
from ledgers.models import WeeklyLedger
from screening.models import DutyRule
from screening.reporting import file_report


@pytest.fixture
def working_town(town, grid, other_grid):
    """Works with the platform since Monday 2026-03-02, every day until 20:00."""
    TownProfile.objects.filter(town=town).update(in_use_from=dt.date(2026, 3, 2))
    TouchedDay.objects.all().delete()  # opening the places marked the first day of the fixtures' town
    DutyRule.objects.create(town=town, from_day=dt.date(2026, 3, 2))
    return town


@pytest.fixture
def worker(someone, grid):
    return someone(Role.GRID_WORKER, grid)


@pytest.fixture
def other_worker(someone, other_grid):
    return someone(Role.GRID_WORKER, other_grid)


@pytest.fixture
def report():
    """report(worker, grid, day, "spot", hour=21): one report with findings of those outcomes."""

    def make(by, area, day, *outcomes, hour=18, on=None, **changed):
        findings = [
            {"field": "3", "category": "02", "severity": "04", "line": f"邻里纠纷{n}", "outcome": outcome} | changed
            for n, outcome in enumerate(outcomes)
        ]
        with clock.standing_at(clock.at(on or day, hour)):
            return file_report(by=by, area=area, day=day, client_id=uuid.uuid4(), findings=findings).report

    return make


@pytest.fixture
def dispute(someone):
    """dispute(area, day): one dispute registered there on that day by a desk."""

    def make(area, day, **facts):
        desk = someone(Role.VILLAGE_DESK, area.village)
        with clock.standing_at(clock.at(day, 10)):
            return workflow.register(
                by=desk, area=area, field="3", category="02", line="宅基地边界", source="application", **facts
            )

    return make


@pytest.fixture
def sign(someone):
    """sign(village, monday, on=day): the director signs the draft of that week."""

    def act(village, monday, on=None):
        director = someone(Role.VILLAGE_DIRECTOR, village)
        draft = WeeklyLedger.objects.get(village=village, week=monday, state="draft")
        with clock.standing_at(clock.at(on or monday + dt.timedelta(days=7), 9)):
            return signing.sign(ledger=draft, by=director)

    return act


@pytest.fixture
def take(someone):
    """take("settle", dispute, day, note=…): the town desk takes an act on that day."""

    def act(name, found, day, note="说明", **facts):
        with clock.standing_at(clock.at(day, 15)):
            return workflow.take(name, dispute=found, by=someone(Role.TOWN_DESK, found.case.town), note=note, **facts)

    return act


@pytest.fixture
def close():
    """close(day, hour=1): everything owed at that moment is counted and drafted."""

    def act(day, hour=1):
        with clock.standing_at(clock.at(day, hour)):
            return closing.close_owed()

    return act
