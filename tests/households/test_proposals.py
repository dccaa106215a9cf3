"""Proposals who should look after whom: exact, even, moving no more than must move, refused when stale."""

import datetime as dt
import itertools

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count

from common import clock
from households import linking, membership, planning, proposals, solving
from households.models import HouseholdLink, LinkProposal, LinkRule

TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY)):
        yield


@pytest.fixture
def proposed(village, clerk):
    """proposed(way): a proposal for the village from today, computed."""

    def make(way="fill", area=None, on=TODAY):
        proposal = proposals.ask(area=area or village, way=way, on=on, by=clerk)
        proposals.compute_waiting()
        proposal.refresh_from_db()
        return proposal

    return make


def loads(day=TODAY):
    links = HouseholdLink.objects.of_members().filter(from_day__lte=day).exclude(until_day__lte=day)
    return sorted(links.values("member").annotate(n=Count("pk")).values_list("n", flat=True))


@pytest.mark.parametrize("seed", range(12))
def test_no_other_sharing_out_costs_less(seed):
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 50, (7, 3))
    cost[rng.random((7, 3)) < 0.15] = solving.FORBIDDEN
    least, most = np.array([1, 0, 2]), np.array([3, 3, 4])
    best = None
    for chosen in itertools.product(range(3), repeat=7):
        load = np.bincount(chosen, minlength=3)
        pairs = cost[np.arange(7), chosen]
        if (load >= least).all() and (load <= most).all() and (pairs != solving.FORBIDDEN).all():
            best = min(pairs.sum(), best if best is not None else pairs.sum())
    found = solving.cheapest(cost, least, most)

    assert (best is None) == (found is None)
    assert found is None or cost[np.arange(7), found].sum() == best


def test_loads_are_as_even_as_whole_numbers_can_be(proposed, some_homes, a_member, clerk):
    homes = some_homes(44)
    members = [a_member(own_household=homes[n]) for n in (0, 20, 43)]
    proposal = proposed("anew")
    assert (proposal.state, proposal.found[0]["loads"]) == ("ready", [[0, 0], [14, 15]])
    assert proposals.apply(proposal=proposal, by=clerk) == 44
    assert loads() == [14, 15, 15]
    assert not any(HouseholdLink.objects.filter(member=m, household=m.own_household).exists() for m in members)


def test_after_a_member_left_only_his_households_move(proposed, some_homes, a_member, clerk):
    some_homes(60)
    members = [a_member() for _ in range(5)]
    proposals.apply(proposal=proposed("anew"), by=clerk)
    before = dict(HouseholdLink.objects.values_list("household", "member"))
    membership.leave(member=members[2], on=TODAY + DAY, by=clerk)
    proposal = proposed("fill", on=TODAY + DAY)

    assert (proposal.found[0]["moved"], proposal.found[0]["given"], proposal.found[0]["uncovered"]) == (0, 12, 12)
    proposals.apply(proposal=proposal, by=clerk)
    after = dict(HouseholdLink.objects.filter(until_day=None).values_list("household", "member"))
    assert {home for home in after if after[home] != before[home]} == {
        home for home in before if before[home] == members[2].pk
    }
    assert loads(TODAY + DAY) == [15, 15, 15, 15]


def test_evening_out_moves_the_fewest(proposed, some_homes, a_member):
    homes, (one, other) = some_homes(20), (a_member(), a_member())
    for number, home in enumerate(homes):
        linking.link(household=home, member=one if number < 14 else other, from_day=TODAY - DAY, by=None)

    assert proposed("fill").lines.exclude(member=None).count() == 20
    assert proposed("fill").found[0]["moved"] == 0
    assert proposed("even").found[0]["moved"] == 4


def test_what_does_not_fit_is_told_in_numbers_and_left_uncovered(proposed, some_homes, a_member, clerk, town):
    some_homes(23)
    a_member()
    found = proposed("anew").found[0]
    assert (found["homes"], found["members"], found["most"], found["short"], found["left"]) == (23, 1, 20, 3, 3)
    LinkRule.objects.create(town=town, least=10, most=23)
    proposals.apply(proposal=proposed("anew"), by=clerk)
    assert loads() == [23]


def test_households_without_points_and_villages_without_members_do_no_harm(proposed, some_homes, other_grid, town):
    some_homes(2)
    some_homes(3, area=other_grid)
    type(some_homes(1, area=other_grid, first=9)[0]).objects.update(longitude=None, latitude=None)
    proposal = proposed("anew", area=town)
    assert [(said["short"], said["left"]) for said in proposal.found] == [(2, 2), (4, 4)]


def test_a_proposal_is_refused_when_anything_has_changed_since(proposed, some_homes, a_member, clerk):
    homes, member = some_homes(3), a_member()
    for change in (
        lambda: linking.link(household=homes[0], member=member, from_day=TODAY, by=None),
        lambda: membership.exempt(member=member, reason="away", from_day=TODAY, by=clerk),
        lambda: some_homes(1, first=70),
        lambda: LinkRule.objects.create(town=homes[0].town, most=9, least=1),
    ):
        a_member()
        proposal = proposed("anew")
        change()
        with pytest.raises(ValidationError, match="again|重新"):
            proposals.apply(proposal=proposal, by=clerk)
    assert HouseholdLink.objects.count() == 1


def test_a_proposal_is_edited_within_the_limits(proposed, some_homes, a_member, clerk, village, other_branch):
    homes, one, other = some_homes(22), a_member(), a_member()
    proposal = proposed("anew")
    give = {home.pk: other.pk for home in homes[:5]}
    proposals.edit(proposal=proposal, village=village, wanted=give, by=clerk)
    for wanted in ({home.pk: one.pk for home in homes}, {homes[0].pk: a_member(other_branch).pk}):
        with pytest.raises(ValidationError):
            proposals.edit(proposal=proposal, village=village, wanted=wanted, by=clerk)
    proposal.refresh_from_db()
    assert proposal.lines.filter(household__in=homes[:5], member=other).count() == 5
    proposals.apply(proposal=proposed("anew"), by=clerk)
    assert sum(loads()) == 22


def test_a_secretary_applies_in_the_own_village_only(proposed, some_homes, a_member, secretary, town, other_village):
    some_homes(3)
    a_member()
    with pytest.raises(PermissionDenied):
        proposals.ask(area=town, way="fill", on=TODAY, by=secretary)
    with pytest.raises(PermissionDenied):
        proposals.apply(proposal=proposed("fill", area=other_village), by=secretary)
    assert proposals.apply(proposal=proposed("fill"), by=secretary) == 3


def test_what_a_worker_left_half_done_is_computed_again(proposed, some_homes, a_member, clerk, village):
    some_homes(3)
    a_member()
    left = LinkProposal.objects.create(area=village, on=TODAY, by=clerk, state="running", tries=1, done=1)
    hopeless = LinkProposal.objects.create(area=village, on=TODAY, by=clerk, state="running", tries=3)
    assert proposals.compute_waiting() == 2
    left.refresh_from_db()
    hopeless.refresh_from_db()
    assert (left.state, left.done, left.lines.count(), hopeless.state) == ("ready", 1, 3, "failed")


def test_the_greedy_way_is_what_it_is_compared_with():
    rng = np.random.default_rng(5)
    points = rng.random((90, 2)) * 2000
    own = rng.choice(90, 6, replace=False)
    nobody = np.full(90, planning.NOBODY)
    village = planning.Village(list(range(90)), list(range(6)), points, np.zeros(90, dtype=int), nobody, own)
    said = planning.share_out(village, "anew").said
    assert said["loads"][1] == [15, 15]
    assert said["metres"][1] < said["metres"][2]
