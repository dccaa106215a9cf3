"""The settings of an open town: names of levels, the rule of duty from a day on, the first day before it has come."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import AuditEntry
from common import clock
from grids import schemes, setting_up
from grids.models import Area, LevelScheme, TownProfile
from grids.roles import Role
from ledgers import closing, counting
from ledgers.checking import check
from ledgers.models import Fact
from screening import duty_rules
from screening.duty import duty_days
from screening.models import DutyRule
from tests.grids.reshaping_town import DAY, FIRST, TODAY, Ground

TOMORROW = TODAY + DAY
EIGHT, SIX = dt.time(20), dt.time(18)


@pytest.fixture
def ground(town, someone):
    DutyRule.objects.filter(town=town).delete()
    return Ground(town, someone)


@pytest.fixture(autouse=True)
def wednesday():
    with clock.standing_at(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def desk(ground):
    client = Client()
    client.force_login(ground.desk)
    return client


@pytest.fixture
def address(ground):
    return f"/areas/{ground.town.code}/settings/"


def names(profile):
    return {level.kind: level.label for level in profile.scheme.levels.all()}


def test_a_town_calls_its_levels_its_own_way_and_other_towns_keep_theirs(ground, desk, address, other_town):
    said = {"label_village": "村", "english_village": "village", "label_grid": "片区", "english_grid": "block",
            "label_micro_grid": "联户", "english_micro_grid": "cluster"}  # fmt: skip
    shared = LevelScheme.objects.get(townprofile=ground.town.pk)
    TownProfile.objects.filter(town=other_town).update(scheme=shared)
    assert desk.post(f"{address}levels/", said).status_code == 302
    mine, theirs = TownProfile.objects.get(town=ground.town), TownProfile.objects.get(town=other_town)
    assert names(mine) == {"village": "村", "grid": "片区", "micro_grid": "联户"}
    assert names(theirs)["grid"] == "网格"
    assert mine.scheme.levels.get(reports=True).kind == "grid"
    assert "片区" in desk.get(f"/areas/{FIRST}001/").content.decode()


def test_two_levels_of_one_name_are_refused_and_what_was_typed_stays(ground, desk, address):
    said = {"label_village": "片", "english_village": "a", "label_grid": "片", "english_grid": "b",
            "label_micro_grid": "联户", "english_micro_grid": "c"}  # fmt: skip
    answer = desk.post(f"{address}levels/", said)
    assert answer.status_code == 422
    assert "联户" in answer.content.decode()
    assert names(TownProfile.objects.get(town=ground.town))["village"] == "村"


def test_an_earlier_cut_off_holds_from_its_day_and_what_was_counted_stays(ground, desk, address):
    yesterday = TODAY - DAY
    ground.report(f"{FIRST}001", yesterday)
    closing.close_owed()
    before = list(Fact.objects.order_by("pk").values())
    said = {"cut_off": "18:00", "every_day": "no", "from_day": TOMORROW.isoformat()}
    assert desk.post(f"{address}duty/", said).status_code == 302
    counting.drain()
    assert list(Fact.objects.order_by("pk").values()) == before
    limits = {d.day: d.due_by for d in duty_days([ground.town], TODAY, TODAY + 4 * DAY)}
    assert limits[TODAY] == clock.at(TODAY, 20)
    assert limits[TOMORROW] == clock.at(TOMORROW, 18)
    assert TODAY + 3 * DAY not in limits  # a Saturday
    assert check().differences == []


def test_of_a_report_after_the_new_cut_off_it_is_late(ground):
    duty_rules.change(town=ground.town, cut_off=dt.time(17), every_day=True, from_day=TOMORROW, by=ground.desk)
    assert ground.report(f"{FIRST}001", TODAY).late is False
    assert ground.report(f"{FIRST}001", TOMORROW).late is True  # both came at 18:00


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY, TODAY + 800 * DAY])
def test_the_rule_of_a_day_that_has_begun_is_not_changed(ground, day):
    with pytest.raises(ValidationError) as refused:
        duty_rules.change(town=ground.town, cut_off=SIX, every_day=True, from_day=day, by=ground.desk)
    assert refused.value.code == "day"


def test_a_planned_rule_is_replaced_by_another_and_can_be_taken_back(ground, desk, address):
    DutyRule.objects.create(town=ground.town, from_day=dt.date(2026, 1, 1))
    for day in (TODAY + 9 * DAY, TODAY + 5 * DAY):
        duty_rules.change(town=ground.town, cut_off=SIX, every_day=True, from_day=day, by=ground.desk)
    assert [rule.from_day for rule in DutyRule.objects.order_by("from_day")] == [dt.date(2026, 1, 1), TODAY + 5 * DAY]
    assert desk.post(f"{address}withdraw-duty/").status_code == 302
    rule = DutyRule.objects.get()
    assert (rule.from_day, rule.until_day, rule.cut_off) == (dt.date(2026, 1, 1), None, EIGHT)
    assert desk.post(f"{address}withdraw-duty/").status_code == 302  # nothing is planned: told, nothing changed
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"duty_rule_change", "duty_rule_withdraw"}


def test_the_same_rule_again_is_refused(ground):
    with pytest.raises(ValidationError) as refused:
        duty_rules.change(town=ground.town, cut_off=EIGHT, every_day=True, from_day=TOMORROW, by=ground.desk)
    assert refused.value.code == "same"


def test_the_first_day_is_moved_until_it_has_come(ground, desk, address):
    assert "in_use_from" not in desk.get(address).content.decode()
    assert desk.post(f"{address}begin/", {"in_use_from": TOMORROW.isoformat()}).status_code == 422
    TownProfile.objects.filter(town=ground.town).update(in_use_from=TODAY + 7 * DAY)
    assert desk.post(f"{address}begin/", {"in_use_from": (TODAY - DAY).isoformat()}).status_code == 422
    assert desk.post(f"{address}begin/", {"in_use_from": TOMORROW.isoformat()}).status_code == 302
    assert TownProfile.objects.get(town=ground.town).in_use_from == TOMORROW
    rule = duty_rules.change(town=ground.town, cut_off=SIX, every_day=True, from_day=TODAY, by=ground.desk)
    assert rule.from_day == TODAY  # nothing is due before it begins


def test_only_who_changes_places_of_the_town_sets_it(ground, desk, someone, address, other_town):
    leader, stranger, system = (
        someone(Role.TOWN_LEADER, ground.town), someone(Role.TOWN_DESK, other_town),
        someone(Role.SYSTEM_ADMIN, ground.town),
    )  # fmt: skip
    for user, status in ((leader, 403), (stranger, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == status
    with pytest.raises(PermissionDenied):
        setting_up.begin_on(town=ground.town, day=TOMORROW, by=leader)
    with pytest.raises(PermissionDenied):
        schemes.relabel(town=ground.town, labels={}, by=leader)
    duty_rules.change(town=ground.town, cut_off=SIX, every_day=True, from_day=TOMORROW, by=system)
    assert desk.get(f"/areas/{FIRST}/settings/").status_code == 404  # a village has none
    assert desk.post(f"{address}nonsense/").status_code == 404
    assert f'href="{address}"' in desk.get(f"/areas/{ground.town.code}/").content.decode()
    assert Area.objects.filter(kind="town").count() == 2
