"""Three villages (one's own, its sibling, one of another town), each with everything a page could let slip, and one
person for every role; texts of a village carry its mark, so that any byte of it is found in any answer."""

import datetime as dt
import io
import logging
import uuid
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from common import clock
from disputes import workflow as disputes
from grids import places, schemes, staffing, teams
from grids.models import BoundaryImport, TownProfile, TownSetUp
from grids.outlines import drawing
from grids.outlines.drawing import Drawing, Origin
from grids.places import Opening
from grids.reshaping import planning
from grids.roles import Role
from households import linking, proposals
from households.models import Exemption, Household, HouseholdLink, PartyMember, PartyOrg, Resident
from ledgers import closing, signing
from ledgers.models import WeeklyLedger
from orders import workflow as orders
from screening import reporting, visiting

SINCE = dt.date(2026, 10, 1)
TODAY = dt.date(2026, 11, 18)  # a Wednesday
MONDAY, BEFORE = dt.date(2026, 11, 9), dt.date(2026, 11, 2)
DAY = dt.timedelta(days=1)
ABOVE = "DELTA"  # stands in what lies at the village itself, above its grids
# one letter for each role, as tests/access/rows.py names them
PEOPLE = {
    "W": (Role.GRID_WORKER, "grid"), "L": (Role.GRID_LEADER, "grid"),
    "M": (Role.MICRO_GRID_LEADER, "micro"), "P": (Role.LINKED_MEMBER, "micro"),
    "D": (Role.VILLAGE_DESK, "village"), "V": (Role.VILLAGE_DIRECTOR, "village"),
    "X": (Role.MEDIATOR, "village"), "I": (Role.DISCIPLINE_LIAISON, "village"),
    "T": (Role.TOWN_DESK, "town"), "H": (Role.TOWN_LEADER, "town"), "C": (Role.PARTY_COMMITTEE, "town"),
    "Y": (Role.COUNTY_DESK, "county"), "S": (Role.SYSTEM_ADMIN, "town"),
    "A": (Role.GRID_ASSISTANT, "grid"), "N": (Role.VOLUNTEER, "micro"), "B": (Role.VILLAGE_SECRETARY, "village"),
    "G": (Role.LEGAL_ADVISER, "village"), "Q": (Role.MASS_ORGANISATION, "village"),
    "j": (Role.ATTACHED_JUDGE, "village"), "p": (Role.ATTACHED_PROSECUTOR, "village"),
    "o": (Role.ATTACHED_POLICE, "village"), "l": (Role.ATTACHED_LAWYER, "village"),
    "R": (Role.DISPATCHER, "town"), "E": (Role.AREA_CADRE, "village"), "F": (Role.JUSTICE_OFFICE, "town"),
    "U": (Role.SECURITY_ADMIN, "town"), "Z": (Role.AUDIT_ADMIN, "town"),
}  # fmt: skip


def square_of(digit, size=0.01):
    """An outline for each corner, the one apart from the other."""
    west = 112 + int(digit) / 10
    return [[[[west, 36.9], [west + size, 36.9], [west + size, 36.9 + size], [west, 36.9 + size]]]]


@dataclass
class Corner:
    """One village with its grid and micro-grid, and what lies in it. `mark` stands in every text of it."""

    mark: str
    digit: str
    areas: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return {**self.__dict__.get("areas", {}), **self.__dict__.get("rows", {})}[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def phones(self):
        """Party, requester, resident."""
        return [f"139{self.digit * 4}{n}{self.digit * 3}" for n in range(3)]


class World:
    """Everything planted, by the product's own verbs, on a Wednesday at ten."""

    def __init__(self):
        with clock.standing_at(clock.at(SINCE)):
            self._open()
        for corner in self.corners:
            with clock.standing_at(clock.at(SINCE)):
                self._staff(corner)
            self._live(corner)
        with clock.standing_at(clock.at(TODAY, 2)):
            closing.close_owed()
        for corner in self.corners:
            self._sign(corner)
        with clock.standing_at(clock.at(SINCE)):
            self.people = {letter: self._somebody(letter) for letter in PEOPLE}
            self.former = {letter: self._somebody(letter, until=TODAY) for letter in PEOPLE}
        with clock.standing_at(clock.at(TODAY, 10)):
            self._give_a_household_to(self.people["P"])
            self.own.rows["own_visit"] = self._visit(self.own, self.people["W"])
            for corner in self.corners:
                self._change(corner)
            for corner in self.corners:
                self._party(corner)
                asked = {"area": corner.village, "way": "fill", "on": TODAY, "by": corner.town_desk}
                corner.rows["proposal"] = proposals.ask(**asked)
            proposals.compute_waiting()
            self.clients = {user.pk: signed_in(user) for user in [*self.people.values(), *self.former.values()]}
            self.written = everything_written()

    # --- places ---------------------------------------------------------------------
    def _open(self):
        county = {"parent": None, "kind": "county", "code": "140429000000", "name": "武乡县"}
        self.county = places.open_area(**county, on=SINCE, by=None)
        self.town, self.other_town = self._town("140429104000", "故城镇"), self._town("140429105000", "墨镫乡CHARLIE")
        self.own, self.sibling = self._corner("ALFA", "1", self.town, 201), self._corner("BRAVO", "2", self.town, 202)
        self.elsewhere = self._corner("CHARLIE", "3", self.other_town, 201)
        self.corners = [self.own, self.sibling, self.elsewhere]
        for corner in (self.own, self.elsewhere):
            self._list_of_grids(corner)

    def _town(self, code, name):
        town = places.open_area(parent=self.county, kind="town", code=code, name=name, on=SINCE, by=None)
        TownProfile.objects.create(
            town=town, scheme=schemes.preset("grid-micro"), in_use_from=SINCE, staffing="one-worker"
        )
        return town

    def _list_of_grids(self, corner):
        """One that was uploaded and not confirmed."""
        values = dict.fromkeys(["village", "grid", "micro_grid", "basis", "dedicated", "anchor", "code"], "")
        values |= {"village": corner.village.name, "grid": f"{corner.mark}新网格"}
        stored = {"file": "list.csv", "heads": ["村", "网格名称"], "unused": [], "problems": [],
                  "lines": [[2, values, [corner.village.name, f"{corner.mark}新网格"]]]}  # fmt: skip
        TownSetUp.objects.create(
            county=self.county, code=corner.town.code, town=corner.town, grids=stored, choices={"name": "镇"},
            begun_by=self._person("无岗位"),
        )  # fmt: skip

    def _corner(self, mark, digit, town, number):
        code = f"{town.code[:9]}{number}"
        openings = [
            Opening("village", code, f"东{mark}村", town),
            Opening("grid", f"{code}001", f"{mark}第一网格", code),
            Opening("micro_grid", f"{code}0010000{digit}", f"{mark}微网格", f"{code}001"),
        ]
        village, grid, micro = places.open_areas(openings=openings, on=SINCE, by=None)
        drawing.draw(drawings=[Drawing(grid, square_of(digit))], on=SINCE, by=None, origin=Origin(reason=f"界{mark}"))
        return Corner(mark, digit, {"village": village, "grid": grid, "micro": micro, "town": town})

    # --- people and what they do ------------------------------------------------------
    def _person(self, name, role=None, area=None, until=None):
        user = User.objects.create_user(f"u{uuid.uuid4().hex[:12]}", name)
        if role is not None:
            post = staffing.appoint(user=user, area=area, role=role, from_day=SINCE, by=None)
            if until:
                staffing.end_post(post=post, on=until, by=None)
        return user

    def _somebody(self, letter, until=None):
        role, level = PEOPLE[letter]
        area = self.county if level == "county" else self.own.areas[level]
        return self._person("钱ALFA", role, area, until)

    def _staff(self, corner):
        posts = [("worker", Role.GRID_WORKER, "grid"), ("desk", Role.VILLAGE_DESK, "village"),
                 ("director", Role.VILLAGE_DIRECTOR, "village"), ("town_desk", Role.TOWN_DESK, "town")]  # fmt: skip
        for name, role, level in posts:
            mark = self.own.mark if corner.areas[level] == self.town else corner.mark  # the town's people are no secret
            corner.rows[name] = self._person(f"吴{mark}", role, corner.areas[level])
        corner.rows["worker_post"] = corner.worker.posts.get()
        team = {"kind": "volunteer", "name": f"{corner.mark}志愿队", "base": f"{corner.mark}村部"}
        corner.rows["team"] = teams.found(area=corner.village, from_day=SINCE, by=None, **team)
        corner.rows["team_member"] = teams.add(
            team=corner.team, user=corner.desk, leads=True, from_day=SINCE, by=None
        )  # fmt: skip
        org = PartyOrg.objects.create(name=f"{corner.mark}支部", level="branch", area=corner.village)
        user = self._person(f"郑{corner.mark}")
        User.objects.filter(pk=user.pk).update(home_code=corner.town.code)  # the town entered this person
        corner.rows["member"] = PartyMember.objects.create(user=user, org=org, area_path=corner.village.path)
        corner.rows["boundary_import"] = BoundaryImport.objects.create(
            area=corner.village, file_name=f"{corner.mark}.zip", datum="WGS84", from_day=TODAY, by=corner.town_desk,
            outlines=[{"number": 1, "code": corner.micro.code, "name": "", "polygons": square_of(corner.digit, 0.005)}],
        )  # fmt: skip
        corner.rows["household"] = self._household(corner, corner.micro, corner.member, "H")

    def _household(self, corner, area, member, letter):
        home = Household.objects.create(
            code=f"{corner.village.code}{letter}", name=f"{corner.mark}家", area=area, area_path=area.path,
            town=corner.town, village=corner.village, grid=corner.grid, from_day=SINCE,
            longitude=112 + int(corner.digit) / 10 + 0.005, latitude=36.905,
        )  # fmt: skip
        Resident.objects.create(
            household=home,
            area_path=area.path,
            name=f"孙{corner.mark}",
            relation="head",
            phone=corner.phones[2],
            from_day=SINCE,
        )
        if member is not None:
            linking.link(household=home, member=member, from_day=SINCE, by=None)
        return home

    def _give_a_household_to(self, user):
        """The linked party member looks after one household of his own."""
        org = PartyOrg.objects.get(area=self.own.village)
        member = PartyMember.objects.create(user=user, org=org, area_path=self.own.village.path)
        self.own.rows["linked_household"] = self._household(self.own, self.own.micro, member, "P")

    def _party(self, corner):
        """A group without members, and a member who is exempt."""
        corner.rows["org"] = PartyOrg.objects.get(area=corner.village)
        corner.rows["spare_org"] = PartyOrg.objects.create(
            name=f"{corner.mark}小组", level="group", area=corner.village
        )
        user = self._person(f"郑{corner.mark}")
        where = linking.columns(self._household(corner, corner.micro, None, "K"), SINCE)
        corner.rows["cadre_link"] = HouseholdLink.objects.create(**where, cadre=corner.town_desk)
        corner.rows["exempt"] = PartyMember.objects.create(user=user, org=corner.org, area_path=corner.village.path)
        corner.rows["exemption"] = Exemption.objects.create(member=corner.exempt, reason="away", from_day=SINCE)

    def _change(self, corner):
        """One act on the tree that was carried out, and one that is planned."""
        terms = {"area": corner.grid.pk, "name": f"{corner.mark}网格"}
        corner.rows["done_act"] = planning.take("rename", terms, TODAY, by=None)
        terms = {"parent": corner.grid.pk, "kind": "micro_grid", "name": f"{corner.mark}新微网格"}
        corner.rows["planned_act"] = planning.take("open", terms, TODAY + DAY, by=None)

    def _live(self, corner):
        """Two weeks of reports with findings of every outcome after a day of leave; a dispute at the village, one
        settled."""
        with clock.standing_at(clock.at(BEFORE - DAY)):
            post = corner.worker.posts.get()
            staffing.grant_leave(
                post=post, from_day=BEFORE - DAY, until_day=BEFORE, reason=f"病{corner.mark}", stand_in=None, by=None
            )
        party = {"name": f"李{corner.mark}", "phone": corner.phones[0]}
        for n in range((TODAY - BEFORE).days):
            day = BEFORE + dt.timedelta(days=n)
            with clock.standing_at(clock.at(day, 18)):
                corner.rows["report"] = reporting.file_report(
                    by=corner.worker, area=corner.grid, day=day, client_id=uuid.uuid4(),
                    findings=[self._finding(corner, n, party)] if n % 3 != 1 else [],
                ).report  # fmt: skip
        with clock.standing_at(clock.at(TODAY, 8)):
            corner.rows["todays"] = reporting.file_report(
                by=corner.worker, area=corner.grid, day=TODAY, client_id=uuid.uuid4(),
                findings=[self._finding(corner, n, party) for n in (0, 3, 6)],
            ).report  # fmt: skip
            corner.rows["finding"] = corner.todays.findings.get(outcome="spot")
            corner.rows["dispute"] = corner.todays.findings.get(outcome="dispute").case.dispute
            corner.rows["order"] = orders.place(
                by=corner.desk, area=corner.micro, category="09", field="6", line=f"路灯{corner.mark}",
                requester=f"周{corner.mark}", phone=corner.phones[1],
            )  # fmt: skip
            corner.rows["visit"] = self._visit(corner, corner.worker)
            corner.rows["closed"] = self._dispute(corner, corner.micro, party)
            disputes.take("settle", dispute=corner.closed, by=corner.desk, note=f"和解{corner.mark}")
            corner.rows["village_dispute"] = self._dispute(corner, corner.village, party, above=ABOVE)

    def _finding(self, corner, n, party):
        outcome = ["spot", "dispute", "order"][n // 3 % 3]
        return {"field": "3", "category": "02", "severity": "04", "line": f"排水沟{corner.mark}", "outcome": outcome,
                "area": corner.micro, "parties": [party] if outcome == "dispute" else []}  # fmt: skip

    def _dispute(self, corner, area, party, above=""):
        return disputes.register(
            by=corner.desk, area=area, category="02", field="3", line=f"地界{corner.mark}{above}", source="application",
            parties=[party],
        )  # fmt: skip

    def _visit(self, corner, by):
        said = {"result": "met", "line": f"走访{corner.mark}", "follow_up": f"回访{corner.mark}"}
        return visiting.record(by=by, client_id=uuid.uuid4(), day=TODAY, household=corner.household, **said).visit

    def _sign(self, corner):
        for hour, monday in enumerate([BEFORE, MONDAY], start=3):
            with clock.standing_at(clock.at(TODAY, hour)):
                rows = WeeklyLedger.objects.filter(village=corner.village, week__lte=monday, state="draft")
                for row in rows.order_by("week"):
                    if monday == BEFORE or row.week < MONDAY:
                        signing.comment(ledger=row, by=corner.desk, text=f"说明{corner.mark}")
                        signing.sign(ledger=row, by=corner.director)

    # --- what may not be read -----------------------------------------------------------
    def secrets_of(self, corner) -> list[bytes]:
        """Every string of a corner that must not reach somebody outside: its mark (in all its texts), its code, the
        numbers of its cases, its phones."""
        numbers = [corner.dispute.case.number, corner.order.case.number, corner.closed.case.number]
        return [text.encode() for text in [corner.mark, corner.village.code, *numbers, *corner.phones]]

    def secrets_above(self, user) -> list[bytes]:
        """What lies at the village itself, for somebody whose post is at one of its grids or micro-grids."""
        if any(self.own.village.path.startswith(top) for top in tops(user)):
            return []
        return [ABOVE.encode(), self.own.village_dispute.case.number.encode()]

    def outside(self, user) -> list[Corner]:
        """The corners in which the person holds no post, by the plain geometry of the paths."""
        return [c for c in self.corners if not any(self._touches(c.village.path, top) for top in tops(user))]

    @staticmethod
    def _touches(path, top):
        return path.startswith(top) or top.startswith(path)


def tops(user) -> list[str]:
    """The paths of a person's posts that have no end, read once: nobody's posts change for good in the world."""
    if "tops" not in user.__dict__:
        user.tops = [post.area.path for post in user.posts.filter(until_day=None).select_related("area")]
    return user.tops


def signed_in(user):
    """A browser that comes back to the moment after signing in whenever it is asked for (`fresh`)."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.kept = client.cookies.output(header="", sep=";")
    return client


def fresh(client):
    """The browser without what its last answer left: rolled back on the server, so also here."""
    client.cookies.clear()
    client.cookies.load(getattr(client, "kept", ""))
    return client


def everything_written() -> dict:
    """Table -> digest of all its rows, sessions apart: what a refused act must leave as it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = sorted(name for (name,) in cursor.fetchall() if name != "django_session")
        parts = [
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
            for name in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def readable(response) -> bytes:
    """The bytes of an answer; of an .xlsx its unpacked parts."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items()).encode()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return heads + b"\n" + body


@contextmanager
def standing(django_db_blocker):
    """The world, written in one transaction for many tests and rolled back. The log is silent meanwhile: a thousand
    refusals with their stack cost more than the pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        logging.disable(logging.ERROR)
        try:
            yield World()
        finally:
            logging.disable(logging.NOTSET)
            transaction.set_rollback(True)
