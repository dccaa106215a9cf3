"""Reads outlines out of GeoJSON, KML and zipped Shapefiles into plain lists; runs without Django, in a confined child.

A polygon is a list of rings (the first around it, the others holes), a ring a list of [x, y]; an outline is a list of
polygons. Coordinates stay as the file gives them: what they mean is decided later (grids/outlines/datums.py).
"""

import io
import json
import math
import re
import zipfile

from common.confined import Refused

MAX_OUTLINES = 2_000
MAX_VERTICES = 10_000  # of one outline: a village surveyed every metre has fewer
MAX_ALL_VERTICES = 100_000  # what can be compared with each other in a second
MAX_UNPACKED = 40 << 20
MAX_MEMBERS = 60
CODES = (
    "code",
    "编码",
    "代码",
    "网格编码",
    "网格代码",
    "区划代码",
    "统计用区划代码",
    "wgbm",
    "wgdm",
    "qhdm",
    "bm",
    "dm",
)
NAMES = ("name", "名称", "网格名称", "行政村名称", "村名", "wgmc", "xzqmc", "mc")
BYTES = "cp437"  # a character for every byte and back, none of those in Chinese text a blank
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([\w-]+)["'][^>]*\?>""")


def read(content: bytes, name: str = "") -> dict:
    """{"outlines": [{"number", "code", "name", "polygons"} or {…, "wrong": code, "count": n}], "prj": text or ""}.
    Raises Refused for a file that is none of the three kinds, is broken or too large."""
    if content[:2] == b"PK":
        return _zipped(content)
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return _told(_kml(content))
    if start in (b"{", b"["):
        return _told(_geojson(content))
    raise Refused("kind")


def _told(outlines, prj=""):
    listed, total = [], 0
    for number, (code, name, geometry) in enumerate(outlines, start=1):
        if number > MAX_OUTLINES:
            raise Refused("outlines", most=MAX_OUTLINES)
        one = {"number": number, "code": _word(code), "name": _word(name)}
        try:
            one["polygons"] = polygons(geometry)
        except Refused as refused:
            one |= {"wrong": refused.code, "count": refused.params.get("count", 0), "polygons": []}
        total += sum(len(ring) for polygon in one["polygons"] for ring in polygon)
        if total > MAX_ALL_VERTICES:
            raise Refused("vertices_of_all", most=MAX_ALL_VERTICES)
        listed.append(one)
    if not listed:
        raise Refused("empty")
    return {"outlines": listed, "prj": prj}


def _word(value):
    """A code or name as text; Excel and GIS like to make numbers of codes."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip().strip("\x00")[:80]


# --- geometry ---------------------------------------------------------------------------


def polygons(geometry) -> list:
    """The polygons of a GeoJSON geometry, Feature or collection of these. Raises Refused: not_area, coordinates,
    vertices (with count)."""
    found = list(_polygons(geometry))
    if not found:
        raise Refused("not_area")
    count = sum(len(ring) for polygon in found for ring in polygon)
    if count > MAX_VERTICES:
        raise Refused("vertices", count=count)
    return [[[_position(point) for point in ring] for ring in polygon] for polygon in found]


def _polygons(geometry, depth=0):
    if not isinstance(geometry, dict) or depth > 4:
        return
    kind, inside = geometry.get("type"), geometry.get("coordinates")
    if kind == "Feature":
        yield from _polygons(geometry.get("geometry"), depth + 1)
    elif kind in ("FeatureCollection", "GeometryCollection"):
        for part in _list(geometry.get("features" if kind == "FeatureCollection" else "geometries")):
            yield from _polygons(part, depth + 1)
    elif kind == "Polygon":
        yield [_list(ring) for ring in _list(inside)]
    elif kind == "MultiPolygon":
        yield from ([_list(ring) for ring in _list(polygon)] for polygon in _list(inside))


def _list(value):
    if not isinstance(value, list | tuple):
        raise Refused("coordinates")
    return value


def _position(point):
    if not isinstance(point, list | tuple) or len(point) < 2:
        raise Refused("coordinates")
    x, y = point[:2]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) for n in (x, y)):
        raise Refused("coordinates")
    return [float(x), float(y)]


# --- GeoJSON ------------------------------------------------------------------------------


def _geojson(content):
    try:
        found = json.loads(_text(content), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused("json") from None
    features = (
        found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else [found]
    )
    for feature in _list(features):
        said = feature.get("properties") if isinstance(feature, dict) else None
        said = said if isinstance(said, dict) else {}
        yield _said(said, CODES), _said(said, NAMES), feature


def _no_number(word):
    raise ValueError(word)


def _text(content):
    """Chinese programs write UTF-8 or GBK, seldom saying which."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _said(properties, keys):
    lower = {str(key).strip().lower(): value for key, value in properties.items() if value not in (None, "")}
    cut = [key for key in lower if len(key) >= 3 and not key.isascii()]
    return next(
        (lower[found] for key in keys for found in [key, *cut] if found in lower and key.startswith(found)), None
    )


# --- KML ----------------------------------------------------------------------------------


def _kml(content):
    from defusedxml import ElementTree

    declared = DECLARED.match(content)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):  # expat knows no GBK
        content = DECLARED.sub(b"", content, count=1).decode(declared[1].decode("ascii")).encode()
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except Exception:
        raise Refused("xml") from None
    for mark in root.iter():
        if _tag(mark) == "Placemark":
            said = dict(_kml_properties(mark))
            geometry = {
                "type": "MultiPolygon",
                "coordinates": [_kml_rings(p) for p in mark.iter() if _tag(p) == "Polygon"],
            }
            yield _said(said, CODES), said.get("placemark") or _said(said, NAMES), geometry


def _tag(element):
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _kml_properties(mark):
    for child in mark.iter():
        if _tag(child) == "name" and child.text:
            yield "placemark", child.text.strip()
        elif _tag(child) == "SimpleData":
            yield child.get("name", ""), child.text
        elif _tag(child) == "Data":
            yield child.get("name", ""), next((value.text for value in child if _tag(value) == "value"), None)


def _kml_rings(polygon):
    outer = [ring for part in polygon if _tag(part) == "outerBoundaryIs" for ring in _kml_coordinates(part)]
    inner = [ring for part in polygon if _tag(part) == "innerBoundaryIs" for ring in _kml_coordinates(part)]
    return outer + inner


def _kml_coordinates(part):
    for element in part.iter():
        if _tag(element) == "coordinates":
            try:
                yield [[float(n) for n in point.split(",")[:2]] for point in (element.text or "").split()]
            except ValueError:
                raise Refused("coordinates") from None


# --- a zip with a Shapefile, a KML or a GeoJSON inside ----------------------------------------


def _zipped(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _inside(packed)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        raise Refused("zip") from None


def _inside(packed):
    members = [one for one in packed.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise Refused("unpacked", most=MAX_UNPACKED >> 20)
    by_end = {}
    for one in members:
        by_end.setdefault(one.filename.rsplit(".", 1)[-1].lower(), []).append(one)
    for end, reader in (("shp", None), ("kml", _kml), ("geojson", _geojson), ("json", _geojson)):
        found = by_end.get(end, [])
        if len(found) > 1:
            raise Refused("several", count=len(found))
        if found:
            return _shapefile(packed, by_end, found[0]) if end == "shp" else _told(reader(_unpacked(packed, found[0])))
    raise Refused("kind")


def _unpacked(packed, member):
    """What the zip says about sizes is not believed."""
    with packed.open(member) as source:
        content = source.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise Refused("unpacked", most=MAX_UNPACKED >> 20)
    return content


def _shapefile(packed, by_end, shp):
    stem = shp.filename[: -len("shp")].lower()
    part = {
        end: _unpacked(packed, one)
        for end, ones in by_end.items() for one in ones
        if end in ("shp", "shx", "dbf", "prj") and one.filename.lower().startswith(stem)
    }  # fmt: skip
    if "dbf" not in part:
        raise Refused("dbf")
    prj = part.get("prj", b"").decode("utf-8", "replace")[:4000]
    rows = list(_records(part))
    for encoding in ("utf-8", "gb18030"):  # GBK is next to never valid UTF-8; what a .cpg says is often wrong
        try:
            return _told([_decoded(said, encoding) + (geometry,) for said, geometry in rows], prj)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def _records(part):
    import shapefile

    files = {end: io.BytesIO(part[end]) for end in ("shp", "shx", "dbf") if end in part}
    with shapefile.Reader(**files, encoding=BYTES) as reader:
        if len(reader) > MAX_OUTLINES:
            raise Refused("outlines", most=MAX_OUTLINES)
        for row in reader.iterShapeRecords():
            points = len(row.shape.points)
            yield row.record.as_dict(), _with_count(points) if points > MAX_VERTICES else row.shape.__geo_interface__


def _decoded(said, encoding):
    """Code and name of a record. A column's name is cut after ten bytes, in UTF-8 often within a character."""
    said = {
        key.encode(BYTES).decode(encoding, "ignore"): value.encode(BYTES).decode(encoding)
        if isinstance(value, str)
        else value
        for key, value in said.items()
    }
    return _said(said, CODES), _said(said, NAMES)


def _with_count(points):
    """Stands for a geometry nobody needs to take apart: it has too many vertices."""
    return {"type": "Polygon", "coordinates": [[(0, 0)] * points]}
