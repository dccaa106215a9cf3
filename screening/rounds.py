"""A round of visits: households one after the other, each time the nearest of those left. By where the houses stand;
where the visitor is, nobody asks."""

from math import cos, radians

DEGREE = 111_320  # metres of one degree of latitude


def in_order(stops, start=None):
    """`stops` (with `longitude`, `latitude`, both None where the house stands nowhere on the map) from `start` on,
    one of them, or the first: a list of (stop, metres from the one before or None). Those without a point come last, as
    they were."""
    placed = [stop for stop in stops if stop.longitude is not None]
    others = [(stop, None) for stop in stops if stop.longitude is None]
    here = start if start in placed else placed[0] if placed else None
    found, before = [], None
    while here is not None:
        found.append((here, round(metres(before, here)) if before else None))
        placed.remove(here)
        before = here
        here = min(placed, key=lambda stop: metres(before, stop), default=None)
    return found + others


def metres(one, other) -> float:
    """The distance as the crow flies; a village is small enough for a flat earth."""
    east = (other.longitude - one.longitude) * cos(radians(one.latitude))
    north = other.latitude - one.latitude
    return DEGREE * (east * east + north * north) ** 0.5
