"""Coordinates as they come in (phone maps, surveyors' plane zones) turned into WGS84 degrees, at the edge only.

CGCS2000 degrees are taken as WGS84: the two differ by centimetres. GCJ-02 is what AMap, Tencent and WeChat give; its
shift is the published formula. Surveyors' plane coordinates are Gauss-Krüger zones of CGCS2000: metres east and north,
either with the number of the zone in front of the east value (25 to 45 are zones of 3 degrees, 13 to 23 of 6), or
without it, and then somebody must know the central meridian. A zone of 6 degrees is the same projection as the one of 3
degrees on its meridian.
"""

import math
import re
from functools import lru_cache

import numpy as np
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

WGS84, CGCS2000, GCJ02, ZONED = "WGS84", "CGCS2000", "GCJ-02", "GK"
MERIDIANS = range(75, 136, 3)
CHOICES = [
    ("", _("as the file says, else WGS84")),
    (WGS84, _("WGS84 degrees (GPS, satellite positioning)")),
    (CGCS2000, _("CGCS2000 degrees")),
    (GCJ02, _("GCJ-02 degrees (AMap, Tencent, WeChat)")),
    (ZONED, _("CGCS2000 plane, zone number in front of the east value")),
    *[(f"GK-{east}", format_lazy("{} {}°", _("CGCS2000 plane, central meridian"), east)) for east in MERIDIANS],
]
KNOWN = [code for code, _label in CHOICES if code]
A, EE = 6378245.0, 0.00669342162296594323  # the ellipsoid of Krasovsky, as the published formula has it
ROUNDS = 6  # of turning GCJ-02 back: below a millimetre after four


class NoDatum(ValueError):
    """It cannot be told what the coordinates mean; the text says what to do."""


def to_degrees(points: np.ndarray, datum: str) -> np.ndarray:
    """(n, 2) coordinates, east first, in a datum of KNOWN, as WGS84 degrees. Raises NoDatum."""
    if datum in (WGS84, CGCS2000):
        return points
    if datum == GCJ02:
        return from_gcj02(points)
    if datum == ZONED:
        return _from_zoned(points)
    if datum in KNOWN:
        return _from_plane(points, int(datum.removeprefix("GK-")))
    raise NoDatum(_("This coordinate system is not known here."))


def guess(points: np.ndarray, prj: str = "") -> str:
    """What the coordinates of a file are by its .prj, else by their size. Raises NoDatum where that cannot be told."""
    if told := _of_prj(prj):
        return told
    if np.abs(points).max(initial=0) <= 180:
        return WGS84
    if points[:, 0].min() > 13e6 and points[:, 0].max() < 46e6:
        return ZONED
    raise NoDatum(_("These are metres, not degrees. Choose the coordinate system with its central meridian."))


def _of_prj(prj):
    """The datum a Shapefile's .prj names, or ""."""
    words = prj.upper().replace(" ", "_")
    if "XIAN" in words or "BEIJING" in words:
        raise NoDatum(_("Xi'an 80 and Beijing 54 need the county's own parameters. Ask the surveyors for CGCS2000."))
    if not any(
        name in words for name in ("CGCS2000", "CHINA_2000", "CHINA_GEODETIC_COORDINATE_SYSTEM_2000", "WGS_1984")
    ):
        return ""
    if "PROJCS" not in words:
        return WGS84 if "WGS_1984" in words else CGCS2000
    said = {name: float(number) for name, number in re.findall(r'PARAMETER\["(\w+)",([-\d.]+)\]', words)}
    if said.get("FALSE_EASTING", 0) > 1e6:
        return ZONED
    code = f"GK-{said.get('CENTRAL_MERIDIAN', 0):g}"
    return code if code in KNOWN and said.get("FALSE_EASTING") == 500_000 else ""


# --- GCJ-02 ---------------------------------------------------------------------------------


def to_gcj02(points: np.ndarray) -> np.ndarray:
    """WGS84 degrees, east first, shifted as phone maps in China do. Outside the formula's box nothing is shifted."""
    x, y = points[:, 0], points[:, 1]
    east, north = _shift(x - 105.0, y - 35.0)
    rad = np.radians(y)
    magic = 1 - EE * np.sin(rad) ** 2
    north = north * 180.0 / (A * (1 - EE) / (magic * np.sqrt(magic)) * math.pi)
    east = east * 180.0 / (A / np.sqrt(magic) * np.cos(rad) * math.pi)
    inside = (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)
    return points + np.where(inside[:, None], np.stack([east, north], axis=1), 0.0)


def from_gcj02(points: np.ndarray) -> np.ndarray:
    """The way back, by rounds: the shift changes so slowly that each round gains two digits and more."""
    found = points
    for _round in range(ROUNDS):
        found = points - (to_gcj02(found) - found)
    return found


def _shift(x, y):
    root = 0.1 * np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * math.pi) + 20.0 * np.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 2.0 * root + waves
    north += (20.0 * np.sin(y * math.pi) + 40.0 * np.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * math.pi) + 320.0 * np.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + root + waves
    east += (20.0 * np.sin(x * math.pi) + 40.0 * np.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * math.pi) + 300.0 * np.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    return east, north


# --- surveyors' zones -------------------------------------------------------------------------


def _from_zoned(points):
    zones = np.unique(points[:, 0] // 1e6)
    if len(zones) != 1 or not (25 <= zones[0] <= 45 or 13 <= zones[0] <= 23):
        raise NoDatum(_("The east values carry no zone number (13 to 23, or 25 to 45) in front."))
    zone = int(zones[0])
    meridian = zone * 3 if zone >= 25 else zone * 6 - 3
    return _from_plane(points - [zone * 1e6, 0.0], meridian)


def _from_plane(points, meridian):
    if points.size and (points[:, 0].max() > 1_000_000 or points[:, 0].min() < 0):
        raise NoDatum(
            _("The first value of a point must be the one to the east (about 500,000), the second the north.")
        )
    east, north = _zone(meridian).transform(points[:, 0], points[:, 1])
    return np.stack([east, north], axis=1)


@lru_cache(maxsize=len(MERIDIANS))
def _zone(meridian):
    """EPSG:4534 to 4554 are the zones without number on 75 to 135 degrees; degrees of the same datum, EPSG:4490."""
    from pyproj import Transformer

    return Transformer.from_crs(f"EPSG:{4534 + (meridian - 75) // 3}", "EPSG:4490", always_xy=True)
