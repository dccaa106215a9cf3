"""Which rows of a roster are one household, whether its columns stand in every row or in its first row only."""

from dataclasses import dataclass, field

from common.reading import Line, Table
from households.relations import Relation, relation_of

OF_HOME = ("village", "grid", "place", "number", "head", "address", "kind", "kind_since", "kind_source")


@dataclass(slots=True)
class Person:
    """One row: what it says of a person, understood by checking.py."""

    line: Line
    name: str
    relation: str | None = None
    sex: str = ""
    birth_year: int | None = None
    phone: str = ""
    id_number: str = ""
    id_index: str = ""
    lives_here: bool | None = None
    away_to: str = ""
    away_since: object = None


@dataclass(slots=True)
class Home:
    """The rows of one household; `said` is what its first row, or the first that says it, tells of it."""

    said: dict
    people: list[Person] = field(default_factory=list)
    told_by: dict = field(default_factory=dict)  # key -> the line that said it
    area: object = None
    kind: str = ""

    @property
    def first(self) -> Line:
        return self.people[0].line

    @property
    def head(self) -> Person | None:
        return next((person for person in self.people if person.relation == Relation.HEAD), None)

    @property
    def name(self) -> str:
        head = self.head
        return head.name if head else self.said["head"]


def plain_name(text: str) -> str:
    """A name as it is kept and compared: without blanks that only spread it."""
    return "".join(text.split()) if not text.isascii() else " ".join(text.split())


def homes(table: Table) -> list[Home]:
    """The households in the order of the file. By household number where rows have one, else by the head's name at one
    place and address; rows without either belong to the household above, unless one begins with its head there."""
    found, by_key, current = [], {}, None
    for line in table.lines:
        person = Person(line, plain_name(line["name"]), _relation(line))
        key = _key(line, current)
        if key is None:
            starts = current is None or person.relation == Relation.HEAD and _is_full(current)
            home = _new(found, line, current) if starts else current
        else:
            home = by_key.get(key) or _new(found, line, current)
            by_key[key] = home
        for name in OF_HOME:
            if line[name] and not home.said[name]:
                home.said[name] = line[name]
            if line[name]:
                home.told_by.setdefault(name, line)
        home.people.append(person)
        current = home
    return found


def _relation(line):
    """By its word; without one, who has the head's name is the head."""
    word = line["relation"]
    if not word and line["head"] and plain_name(line["head"]) == plain_name(line["name"]):
        return Relation.HEAD
    return relation_of(word) if word else None


def _key(line, current):
    """What names the household of a row, or None where the row leaves that to those above."""
    village = line["village"] or (current.said["village"] if current else "")
    if line["number"]:
        return village, line["number"]
    if line["head"]:
        place = line["place"] or (current.said["place"] if current else "")
        return village, place, plain_name(line["head"]), line["address"]
    return None


def _is_full(home):
    return home.head is not None


def _new(found, line, above):
    """A household that begins; a village or place that stands once above many rows goes on."""
    said = {name: line[name] for name in OF_HOME}
    for name in ("village", "grid", "place"):
        if not said[name] and above is not None:
            said[name] = above.said[name]
    home = Home(said)
    found.append(home)
    return home
