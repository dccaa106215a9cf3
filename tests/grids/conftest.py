"""A county and a town with a level scheme, opened by the product's own verbs."""

import datetime as dt

import pytest
from django.utils import translation

from common import clock
from grids import places, schemes
from grids.models import Area, TownProfile
from tests.grids.reshaping_town import TODAY, Ground

SINCE = dt.date(2020, 1, 1)
Kind = Area.Kind


def open_town(scheme="grid-micro", in_use_from=SINCE):
    county = places.open_area(parent=None, kind=Kind.COUNTY, code="140429000000", name="武乡县", on=SINCE, by=None)
    town = places.open_area(parent=county, kind=Kind.TOWN, code="140429104000", name="故城镇", on=SINCE, by=None)
    TownProfile.objects.create(town=town, scheme=schemes.preset(scheme), in_use_from=in_use_from)
    return town


@pytest.fixture
def own_town(db):
    return open_town()


@pytest.fixture
def own_village(own_town):
    return places.open_area(
        parent=own_town, kind=Kind.VILLAGE, code="140429104218", name="东良村", on=SINCE, by=None
    )  # fmt: skip


@pytest.fixture
def own_grid(own_village):
    return places.open_area(
        parent=own_village, kind=Kind.GRID, code="140429104218001", name="东良村第一网格", on=SINCE, by=None
    )  # fmt: skip


@pytest.fixture
def in_english():
    """For tests that read what people are told."""
    with translation.override("en"):
        yield


@pytest.fixture
def wednesday():
    """Noon of the day on which places are changed."""
    with clock.standing_at(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def ground(wednesday, town, someone):
    return Ground(town, someone)
