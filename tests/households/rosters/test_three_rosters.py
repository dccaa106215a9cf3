"""Three rosters, laid out in three ways: read whole, sixty planted errors found, imported when mended."""

import pytest

from households.models import Household, Resident, RosterImport
from tests.households.rosters import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
State = RosterImport.State


def test_the_clean_roster_comes_in_whole(taken, with_numbers, village):
    row = taken(made.clean())

    said = made.families()
    assert row.state == State.DONE
    assert Household.objects.filter(village=village).count() == len(said)
    homes = {home.name: home for home in Household.objects.all()}
    for family in said:
        home = homes[family.head]
        assert (home.area.name, home.address) == (family.place, family.address)
        assert home.kind == ("lifted" if family.kind == "脱贫户" else "ordinary")
        people = {one.name: one for one in home.residents.all()}
        assert set(people) == {one.name for one in family.people}
        for one in family.people:
            there = people[one.name]
            assert (there.sex, there.birth_year) == ({"男": "M", "女": "F"}[one.sex], one.year)
            assert there.lives_here is not bool(one.away)
            assert there.away_to == one.away
            assert bool(there.phone) is bool(one.phone)
            assert there.id_number


@pytest.mark.parametrize("content", [made.own_gbk, made.own_merged], ids=["GBK", "merged"])
def test_the_roster_a_village_keeps_for_itself_comes_in_whole(taken, content):
    taken(content())

    said = made.families()
    assert Household.objects.count() == len(said)
    found = set(Resident.objects.values_list("household__name", "name", "relation", "birth_year"))
    relations = {"户主": "head", "配偶": "spouse", "子": "son", "女": "daughter", "母亲": "mother"}
    assert found == {(one.head, of.name, relations[of.relation], of.year) for one in said for of in one.people}


def test_columns_nobody_may_keep_are_named_and_left_out(checked):
    _row, told = checked(made.own_gbk())

    assert told["dropped"] == ["民族", "文化程度", "婚姻状况"]
    assert "汉族" not in str(told["entries"])
    assert "初中" not in str(told["entries"])


def test_sixty_planted_errors_are_found_with_row_and_column_and_nothing_comes_in(checked, with_numbers, desk):
    planted = made.Planted()
    assert len(planted.errors) == 60

    row, told = checked(planted.content())

    found = {(line, column): what for line, column, what in told["problems"]}
    assert (set(planted.errors) - set(found), {at: found[at] for at in set(found) - set(planted.errors)}) == (set(), {})
    assert len(told["problems"]) == 60
    assert row.state == State.WRONG
    assert not Household.objects.exists()
    assert not Resident.objects.exists()


def test_the_mended_roster_comes_in(checked, taken, with_numbers):
    planted = made.Planted()
    checked(planted.content())

    row = taken(planted.mended())

    assert row.counts["new"] == Resident.objects.count() == len(planted.rows)
