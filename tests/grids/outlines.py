"""Squares in metres near 112.7° E, 36.9° N, and files with outlines, for the tests of boundaries."""

import io
import json
import zipfile

import shapefile
from django.core.files.uploadedfile import SimpleUploadedFile
from pyproj import Geod

from grids.outlines import drawing
from grids.outlines.drawing import Drawing, Origin

EAST, NORTH = 112.7, 36.9
MEASURE = Geod(ellps="WGS84")  # degrees per metre there
METRE_EAST = 0.01 / MEASURE.inv(EAST, NORTH, EAST + 0.01, NORTH)[2]
METRE_NORTH = 0.01 / MEASURE.inv(EAST, NORTH, EAST, NORTH + 0.01)[2]


def at(x, y):
    """The point that many metres east and north of the corner, in degrees."""
    return [EAST + x * METRE_EAST, NORTH + y * METRE_NORTH]


def square(x, y, side=1000):
    """Polygons (one) of a square with its lower left corner there."""
    return [[[at(x, y), at(x + side, y), at(x + side, y + side), at(x, y + side), at(x, y)]]]


def draw(area, polygons, on, by=None, **origin):
    """The new row, or None when nothing changed."""
    rows = drawing.draw(drawings=[Drawing(area, polygons)], on=on, by=by, origin=Origin(**origin))
    return rows[0] if rows else None


def feature(polygons, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def geojson(*features, name="grids.geojson", encoding="utf-8"):
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return SimpleUploadedFile(name, text.encode(encoding))


def zipped_shapefile(rows, encoding="gbk", cpg="", prj=""):
    """A Shapefile of (code, name, polygons) rows with one field for each."""
    parts = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("网格编码", "C", 40)
        writer.field("名称", "C", 60)
        for code, name, polygons in rows:
            writer.poly([ring[::-1] for ring in polygons[0]])
            writer.record(code, name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for end, part in parts.items():
            archive.writestr(f"网格.{end}", part.getvalue())
        if cpg:
            archive.writestr("网格.cpg", cpg)
        if prj:
            archive.writestr("网格.prj", prj)
    return SimpleUploadedFile("grids.zip", packed.getvalue())
