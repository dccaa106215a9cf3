"""The pages of setting up a town: every step can be left, shows what is wrong beside it and says what comes next."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from common import clock
from governance.divisions import shipped
from grids import divisions
from grids.models import Area, TownSetUp
from grids.roles import Role
from tests.common.bad_tables import last_cell_of_all, xlsx

pytestmark = pytest.mark.django_db
XIAWA, GUCHENG = "371603101000", "140429104000"


@pytest.fixture
def zhanhua(open_area):
    divisions.take_over(shipped())
    return open_area("county", None, "371603000000", "沾化区")


@pytest.fixture
def browse(client, someone, zhanhua):
    """browse(step, **sent): the page of a step, or what is answered to sending its form."""
    client.force_login(someone(Role.SYSTEM_ADMIN, zhanhua))

    def go(step="", sent=None, **asked):
        address = reverse(f"set_up_{step}", args=[XIAWA]) if step else reverse("set_up")
        return client.get(address, asked) if sent is None else client.post(address, sent)

    return go


def sent_of(form):
    """What a browser would send of a form as it stands."""
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


def upload(content, name="grids.xlsx"):
    return {"file": SimpleUploadedFile(name, content)}


@pytest.fixture
def opened(browse):
    browse(sent={"code": XIAWA})
    browse("villages", sent_of(browse("villages").context["form"]))
    browse("levels", sent_of(browse("levels", preset="grid").context["form"]) | {"reports": "grid"})
    browse("confirm", {})
    return Area.objects.get(code=XIAWA)


@pytest.mark.parametrize("word", ["下洼", "xiawa", "xia wa", "xwz", "371603101"])
def test_a_town_is_found_by_name_sound_initials_and_code(browse, word):
    assert [town.code for town in browse(q=word).context["found"]] == [XIAWA]


def test_towns_of_other_counties_are_not_offered_and_cannot_be_begun(browse):
    assert browse(q="故城").context["found"] == []
    assert browse(sent={"code": GUCHENG}).status_code in (403, 422)
    assert not TownSetUp.objects.exists()


def test_every_step_leads_to_the_next_and_can_be_taken_up_again(browse):
    answer = browse(sent={"code": XIAWA})
    assert answer.url == reverse("set_up_villages", args=[XIAWA])

    form = sent_of(browse("villages").context["form"])
    assert sum(name.startswith("taken_") for name in form) == 62
    form.pop("taken_371603101201", None)
    assert browse("villages", form).url == reverse("set_up_levels", args=[XIAWA])
    assert "下洼镇" in browse().content.decode()

    form = sent_of(browse("levels", preset="grid").context["form"]) | {"reports": "grid", "cut_off": "19:30"}
    assert browse("levels", form).url == reverse("set_up_confirm", args=[XIAWA])
    page = browse("confirm").content.decode()
    assert "19:30" in page
    assert not Area.objects.filter(kind="town").exists()

    assert browse("confirm", {}).url == reverse("set_up_grids", args=[XIAWA])
    assert browse("villages").url == reverse("set_up_grids", args=[XIAWA])
    assert "接下来" in browse("next").content.decode()


def test_what_is_wrong_stands_on_the_page_and_nothing_typed_is_lost(browse):
    browse(sent={"code": XIAWA})
    form = sent_of(browse("villages").context["form"])
    answer = browse("villages", form | {"name_371603101201": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"name_371603101201"}

    answer = browse("villages", form | {"add": "yes", "name": "新村", "code": "12"})
    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert browse("villages", form | {"add": "yes", "name": "新村", "code": ""}).status_code == 302
    assert "新村" in browse("villages").content.decode()

    form = sent_of(browse("levels", preset="group").context["form"]) | {"reports": "group"}
    answer = browse("levels", form | {"in_use_from": "2020-01-01"})
    assert answer.status_code == 422
    assert "in_use_from" in answer.context["form"].errors


def test_a_town_can_be_given_up_before_it_is_open(browse):
    browse(sent={"code": XIAWA})
    browse("drop", {})

    assert not TownSetUp.objects.exists()
    assert browse(q="下洼").context["found"]


# --- grids ------------------------------------------------------------------------------------


def test_the_template_holds_every_village_and_the_columns_of_the_town(browse, opened):
    page = load_workbook(io.BytesIO(browse("template").content)).active
    rows = [list(row) for row in page.iter_rows(values_only=True)]

    head = next(row for row in rows if row[0] == "村")
    assert head == ["村", "网格名称", "划分依据", "专属类别", "办公所在村", "区域编码"]
    assert len(rows) - rows.index(head) - 1 == 62


def test_a_list_is_shown_then_confirmed_and_once_more_changes_nothing(browse, opened):
    village = Area.objects.filter(parent=opened).order_by("code").first()
    content = xlsx(["村", "网格名称", "专属类别", "办公所在村"], [village.name, "第一网格"],
                   ["", "冬枣商圈", "市场", village.name])  # fmt: skip
    assert browse("grids", upload(content)).status_code == 302
    page = browse("grids")
    assert len(page.context["plan"].openings) == 2
    assert not Area.objects.filter(kind="grid").exists()

    assert browse("confirm_grids", {}).url == reverse("set_up_next", args=[XIAWA])
    assert Area.objects.filter(town=opened, reports=True).count() == 2
    browse("grids", upload(content))
    page = browse("grids")
    assert (page.context["plan"].openings, page.context["plan"].already) == ([], 2)
    assert "没有" in page.content.decode() or "不用再做" in page.content.decode()
    browse("discard_grids", {})
    assert "plan" not in browse("grids").context


def test_errors_are_listed_and_the_marked_file_can_be_had(browse, opened):
    browse("grids", upload(xlsx(["村", "网格名称"], ["没有的村", "第一网格"])))
    page = browse("grids").content.decode()
    assert "第 2 行「村」" in page
    assert reverse("set_up_confirm_grids", args=[XIAWA]) not in page

    sheet = load_workbook(io.BytesIO(browse("marked").content)).active
    assert any("没有“没有的村”" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    browse("confirm_grids", {})
    assert not Area.objects.filter(kind="grid").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", last_cell_of_all()])
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(browse, opened, content):
    answer = browse("grids", upload(content))

    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"]) == 1


def test_the_town_desk_brings_grids_but_sets_up_no_town(client, someone, browse, opened):
    client.force_login(someone(Role.TOWN_DESK, opened))

    page = client.get(reverse("set_up"))
    assert page.context["counties"] == []
    assert client.get(reverse("set_up_grids", args=[XIAWA])).status_code == 200
    assert client.post(reverse("set_up"), {"code": "371603102000"}).status_code in (403, 422)
    assert clock.today() >= opened.opened_on


# --- the list of the county -------------------------------------------------------------------

MORE = """code,name,level,parent_code
370000000000,山东省,1,
371600000000,滨州市,2,370000000000
371603000000,沾化区,3,371600000000
371603101000,下洼镇,4,371603000000
371603199000,试验镇,4,371603000000
371603199201,试验村委会,5,371603199000
"""


def test_the_list_of_the_county_is_brought_on_screen_after_a_look(client, browse):
    answer = client.post(reverse("set_up_list"), upload(MORE.encode("gbk"), "list.csv"))
    page = client.get(answer.url)
    assert [(label, n) for label, n, _changes in page.context["told"]][0] == ("新列入", 2)
    assert browse(q="试验").context["found"] == []

    client.post(answer.url)
    assert [str(town) for town in browse(q="shiyan").context["found"]] == ["试验镇"]
    assert client.get(answer.url).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MORE + "371604000000,邻县,3,371600000000\n", "邻县"),
        (MORE + "371603199201,又一个,5,371603199000\n", "不止一次"),
    ],
)
def test_a_list_that_reaches_beyond_the_county_or_is_wrong_is_refused(client, browse, text, said):
    answer = client.post(reverse("set_up_list"), upload(text.encode(), "list.csv"))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_comes_next_is_told_with_who_does_it(browse, opened, client, someone):
    """The system administrator enters the first person, the security administrator appoints, the town does the rest."""

    def tasks():
        page = client.get(reverse("set_up_next", args=[XIAWA]))
        assert [link for task in page.context["tasks"] for _label, link, _icon in task.pages
                if client.get(link).status_code != 200] == []  # fmt: skip
        return {str(task.label): (task.done, len(task.pages)) for task in page.context["tasks"]}

    assert tasks()["本镇综治中心工作人员"] == (False, 1)
    assert tasks()["人员和岗位"] == (False, 0)

    client.force_login(someone(Role.TOWN_DESK, opened))
    assert tasks()["本镇综治中心工作人员"] == (True, 1)
    assert tasks()["人员和岗位"] == (False, 1)
    assert tasks()["缺岗"] == (False, 1)
