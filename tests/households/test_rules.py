"""What the database itself holds of households and residents."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from households.models import Need, Resident
from households.relations import WORDS, Relation, relation_of
from tests.conftest import SINCE

LATER = dt.date(2025, 5, 1)


@pytest.fixture
def home(home_at, micro_grid):
    return home_at(micro_grid, ("王强", "head"), ("李芳", "spouse"))


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"relation": "head"}, "one_head_at_a_time"),
        ({"until_day": LATER}, "resident_left_for_a_reason"),
        ({"left_as": "died"}, "resident_left_for_a_reason"),
        ({"until_day": SINCE, "left_as": "died"}, "resident_days_in_order"),
        ({"away_to": "太原市"}, "away_is_told_of_who_is_away"),
        ({"lives_here": False, "away_since": LATER.replace(day=2)}, "away_since_a_month"),
        ({"birth_year": 1700}, "birth_year_possible"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(home, columns, rule):
    with refused(rule), transaction.atomic():
        Resident.objects.filter(household=home, relation="spouse").update(**columns)


def test_after_the_head_left_another_may_be_head(home):
    Resident.objects.filter(household=home, relation="head").update(until_day=LATER, left_as="died")
    assert Resident.objects.filter(household=home, relation="spouse").update(relation="head") == 1


def test_nobody_is_in_two_households_at_a_time(home, home_at, micro_grid):
    wife = home.residents.get(relation="spouse")
    with refused("person_in_one_household"), transaction.atomic():
        home_at(micro_grid, {"name": "李芳", "relation": "head", "sealing_id": wife.sealing_id})


def test_a_household_merged_into_another_has_ended(home, home_at, micro_grid):
    home.merged_into = home_at(micro_grid)
    with refused("household_merged_into_another"), transaction.atomic():
        home.save()


def test_a_need_is_stated_once_while_it_holds(home, town):
    from households import needs

    kind = needs.kinds(town.pk)[0]
    row = {"household": home, "kind": kind, "area_path": home.area_path, "stated_by": "本人", "from_day": SINCE}
    Need.objects.create(**row, until_day=LATER)
    Need.objects.create(**row)
    with refused("need_stated_once"), transaction.atomic():
        Need.objects.create(**row)


def test_the_words_of_rosters_name_relations():
    assert [relation_of(word) for word in ("户主", " 之 妻 ", "长子", "儿媳", "外孙女", "02", "不详")] == [
        "head", "spouse", "son", "daughter_in_law", "granddaughter", "head", None,
    ]  # fmt: skip
    assert set(WORDS.values()) == set(Relation)
