"""Shares out the published totals of the town: households to villages, grids and micro-grids."""

from dataclasses import dataclass

from governance import divisions
from governance.demo.shares import seats, split

SMALLEST_VILLAGE = 70  # households
SMALLEST_MICRO_GRID = 5


@dataclass(frozen=True)
class VillageLayout:
    """A real village and, for each of its invented grids, the households of each micro-grid."""

    division: divisions.Division
    grids: list[list[int]]


def villages(town, rng) -> list[VillageLayout]:
    """Every village of the town's list with its grids and micro-grids; all sums are the published ones."""
    rows = [row for row in divisions.read(town.DIVISIONS) if row.level == divisions.VILLAGE]
    weights = [rng.lognormvariate(0, 0.28) * {town.SEAT: 2.4, town.SHOWN: 1.5}.get(row.name, 1) for row in rows]
    homes = split(town.HOUSEHOLDS, weights, least=SMALLEST_VILLAGE)
    of_grids = _grids(rows, homes, town, rng)
    micro_grids = iter(split(town.MICRO_GRIDS, [share for grids in of_grids for share in grids], least=5))
    return [
        VillageLayout(row, [_even(rng, share, next(micro_grids)) for share in grids])
        for row, grids in zip(rows, of_grids, strict=True)
    ]


def _grids(rows, homes, town, rng):
    """Households of each grid, village by village: two grids for the village shown, the others by size."""
    others = [home for row, home in zip(rows, homes, strict=True) if row.name != town.SHOWN]
    counts = iter(seats(town.GRIDS - 2, others))
    numbers = [2 if row.name == town.SHOWN else next(counts) for row in rows]
    return [split(home, [rng.uniform(0.85, 1.15) for _ in range(n)]) for home, n in zip(homes, numbers, strict=True)]


def _even(rng, total, parts):
    return split(total, [rng.uniform(0.7, 1.3) for _ in range(parts)], least=SMALLEST_MICRO_GRID)
