"""The roster as it is kept today in some villages, read in a constant number of statements."""

from collections import defaultdict

from django.db import connection
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from common import sealed
from households.models import Household, Resident

# changes with every change of a household or resident that is there, and with those who come and go
MARK = """SELECT concat_ws('.', count(*), sum(hashtextextended(kind || id || ':' || version, 0))) FROM (
    SELECT 'h' AS kind, h.id, h.xmin::text AS version FROM households_household h
        WHERE h.village_id = ANY(%(villages)s) AND h.until_day IS NULL
    UNION ALL SELECT 'r', r.id, r.xmin::text FROM households_resident r
        JOIN households_household h ON h.id = r.household_id
        WHERE h.village_id = ANY(%(villages)s) AND h.until_day IS NULL AND r.until_day IS NULL) rows"""
HOME = ("pk", "code", "name", "kind", "kind_since", "kind_source", "address", "lives_here", "area_id", "area_path",
        "village_id")  # fmt: skip
PERSON = ("pk", "household_id", "name", "relation", "sex", "birth_year", "lives_here", "away_to", "away_since",
          "phone", "phone_index", "id_number", "id_number_index", "sealing_id")  # fmt: skip


class KeptHome:
    """A household with its people."""

    __slots__ = (*HOME, "people")

    def __init__(self, values):
        for name, value in zip(HOME, values, strict=True):
            setattr(self, name, value)
        self.people = []

    def has(self, name, value) -> bool:
        return getattr(self, name) == value


class KeptPerson:
    """Somebody of a household today."""

    __slots__ = (*PERSON, "home")

    def __init__(self, values, homes):
        for name, value in zip(PERSON, values, strict=True):
            setattr(self, name, value)
        self.home = homes[self.household_id]
        self.home.people.append(self)

    def has(self, name, value) -> bool:
        if name in ("phone", "id_number"):
            return getattr(self, f"{name}_index") == sealed.blind(value, purpose=name)
        return getattr(self, name) == value


class Kept:
    """The households and people of some villages, by what a roster may know them."""

    def __init__(self, villages: list[int]):
        self.mark = mark(villages)
        homes = Household.objects.filter(village__in=villages, until_day=None).order_by("code")
        self.homes = {row[0]: KeptHome(row) for row in homes.values_list(*HOME)}
        people = Resident.objects.filter(household__in=list(self.homes), until_day=None).order_by("pk")
        self.people = [KeptPerson(row, self.homes) for row in people.values_list(*PERSON)]
        self.by_number = {person.id_number_index: person for person in self.people if person.id_number_index}
        self.by_code = {home.code: home for home in self.homes.values()}
        self.by_head, self.by_member = defaultdict(list), defaultdict(list)
        for home in self.homes.values():
            self.by_head[home.name].append(home)
        for person in self.people:
            self.by_member[person.name].append(person)
        self.numbers = last_numbers(villages)


def mark(villages) -> str:
    """Tells one state of the roster of these villages from any other."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"villages": list(villages)})
        return cursor.fetchone()[0]


def last_numbers(villages) -> dict:
    """{village id: the highest n of its codes <village>H<n>, those of ended households included}"""
    rows = Household.objects.filter(village__in=villages, code__regex=r"^\d{12}H\d{1,6}$")
    numbered = rows.annotate(n=Cast(Substr("code", 14), IntegerField()))
    return dict(numbered.order_by().values("village_id").annotate(last=Max("n")).values_list("village_id", "last"))
