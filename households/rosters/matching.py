"""Finds the kept household and person that a row of a roster means."""

from collections import Counter

from households.rosters.grouping import Home, Person
from households.rosters.kept import Kept, KeptHome, KeptPerson

HEAD, PLACE, ADDRESS, MEMBER, NUMBER, CODE = 2, 2, 1, 1, 100, 10_000


def pair(homes: list[Home], kept: Kept) -> dict[int, KeptHome]:
    """{id of the file's household: kept household}, each at most once, the closest first: by our code, by ID numbers,
    else by the head's name and place, or by several members that are the same."""
    found = []
    for order, home in enumerate(homes):
        for pk, score in _candidates(home, kept).items():
            found.append((-score, order, kept.homes[pk].code, pk))
    pairs, taken = {}, set()
    for _score, order, _code, pk in sorted(found):
        if id(homes[order]) not in pairs and pk not in taken:
            pairs[id(homes[order])] = kept.homes[pk]
            taken.add(pk)
    return pairs


def _candidates(home, kept):
    """{kept household id: how well it fits}, those that do not fit left out."""
    if home.said["number"] in kept.by_code:
        return {kept.by_code[home.said["number"]].pk: CODE}
    known = [person.id_index for person in home.people if person.id_index in kept.by_number]
    numbers = Counter(kept.by_number[index].home.pk for index in known)
    members = Counter()
    for person in home.people:
        members.update({other.home.pk for other in kept.by_member[person.name] if _same_year(person, other)})
    heads = {other.pk for other in kept.by_head[home.name]}
    found = {}
    for pk in heads | set(members) | set(numbers):
        other, here = kept.homes[pk], home.area is not None and home.area.pk == kept.homes[pk].area_id
        if numbers[pk] or _fits(home, here, pk in heads, members[pk]):
            same_address = bool(home.said["address"]) and home.said["address"] == other.address
            found[pk] = (
                NUMBER * numbers[pk] + MEMBER * members[pk] + HEAD * (pk in heads) + PLACE * here
                + ADDRESS * same_address
            )  # fmt: skip
    return found


def _fits(home, here, same_head, members):
    if same_head:
        return here or members >= min(2, len(home.people))
    return here and members >= 2 and 2 * members >= len(home.people)


def _same_year(person, other):
    return None in (person.birth_year, other.birth_year) or person.birth_year == other.birth_year


def people(said: list[Person], kept: list[KeptPerson]) -> dict[int, KeptPerson]:
    """{id of the file's person: kept person} within one household: by ID number, by name and year of birth, by name."""
    left, found = list(kept), {}
    rules = (
        lambda one, other: bool(one.id_index) and one.id_index == other.id_number_index,
        lambda one, other: one.name == other.name and one.birth_year == other.birth_year,
        lambda one, other: one.name == other.name and _same_year(one, other),
    )
    for fits in rules:
        for one in said:
            if id(one) in found:
                continue
            other = next((other for other in left if fits(one, other)), None)
            if other is not None:
                found[id(one)] = other
                left.remove(other)
    return found
