"""Files with outlines: the three formats as Chinese programs write them, and files made to do harm."""

import io
import json
import resource
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import confined
from grids.outlines import files, reading
from tests.grids.outlines import at, feature, geojson, square, zipped_shapefile

pytestmark = pytest.mark.usefixtures("in_english")

KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>网格</name><Folder>
<Placemark><name>东良村第一网格</name>
<ExtendedData><Data name="编码"><value>140429104201001</value></Data></ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
112.70,36.90,0 112.71,36.90,0 112.71,36.91,0 112.70,36.90,0</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>112.706,36.902 112.708,36.902 112.708,36.904 112.706,36.902
</coordinates></LinearRing></innerBoundaryIs></Polygon></MultiGeometry></Placemark>
<Placemark><name>村委会</name><Point><coordinates>112.70,36.90</coordinates></Point></Placemark>
</Folder></Document></kml>"""


def sent(text, name="file", encoding="utf-8"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(encoding))


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return sent(packed.getvalue(), "x.zip")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_geojson_gives_code_name_and_polygons(encoding):
    read = files.read(geojson(feature(square(0, 0), 编码="140429104201001", 名称="东良村第一网格"), encoding=encoding))

    assert read.datum == "WGS84"
    assert read.outlines == [
        {"number": 1, "code": "140429104201001", "name": "东良村第一网格", "polygons": square(0, 0)}
    ]  # fmt: skip


def test_codes_that_a_program_made_numbers_of_are_codes_again():
    (one,) = files.read(geojson(feature(square(0, 0), code=140429104201001.0, Name="甲"))).outlines

    assert (one["code"], one["name"]) == ("140429104201001", "甲")


@pytest.mark.parametrize(("declared", "encoding"), [("UTF-8", "utf-8"), ("GBK", "gbk"), ("gb2312", "gbk")])
def test_kml_gives_its_placemarks_with_holes_and_says_which_are_no_area(declared, encoding):
    first, second = files.read(sent(KML.format(encoding=declared), encoding=encoding)).outlines

    assert (first["code"], first["name"]) == ("140429104201001", "东良村第一网格")
    assert [len(ring) for ring in first["polygons"][0]] == [4, 4]
    assert (second["name"], second["wrong"]) == ("村委会", "not_area")
    assert "no area" in files.why(second).text


def test_a_zipped_kml_is_read_too():
    assert len(files.read(zipped(doc_kml=KML.format(encoding="UTF-8"))).outlines) == 2


@pytest.mark.parametrize(("encoding", "cpg"), [("gbk", ""), ("gbk", "GBK"), ("utf-8", ""), ("utf-8", "UTF-8")])
def test_a_shapefile_keeps_its_chinese_whatever_its_dbf_is_written_in(encoding, cpg):
    rows = [("140429104201001", "东良村第一网格", square(0, 0)), ("", "东良村第二网格", square(1000, 0))]

    read = files.read(zipped_shapefile(rows, encoding, cpg))

    assert [(one["code"], one["name"]) for one in read.outlines] == [row[:2] for row in rows]
    assert sorted(read.outlines[0]["polygons"][0][0]) == sorted(square(0, 0)[0][0])


def test_the_prj_of_a_shapefile_says_its_datum():
    prj = (
        'PROJCS["CGCS2000_3_Degree_GK_CM_114E",PARAMETER["False_Easting",500000.0],PARAMETER["Central_Meridian",114.0]]'
    )
    rows = [("1", "甲", [[[[384300, 4086000], [384400, 4086000], [384400, 4086100], [384300, 4086000]]]])]

    assert files.read(zipped_shapefile(rows, prj=prj)).datum == "GK-114"
    assert files.read(zipped_shapefile(rows, prj=prj), datum="GK-111").datum == "GK-111"
    with pytest.raises(files.FileRefused, match="central meridian"):
        files.read(zipped_shapefile(rows))


# --- harm ---------------------------------------------------------------------------------


def many_points(count=200_000):
    ring = [[112.7 + n % 1000 * 1e-6, 36.9 + n // 1000 * 1e-6] for n in range(count)]
    return {"type": "Feature", "properties": {"code": "1"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def bomb(name="x.shp", megabytes=400):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _n in range(megabytes):
            member.write(bytes(1 << 20))
    return packed.getvalue()


def lying_bomb():
    """Its list of contents tells a small size for what unpacks to 100 MB."""
    content = bytearray(bomb("x.geojson", 100))
    where = content.rfind(b"PK\x01\x02")
    content[where + 24 : where + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha">%s]><kml><Placemark><name>&z;</name></Placemark></kml>"""
    % (b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(25)))
)
HARMFUL = {
    "zip bomb": (bomb, "unpacked"),
    "zip bomb that lies": (lying_bomb, ""),
    "no zip": (lambda: b"PK\x03\x04" + bytes(1000), "zip cannot be opened"),
    "zip of nothing": (lambda: zipped(readme_txt="x").read(), "no GeoJSON, KML or zipped Shapefile"),
    "laughing KML": (lambda: LAUGHS, "KML cannot be read"),
    "cut off JSON": (lambda: b'{"type": "FeatureCollection", "features": [', "cut off"),
    "deep JSON": (lambda: b'{"features": ' + b"[" * 500_000, "cut off"),
    "a program": (lambda: b"\x7fELF" + bytes(1000), "no GeoJSON"),
    "broken shapefile": (lambda: zipped(x_shp=b"\xff" * 5000, x_dbf=b"\xff" * 5000).read(), "cannot be read"),
    "shapefile without names": (lambda: zipped(x_shp=b"x").read(), "no .dbf"),
    "nothing inside": (lambda: b'{"type": "FeatureCollection", "features": []}', "no outlines"),
    "thousands": (lambda: geojson(*[feature(square(0, 0))] * 2_001).read(), "more than 2000 outlines"),
    "empty": (lambda: b"", "no GeoJSON"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_files_end_in_one_sentence_within_two_seconds_and_300_megabytes(name):
    make, words = HARMFUL[name]
    content = make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    with pytest.raises(files.FileRefused) as refused:
        files.read(sent(content))

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert words in str(refused.value)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 2
    assert after.ru_maxrss <= 300 << 10 or after.ru_maxrss == before.ru_maxrss


def test_an_outline_of_200_000_points_is_named_and_the_others_are_read():
    content = json.dumps({"type": "FeatureCollection", "features": [many_points(), feature(square(0, 0), code="2")]})
    began = time.process_time()

    huge, good = files.read(sent(content)).outlines

    assert time.process_time() - began < 2
    assert huge["polygons"] == []
    assert "200,000 points; at most 10,000" in files.why(huge).text
    assert (good["code"], good["polygons"]) == ("2", square(0, 0))


def test_a_file_above_the_size_is_not_even_read():
    with pytest.raises(files.FileRefused, match="larger than 10 MB"):
        files.read(sent(bytes((10 << 20) + 1)))


def test_ten_megabytes_of_points_are_refused_by_their_number():
    content = json.dumps([{"type": "Polygon", "coordinates": [[at(n, 0) for n in range(9000)]]}] * 28)
    content = '{"type": "FeatureCollection", "features": ' + content + "}"
    assert len(content) < files.MOST_MEGABYTES << 20

    with pytest.raises(files.FileRefused, match="more than 100000 points"):
        files.read(sent(content))


# --- the guard itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("tests.grids.greedy:eternity", "too_slow"),
        ("tests.grids.greedy:everything", "too_large"),
        ("tests.grids.greedy:crash", "unreadable"),
        ("tests.grids.greedy:gone", "unreadable"),
        ("tests.grids.greedy:write", "unreadable"),
    ],
)
def test_a_reader_gone_wild_is_ended_and_named(target, code):
    with pytest.raises(confined.Refused) as refused:
        confined.read(target, b"", seconds=1, megabytes=200)

    assert refused.value.code == code


def test_the_child_knows_no_secret_of_the_platform(monkeypatch):
    monkeypatch.setenv("GOV_SECRET_KEY", "x" * 60)

    assert not [name for name in confined.read("tests.grids.greedy:environment", b"") if "GOV" in name]


def test_reading_needs_no_django():
    assert "django" not in reading.__dict__
    assert confined.read("tests.grids.greedy:modules", b"") == []
