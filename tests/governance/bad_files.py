"""Bad input as it comes to the screens: lists, tables and outlines that people get wrong, and some made to do harm."""

import io
import json
import zipfile

import numpy as np
import shapefile
import shapely

from governance.bench.tiling import tiling
from tests.common.bad_tables import xlsx
from tests.grids.outlines import EAST, NORTH, square

TOWN, VILLAGE = "140429104000", "140429104201"
LIST = ["code", "name", "level", "parent_code"]
CHAIN = [
    ["140000000000", "山西省", 1, ""], ["140400000000", "长治市", 2, "140000000000"],
    ["140429000000", "武乡县", 3, "140400000000"], [TOWN, "故城镇", 4, "140429000000"],
]  # fmt: skip
GRIDS = ["村", "网格名称", "微网格名称", "编码"]
PEOPLE = ["姓名", "岗位", "村", "网格", "起始日期"]


def divisions(*rows):
    """A county's list with these villages, as .csv."""
    return "\n".join(",".join(map(str, row)) for row in [LIST, *CHAIN, *rows]).encode()


def of_outlines(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def outline(polygons, code):
    return {"type": "Feature", "properties": {"code": code},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons}}  # fmt: skip


def bow_tie():
    a, b, c, d, _a = square(0, 0)[0][0]
    return [[[a, c, b, d, a]]]


def comb(teeth, standing, size=0.02):
    """A comb; one that stands and one that lies cross in every tooth of both."""
    x = np.linspace(0, size, 2 * teeth + 1)
    teeth = [[(x[2 * n], size), (x[2 * n + 1], size), (x[2 * n + 1], size / 20), (x[2 * n + 2], size / 20)]
             for n in range(teeth)]  # fmt: skip
    points = np.array([(0, 0), *[point for tooth in teeth for point in tooth], (size, 0), (0, 0)])
    return [[((points if standing else points[:, ::-1]) + [EAST, NORTH]).round(7).tolist()]]


def _sheet(rows):
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    words = [["村", "网格名称"], ["东良村", "甲网格"]]
    filled = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{"AB"[m]}{n}" t="inlineStr"><is><t>{word}</t></is></c>' for m, word in enumerate(row))
        + "</row>"
        for n, row in enumerate(words, start=1)
    )
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, rows))
    return f"{head}{filled}{blank}</sheetData></worksheet>"


def million_blank_rows(sheets=1):
    """A list of one grid above a million rows that only look empty; with more sheets they are one and the same part,
    small as a file and read again and again."""
    whole = zipfile.ZipFile(io.BytesIO(xlsx(GRIDS, more_sheets=[(f"{n}", [], "visible") for n in range(1, sheets)])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for name in whole.namelist():
            content = whole.read(name).decode()
            for n in range(2, sheets + 1):
                content = content.replace(f"/sheet{n}.xml", "/sheet1.xml") if name.endswith(".rels") else content
            packed.writestr(name, _sheet(1_048_576) if name == "xl/worksheets/sheet1.xml" else content)
    return stream.getvalue()


def rings_without_end(shapes=30, rings=1_240):
    """A Shapefile of outlines with a thousand islands and a thousand holes each: who belongs to whom takes long."""
    parts = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON) as writer:
        writer.field("code", "C", 20)
        for _n in range(shapes):
            outer = [[[EAST + n * 1e-5, NORTH], [EAST + n * 1e-5, NORTH + 1e-3], [EAST + 1, NORTH + 1e-3],
                      [EAST + n * 1e-5, NORTH]] for n in range(rings)]  # fmt: skip
            writer.poly(outer + [ring[::-1] for ring in outer])
            writer.record("1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for end, part in parts.items():
            archive.writestr(f"x.{end}", part.getvalue())
    return packed.getvalue()


def micro_code(n):
    """Of 1,998 micro-grids in two grids."""
    return f"{VILLAGE}{1 + n // 999:03}00{n % 999 + 1:03}"


def most_outlines():
    """What is allowed and no more: 1,998 outlines of 49 points that tile the ground and share their points."""
    tiles = tiling(1_998, seed=1, corner=(EAST, NORTH), degrees=0.3)[:1_998]
    return of_outlines(*[outline([[_finer(tile)]], micro_code(n)) for n, tile in enumerate(tiles)])


def _finer(tile):
    """Three points more on every edge, the same from both sides."""
    ring = shapely.get_coordinates(tile)
    between = [(ring[:-1] * (4 - n) + ring[1:] * n) / 4 for n in range(4)]
    points = np.stack(between, axis=1).reshape(-1, 2).round(7).tolist()
    return [*points, points[0]]


def pasted(count):
    return "\n".join(f"{EAST + n % 1000 * 1e-6:.6f}, {NORTH + n // 1000 * 1e-6:.6f}" for n in range(count))
