"""The pages of boundaries without a script: coordinates or a file, what is wrong beside its field, importing."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import clock
from grids.models import Boundary, BoundaryImport
from grids.outlines import datums
from grids.roles import Role
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, feature, geojson, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(someone, town, client):
    """The town's desk, signed in."""
    user = someone(Role.TOWN_DESK, town)
    client.force_login(user)
    return user


@pytest.fixture
def post(client, desk, grid):
    """post(outline=…): the form of a grid's boundary sent."""

    def send(area=grid, **said):
        said = {"from_day": clock.today().isoformat(), "datum": ""} | said
        return client.post(reverse("grids:boundary", args=[area.code]), said)

    return send


def lines(polygons):
    return "\n".join(f"{x:.7f}, {y:.7f}" for x, y in polygons[0][0][:-1])


def on_the_map(answer):
    return json.loads(
        re.search(r'id="outline-map-data" type="application/json">(.*?)</script>', answer.content.decode())[1]
    )


def test_everybody_who_sees_a_place_sees_its_boundary_but_only_few_the_form(client, someone, village, grid):
    draw(grid, square(0, 0), SINCE)
    client.force_login(someone(Role.GRID_WORKER, grid))

    answer = client.get(reverse("grids:boundary", args=[grid.code]))

    assert [one["properties"]["role"] for one in on_the_map(answer)["features"]] == ["own"]
    assert re.search(r"(1,000|999),\d{3} 平方米（1,[45]\d\d\.\d 亩）", answer.content.decode())
    assert b"<textarea" not in answer.content


def test_coordinates_one_point_a_line_become_the_boundary(post, client, grid, desk):
    answer = post(outline=lines(square(0, 0)), datum="CGCS2000", surveyed="on")

    assert answer.status_code == 302
    row = Boundary.objects.get(area=grid)
    assert (row.source, row.datum, row.surveyed, row.by) == ("typed", "CGCS2000", True, desk)
    assert "起生效" in client.get(answer.url).content.decode()


def test_what_was_drawn_on_the_map_is_in_its_degrees_whatever_was_chosen_for_files(post, grid):
    outline = json.dumps({"type": "Polygon", "coordinates": square(0, 0)[0]})

    post(outline=outline, drawn="1", datum=datums.GCJ02)

    row = Boundary.objects.get(area=grid)
    assert (row.source, row.datum) == ("drawn", "WGS84")
    assert [row.west, row.south] == pytest.approx(at(0, 0), abs=1e-7)


def test_a_file_with_many_outlines_gives_the_one_of_this_place(post, grid):
    post(file=geojson(feature(square(5000, 0), name="别处"), feature(square(0, 0), code=grid.code)))

    row = Boundary.objects.get(area=grid)
    assert (row.source, row.west) == ("file", pytest.approx(at(0, 0)[0], abs=1e-7))


def test_a_file_of_other_places_is_refused_at_its_field(post, grid):
    answer = post(file=geojson(feature(square(0, 0), code="1"), feature(square(1000, 0), code="2")))

    assert answer.status_code == 422
    assert "没有一条注明是东良村第一网格" in answer.content.decode()
    assert not Boundary.objects.exists()


def test_a_bow_tie_comes_back_with_its_text_its_spot_and_its_picture(post):
    knot = lines([[[at(0, 0), at(100, 100), at(100, 0), at(0, 100), at(0, 0)]]])

    answer = post(outline=knot)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "边界在此处自相交叉" in page
    assert knot.splitlines()[1] in page
    drawn = on_the_map(answer)
    assert drawn["spots"][0]["at"] == pytest.approx(at(50, 50), abs=1e-6)
    assert drawn["features"][-1]["properties"]["role"] == "draft"
    assert not Boundary.objects.exists()


def test_an_overlap_asks_for_a_reason_and_stands_with_it(post, client, village, grid, open_area):
    draw(open_area("grid", village, "140429104201002", "东良村第二网格"), square(900, 0), SINCE)

    answer = post(outline=lines(square(0, 0)))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"与东良村第二网格重叠(100,0|99,9)\d\d平方米", page)
    assert "请写明理由" in page

    answer = post(outline=lines(square(0, 0)), reason="2019年勘界成果如此")
    assert "2019年勘界成果如此" in client.get(answer.url).content.decode()


def test_200_000_points_pasted_or_sent_end_in_one_sentence(post):
    ring = [[112.7 + n % 1000 * 1e-6, 36.9 + n // 1000 * 1e-6] for n in range(200_000)]
    text = json.dumps({"type": "Polygon", "coordinates": [ring]})

    pasted = post(outline=text)
    assert pasted.status_code == 400
    assert "请改用文件上传" in pasted.content.decode()

    sent = post(file=SimpleUploadedFile("x.geojson", text.encode()))
    assert sent.status_code == 422
    assert "这条边界有200,000个点，最多可用10,000个" in sent.content.decode()
    assert not Boundary.objects.exists()


def test_an_empty_form_says_what_to_do(post):
    answer = post()

    assert answer.status_code == 422
    assert "请在图上画出边界、粘贴坐标，或选择文件" in answer.content.decode()


def test_old_versions_stay_readable(client, desk, grid):
    old = draw(grid, square(0, 0, 500), SINCE)
    draw(grid, square(0, 0), clock.today())

    answer = client.get(reverse("grids:boundary", args=[grid.code], query={"version": old.pk}))

    assert re.search(r"(250,0|249,9)\d\d 平方米", answer.content.decode())


def test_a_boundary_is_taken_out_of_force_with_a_reason(client, desk, grid):
    draw(grid, square(0, 0), SINCE)
    address = reverse("grids:boundary_end", args=[grid.code])
    today = clock.today().isoformat()

    assert client.post(address, {"on": today, "why": ""}).status_code == 422
    assert client.post(address, {"on": today, "why": "界线有争议"}).status_code == 302
    assert Boundary.objects.get(area=grid).until_day == clock.today()
    assert client.post(address, {"on": today, "why": "再来一次"}).status_code == 422


# --- import -------------------------------------------------------------------------------


def test_a_file_is_shown_before_it_changes_anything_then_put_in_force(client, desk, town, village, grid):
    today = clock.today().isoformat()
    upload = geojson(feature(square(0, 0), code=grid.code), feature(square(0, 0, 3000), name=village.name))
    answer = client.post(
        reverse("grids:boundary_import", args=[town.code]), {"file": upload, "datum": "", "from_day": today}
    )  # fmt: skip
    row = BoundaryImport.objects.get()
    assert answer.url == reverse("grids:boundary_preview", args=[town.code, row.pk])

    page = client.get(answer.url)
    assert [one["properties"]["state"] for one in on_the_map(page)["features"]] == ["new", "new"]
    assert not Boundary.objects.exists()

    assert client.post(answer.url, {"reason": ""}).status_code == 302
    assert Boundary.objects.count() == 2
    assert client.post(answer.url, {"reason": ""}).status_code == 302
    assert Boundary.objects.count() == 2
    assert "已于" in client.get(answer.url).content.decode()


def test_an_unreadable_file_is_told_beside_its_field(client, desk, town):
    said = {"file": SimpleUploadedFile("x.zip", b"PK\x03\x04" + bytes(99)), "from_day": clock.today().isoformat()}
    answer = client.post(reverse("grids:boundary_import", args=[town.code]), said)

    assert answer.status_code == 422
    assert "压缩包打不开" in answer.content.decode()


def test_an_import_is_opened_only_at_its_own_place(client, desk, town, village, other_village, grid):
    said = {"file": geojson(feature(square(0, 0), code=grid.code)), "from_day": clock.today().isoformat()}
    client.post(reverse("grids:boundary_import", args=[village.code]), said)
    row = BoundaryImport.objects.get()

    assert client.get(reverse("grids:boundary_preview", args=[other_village.code, row.pk])).status_code == 404


# --- where is this point ---------------------------------------------------------------------


def where(client, **asked):
    return client.get(reverse("grids:where", query=asked)).content.decode()


def test_a_point_is_found_in_any_order_and_from_phone_maps(client, desk, village, grid):
    draw(village, square(0, 0, 3000), SINCE)
    draw(grid, square(0, 0), SINCE)
    x, y = at(500, 500)
    import numpy as np

    (shifted,) = datums.to_gcj02(np.array([[x, y]])).tolist()

    for asked in ({"point": f"{x}, {y}"}, {"point": f"{y} {x}"}, {"point": f"{shifted}", "datum": "GCJ-02"}):
        page = where(client, **asked)
        assert page.index(f">{village.name}</a>") < page.index(f">{grid.name}</a>")


def test_a_point_in_somebody_elses_place_is_in_none_of_ones_own(client, someone, village, other_village):
    draw(other_village, square(0, 0), SINCE)
    client.force_login(someone(Role.VILLAGE_DESK, village))

    page = where(client, point="{}, {}".format(*at(500, 500)))

    assert other_village.name not in page
    assert "不在您的任何辖区内" in page


@pytest.mark.parametrize("nonsense", ["这里", "112.7", "12.7, 41.9", "36.9, 37.0", "1 2 3"])
def test_what_is_no_point_in_china_is_told(client, desk, nonsense):
    assert "请写两个以度为单位的数字" in where(client, point=nonsense)
