"""Appoints the people of a demo town: workers, village and town centre, committee. A few may sign in, nobody else."""

import uuid

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import User
from governance.demo import offices
from grids import staffing
from grids.models import Area, Post
from grids.roles import Role

PHONE = "0008{:07d}"  # eleven digits beginning with 000: no mobile number begins so, nobody can be reached by it
AT_VILLAGE = [Role.VILLAGE_DESK, Role.VILLAGE_DIRECTOR, Role.MEDIATOR]
AT_GRID = [Role.GRID_WORKER, Role.GRID_LEADER]
AT_TOWN = [(Role.TOWN_DESK, 3), (Role.TOWN_LEADER, 2), (Role.PARTY_COMMITTEE, 3), (Role.DISCIPLINE_LIAISON, 1),
           (Role.SYSTEM_ADMIN, 1)]  # fmt: skip
SIGN_INS = {  # the first holder of the role in the village shown, or at the town
    Role.GRID_WORKER: "worker",
    Role.VILLAGE_DESK: "village",
    Role.VILLAGE_DIRECTOR: "director",
    Role.MEDIATOR: "mediator",
    Role.DISCIPLINE_LIAISON: "liaison",
    Role.TOWN_DESK: "town",
    Role.PARTY_COMMITTEE: "committee",
    Role.SYSTEM_ADMIN: "admin",
}


class Roster:
    """People and posts collected, then written at once."""

    def __init__(self, plan, part):
        self.plan, self.rng = plan, plan.rng(f"roster {part}")
        self.users, self.posts = [], []
        self.numbers = iter(range({"staff": 1, "members": 5001}[part], 9_999_999))

    def person(self, username, name, password=None) -> User:
        user = User(
            username=username, name=name, password=password or make_password(None),
            phone=PHONE.format(next(self.numbers)), sealing_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
        )  # fmt: skip
        self.users.append(user)
        return user

    def post(self, user, role, area) -> None:
        self.posts.append(Post(user=user, role=role, area=area, from_day=self.plan.town.OPENED))

    def write(self) -> None:
        User.objects.bulk_create(self.users, batch_size=2000)
        staffing.appoint_many(posts=self.posts)


def build(plan, town) -> int:
    """Grid workers and leaders, village desks, directors, mediators, town and county staff. Returns their number."""
    roster = Roster(plan, "staff")
    password = make_password(settings.DEMO_PASSWORD)  # hashed once: argon2 is slow on purpose
    villages = Area.objects.filter(parent=town).order_by("code")
    grids = {village.pk: [] for village in villages}
    for grid in Area.objects.filter(town=town, kind=Area.Kind.GRID).order_by("code"):
        grids[grid.village_id].append(grid)
    for village in villages:
        posts = [(role, village) for role in AT_VILLAGE]
        posts += [(role, grid) for grid in grids[village.pk] for role in AT_GRID]
        _appoint(roster, village, posts, password if village.name == plan.town.SHOWN else None)
    posts = [(role, town) for role, count in AT_TOWN for _ in range(count)]
    _appoint(roster, town, posts, password)
    _appoint(roster, town, [(Role.COUNTY_DESK, town.parent)], None)
    offices.appoint(roster, town, villages, password)
    offices.publish_phones(roster.posts)
    roster.write()
    return len(roster.users)


def _appoint(roster, home, posts, password):
    """One new person for each post; with a password the first of each role gets the demo sign-in's name."""
    namer, named = roster.plan.namer(home.code, "staff"), set()
    for number, (role, area) in enumerate(posts, start=1):
        sex = "M" if roster.rng.random() < 0.68 else "F"
        name = namer.person(sex, roster.plan.as_of.year - roster.rng.randint(28, 58))
        username = SIGN_INS.get(role) if password and role not in named else None
        named.add(role)
        user = roster.person(username or f"{role.name.lower()}.{area.code}.{number}", name, username and password)
        roster.post(user, role, area)
