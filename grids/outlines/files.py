"""Files with outlines as somebody sent them: size, the confined child that reads them, what is wrong in plain words."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_lazy as _

from common import confined
from grids.outlines import datums, shapes

MOST_MEGABYTES = 10
READER = "grids.outlines.reading:read"
WRONG = {
    "size": _("The file is larger than %(most)s MB. Send only the outlines of one town, simplified if need be."),
    "kind": _("This is no GeoJSON, KML or zipped Shapefile. Of a Shapefile send one .zip with .shp, .dbf and .prj."),
    "json": _("The GeoJSON cannot be read: the file is cut off or no JSON."),
    "xml": _("The KML cannot be read: it is cut off, no XML, or holds declarations that are not allowed."),
    "zip": _("The zip cannot be opened: it is damaged or has a password."),
    "unpacked": _("The zip holds more than %(most)s MB unpacked or too many files. Nothing was read."),
    "several": _("The zip holds %(count)s layers. Send one at a time."),
    "dbf": _("The zip has a .shp but no .dbf with the codes and names. Pack all parts of the Shapefile."),
    "encoding": _("The names are neither UTF-8 nor GBK. Save the Shapefile again as UTF-8."),
    "outlines": _("The file holds more than %(most)s outlines. Send the outlines of one town only."),
    "vertices_of_all": _("The file holds more than %(most)s points. Simplify the outlines first."),
    "empty": _("The file holds no outlines."),
    "coordinates": _("A coordinate is missing or is no number."),
    confined.TOO_SLOW: _("Reading took too long and was broken off. Simplify the outlines or send fewer at a time."),
    confined.TOO_LARGE: _("Reading needs too much memory and was broken off. Simplify the outlines or send fewer."),
    confined.UNREADABLE: _("The file cannot be read. Export it once more from the program it comes from."),
}


@dataclass(frozen=True)
class Sheet:
    """What a file holds: outlines as reading.read tells them, and the datum its coordinates seem to be in."""

    outlines: list
    datum: str


class FileRefused(ValueError):
    """The file cannot be used; the text says why and what to do."""


def read(upload, datum: str = "") -> Sheet:
    """The outlines of an uploaded file, in the datum given or else found. Raises FileRefused."""
    if upload.size > MOST_MEGABYTES << 20:
        raise FileRefused(WRONG["size"] % {"most": MOST_MEGABYTES})
    try:
        told = confined.read(READER, upload.read())
    except confined.Refused as refused:
        text = WRONG.get(refused.code, WRONG[confined.UNREADABLE])
        raise FileRefused(text % refused.params if refused.params else text) from None
    try:
        return Sheet(told["outlines"], datum or datums.guess(_points(told["outlines"]), told["prj"]))
    except datums.NoDatum as unknown:
        raise FileRefused(str(unknown)) from None


def _points(outlines):
    rings = [ring for one in outlines for polygon in one["polygons"] for ring in polygon if ring]
    return np.array([point for ring in rings for point in ring]) if rings else np.empty((0, 2))


def why(outline: dict):
    """Why one outline of a file cannot be used, or None."""
    if "wrong" not in outline:
        return None
    return shapes.refusal(confined.Refused(outline["wrong"], count=outline.get("count", 0)))
