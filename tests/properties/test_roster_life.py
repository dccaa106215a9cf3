"""However households and people are entered, moved, split, merged and end: one head a household, nobody in two places,
no gap and no overlap in the days, and every figure equals a recount."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from common import clock
from grids import checking as places_checking
from grids import places, schemes
from grids.models import Area, TownProfile
from grids.places import Opening
from households import enrolling, leaving, linking, regrouping
from households.models import FormerPlace, Household, HouseholdLink, PartyMember, PartyOrg, Resident
from households.relations import Relation
from ledgers import checking, closing, counting
from tests.properties.conftest import LONG, tried
from tests.properties.strategies import SMALL

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = dt.date(2026, 1, 28)
ACTS = ["enter", "born", "moved_in", "leave", "died", "away", "move", "join", "split", "merge", "head", "link", "drain"]
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), SMALL, SMALL, SMALL, st.integers(0, 4)), min_size=20, max_size=60 if LONG else 24
)
HAPPENED = Counter()


class Life:
    """Two villages with three micro-grids, a member in each, and acts that name rows by small numbers."""

    def __init__(self):
        self.today = START
        with self.at(1):
            county = places.open_area(parent=None, kind="county", code="140429000000", name="县", on=START, by=None)
            town = places.open_area(parent=county, kind="town", code="140429104000", name="镇", on=START, by=None)
            TownProfile.objects.create(town=town, scheme=schemes.preset("grid-micro"), in_use_from=START)
            codes = ["140429104201", "140429104202"]
            villages = [Opening("village", code, f"村{code[-1]}", town) for code in codes]
            grids = [Opening("grid", f"{code}001", "网格", code) for code in codes]
            micros = [Opening("micro_grid", f"{code}0010000{n}", f"{n}号", f"{code}001", basis="组")
                      for code, n in [(codes[0], 1), (codes[0], 2), (codes[1], 1)]]  # fmt: skip
            places.open_areas(openings=[*villages, *grids, *micros], on=START, by=None)
        self.areas = list(Area.objects.filter(kind="micro_grid").select_related("village", "grid", "town"))
        self.members = []
        for village in Area.objects.filter(kind="village"):
            org = PartyOrg.objects.create(name=village.name, level="branch", area=village)
            user = User.objects.create_user(f"m{village.code}", "党员")
            self.members.append(PartyMember.objects.create(user=user, org=org, area_path=village.path))

    def at(self, hour):
        return clock.standing_at(clock.at(self.today, hour))

    def homes(self):
        return list(Household.objects.filter(until_day=None).select_related("area", "village").order_by("pk"))

    def people(self, home):
        return list(Resident.objects.current().filter(household=home).order_by("pk"))

    def act(self, name, a, b, c, back):
        """One act, dated back some days; what the rules refuse leaves nothing behind."""
        with self.at(12), transaction.atomic():
            try:
                with transaction.atomic():
                    if getattr(self, name)(a, b, c, self.today - back * DAY) is not False:
                        HAPPENED[name] += 1
            except ValidationError:
                HAPPENED[f"{name} refused"] += 1

    def enter(self, a, b, c, on):
        head = {"name": f"户主{a}", "sex": "MF"[b % 2]}
        enrolling.enter_household(area=pick(self.areas, c), head=head, on=on, by=None)

    def born(self, a, b, c, on, came="born"):
        if not (home := pick(self.homes(), a)):
            return False
        relation = pick([one for one in Relation if one != Relation.HEAD], b + c)
        return enrolling.enter_resident(household=home, name="人", relation=relation, on=on, came_as=came, by=None)

    def moved_in(self, a, b, c, on):
        return self.born(a, b, c, on, "moved")

    def leave(self, a, b, c, on, why="moved"):
        if not (person := pick(self.people(pick(self.homes(), a)), b)):
            return False
        heir = pick([one for one in self.people(person.household) if one.pk != person.pk], c)
        return leaving.leave(resident=person, on=on, left_as=why, new_head=heir, by=None)

    def died(self, a, b, c, on):
        return self.leave(a, b, c, on, "died")

    def away(self, a, b, c, on):
        if a % 3 or not (home := pick(self.homes(), b)):
            return False
        return leaving.move_away(household=home, on=on, by=None)

    def move(self, a, b, c, on):
        if not (home := pick(self.homes(), a)):
            return False
        return regrouping.move(household=home, area=pick(self.areas, b), on=on, by=None)

    def join(self, a, b, c, on):
        homes = self.homes()
        if len(homes) < 2 or not (person := pick(self.people(pick(homes, a)), b)):
            return False
        heir = pick([one for one in self.people(person.household) if one.pk != person.pk], c)
        into = pick(homes, a + 1 + c % (len(homes) - 1))
        return regrouping.join(resident=person, household=into, relation="other", on=on, new_head=heir, by=None)

    def split(self, a, b, c, on):
        people = self.people(pick(self.homes(), a))
        if len(people) < 2:
            return False
        going = [one for n, one in enumerate(people) if (b + 1) >> n % 3 & 1] or people[:1]
        heir = pick([one for one in people if one not in going], c)
        return regrouping.split(
            household=people[0].household, people=going, head=pick(going, c), area=pick(self.areas, b), on=on,
            new_head=heir, by=None,
        )  # fmt: skip

    def merge(self, a, b, c, on):
        homes = self.homes()
        if len(homes) < 2:
            return False
        old, into = pick(homes, a), pick(homes, a + 1 + b % (len(homes) - 1))
        return regrouping.merge(household=old, into=into, relations={}, on=on, by=None)

    def head(self, a, b, c, on):
        if not (people := self.people(pick(self.homes(), a))):
            return False
        return enrolling.change_head(household=people[0].household, resident=pick(people, b), by=None)

    def link(self, a, b, c, on):
        if not (home := pick(self.homes(), a)):
            return False
        return linking.link(household=home, member=pick(self.members, b), from_day=on, by=None)

    def drain(self, a, b, c, on):
        closing.close_owed()
        counting.drain()

    def night(self):
        """The day ends and is counted, so that what is dated back later has to be told."""
        self.today += DAY
        with self.at(1):
            closing.close_owed()


def pick(found, n):
    return found[n % len(found)] if found else None


def one_head_each_and_nobody_twice():
    spans = defaultdict(list)
    for home in Household.objects.filter(until_day=None):
        people = Resident.objects.current().filter(household=home)
        assert [one.relation for one in people].count("head") == 1
        assert home.name == people.get(relation="head").name
        assert home.lives_here == any(one.lives_here for one in people)
    assert not Resident.objects.current().exclude(household__until_day=None).exists()
    for row in Resident.objects.all():
        assert row.from_day >= row.household.from_day
        assert row.area_path == row.household.area_path
        spans[row.sealing_id].append((row.from_day, row.until_day or dt.date.max, row.left_as, row.came_as))
    for stays in spans.values():
        stays.sort()
        for before, after in zip(stays, stays[1:], strict=False):
            assert before[1] == after[0]
            assert (before[2], after[3]) == ("joined", "joined")


def places_follow_each_other():
    for home in Household.objects.all():
        former = list(
            FormerPlace.objects.filter(household=home).order_by("from_day").values_list("from_day", "until_day")
        )
        days = [home.from_day, *[day for span in former for day in span], home.counts_here_from]
        assert days[::2] == days[1::2]
        links = list(HouseholdLink.objects.filter(household=home).order_by("from_day"))
        assert all(a.until_day and a.until_day <= b.from_day for a, b in zip(links, links[1:], strict=False))
        if home.until_day:
            assert all(link.until_day and link.until_day <= home.until_day for link in links)


def counts_equal_a_recount(life):
    with life.at(20):
        closing.close_owed()
        counting.drain()
        found = checking.check()
        assert not found.differences, "\n".join(map(str, found.differences))
        assert not places_checking.check()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM grids_touchedday")
        assert cursor.fetchone() == (0,)


def everything_happens():
    first = [("enter", n, n + 1, n, 4 - n % 5) for n in range(8)]
    more = [("born" if n % 2 else "moved_in", n, n, n, n % 3) for n in range(12)]
    return (
        first + more + [(ACTS[(5 * n + 2) % len(ACTS)], n % 8, (n * 3) % 8, (n * 5 + 1) % 8, n % 4) for n in range(39)]
    )


@tried(1)
@example(everything_happens())
@given(STEPS)
def test_households_and_people_stay_whole_whatever_happens_to_them(steps):
    with transaction.atomic():
        life = Life()
        life.today += 5 * DAY
        for n, step in enumerate(steps):
            life.act(*step)
            if n % 6 == 5:
                one_head_each_and_nobody_twice()
                life.night()
        one_head_each_and_nobody_twice()
        places_follow_each_other()
        life.night()
        counts_equal_a_recount(life)
        transaction.set_rollback(True)


def test_every_act_really_took_place():
    assert not HAPPENED or set(ACTS) <= {name for name, n in HAPPENED.items() if n} or LONG
