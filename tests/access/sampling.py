"""Whom a run asks. `make matrix` asks everybody at every place; the suite asks a few for each row of the table, others
with every commit. A failure names the seed: GOV_MATRIX_SEED=<seed> asks the same again."""

import os
import subprocess
import zlib
from pathlib import Path

from grids.rights import MAY
from tests.access.rows import ANYBODY
from tests.access.tally import LONG
from tests.access.world import PEOPLE

WHOLE = LONG
ALLOWED, REFUSED = 1, 1  # how many of those who may and of those who may not are asked for a row
FORMER = 1  # how many of the posts that have ended; which right they gave plays no part


def _commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    return told.stdout.strip() or "0"  # without a repository always the same


SEED = os.environ.get("GOV_MATRIX_SEED") or _commit()


def alike() -> list[str]:
    """The letters in groups of the same rights at the same level. The table of rights only says who is asked, never
    what the answer must be."""
    groups = {}
    for letter, (role, level) in PEOPLE.items():
        column = tuple((action, cells[role]) for action, cells in MAY.items() if role in cells)
        groups.setdefault((level, column), []).append(letter)
    return ["".join(letters) for letters in groups.values()]


def turn(*names) -> int:
    """A number that is the same in every run of a seed and different from row to row."""
    return zlib.crc32("|".join(map(str, [SEED, *names])).encode())


def _name(one):
    if isinstance(one, tuple) and isinstance(one[0], int):
        return one[0]
    return getattr(one, "mark", one)


def some(choices, n, *names) -> list:
    """`n` of the choices, or all of them in a whole run."""
    choices = list(choices)
    if WHOLE or n >= len(choices):
        return choices
    return sorted(choices, key=lambda one: turn(*names, _name(one)))[:n]


def rows(table, name, *names) -> list:
    """(number, row) of an address: all of its rows, or one."""
    return some(list(enumerate(table[name])), 1, name, *names)


def asked(name, number, row) -> list[str]:
    """The letters that are sent to one row of an address, those who may first; in the suite never two alike."""
    everybody = list(PEOPLE) if WHOLE else [group[turn(name, number) % len(group)] for group in alike()]
    may = [letter for letter in everybody if row.who == ANYBODY or letter in row.who]
    others = [letter for letter in everybody if letter not in may]
    return some(may, ALLOWED, name, number) + some(others, REFUSED, name, number)


def asked_of_former(name, number) -> list[str]:
    return some(PEOPLE, FORMER, name, number)


def corners(world, row, name, letter, first):
    """The villages a row is asked at: one's own always; of those outside all, or one for the `first` of the letters."""
    if not row.at:
        return [world.own]
    if WHOLE:
        return world.corners
    outside = world.outside(world.people[letter])
    kept = some(outside, 1, name, letter) if first else []
    return [world.own, *kept]
