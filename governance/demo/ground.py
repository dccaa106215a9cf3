"""Opens the places of a demo town and draws their invented outlines."""

from governance.demo import shapes
from governance.divisions.opening import open_list
from grids import places
from grids.models import Area, Boundary
from grids.places import Opening

Kind = Area.Kind
NUMERALS = "一二三四五六七八九"


def build(plan) -> Area:
    """County, town with profile and duty rule, villages, grids, micro-grids, boundaries. Returns the town."""
    (town,) = open_list(
        plan.town.DIVISIONS, on=plan.town.OPENED, in_use_from=plan.in_use_from, short=plan.town.SHORT, is_demo=True,
        framework=plan.town.FRAMEWORK,
    )  # fmt: skip
    openings = [opening for village in plan.villages for opening in _grids(village)]
    places.open_areas(openings=openings, on=plan.town.OPENED, by=None)
    _draw(plan, {area.code: area for area in Area.objects.in_subtree(town)}, town)
    return town


def _grids(village):
    """The openings of a village's grids and their micro-grids."""
    own = village.division
    for number, homes in enumerate(village.grids, start=1):
        grid = f"{own.code}{number:03d}"
        name = f"{own.name}第{NUMERALS[number - 1]}网格"
        yield Opening(Kind.GRID, grid, name, own.code)
        for micro in range(1, len(homes) + 1):
            yield Opening(Kind.MICRO_GRID, f"{grid}00{micro:03d}", f"{name}{micro}号微网格", grid)


def _draw(plan, areas, town):
    """Outlines from the town down; written from the micro-grids up, so that every level tiles exactly."""
    rng = plan.rng("shapes")
    parts = {}  # code of a grid -> cells of its micro-grids, in kilometres
    for village, cell in zip(plan.villages, _cells_of_villages(plan, rng), strict=True):
        for number, grid in enumerate(shapes.cells(cell, len(village.grids), rng), start=1):
            parts[f"{village.division.code}{number:03d}"] = shapes.cells(grid, len(village.grids[number - 1]), rng)
    flat = [(f"{code}00{n:03d}", cell) for code, cells in parts.items() for n, cell in enumerate(cells, start=1)]
    exact = shapes.snapped([shapes.to_degrees(cell, plan.town.MIDDLE) for _code, cell in flat])
    drawn = {code: shape for (code, _cell), shape in zip(flat, exact, strict=True)}
    micro_grids = list(drawn)
    for length in (15, 12):
        for code in dict.fromkeys(code[:length] for code in micro_grids):
            drawn[code] = shapes.joined([drawn[part] for part in micro_grids if part.startswith(code)])
    drawn[town.code] = shapes.joined([drawn[part] for part in micro_grids])
    Boundary.objects.bulk_create(_boundary(areas[code], shape, plan) for code, shape in drawn.items())


def _cells_of_villages(plan, rng):
    """One cell for each village in the order of the list; the seat of the town gets the middle one. Where the others
    lie is invented too."""
    outline = shapes.outline(rng, plan.town.SQUARE_KM)
    cells = shapes.cells(outline, len(plan.villages), rng)
    middle = min(cells, key=lambda cell: cell.centroid.distance(outline.centroid))
    others = [cell for cell in cells if cell is not middle]
    rng.shuffle(others)
    return [middle if village.division.name == plan.town.SEAT else others.pop() for village in plan.villages]


def _boundary(area, shape, plan):
    west, south, east, north = shape.bounds
    return Boundary(
        area=area, west=west, south=south, east=east, north=north, source="demo", invented=True,
        geometry={"type": "Polygon", "coordinates": [[list(point) for point in shape.exterior.coords]]},
        from_day=plan.town.OPENED,
    )  # fmt: skip
