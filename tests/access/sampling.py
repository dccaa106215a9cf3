"""Whom the short form of the access test asks. Roles with the very same rights at the same level answer for each other,
one after the other from row to row; of the two places outside a post one is asked. GOV_MATRIX=whole asks everybody."""

import os
import zlib

from grids.rights import MAY
from tests.access.world import PEOPLE

WHOLE = os.environ.get("GOV_MATRIX") == "whole"
FORMER = 3  # how many of the posts that have ended are asked for each row; which right they gave plays no part


def alike() -> list[str]:
    """The letters in groups of the same rights at the same level. The table of rights only says who is asked, never
    what the answer must be."""
    groups = {}
    for letter, (role, level) in PEOPLE.items():
        column = tuple((action, cells[role]) for action, cells in MAY.items() if role in cells)
        groups.setdefault((level, column), []).append(letter)
    return ["".join(letters) for letters in groups.values()]


def turn(*names) -> int:
    """A number that is the same in every run and different from row to row."""
    return zlib.crc32("|".join(map(str, names)).encode())


def asked(name, number) -> str:
    """The letters that are sent to one row of an address: all of them, or one of each group of the alike."""
    if WHOLE:
        return "".join(PEOPLE)
    return "".join(group[turn(name, number) % len(group)] for group in alike())


def asked_of_former(name, number) -> str:
    letters = "".join(PEOPLE)
    if WHOLE:
        return letters
    first = turn(name, number)
    return "".join(letters[(first + n * 9) % len(letters)] for n in range(FORMER))


def corners(world, row, name, letter, user):
    """The villages a row is asked at: one's own always; of those outside all, or one after the other."""
    if not row.at:
        return [world.own]
    if WHOLE:
        return world.corners
    outside = world.outside(user)
    kept = [outside[turn(name, letter) % len(outside)]] if outside else []
    return [corner for corner in world.corners if corner in kept or corner not in outside]
