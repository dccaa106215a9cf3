"""Where houses stand: points of households out of a table of codes, longitudes and latitudes."""

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import reading
from common.fields import subtree
from common.reading import Column
from grids import access
from grids.models import Area
from grids.outlines import datums, shapes
from households.models import Household

COLUMNS = [
    Column(
        "code",
        _("household code"),
        ("户编码", "农户编码", "编码", "户编号"),
        kind=reading.CODE,
        required=True,
        filled=True,
    ),
    Column("longitude", _("longitude"), ("经度", "东经", "lng", "lon", "x"), required=True, filled=True),
    Column("latitude", _("latitude"), ("纬度", "北纬", "lat", "y"), required=True, filled=True),
]


@transaction.atomic
def place(*, area: Area, upload, datum: str, by) -> tuple[int, reading.Table]:
    """Sets the points of households in an area from a table, all lines or, where one is wrong, none. Returns how many
    changed and the table with its problems. Raises reading.Unreadable, PermissionDenied for somebody who may not
    change places and see households there."""
    access.require(by, "household.view", area)
    access.require(by, "area.change", area)
    table = reading.read(upload, COLUMNS)
    known = {home.code: home for home in Household.objects.filter(subtree(area.path, "area_path"))}
    changed = [home for line in table.lines if (home := _placed(table, line, known, datum))]
    if table.problems:
        return 0, table
    Household.objects.bulk_update(changed, ["longitude", "latitude"], batch_size=1000)
    audit.record(by, "households_place", area_code=area.code, reason=str(len(changed)))
    return len(changed), table


def _placed(table, line, known, datum):
    """The household of a line with its new point, or None where nothing changes or the line is wrong."""
    home = known.get(line["code"])
    if home is None:
        return table.add(line, "code", _("There is no such household here."))
    try:
        point = np.array([[float(line["longitude"]), float(line["latitude"])]])
    except ValueError:
        return table.add(line, "longitude", _("Write two numbers in degrees."))
    west, south, east, north = shapes.CHINA
    if not (west <= point[0, 0] <= east and south <= point[0, 1] <= north):
        return table.add(line, "longitude", _("The longitude lies between 73 and 136, the latitude between 3 and 54."))
    x, y = datums.to_degrees(point, datum)[0].round(shapes.DECIMALS).tolist()
    if (home.longitude, home.latitude) == (x, y):
        return None
    home.longitude, home.latitude = x, y
    return home
