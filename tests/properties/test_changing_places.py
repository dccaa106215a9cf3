"""However places are changed, and in whatever order: the tree holds together, every household lies in one open
micro-grid, the figures agree with the rows, and the days before an act stay as they were."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import Q, Sum
from hypothesis import example, given
from hypothesis import strategies as st

from common.periods import MONTH, WEEK
from grids import checking
from grids.models import Area, AreaAct
from grids.reshaping import planning
from households.models import Household
from ledgers.models import DUTY, Fact
from tests.properties.conftest import LONG, tried
from tests.properties.places_life import PlacesLife
from tests.properties.strategies import MASK, SMALL, STARTS
from tests.properties.test_histories import (
    counting_again_and_rebuilding_change_nothing,
    figures_are_the_same_before_and_after_the_worker,
    ledgers_carry_over_and_are_chained,
    lists_are_as_long_as_the_numbers_say,
    the_check_finds_nothing,
)

pytestmark = pytest.mark.django_db
ON_PLACES = ["move_grid", "move_micro", "merge", "split", "end_place", "open_place", "rename", "correct",
             "correct_post", "withdraw", "reverse"]  # fmt: skip
BESIDE = ["dispute", "case_act", "report", "link", "unlink", "household", "staff", "move", "drain", "close", "sign"]
DAYS = st.fixed_dictionaries({
    "acts": st.lists(st.tuples(st.one_of(st.sampled_from(ON_PLACES), st.sampled_from(BESIDE)), SMALL, SMALL, SMALL),
                     max_size=4),
    "on_time": MASK, "late": MASK, "findings": st.integers(0, 3), "close": st.booleans(),
})  # fmt: skip
LENGTH = 20 if LONG else 6
HAPPENED = Counter()


def everything_happens():
    names = [*ON_PLACES, *BESIDE]
    days = [
        {"acts": [(names[(4 * n + k) % len(names)], 3 * n + k, (n * 5 + k) % 8, (n + 3 * k) % 8) for k in range(5)],
         "on_time": 0b101101110 >> n % 3, "late": 0b10010, "findings": n % 4, "close": n % 3 == 1}
        for n in range(16)
    ]  # fmt: skip
    return dt.date(2025, 12, 24), 1, days


@tried(1)
@example(everything_happens())
@given(st.tuples(STARTS, st.integers(0, 3), st.lists(DAYS, min_size=LENGTH // 2, max_size=LENGTH)))
def test_places_and_figures_agree_however_places_are_changed(history):
    start, later, days = history
    with transaction.atomic():
        life = PlacesLife(start, later)
        for day in days:
            life.live(day)
            with life.at(3):
                no_act_changed_the_past(life)
                the_tree_holds_together()
        HAPPENED.update(life.done)
        with life.at(11):
            planning.carry_out_due()
        figures_are_the_same_before_and_after_the_worker(life)
        life.come_to_rest()
        with life.at(10):
            the_tree_holds_together()
            every_household_lies_in_one_open_lowest_place()
            the_check_finds_nothing()
            every_report_is_in_one_state_and_grids_add_up(life)
            lists_are_as_long_as_the_numbers_say(life)
            counting_again_and_rebuilding_change_nothing(life)
            ledgers_carry_over_and_are_chained()
        transaction.set_rollback(True)


def test_acts_of_every_kind_were_taken():
    assert not HAPPENED or set(ON_PLACES) - {"withdraw"} <= set(HAPPENED), HAPPENED


def no_act_changed_the_past(life):
    assert life.changed_past == []


def the_tree_holds_together():
    overdue = AreaAct.objects.filter(state="planned").values_list("town__code", flat=True)
    found = [str(one) for one in checking.check() if one.code not in set(overdue)]
    assert found == []


def every_household_lies_in_one_open_lowest_place():
    for home in Household.objects.filter(until_day=None).select_related("area"):
        assert home.area.ended_on is None
        assert home.area_path == home.area.path
        assert not home.area.children.filter(ended_on=None).exists()
        spans = [(home.counts_here_from, None), *home.former_places.values_list("from_day", "until_day")]
        spans = sorted(spans, key=lambda span: span[0])
        assert spans[0][0] == home.from_day
        assert all(before[1] == after[0] for before, after in zip(spans, spans[1:], strict=False))


def every_report_is_in_one_state_and_grids_add_up(life):
    for row in Fact.objects.all():
        assert row.expected == row.on_time + row.late + row.missing + row.excused + row.pending
    sums = {name: Sum(name) for name in [*DUTY, "findings", "households", "linked"]}
    for town in life.towns:
        mine = Fact.objects.filter(area__town=town)
        for kind, start in mine.filter(kind__in=[WEEK, MONTH], area=town).values_list("kind", "start"):
            there = mine.filter(kind=kind, start=start)
            assert there.filter(area__kind="grid").aggregate(**sums) == there.filter(area__kind="village").aggregate(
                **sums
            ), (kind, start)
    assert Area.objects.filter(Q(reports=True), kind="grid", grid=None).count() == 0
