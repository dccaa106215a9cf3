"""The offices of a demo town beside its centre: area cadres of several villages, justice office, dispatcher, adviser,
the security and the audit administrator; and its teams. Written last, so that nobody else changes with them."""

from grids.models import Area, Post, Team, TeamMember
from grids.roles import Role

AREA_OF_VILLAGES = 5  # villages one cadre looks after
AT_TOWN = [  # role, how many, sign-in of the first
    (Role.JUSTICE_OFFICE, 2, "justice"),
    (Role.DISPATCHER, 1, None),
    (Role.LEGAL_ADVISER, 1, "lawyer"),
    (Role.SECURITY_ADMIN, 1, "security"),
    (Role.AUDIT_ADMIN, 1, "audit"),
]
DUTY_PHONE = "000-80{:05d}"  # begins with 000: nobody can be reached by it
TEAMS = [("grid", "网格员队伍", "镇综治中心"), ("mediation", "专业调解队伍", "镇司法所")]


def appoint(roster, town, villages, password) -> None:
    """Area cadres with a run of villages each, and one post a person at the town."""
    namer = roster.plan.namer(town.code, "offices")

    def person(username, signs_in):
        sex = "M" if roster.rng.random() < 0.68 else "F"
        name = namer.person(sex, roster.plan.as_of.year - roster.rng.randint(28, 58))
        return roster.person(username, name, password if signs_in else None)

    villages = list(villages)
    for number, first in enumerate(range(0, len(villages), AREA_OF_VILLAGES), start=1):
        cadre = person("cadre" if number == 1 else f"area_cadre.{town.code}.{number}", number == 1)
        for village in villages[first : first + AREA_OF_VILLAGES]:
            roster.post(cadre, Role.AREA_CADRE, village)
    for role, count, sign_in in AT_TOWN:
        for number in range(1, count + 1):
            first = sign_in if number == 1 else None
            roster.post(person(first or f"{role.name.lower()}.{town.code}.{number}", first), role, town)


def publish_phones(posts) -> None:
    """A duty phone for the notice of every grid worker's post."""
    workers = [post for post in posts if post.role == Role.GRID_WORKER]
    for number, post in enumerate(workers, start=1):
        post.public_phone = DUTY_PHONE.format(number)


def found_teams(plan, town) -> None:
    """The three teams (三支队伍): grid workers, mediators with the justice office, volunteers of every village."""
    since = plan.town.OPENED
    members = {"grid": [Role.GRID_WORKER], "mediation": [Role.MEDIATOR, Role.JUSTICE_OFFICE]}
    made = {kind: Team(area=town, kind=kind, name=name, base=base, from_day=since) for kind, name, base in TEAMS}
    villages = Area.objects.filter(parent=town).order_by("code")
    own = [
        Team(area=village, kind="volunteer", name=f"{village.name}志愿服务队", base="村党群服务中心", from_day=since)
        for village in villages
    ]  # fmt: skip
    Team.objects.bulk_create([*made.values(), *own])
    held = Post.objects.filter(area__town=town).order_by("pk")
    rows = [
        TeamMember(team=made[kind], user_id=user, from_day=since)
        for kind, roles in members.items()
        for user in dict.fromkeys(held.filter(role__in=roles).values_list("user", flat=True))
    ]
    for team in own:
        leaders = held.filter(role=Role.MICRO_GRID_LEADER, area__village=team.area).values_list("user", flat=True)
        rows += [
            TeamMember(team=team, user_id=user, leads=number == 0, from_day=since)
            for number, user in enumerate(dict.fromkeys(leaders))
        ]
    TeamMember.objects.bulk_create(rows, batch_size=2000)
