"""Opens the places of a demo town and draws their invented outlines."""

from governance import divisions
from governance.demo import shapes
from grids import places, schemes
from grids.models import Area, Boundary, TownProfile
from grids.places import Opening
from screening.models import DutyRule

Kind = Area.Kind
NUMERALS = "一二三四五六七八九"


def build(plan) -> Area:
    """County, town with profile and duty rule, villages, grids, micro-grids, boundaries. Returns the town."""
    town = _town(plan)
    openings = [opening for village in plan.villages for opening in _village(village, town)]
    areas = places.open_areas(openings=openings, on=plan.town.OPENED, by=None)
    _draw(plan, town, {area.code: area for area in areas})
    return town


def _town(plan):
    rows = {row.level: row for row in divisions.read(plan.town.DIVISIONS)}
    above, own = rows[divisions.COUNTY], rows[divisions.TOWN]
    on = plan.town.OPENED
    county = Area.objects.filter(code=above.code).first() or places.open_area(
        parent=None, kind=Kind.COUNTY, code=above.code, name=above.name, official_name=above.official, on=on, by=None
    )
    town = places.open_area(
        parent=county, kind=Kind.TOWN, code=own.code, name=own.name, official_name=own.official,
        short=plan.town.SHORT, on=on, by=None,
    )  # fmt: skip
    TownProfile.objects.create(
        town=town, scheme=schemes.preset(plan.town.SCHEME), in_use_from=plan.in_use_from, is_demo=True,
        framework=plan.town.FRAMEWORK,
    )  # fmt: skip
    DutyRule.objects.create(town=town, every_day=True, from_day=on)
    return town


def _village(village, town):
    """The openings of a village: itself, its grids, their micro-grids."""
    own = village.division
    yield Opening(Kind.VILLAGE, own.code, own.name, town, official_name=own.official, short=own.name[:-1])
    for number, homes in enumerate(village.grids, start=1):
        grid = f"{own.code}{number:03d}"
        name = f"{own.name}第{NUMERALS[number - 1]}网格"
        yield Opening(Kind.GRID, grid, name, own.code)
        for micro in range(1, len(homes) + 1):
            yield Opening(Kind.MICRO_GRID, f"{grid}00{micro:03d}", f"{name}{micro}号微网格", grid)


def _draw(plan, town, areas):
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
    known = areas | {town.code: town}
    Boundary.objects.bulk_create(_boundary(known[code], shape, plan) for code, shape in drawn.items())


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
