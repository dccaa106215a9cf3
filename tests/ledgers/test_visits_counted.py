"""Visits in the figures: what is counted, what the list shows and what the check works out are the same, whatever
happened before and however the days are cut."""

import datetime as dt
import random
import uuid

import pytest

from accounts.models import User
from common import clock, periods
from households.models import Household, HouseholdLink, PartyMember, PartyOrg
from ledgers import closing, counting, figures, recount
from ledgers.checking import visits as checked
from ledgers.models import Fact
from ledgers.rows import fetch
from screening import visit_lists, visiting
from screening.models import Visit, VisitRule

pytestmark = pytest.mark.django_db
FIRST, DAYS = dt.date(2026, 7, 1), 110
DAY = dt.timedelta(days=1)
NAMES = {"to_visit": "due", "visited": "visited", "overdue": "overdue"}  # figure: state of the list


@pytest.fixture
def members(village):
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    return [
        PartyMember.objects.create(user=User.objects.create_user(f"m{n}", "甲"), org=org, area_path=village.path)
        for n in range(2)
    ]


@pytest.fixture
def home(micro_grid):
    def make(number):
        return Household.objects.create(
            code=f"H{number}", name="王五", area=micro_grid, area_path=micro_grid.path, town=micro_grid.town,
            village=micro_grid.village, grid=micro_grid.grid, from_day=FIRST,
        )  # fmt: skip

    return make


def linked(home, member, first, until=None):
    places = {"town": home.town, "village": home.village, "grid": home.grid, "area_path": home.area_path}
    return HouseholdLink.objects.create(household=home, member=member, from_day=first, until_day=until, **places)


def paid(home, by, day, **said):
    places = {"town": home.town, "village": home.village, "grid": home.grid, "area": home.area}
    return Visit.objects.create(
        client_id=uuid.uuid4(), digest="x", household=home, day=day, by=by, capacity="member", received_at=clock.now(),
        area_path=home.area_path, **places, **said,
    )  # fmt: skip


def random_life(dice, home, members, town):
    """Links that follow each other or leave gaps, rules that change, visits any time, some withdrawn."""
    starts = sorted(dice.sample(range(20, DAYS), dice.randint(0, 2)))
    begin = FIRST + DAY * dice.choice([0, 3, 14])
    kinds = dice.choice([[], ["week"], ["month"], ["week", "none", "month"], ["month", "week", "none"]])
    spans = [*(FIRST + DAY * day for day in starts), None]
    for every, until in zip(kinds, spans, strict=False):
        VisitRule.objects.create(town=town, every=every, from_day=begin, until_day=until)
        begin = until
        if until is None:
            break
    for number in range(8):
        place, day = home(number), FIRST + DAY * dice.randint(0, 30)
        while day < FIRST + DAY * DAYS:
            until = dice.choice([None, day + DAY * dice.randint(1, 60)])
            linked(place, dice.choice(members), day, until)
            if until is None:
                break
            day = until + DAY * dice.choice([0, 0, 9])
        for _n in range(dice.randint(0, 14)):
            gone = {"withdrawn_at": clock.now(), "withdraw_reason": "误登"} if dice.random() < 0.2 else {}
            paid(place, members[0].user, FIRST + DAY * dice.randint(0, DAYS), **gone)


def counted(town, village, first, last, unit=recount.VILLAGE):
    """Day -> figures of the village, all days in one statement."""
    scope = recount.Scope((town,), periods.end_of(last), (village.pk,))
    buckets = [recount.Bucket(day, day, day) for day in periods.days(first, last)]
    rows = fetch(recount.select(unit, scope), recount.parameters(scope, buckets))
    return {row["start"]: {name: row[name] for name in [*NAMES, "visits"]} for row in rows}


@pytest.mark.parametrize("seed", range(6))
def test_figure_list_and_check_agree_on_every_day(seed, town, village, grid, members, home):
    dice = random.Random(seed)
    random_life(dice, home, members, town)
    last = FIRST + DAY * (DAYS - 1)
    whole = counted(town, village, FIRST, last)
    of_grid = counted(town, village, FIRST, last, recount.GRID)

    class Window:
        towns, hi = {town.pk: None}, last

    spans = list(checked.spans(Window))
    for day in dice.sample(periods.days(FIRST, last), 15):
        worked_out = {
            name: sum(figure == name and begin <= day and (end is None or day < end) for figure, _, begin, end in spans)
            for name in NAMES
        }
        listed = {name: visit_lists.due_links(village, day, state).count() for name, state in NAMES.items()}
        assert {name: whole[day][name] for name in NAMES} == worked_out == listed, day
        assert of_grid[day] == whole[day]
        assert counted(town, village, day, day)[day] == whole[day]


def test_a_late_visit_changes_every_day_it_is_good_for(someone, town, village, grid, members, home):
    """Counted days are counted anew: a visit entered on Thursday for Monday makes Monday to today right."""
    place, monday = home(1), dt.date(2026, 11, 16)
    linked(place, members[0], FIRST)
    town.profile.in_use_from = monday - 14 * DAY
    town.profile.save()
    with clock.standing_at(clock.at(monday + 3 * DAY, 2)):
        closing.close_owed()
    facts = Fact.objects.filter(area=village, kind="D", start__gte=monday).order_by("start")
    assert list(facts.values_list("visited", "overdue")) == [(0, 1)] * 3

    worker = someone(10, grid)
    with clock.standing_at(clock.at(monday + 3 * DAY, 10)):
        done = visiting.record(
            by=worker, client_id=uuid.uuid4(), day=monday, household=place, result="nobody"
        ).visit  # fmt: skip
        week = periods.week_of(monday)
        read = figures.read([(village, week), (town, week), (grid, week)])
        assert {(one.visits, one.nobody_home, one.visited, one.overdue) for one in read.values()} == {(1, 1, 1, 0)}
        counting.drain()
        assert list(facts.values_list("visited", "overdue")) == [(1, 0)] * 3
        visiting.withdraw(by=worker, visit=done, reason="误登")
        counting.drain()
    assert list(facts.values_list("visits", "visited", "overdue")) == [(0, 0, 1)] * 3
