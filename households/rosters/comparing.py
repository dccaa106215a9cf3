"""Compares a checked roster with the one that is kept: who is new, changed, unchanged, gone, field by field."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from households.models import Household, Resident
from households.relations import Relation
from households.rosters import matching
from households.rosters.checking import Checked
from households.rosters.grouping import Home, Person
from households.rosters.kept import Kept, KeptHome, KeptPerson

OF_PERSON = ("name", "relation", "sex", "birth_year", "phone", "id_number", "lives_here", "away_to", "away_since")
OF_HOME = ("name", "kind", "kind_since", "kind_source", "address", "lives_here")


@dataclass(slots=True)
class Change:
    """A kept row and the values that become others: {field: new value}."""

    kept: KeptHome | KeptPerson
    values: dict
    source: Home | Person


@dataclass
class Plan:
    """What taking a roster over would do. `joining`: new people of kept households, as (household, person);
    `elsewhere`: (household, its rows) that lies in another place than they say."""

    villages: list[int]
    mark: str
    new_homes: list[Home] = field(default_factory=list)
    joining: list[tuple[KeptHome, Person]] = field(default_factory=list)
    homes: list[Change] = field(default_factory=list)
    people: list[Change] = field(default_factory=list)
    same: int = 0
    gone: list[KeptPerson] = field(default_factory=list)
    elsewhere: list[tuple[KeptHome, Home]] = field(default_factory=list)
    numbers: dict = field(default_factory=dict)  # village id -> the highest number its household codes ever had

    @property
    def counts(self) -> dict:
        return {
            "new_homes": len(self.new_homes), "changed_homes": len(self.homes),
            "new": sum(len(home.people) for home in self.new_homes) + len(self.joining),
            "changed": len(self.people), "same": self.same, "gone": len(self.gone), "elsewhere": len(self.elsewhere),
        }  # fmt: skip

    @property
    def changes_something(self) -> bool:
        return bool(self.new_homes or self.joining or self.homes or self.people)


def compare(checked: Checked, town_id: int) -> Plan:
    """The plan of a roster; whatever contradicts the kept one is added to the table's problems."""
    kept = Kept(checked.villages)
    plan = Plan(checked.villages, kept.mark, numbers=kept.numbers)
    pairs = matching.pair(checked.homes, kept)
    _refuse_other_villages(checked, town_id)
    met = set()
    for home in checked.homes:
        there = pairs.get(id(home))
        if there is None:
            _refuse_known(checked, kept, home.people, None)
            _kind(checked, home, home.kind, home.said["kind_since"], home.said["kind_source"])
            plan.new_homes.append(home)
        else:
            _home(checked, kept, plan, home, there, met)
    plan.gone = [person for person in kept.people if person.pk not in met]
    return plan


def _home(checked, kept, plan, home, there, met):
    if home.area is not None and home.area.pk != there.area_id:
        plan.elsewhere.append((there, home))
    known = matching.people(home.people, there.people)
    fresh = [person for person in home.people if id(person) not in known]
    _refuse_known(checked, kept, fresh, there)
    plan.joining += [(there, person) for person in fresh]
    at_home = [person.lives_here is not False for person in fresh]
    for person in home.people:
        if other := known.get(id(person)):
            met.add(other.pk)
            at_home.append(other.lives_here if person.lives_here is None else person.lives_here)
            if values := _differences(other, _person_says(person)):
                plan.people.append(Change(other, values, person))
            else:
                plan.same += 1
    at_home += [other.lives_here for other in there.people if other.pk not in met]
    if values := _differences(there, _home_says(home) | {"lives_here": any(at_home)}):
        plan.homes.append(Change(there, _with_kind(checked, home, there, values), home))
    _head(checked, home, there, met)


def _head(checked, home, there, met):
    head = next((one for one in there.people if one.relation == Relation.HEAD), None)
    if head is not None and head.pk not in met and home.head is not None:
        text = _("The head on the roster, %(name)s, is not in the file. Record first that he moved away or died.")
        checked.table.add(home.head.line, "relation", text % {"name": head.name})


def _home_says(home):
    """What the file says of a household; nothing of what is empty there, nothing of the list for ordinary ones."""
    said = {"name": home.name, "kind": home.kind, "address": home.said["address"]}
    if home.kind != Household.Kind.ORDINARY:
        said |= {key: home.said[key] for key in ("kind_since", "kind_source")}
    return {key: value for key, value in said.items() if value not in ("", None)}


def _with_kind(checked, home, there, values):
    """A household that is ordinary again has no list any more; any other must have one."""
    if values.get("kind") == Household.Kind.ORDINARY:
        gone = {"kind_since": None, "kind_source": ""}
        return values | {key: value for key, value in gone.items() if getattr(there, key) != value}
    since, source = (values.get(key, getattr(there, key)) for key in ("kind_since", "kind_source"))
    if "kind" in values:
        _kind(checked, home, values["kind"], since, source)
    return values


def _kind(checked, home, kind, since, source):
    """Who is lifted out of poverty or monitored is so by somebody's list (enrolling.check_kind)."""
    if kind in ("", Household.Kind.ORDINARY) or (since and source):
        return
    text = _("Add columns 认定时间 and 认定来源: since when, and by whose list. Or leave out this column.")
    checked.table.add(home.told_by["kind"], "kind", text)


def _person_says(person):
    said = {name: getattr(person, name) for name in OF_PERSON}
    found = {key: value for key, value in said.items() if value not in ("", None)}
    return found | {"away_to": "", "away_since": None} if person.lives_here else found


def _differences(kept, said):
    return {name: value for name, value in said.items() if not kept.has(name, value)}


def _refuse_known(checked, kept, people, there):
    """Somebody known by ID number in another household does not go over by an import."""
    for person in people:
        other = kept.by_number.get(person.id_index) if person.id_index else None
        if other is not None and other.home is not there:
            text = _("This number belongs to somebody of household %(code)s. Record there first that he went over.")
            checked.table.add(person.line, "id_number", text % {"code": other.home.code})


def _refuse_other_villages(checked, town_id):
    """ID numbers that the town keeps already outside the villages of the roster."""
    found = Resident.objects.filter(
        id_number_index__in=list(checked.by_number), until_day=None, household__town=town_id
    ).exclude(household__village__in=checked.villages)
    for index in found.values_list("id_number_index", flat=True):
        text = _("This number belongs to somebody on the roster of another village of the town.")
        checked.table.add(checked.by_number[index], "id_number", text)
