"""Two real towns set up through the screens alone: what a town officer does in an afternoon, in its short form."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import TimeoutError

from common import clock
from governance.divisions import shipped
from grids import divisions, places
from grids.models import Area
from grids.roles import Role
from tests.browser.conftest import PHONE, wider_than_screen

pytestmark = pytest.mark.django_db(transaction=True)
NUMERALS = "一二三四五六七八九十"


@pytest.fixture
def admin_of(someone, transactional_db):
    """admin_of("371603000000", "沾化区"): the system administrator of a county that has no town yet."""

    def make(code, name):
        divisions.take_over(shipped())
        county = places.open_area(parent=None, kind="county", code=code, name=name, on=clock.today(), by=None)
        return someone(Role.SYSTEM_ADMIN, county, from_day=dt.date(2020, 1, 1))

    return make


def set_up(page, word, preset, rows_of, shown=lambda name: None):
    """From the search for the town to its grids; `rows_of(villages)` are the lines written into the template."""
    page.fill("[name=q]", word)
    page.press("[name=q]", "Enter")
    shown("1-choose")
    page.click("main .plain-list button")
    shown("2-villages")
    page.click("main .form-foot .btn-primary")
    page.click(f"a[href='?preset={preset}']")
    shown("3-levels")
    page.click("main .form-foot .btn-primary")
    shown("4-confirm")
    page.click("main .form-foot .btn-primary")
    with page.expect_download() as download:
        page.click("a[href$='template.xlsx']")
    page.set_input_files("[type=file]", filled(download.value.path(), rows_of))
    page.click("main form[enctype] button")
    shown("5-preview")
    page.click("form[action$='confirm/'] button")
    shown("6-next")


def filled(path, rows_of):
    """The template with lines under its head, as a browser uploads it."""
    book = load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows, start=1) if row[0] == "村")
    villages = [row[0] for row in rows[head:]]
    sheet.delete_rows(head + 1, len(villages))
    for row in rows_of(villages):
        sheet.append([row.get(label) for label in rows[head - 1]])
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "网格表.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


def rows_of_xiawa(villages):
    """67 village grids (five villages have two) and the market of winter jujubes as a dedicated grid."""
    for number, village in enumerate(villages):
        for grid in NUMERALS[: 2 if number < 5 else 1]:
            yield {"村": village, "网格名称": f"{village.removesuffix('村')}第{grid}网格", "划分依据": "自然村"}
    yield {"网格名称": "冬枣商圈", "专属类别": "市场", "办公所在村": villages[0]}


def spread(number, over):
    """How many of `number` each of `over` gets, the first ones more."""
    return [number // over + (place < number % over) for place in range(over)]


def rows_of_yuwang(villages):
    """41 grids, 139 small grids, 431 micro-grids, spread as evenly as it goes."""
    small, micro = iter(spread(139, 41)), iter(spread(431, 139))
    for village, grids in zip(villages, spread(41, len(villages)), strict=True):
        for grid in range(1, grids + 1):
            for part in range(1, next(small) + 1):
                for unit in range(1, next(micro) + 1):
                    yield {"村": village, "网格名称": f"{village}第{grid}网格", "小网格名称": f"第{part}小网格",
                           "微网格名称": f"第{unit}微网格"}  # fmt: skip


def counted(town):
    kinds = list(Area.objects.filter(town__code=town).values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def test_yuwang_is_set_up_on_a_phone_without_scripts(sign_in, admin_of):
    page = sign_in(admin_of("140828000000", "夏县"), "/setup/", width=PHONE, javascript=False)
    wide = {}

    def measured(name):
        wide[name] = page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth")

    set_up(page, "禹王", "grid-small-micro", rows_of_yuwang, shown=measured)

    assert counted("140828106000")["micro_grid"] == 431
    assert counted("140828106000") == {"grid": 41, "micro_grid": 431, "small_grid": 139, "town": 1, "village": 12}
    assert wide == dict.fromkeys(wide, 0)


def test_what_is_wrong_in_a_list_is_told_before_anything_is_opened(sign_in, admin_of):
    page = sign_in(admin_of("371603000000", "沾化区"), "/setup/")
    page.set_default_timeout(4000)
    with pytest.raises(TimeoutError, match="confirm"):
        set_up(page, "下洼", "grid", lambda villages: [{"村": "没有的村", "网格名称": "第一网格"}])

    assert page.locator(".notice-bad li").inner_text().endswith("「村」：下洼镇没有“没有的村”。")
    assert not Area.objects.filter(kind="grid").exists()
    assert wider_than_screen(page) == 0
