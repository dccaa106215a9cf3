"""Whatever happens to households, members and places, in whatever order: a household has one member at a time, nobody
who is exempt or gone has any, and where a household passes from one to another no day lies between.

HYPOTHESIS_LONG=200 tries two hundred lives of a village."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from common import clock
from grids.models import Area
from grids.reshaping import planning
from households import coverage, leaving, linking, membership, proposals, regrouping
from households.models import Exemption, Household, HouseholdLink, PartyMember, PartyOrg, Resident
from tests.grids.reshaping_town import TODAY, Ground
from tests.properties.conftest import tried

DAY = dt.timedelta(days=1)
ACTS = ["give", "hand_over", "close", "exempt", "end_exemption", "leave", "enter", "own", "move_home", "split_home",
        "merge_homes", "move_away", "move_grid", "split_micro", "propose", "propose", "wait"]  # fmt: skip
KEEPS = {"give", "hand_over", "propose", "move_grid", "split_micro", "enter", "wait"}  # no household may lose a day
SMALL = st.integers(0, 7)
LIVES = st.lists(st.tuples(st.sampled_from(ACTS), SMALL, SMALL, SMALL), min_size=6, max_size=14)
HAPPENED = Counter()


class Life:
    """A town of two villages; every act picks its rows by numbers, so that a failing life can be played again."""

    def __init__(self, ground):
        self.ground, self.by, self.today = ground, ground.desk, TODAY
        for home in Household.objects.all():
            Resident.objects.create(
                household=home, area_path=home.area_path, name="钱", relation="spouse", from_day=home.from_day
            )

    def play(self, name, *numbers):
        """One act; what its rules forbid is no act. Looks at everything afterwards."""
        with clock.standing_at(clock.at(self.today)):
            before, first = self.covered(self.today), self.today
            try:
                with transaction.atomic():
                    getattr(self, name)(*numbers)
                HAPPENED[name] += 1
            except ValidationError:
                HAPPENED[f"{name} refused"] += 1
        with clock.standing_at(clock.at(self.today)):
            if name in KEEPS:
                lost = before - self.covered(first)
                assert [one for one in lost if not self.nobody_may(*one)] == [], name
            self.hold(name)

    def covered(self, first):
        """(household, day) of the month after a day on which somebody looks after it."""
        days = [first + n * DAY for n in range(2, 33)]
        return {(link.household_id, day) for link in HouseholdLink.objects.of_members() for day in days
                if link.from_day <= day and (link.until_day is None or link.until_day > day)}  # fmt: skip

    def nobody_may(self, home, day):
        """Whether the one who had it last is exempt or gone on the day."""
        last = HouseholdLink.objects.of_members().filter(household=home, from_day__lte=day).latest("from_day").member
        return not PartyMember.objects.able(day).filter(pk=last.pk).exists()

    def hold(self, name):
        spans = {}
        for link in HouseholdLink.objects.of_members().order_by("from_day"):
            spans.setdefault(link.household_id, []).append(link)
        for links in spans.values():
            for one, other in zip(links, links[1:], strict=False):
                assert one.until_day is not None, name
                assert one.until_day <= other.from_day, name
        for out in Exemption.objects.filter(from_day__gt=self.today):
            held = out.member.links.filter(from_day__lt=out.until_day or dt.date.max).exclude(
                until_day__lte=out.from_day
            )
            assert not held.exists(), name
        gone = PartyMember.objects.filter(until_day__lt=self.today)
        assert not HouseholdLink.objects.standing(self.today + DAY).filter(member__in=gone).exists(), name
        rows = coverage.villages(self.ground.town, self.today)
        linked = HouseholdLink.objects.of_members().filter(from_day__lte=self.today).exclude(until_day__lte=self.today)
        assert coverage.total(rows)["linked"] == linked.count(), name

    # --- picking ----------------------------------------------------------------------
    def one(self, rows, n):
        rows = list(rows.order_by("pk"))
        if not rows:
            raise ValidationError("none")
        return rows[n % len(rows)]

    def home(self, n):
        return self.one(Household.objects.filter(until_day=None).select_related("village"), n)

    def member(self, n):
        return self.one(PartyMember.objects.filter(until_day=None), n)

    def link(self, n):
        return self.one(HouseholdLink.objects.standing(self.today).select_related("household__village"), n)

    def day(self, n):
        return self.today + [0, 0, 1, 3, 0, 9, 0, 2][n] * DAY

    # --- acts --------------------------------------------------------------------------
    def give(self, n, m, k):
        linking.link(household=self.home(n), member=self.member(m), from_day=self.day(k), by=self.by)

    def hand_over(self, n, m, k):
        linking.hand_over(link=self.link(n), to=self.member(m), on=self.day(k), by=self.by)

    def close(self, n, _m, k):
        linking.close(link=self.link(n), on=self.day(k), by=self.by)

    def exempt(self, n, m, k):
        until = self.day(k) + (m + 1) * DAY if m % 2 else None
        member = self.member(n)
        membership.exempt(member=member, reason="away", from_day=self.day(k), until_day=until, by=self.by)

    def end_exemption(self, n, _m, k):
        membership.end_exemption(exemption=self.one(Exemption.objects.all(), n), on=self.day(k), by=self.by)

    def leave(self, n, _m, k):
        membership.leave(member=self.member(n), on=self.day(k), by=self.by)

    def enter(self, n, _m, _k):
        membership.enter(org=self.one(PartyOrg.objects.all(), n), name="新党员", by=self.by)

    def own(self, n, m, _k):
        membership.set_own_household(member=self.member(n), household=self.home(m), by=self.by)

    def move_home(self, n, m, _k):
        place = self.one(Area.objects.filter(kind="micro_grid", ended_on=None), m)
        regrouping.move(household=self.home(n), area=place, on=self.today, by=self.by)

    def split_home(self, n, _m, _k):
        home = self.home(n)
        people = list(home.residents.filter(until_day=None).exclude(relation="head"))[:1]
        if people:
            regrouping.split(household=home, people=people, head=people[0], area=home.area, on=self.today, by=self.by)

    def merge_homes(self, n, m, _k):
        regrouping.merge(household=self.home(n), into=self.home(m), relations={}, on=self.today, by=self.by)

    def move_away(self, n, _m, _k):
        leaving.move_away(household=self.home(n), on=self.today, by=self.by)

    def move_grid(self, n, m, _k):
        grid = self.one(Area.objects.filter(kind="grid", ended_on=None), n)
        village = self.one(Area.objects.filter(kind="village").exclude(pk=grid.parent_id), m)
        planning.take("move", {"area": grid.pk, "parent": village.pk}, self.today, by=None)

    def split_micro(self, n, m, _k):
        micro = self.one(Area.objects.filter(kind="micro_grid", ended_on=None), n)
        homes = list(Household.objects.filter(area=micro, until_day=None).order_by("pk").values_list("pk", flat=True))
        parts = [{"name": f"分{n}{m}", "areas": [], "households": homes[:1]}]
        planning.take("split", {"area": micro.pk, "keeps": True, "parts": parts, "posts": {}}, self.today, by=None)

    def propose(self, n, m, k):
        way = ["fill", "even", "anew"][n % 3]
        area = self.ground.town if m % 2 else self.one(Area.objects.filter(kind="village"), m // 2)
        proposal = proposals.ask(area=area, way=way, on=self.day(k), by=self.by)
        proposals.compute(proposal)
        proposal.refresh_from_db()
        if any(said["left"] for said in proposal.found):
            raise ValidationError("too few members")
        proposals.apply(proposal=proposal, by=self.by)

    def wait(self, n, _m, _k):
        self.today += (n + 1) * DAY


def everything_happens():
    return [(ACTS[(5 * n) % len(ACTS)], n % 8, (3 * n) % 8, (5 * n + 1) % 8) for n in range(34)]


@pytest.fixture
def ground(db, town, someone):
    with clock.standing_at(clock.at(TODAY)):
        return Ground(town, someone)


@tried(4)
@example(everything_happens())
@given(LIVES)
def test_a_household_has_one_member_at_a_time_whatever_happens(ground, life):
    with transaction.atomic():
        played = Life(ground)
        for name, *numbers in life:
            played.play(name, *numbers)
        transaction.set_rollback(True)


def test_acts_of_every_kind_were_taken():
    assert not HAPPENED or set(ACTS) <= set(HAPPENED) | {name.removesuffix(" refused") for name in HAPPENED}


# --- at the same moment ---------------------------------------------------------------------


def at_once(*calls):
    """What each call returned or raised, all begun together, each with a connection of its own."""
    answers, start = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        try:
            with clock.standing_at(clock.at(TODAY)):
                start.wait(timeout=20)
                answers[number] = call()
        except Exception as failure:  # told to the test
            answers[number] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    return answers


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_a_household_gets_one_member_and_a_proposal_is_applied_once(town, someone):
    with clock.standing_at(clock.at(TODAY)):
        ground = Ground(town, someone)
        HouseholdLink.objects.all().delete()
        home = Household.objects.select_related("village").order_by("pk").first()
        member = PartyMember.objects.get(area_path=home.village.path)
        proposal = proposals.ask(area=home.village, way="fill", on=TODAY, by=ground.desk)
        proposals.compute(proposal)
    give = {"household": home, "member": member, "from_day": TODAY, "by": None}
    at_once(
        *[lambda: linking.link(**give)] * 3, *[lambda: proposals.apply(proposal=proposal, by=ground.desk)] * 3,
    )  # fmt: skip
    counted = Counter(HouseholdLink.objects.of_members().values_list("household", flat=True))
    assert set(counted.values()) == {1}
    assert home.pk in counted
