"""The real codes and published figures of the five towns, and opening a town from them."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance import divisions
from governance.divisions.figures import AT_LEAST, FIGURES, NUMBER_ONLY
from grids.models import Area, TownProfile
from grids.schemes import OF_TOWN
from screening.models import DutyRule

FIRST = dt.date(2026, 1, 1)
VILLAGES = {"gucheng": 25, "yuwang": 12, "xiawa": 62, "jingming": 12, "minle": 191}


@pytest.mark.parametrize("name", VILLAGES)
def test_the_codes_of_all_five_towns_come_with_their_ancestors(name):
    rows = divisions.read(name)
    codes = {row.code for row in rows}
    assert sum(row.level == divisions.VILLAGE for row in rows) == VILLAGES[name]
    assert all(row.parent in codes for row in rows if row.level > 1)
    assert not [row.name for row in rows if row.name.endswith("委会")]


def test_every_town_has_its_figures_and_its_scheme():
    assert set(FIGURES) == set(OF_TOWN) == set(VILLAGES)
    for name, figures in FIGURES.items():
        assert AT_LEAST.get(name, set()) | NUMBER_ONLY.get(name, set()) <= set(figures)
        assert figures.get("villages", VILLAGES[name]) == VILLAGES[name]


@pytest.mark.parametrize("name", VILLAGES)
def test_a_town_is_opened_from_its_list_with_nothing_invented(db, name):
    said = StringIO()
    call_command("open_town", name, on=FIRST, stdout=said)
    towns = Area.objects.filter(kind="town")
    assert Area.objects.filter(kind="village").count() == VILLAGES[name]
    assert Area.objects.count() == 1 + len(towns) + VILLAGES[name]
    assert said.getvalue().count("villages from 2026-01-01") == len(towns)
    profiles = TownProfile.objects.values_list("is_demo", "in_use_from", "scheme__code").distinct()
    assert list(profiles) == [(False, FIRST, OF_TOWN[name])]
    assert DutyRule.objects.count() == len(towns)


def test_names_that_repeat_in_a_county_stay_apart_by_code(db):
    call_command("open_town", "minle", on=FIRST, stdout=StringIO())
    assert Area.objects.filter(kind="village", name="何庄村").count() == 3


def test_a_town_is_opened_once(db):
    call_command("open_town", "yuwang", on=FIRST, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("open_town", "yuwang", on=FIRST, stdout=StringIO())
    assert Area.objects.filter(kind="town").count() == 1
