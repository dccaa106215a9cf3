"""The party branches of a demo town, their members, and who of them looks after which households."""

from collections import Counter

from governance.demo.shares import split
from governance.demo.staff import Roster
from grids.models import Area
from grids.roles import Role
from households import linking
from households.models import Household, PartyMember, PartyOrg

Exempt = PartyMember.Exempt
EXEMPT = {Exempt.ELDERLY: 55, Exempt.AWAY: 27, Exempt.SICK: 12, Exempt.DISABLED: 6}


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
    _posts(roster, pairs)
    roster.write()
    PartyMember.objects.bulk_create([member for found in members.values() for member in found], batch_size=2000)
    return linking.link_many(pairs=pairs, from_day=plan.town.OPENED)


def _members(roster, village, branch, able, exempt):
    """The able ones first, then those exempt with a reason."""
    namer, rng = roster.plan.namer(village.code, "members"), roster.rng
    made = []
    for number in range(1, able + exempt + 1):
        reason = rng.choices(list(EXEMPT), EXEMPT.values())[0] if number > able else Exempt.NO
        age = rng.randint(66, 88) if reason == Exempt.ELDERLY else rng.randint(24, 66)
        name = namer.person("M" if rng.random() < 0.74 else "F", roster.plan.as_of.year - age)
        user = roster.person(f"member.{village.code}.{number:02d}", name)
        made.append(PartyMember(user=user, org=branch, area_path=village.path, exempt=reason))
    return made


def _pairs(plan, villages, homes, members):
    """Every household with one able member of its own village, neighbours with the same one."""
    rng, pairs = plan.rng("links"), []
    for village in villages:
        able = [member for member in members[village.pk] if not member.exempt]
        pairs += linking.share_out(homes[village.pk], able, [rng.uniform(0.85, 1.15) for _ in able])
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
