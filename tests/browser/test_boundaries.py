"""Drawing a boundary on the map in a real browser: point by point, moving, undoing, what is wrong marked on the map."""

import base64
import json

import pytest
from playwright.sync_api import expect

from governance import tiles
from grids.models import Boundary
from grids.roles import Role
from households.models import Household
from tests.browser.conftest import DESK, PHONE, wider_than_screen
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, feature, geojson, square


@pytest.fixture
def drawn(village, other_village, grid):
    """Two villages side by side; the grid has no outline yet."""
    draw(village, square(0, 0, 2000), SINCE)
    draw(other_village, square(2000, 0, 2000), SINCE)
    return grid


@pytest.fixture
def page_of(drawn, sign_in, someone, town):
    """page_of(area, width=390): the boundary's page as the town's desk has it."""
    user = someone(Role.TOWN_DESK, town)
    return lambda area=drawn, **window: sign_in(user, f"/areas/{area.code}/boundary/", **window)


def outline(page):
    return json.loads(page.locator("textarea[name=outline]").input_value())


def click(page, *points):
    """Clicks on the map at shares of its width and height."""
    box = page.locator(".map-canvas").bounding_box()
    for x, y in points:
        page.mouse.move(box["x"] + box["width"] * x - 3, box["y"] + box["height"] * y - 3)
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(120)


def draw_on(page, *points):
    page.get_by_role("button", name="绘制多边形").click()
    click(page, *points, points[0])


TRIANGLE = [(0.45, 0.4), (0.55, 0.4), (0.5, 0.6)]


def test_a_boundary_is_drawn_point_by_point_and_saved(page_of, drawn):
    page = page_of()
    draw_on(page, *TRIANGLE)

    assert len(outline(page)["coordinates"][0]) == 4
    page.get_by_role("button", name="检查并保存").click()
    expect(page.locator("#messages")).to_contain_text("起生效")

    row = Boundary.objects.get(area=drawn)
    assert (row.source, row.datum) == ("drawn", "WGS84")
    assert row.geometry["type"] == "Polygon"
    expect(page.locator(".outline-map path.leaflet-interactive")).not_to_have_count(0)


def test_a_point_is_moved_and_the_step_taken_back_and_done_again(page_of, drawn, village):
    page = page_of(village)
    page.get_by_role("button", name="编辑图层").click()
    handle = page.locator(".marker-icon:not(.marker-icon-middle)").first
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 50, steps=6)
    page.mouse.up()

    moved = outline(page)
    assert len(moved["coordinates"][0]) == 5
    page.get_by_role("button", name="撤销", exact=True).click()
    assert page.locator("textarea[name=outline]").input_value() == ""
    page.get_by_role("button", name="重做").click()
    assert outline(page) == moved
    page.get_by_role("button", name="恢复原样").click()
    assert page.locator("textarea[name=outline]").input_value() == ""


def test_a_point_near_a_neighbours_border_snaps_to_it(page_of, drawn, village, other_village, open_area):
    draw(drawn, square(0, 0, 1000), SINCE)
    second = open_area("grid", village, "140429104201002", "东良村第二网格")
    page = page_of(second)
    edge = Boundary.objects.get(area=drawn).east
    where = page.locator(".outline-map path").evaluate_all(
        "paths => paths.map(p => p.getBoundingClientRect().toJSON())"
    )
    canvas = page.locator(".map-canvas").bounding_box()
    first = min((one for one in where if one["width"] > 20), key=lambda one: one["width"])
    x = (first["right"] + 5 - canvas["x"]) / canvas["width"]
    top, bottom = [(first["top"] + part * first["height"] - canvas["y"]) / canvas["height"] for part in (0.3, 0.7)]

    draw_on(page, (x, top), (x + 0.06, top), (x + 0.06, bottom), (x, bottom))

    corners = outline(page)["coordinates"][0]
    assert sum(abs(east - edge) < 1e-6 for east, _north in corners) >= 2


def test_what_crosses_itself_is_marked_on_the_map_and_can_be_mended(page_of, drawn):
    page = page_of(expected=(422,))
    draw_on(page, (0.4, 0.4), (0.6, 0.6), (0.6, 0.4), (0.4, 0.6))
    page.get_by_role("button", name="检查并保存").click()

    expect(page.locator(".remark-bad")).to_contain_text("边界在此处自相交叉")
    page.locator(".remark-bad button").click()
    expect(page.locator(".leaflet-tooltip").filter(has_text="自相交叉")).to_be_visible()
    assert outline(page)["type"] == "Polygon"
    assert not Boundary.objects.filter(area=drawn).exists()

    page.get_by_role("button", name="编辑图层").click()
    page.locator(".marker-icon:not(.marker-icon-middle)").first.dispatch_event("contextmenu")
    assert len(outline(page)["coordinates"][0]) == 4


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_the_pages_of_boundaries(page_of, barriers, village, town, drawn, width):
    page = page_of(village, width=width)
    expect(page.locator(".leaflet-pm-toolbar").first).to_be_visible()
    toolbar = page.locator(".leaflet-top.leaflet-left").bounding_box()
    assert toolbar["height"] < page.locator(".map-canvas").bounding_box()["height"]
    assert barriers(page) == []
    assert wider_than_screen(page) == 0

    page.goto("/areas/where/?point=112.705,36.905")
    expect(page.locator(".outline-map path").first).to_be_visible()
    assert barriers(page) == []
    assert wider_than_screen(page) == 0

    page.goto(f"/areas/{town.code}/boundary/import/")
    assert barriers(page) == []
    upload = geojson(feature(square(0, 0), code=drawn.code), feature(square(1900, 0), name="南沟村"))
    page.set_input_files("input[type=file]", {"name": "x.json", "mimeType": "", "buffer": upload.read()})
    page.get_by_role("button", name="读取并显示").click()
    expect(page.locator(".outline-map path").first).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert barriers(page) == []
    assert wider_than_screen(page) == 0


def test_proposals_are_looked_at_and_taken_over(page_of, barriers, sign_in, someone, town, village, drawn, micro_grid):
    for number, x in enumerate((200, 700)):
        longitude, latitude = at(x, 300)
        Household.objects.create(
            code=f"H{number}", name="张家", area=micro_grid, area_path=micro_grid.path, town=town, village=village,
            grid=drawn, longitude=longitude, latitude=latitude, from_day=SINCE,
        )  # fmt: skip
    page = sign_in(someone(Role.TOWN_DESK, town), f"/areas/{village.code}/boundary/proposal/", width=PHONE)
    expect(page.locator(".outline-map path").first).to_be_visible()
    assert barriers(page) == []
    assert wider_than_screen(page) == 0

    page.get_by_role("button", name="采用所选边界").click()
    expect(page.locator("#messages")).to_contain_text("1条边界已生效，标明未经测绘")


def test_without_javascript_coordinates_are_pasted(page_of, drawn):
    page = page_of(javascript=False)
    assert page.locator(".outline-map").is_hidden()
    page.fill("textarea[name=outline]", "\n".join(f"{x}, {y}" for x, y in square(0, 0)[0][0]))
    page.get_by_role("button", name="检查并保存").click()

    expect(page.locator("#messages")).to_contain_text("起生效")
    assert Boundary.objects.get(area=drawn).source == "typed"


# --- maps of the ground ------------------------------------------------------------------------------

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def test_without_a_key_no_map_asks_anybody_outside(page_of, village, live_server):
    page = page_of(village)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (f"/areas/{village.code}/boundary/", f"/areas/{village.code}/", "/dashboard/"):
        page.goto(address, wait_until="networkidle")

    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []


def test_with_a_key_the_outlines_lie_on_tianditu_and_can_lie_on_nothing(page_of, village, settings):
    page, key = page_of(village), "0123456789abcdef0123456789abcdef"
    settings.LEAFLET_CONFIG = settings.LEAFLET_CONFIG | {"TILES": tiles.layers(key)}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    images = directives["img-src"] + tiles.sources(key)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"img-src": images}}
    asked = []

    def answer(route):
        asked.append((route.request.url, route.request.headers.get("referer", "")))
        route.fulfill(body=DOT, content_type="image/png")

    page.route("https://*.tianditu.gov.cn/**", answer)
    page.reload(wait_until="networkidle")

    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    assert {url.split("/")[3] for url, _referer in asked} == {"vec_w", "cva_w"}
    assert all(f"tk={key}" in url for url, _referer in asked)
    assert all(referer and "/areas/" not in referer for _url, referer in asked)  # whose server it is, not which page
    page.locator(".leaflet-control-layers").hover()
    page.get_by_label("天地图影像").check()
    expect(page.locator(".leaflet-tile[src*='img_w']").first).to_be_attached()
    page.get_by_label("只看边界").check()
    expect(page.locator(".leaflet-tile")).to_have_count(0)
