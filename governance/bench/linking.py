"""Benchmark of applying a proposal of household links: a whole town in one act, against the bare INSERT of its rows."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from governance.bench.county import LAST
from governance.bench.measure import Line, best, sql
from grids.models import Area, Post
from grids.roles import Role
from households import proposals
from households.models import HouseholdLink, LinkProposal, LinkRule

BARE = """INSERT INTO households_householdlink (household_id, member_id, area_path, town_id, village_id, grid_id,
        from_day, reason)
    SELECT h.id, p.member_id, h.area_path, h.town_id, h.village_id, h.grid_id, %s, '' FROM households_proposedlink p
    JOIN households_household h ON h.id = p.household_id WHERE p.proposal_id = %s AND p.member_id IS NOT NULL"""


def lines():
    """Digest, locks, ends, links with their history, touched days and the audit entry included."""
    with transaction.atomic(), clock.standing_at(clock.at(LAST, 12)):
        proposal, by = _proposed()
        apply = _taken_back(lambda: proposals.apply(proposal=proposal, by=by))
        with CaptureQueriesContext(connection) as seen:
            apply()
        sent = len(seen)
        cost, bare = best(apply, _taken_back(sql(BARE, [LAST, proposal.pk])), rounds=3)
        homes = proposal.lines.count()
        yield Line("a town's proposal of links applied, a household", cost / homes, bare / homes, 6)
        yield Line("statements of applying it", sent, 32, 1)
        transaction.set_rollback(True)


def _proposed():
    """The first town with a member for every grid, none of its households looked after, and the proposal for it."""
    town = Area.objects.filter(kind="town", profile__isnull=False).order_by("pk").first()
    sql("""UPDATE households_partymember m SET area_path = v.path FROM accounts_user u JOIN grids_area g
        ON u.username = 'worker' || g.id JOIN grids_area v ON v.id = g.village_id WHERE m.user_id = u.id
        AND g.town_id = %s""", [town.pk])()  # fmt: skip
    HouseholdLink.objects.filter(town=town).delete()
    LinkRule.objects.create(town=town, least=1, most=200)
    by = User.objects.create_user("bench.links", "测")
    Post.objects.create(user=by, area=town, role=Role.TOWN_DESK, from_day=LAST)
    proposal = LinkProposal.objects.create(area=town, way="anew", on=LAST, by=by)
    proposals.compute(proposal)
    return proposal, by


def _taken_back(work):
    def done():
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return done
