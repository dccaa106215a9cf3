"""New names and codes from a day on, and corrections backwards up to the last signed ledger."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from common import clock
from common.canonical import canonical
from grids import checking
from grids.acts import names_on
from grids.models import Area, FormerName
from grids.reshaping import planning, reversing
from grids.roles import Role
from ledgers import closing, counting, drafting, signing
from ledgers.models import WeeklyLedger
from tests.grids.reshaping_town import BEGAN, DAY, FIRST, TODAY

G1 = f"{FIRST}001"
MONDAY = dt.date(2026, 3, 9)  # of the week of TODAY; the week before is signed


@pytest.fixture
def signed(ground, someone):
    """The ledger of the first week of 东良村, signed on Monday."""
    ground.report(G1, BEGAN, "spot", micro="00001")
    with clock.standing_at(clock.at(MONDAY, 9)):
        closing.close_owed()
        village = ground.at(FIRST)
        draft = WeeklyLedger.objects.get(village=village, week=BEGAN)
        return signing.sign(ledger=draft, by=someone(Role.VILLAGE_DIRECTOR, village))


def test_a_new_name_holds_from_its_day_and_the_old_one_is_kept_before(ground):
    ground.take("rename", area=ground.id(G1), name="河东网格")
    grid = ground.at(G1)
    assert (grid.name, grid.initials) == ("河东网格", "hdwg")
    assert names_on(TODAY - DAY) == {grid.pk: (G1, "第1网格")}
    assert names_on(TODAY) == {}


def test_a_code_does_not_change_with_the_name(ground):
    ground.take("rename", area=ground.id(G1), name="河东网格")
    assert ground.at(G1).code == G1
    assert Area.objects.filter(code__startswith=G1).count() == 3


def test_codes_below_follow_a_new_code_with_the_dedicated_grids_of_a_village(ground):
    ground.take("open", parent=ground.town.pk, kind="dedicated", name="集市", anchor=ground.id(FIRST))
    new = "140429104209"
    ground.take("rename", area=ground.id(FIRST), code=new)
    assert not Area.objects.filter(code__startswith=FIRST).exists()
    assert ground.at(f"{new}901").name == "集市"
    assert ground.at(f"{new}00100001").parent.code == f"{new}001"
    assert checking.check() == []


@pytest.mark.parametrize(("code", "why"), [(f"{FIRST}002", "taken"), (f"{FIRST}000", "prefix"), ("1", "length")])
def test_a_wrong_code_is_refused(ground, code, why):
    with pytest.raises(ValidationError) as refused:
        ground.take("rename", area=ground.id(G1), code=code)
    assert refused.value.code == why


def test_a_correction_reaches_back_to_the_first_day_where_nothing_is_signed(ground):
    opened = ground.at(G1).opened_on
    ground.take("correct", opened, taken=TODAY, area=ground.id(G1), name="东良第一网格")
    assert ground.at(G1).name == "东良第一网格"
    assert not FormerName.objects.exists()


def test_a_correction_stops_at_the_last_signed_ledger_whose_content_stays_to_the_byte(ground, signed):
    before = canonical(signed.content)
    with pytest.raises(ValidationError) as refused:
        ground.take("correct", MONDAY - DAY, taken=TODAY, area=ground.id(G1), name="河东网格")
    assert refused.value.code == "signed"
    ground.take("correct", MONDAY, taken=TODAY, area=ground.id(G1), name="河东网格")
    ground.report(G1, TODAY, "spot")
    with clock.standing_at(clock.at(TODAY + 6 * DAY, 9)):
        closing.close_owed()
        counting.drain()
        again = WeeklyLedger.objects.get(pk=signed.pk)
        assert canonical(again.content) == before
        assert signing.seal_holds(again)
        assert drafting.compose_now(again)["content"]["reports"] == signed.content["reports"]
        assert drafting.renew_signed([again.village_id], {BEGAN}) == []
        now = WeeklyLedger.objects.get(village=again.village, week=MONDAY)
    assert {row["place_name"] for row in now.content["reports"] if row["place"] == G1} == {"河东网格"}


def test_a_move_leaves_signed_weeks_as_they_were(ground, signed):
    ground.take("move", area=ground.id(G1), parent=ground.id("140429104202"))
    with clock.standing_at(clock.at(TODAY + 6 * DAY, 9)):
        closing.close_owed()
        counting.drain()
        again = WeeklyLedger.objects.get(pk=signed.pk)
        assert drafting.compose_now(again)["content"]["reports"] == signed.content["reports"]
        assert drafting.compose_now(again)["content"]["findings"] == signed.content["findings"]
        assert drafting.renew_signed([again.village_id], {BEGAN}) == []


def test_a_correction_says_why_and_is_recorded(ground):
    terms = {"area": ground.id(G1), "name": "河东网格"}
    with pytest.raises(ValidationError) as refused:
        planning.take("correct", terms, TODAY, by=ground.desk, reason=" ")
    assert refused.value.code == "reason"
    planning.take("correct", terms, TODAY, by=ground.desk, reason="录入时写错")
    entry = AuditEntry.objects.get(act="area_correct")
    assert (entry.user, entry.area_code, entry.reason) == (ground.desk, G1, "录入时写错")


def test_a_correction_does_not_reach_behind_a_later_change(ground):
    ground.take("rename", TODAY - 3 * DAY, area=ground.id(G1), name="河东网格")
    with pytest.raises(ValidationError) as refused:
        ground.take("correct", TODAY - 4 * DAY, taken=TODAY, area=ground.id(G1), name="河西网格")
    assert refused.value.code == "former"
    ground.take("correct", TODAY - 3 * DAY, taken=TODAY, area=ground.id(G1), name="河西网格")
    assert names_on(TODAY - 4 * DAY)[ground.id(G1)] == (G1, "第1网格")
    assert names_on(TODAY - 3 * DAY) == {}


def test_a_new_name_is_taken_back(ground):
    act = ground.take("rename", area=ground.id(G1), name="河东网格")
    with clock.standing_at(clock.at(TODAY + DAY, 9)):
        reversing.reverse(act=act, by=None)
    assert ground.at(G1).name == "第1网格"
    assert names_on(TODAY)[ground.id(G1)] == (G1, "河东网格")
