"""Disputes with fixed meaning, registered by the town desk through the verb."""

import datetime as dt

import pytest

from common import clock
from disputes import workflow
from grids.roles import Role


@pytest.fixture
def desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def dispute_in(desk):
    """dispute_in(grid, line="…", on=dt.date(…)): a registered dispute at that place."""

    def make(area, on=None, **said):
        asked = {"category": "02", "field": "3", "line": "两家为一堵墙争吵", "source": "application"} | said
        with clock.standing_at(clock.at(on or clock.today())):
            return workflow.register(by=desk, area=area, **asked)

    return make


@pytest.fixture
def take(desk):
    """take("settle", dispute, on=dt.date(…)): an act by the town desk on a day."""

    def act(name, dispute, on: dt.date, **facts):
        with clock.standing_at(clock.at(on)):
            return workflow.take(name, dispute=dispute, by=desk, note="如实记录", **facts)

    return act


@pytest.fixture
def visit(client):
    """visit(user): a browser in which that person is signed in."""

    def enter(user):
        client.force_login(user, backend="accounts.signin.NameOrMobileBackend")
        return client

    return enter
