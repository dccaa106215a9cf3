"""The party branches of a demo town, their members, and who of them looks after which households."""

from collections import Counter

from governance.demo.shares import split
from governance.demo.staff import Roster
from grids.models import Area, Post
from grids.roles import Role
from households import linking
from households.linking import MAX_LOAD
from households.models import Exemption, Household, HouseholdLink, PartyMember, PartyOrg

Reason = Exemption.Reason
REASONS = {Reason.ELDERLY: 55, Reason.AWAY: 27, Reason.UNABLE: 18}
CADRE_HOMES = 10
LIVE_HERE = 0.9  # of those who look after households: their own one stands in the roster


def build(plan, town) -> int:
    """A branch in every village, the published number of members, one link for every household. Returns the links."""
    roster, members = Roster(plan, "members"), {}
    homes = {}
    for home in Household.objects.filter(town=town).select_related("village", "area").order_by("code"):
        homes.setdefault(home.village_id, []).append(home)
    villages = list(Area.objects.filter(parent=town).order_by("code"))
    able = split(plan.town.LINKED_MEMBERS, [len(homes[village.pk]) for village in villages])
    exempt = split(plan.town.MEMBERS - plan.town.LINKED_MEMBERS, [len(homes[village.pk]) for village in villages])
    committee = PartyOrg.objects.create(name=f"中共{town.name}委员会", level="committee", area=town)
    for village, few, others in zip(villages, able, exempt, strict=True):
        branch = PartyOrg.objects.create(
            parent=committee, name=f"{village.name}党支部", level="branch", area=village
        )  # fmt: skip
        members[village.pk] = _members(roster, village, branch, few, others)
    pairs = _pairs(plan, villages, homes, members)
    _at_home(plan.rng("own households"), pairs)
    _posts(roster, pairs)
    roster.write()
    everybody = [member for found in members.values() for member in found]
    PartyMember.objects.bulk_create(everybody, batch_size=2000)
    exempt = [Exemption(member=member, reason=member.reason, from_day=plan.town.OPENED)
              for member in everybody if member.reason]  # fmt: skip
    Exemption.objects.bulk_create(exempt, batch_size=2000)
    links = linking.link_many(pairs=pairs, from_day=plan.town.OPENED)
    _tie_cadres(town, plan.town.OPENED)
    return links


def _tie_cadres(town, day):
    """Every area cadre has ten households in the first of his villages, beside their party members."""
    for post in Post.objects.filter(role=Role.AREA_CADRE, area__town=town).order_by("user", "area__code"):
        if not HouseholdLink.objects.filter(cadre=post.user_id).exists():
            homes = Household.objects.filter(village=post.area).order_by("code")[:CADRE_HOMES]
            HouseholdLink.objects.bulk_create(
                HouseholdLink(**linking.columns(home, day), cadre_id=post.user_id) for home in homes
            )


def _members(roster, village, branch, able, exempt):
    """The able ones first, then those exempt with a reason."""
    namer, rng = roster.plan.namer(village.code, "members"), roster.rng
    made = []
    for number in range(1, able + exempt + 1):
        reason = rng.choices(list(REASONS), REASONS.values())[0] if number > able else ""
        age = rng.randint(66, 88) if reason == Reason.ELDERLY else rng.randint(24, 66)
        name = namer.person("M" if rng.random() < 0.74 else "F", roster.plan.as_of.year - age)
        user = roster.person(f"member.{village.code}.{number:02d}", name)
        member = PartyMember(user=user, org=branch, area_path=village.path)
        member.reason = reason
        made.append(member)
    return made


def _at_home(rng, pairs):
    """Most of those who look after households live in one that somebody else looks after."""
    in_village = {}
    for home, member in pairs:
        in_village.setdefault(home.village_id, []).append((home, member))
    for there in in_village.values():
        for member in {member.user.username: member for _home, member in there}.values():
            others = [home for home, holder in there if holder is not member]
            if others and rng.random() < LIVE_HERE:
                member.own_household = rng.choice(others)


def _pairs(plan, villages, homes, members):
    """Every household with one able member of its own village, neighbours with the same one."""
    rng, pairs = plan.rng("links"), []
    for village in villages:
        able = [member for member in members[village.pk] if not member.reason]
        pairs += share_out(homes[village.pk], able, [rng.uniform(0.85, 1.15) for _ in able])
    return pairs


def share_out(households, members, weights=None) -> list[tuple]:
    """The households of a village in the given order (neighbours beside each other) cut into one run per member, as
    even as `weights` (one per member, default equal) say and never above the largest load. ValueError when the
    members cannot carry the households."""
    if len(households) > MAX_LOAD * len(members):
        raise ValueError(f"{len(members)} members cannot look after {len(households)} households")
    weights = weights or [1] * len(members)
    pairs, start = [], 0
    for number, member in enumerate(members):
        left, after = len(households) - start, len(members) - number - 1
        share = round(left * weights[number] / sum(weights[number:]))
        share = max(min(share, MAX_LOAD, left), left - after * MAX_LOAD, 0)
        pairs += [(household, member) for household in households[start : start + share]]
        start += share
    return pairs


def _posts(roster, pairs):
    """A post at the village for everybody who looks after households; who has most of a micro-grid leads it."""
    in_micro_grid, user_of = {}, {}
    for home, member in pairs:
        in_micro_grid.setdefault(home.area, Counter())[member.user.username] += 1
        if member.user.username not in user_of:
            user_of[member.user.username] = member.user
            roster.post(member.user, Role.LINKED_MEMBER, home.village)
    for area, counts in in_micro_grid.items():
        roster.post(user_of[counts.most_common(1)[0][0]], Role.MICRO_GRID_LEADER, area)
