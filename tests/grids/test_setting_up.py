"""Setting up a town: what is chosen is kept, what makes no sense is refused, a list of grids is opened whole or not."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import translation

from common import clock, reading, spreadsheets
from governance.divisions.opening import open_chosen
from grids import divisions, grid_import, grid_lists, places, schemes, setting_up
from grids.models import Area, FormerName, TownProfile, TownSetUp
from grids.roles import Role
from screening.models import DutyRule
from tests.common.bad_tables import xlsx
from tests.grids.test_divisions import ROWS

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 18)
HEAD = ["村", "网格名称", "小网格名称", "微网格名称", "划分依据", "专属类别", "办公所在村", "编码"]
ONE, TWO = "990101100201", "990101100202"


@pytest.fixture(autouse=True)
def _today():
    with clock.standing_at(clock.at(TODAY, 10)), translation.override("zh-hans"):
        yield


@pytest.fixture
def own_county(db):
    divisions.take_over(ROWS)
    return places.open_area(parent=None, kind="county", code="990101000000", name="东山县", on=TODAY, by=None)


@pytest.fixture
def admin(someone, own_county):
    return someone(Role.SYSTEM_ADMIN, own_county, from_day=TODAY)


@pytest.fixture
def set_up(admin):
    return setting_up.begin(code="990101100000", by=admin)


def levels_chosen(set_up, admin, preset="grid-small-micro", **said):
    chosen = {"levels": schemes.preset_levels(preset), "in_use_from": TODAY, "cut_off": dt.time(21), "every_day": True}
    return setting_up.choose_levels(set_up=set_up, by=admin, **chosen | said)


@pytest.fixture
def opened(set_up, admin):
    setting_up.choose_villages(set_up=set_up, villages=set_up.choices["villages"], by=admin)
    levels_chosen(set_up, admin)
    return open_chosen(set_up=set_up, by=admin)


# --- the steps before the town is open --------------------------------------------------------


def test_a_town_begins_with_the_villages_of_the_list_under_their_everyday_names(set_up):
    assert [(row["name"], row["taken"]) for row in set_up.choices["villages"]] == [("一里村", True), ("二里村", True)]
    assert not Area.objects.filter(kind="town").exists()


def test_begun_twice_is_gone_on_with(set_up, admin):
    assert setting_up.begin(code=set_up.code, by=admin) == set_up


def test_only_who_changes_places_in_the_county_begins_a_town(set_up, someone, own_county):
    with pytest.raises(PermissionDenied):
        setting_up.begin(code="990101101000", by=someone(Role.COUNTY_DESK, own_county))
    with pytest.raises(ValidationError, match="990109100000"):
        setting_up.begin(code="990109100000", by=someone(Role.SYSTEM_ADMIN, own_county))


def test_an_added_village_gets_a_free_code_or_keeps_its_own(set_up, admin):
    set_up = setting_up.add_village(set_up=set_up, name="新村村委会", by=admin)
    set_up = setting_up.add_village(set_up=set_up, name="四里村", code="990101100204", by=admin)
    assert [row["code"][9:] for row in set_up.choices["villages"]] == ["201", "202", "204", "399"]
    with pytest.raises(ValidationError):
        setting_up.add_village(set_up=set_up, name="五里村", code="990101100204", by=admin)
    with pytest.raises(ValidationError):
        setting_up.add_village(set_up=set_up, name="外镇村", code="990101101299", by=admin)


@pytest.mark.parametrize(
    ("kinds", "reporting"),
    [
        (["village", "grid", "group"], "grid"),
        (["village", "micro_grid"], "micro_grid"),
        (["village", "group", "small_grid"], "group"),
        (["village", "grid"], "village"),
        (["village", "grid"], "micro_grid"),
    ],
)
def test_levels_that_make_no_tree_are_refused(set_up, admin, kinds, reporting):
    rows = [{"kind": kind, "label": kind, "label_en": kind, "reports": kind == reporting} for kind in kinds]
    with pytest.raises(ValidationError):
        levels_chosen(set_up, admin, levels=rows)


def test_a_town_cannot_begin_in_the_past(set_up, admin):
    with pytest.raises(ValidationError):
        levels_chosen(set_up, admin, in_use_from=TODAY - dt.timedelta(days=1))


def test_nothing_is_opened_before_every_step_is_done(set_up, admin):
    levels_chosen(set_up, admin)
    with pytest.raises(ValidationError):
        open_chosen(set_up=set_up, by=admin)
    assert not Area.objects.filter(kind="town").exists()


def test_opening_makes_town_villages_levels_and_duty_at_once(set_up, admin):
    villages = [row | {"taken": row["code"] == ONE, "name": "一里屯"} for row in set_up.choices["villages"]]
    setting_up.choose_villages(set_up=set_up, villages=villages, by=admin)
    levels_chosen(set_up, admin, in_use_from=TODAY + dt.timedelta(days=7), every_day=False)
    town = open_chosen(set_up=set_up, by=admin)

    assert list(Area.objects.filter(town=town).values_list("code", "name")) == [
        ("990101100000", "上河镇"), (ONE, "一里屯"),
    ]  # fmt: skip
    profile = TownProfile.objects.get(town=town)
    assert (profile.scheme.code, profile.in_use_from) == ("grid-small-micro", TODAY + dt.timedelta(days=7))
    assert DutyRule.objects.filter(town=town, cut_off=dt.time(21), every_day=False).count() == 1
    assert open_chosen(set_up=set_up, by=admin) == town
    with pytest.raises(ValidationError):
        setting_up.drop(set_up=set_up, by=admin)


def test_levels_with_other_names_become_the_towns_own_scheme(set_up, admin):
    rows = schemes.preset_levels("grid-micro")
    rows[1] |= {"label": "片区"}
    setting_up.choose_villages(set_up=set_up, villages=set_up.choices["villages"], by=admin)
    levels_chosen(set_up, admin, levels=rows)
    town = open_chosen(set_up=set_up, by=admin)

    assert [level.label for level in town.profile.scheme.levels.order_by("rank")] == ["村", "片区", "微网格"]
    assert grid_lists.columns(town)[1].label == "片区名称"


# --- the list of grids ----------------------------------------------------------------------


@pytest.fixture
def take(opened, admin):
    def run(*rows, head=HEAD):
        table = reading.read(xlsx(head, *rows), grid_lists.columns(opened))
        stored = grid_lists.restored(opened, grid_lists.kept(table))
        return grid_import.take_over(town=opened, table=stored, by=admin)

    return run


@pytest.fixture
def told(opened):
    def run(*rows):
        table = reading.read(xlsx(HEAD, *rows), grid_lists.columns(opened))
        return [str(problem) for problem in grid_import.plan(opened, table).table.in_order]

    return run


def codes_of(areas):
    return {area.name: area.code for area in areas}


def test_grids_small_grids_and_micro_grids_get_codes_in_the_order_of_the_list(take):
    opened = take(
        ["一里村", "第二网格", "", "", "自然村"],
        ["一里", "第一网格", "南片", "甲微"],
        [ONE, "第一网格", "南片", "乙微"],
        ["一里村委会", "第二网格", "", "丙微"],
        ["二里村", "第一网格"],
    )

    assert codes_of(opened) == {
        "第二网格": f"{ONE}001", "第一网格": f"{ONE}002", "南片": f"{ONE}00201", "甲微": f"{ONE}00201001",
        "乙微": f"{ONE}00201002", "丙微": f"{ONE}00100001",
    }  # fmt: skip
    assert Area.objects.get(code=f"{TWO}001").name == "第一网格"
    assert Area.objects.get(code=f"{ONE}001").basis == "自然村"
    assert Area.objects.filter(reports=True).count() == 3


def test_a_dedicated_grid_hangs_from_the_town_and_is_numbered_by_the_village_of_its_office(take, opened):
    market = take(["", "冬枣商圈", "", "", "", "市场", "二里村"])[0]

    assert (market.kind, market.code, market.basis) == ("dedicated", f"{TWO}901", "市场")
    assert (market.parent, market.anchor.code, market.reports) == (opened, TWO, True)


def test_the_same_list_again_changes_nothing_and_the_template_is_such_a_list(take, opened):
    rows = [["一里村", "第一网格", "", "甲微"], ["二里村", "冬枣商圈", "", "", "", "市场"]]
    assert len(take(*rows)) == 3
    assert take(*rows) == []

    template = spreadsheets.written([grid_lists.template(opened)], notes=["演示"])
    table = reading.read(template, grid_lists.columns(opened))
    assert [line["village"] for line in table.lines] == ["一里村", "一里村", "二里村", ""]
    plan = grid_import.plan(opened, table)
    assert (plan.openings, plan.already, table.problems) == ([], 3, [])


def test_numbers_of_places_that_ended_are_not_given_again(take, admin):
    first = take(["一里村", "第一网格"])[0]
    with clock.standing_at(clock.at(TODAY + dt.timedelta(days=1))):
        places.end_area(area=first, on=TODAY + dt.timedelta(days=1), by=admin)
        again = take(["一里村", "第一网格"])[0]

    assert again.code == f"{ONE}002"


def test_numbers_a_place_once_bore_are_not_given_again(take):
    first = take(["一里村", "第一网格"])[0]
    days = {"from_day": dt.date(2020, 1, 1), "until_day": TODAY}
    FormerName.objects.create(area=first, code=f"{ONE}002", name="旧网格", **days)

    assert take(["一里村", "第二网格"])[0].code == f"{ONE}003"


def test_given_codes_are_kept_and_others_are_numbered_around_them(take):
    opened = take(["一里村", "甲", "", "", "", "", "", f"{ONE}001"], ["一里村", "乙"], ["一里村", "丙"])

    assert codes_of(opened) == {"甲": f"{ONE}001", "乙": f"{ONE}002", "丙": f"{ONE}003"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["三里村", "第一网格"]], "第 2 行「村」：上河镇没有“三里村”。"),
        ([["", "第一网格"]], "第 2 行「村」：必须填写。"),
        ([["一里村", "", "", "甲微"]], "第 2 行「网格名称」：必须填写。"),
        ([["一里村", "", "", "", "自然村"]], "第 2 行「网格名称」：必须填写。"),
        ([["一里村", "甲"], ["一里", "甲"]], "第 3 行「网格名称」：第 2 行已经有“甲”。"),
        ([["一里村", "甲", "", "", "", "", "", f"{TWO}001"]], f"编码{TWO}001与上级（{ONE}）不符。"),
        ([["一里村", "甲", *[""] * 5, f"{ONE}001"], ["一里村", "乙", *[""] * 5, f"{ONE}001"]],
         "第 3 行「区域编码」：第 2 行也用了这个编码。"),
        ([["一里村", "甲", *[""] * 5, 14042910420100100001.0]], "Excel 把编码变成了数字"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_column(told, rows, said):
    assert any(said in one for one in told(*rows)), told(*rows)


def test_one_wrong_row_and_nothing_is_opened(take):
    with pytest.raises(ValidationError):
        take(["一里村", "第一网格"], ["三里村", "第一网格"])

    assert not Area.objects.filter(kind="grid").exists()


def test_who_may_not_change_places_opens_no_grids(opened, someone):
    table = reading.read(xlsx(HEAD, ["一里村", "第一网格"]), grid_lists.columns(opened))
    with pytest.raises(PermissionDenied):
        grid_import.take_over(town=opened, table=table, by=someone(Role.PARTY_COMMITTEE, opened))


def test_giving_up_leaves_nothing(set_up, admin):
    setting_up.drop(set_up=set_up, by=admin)

    assert not TownSetUp.objects.exists()


def test_a_town_that_was_set_up_passes_the_check_of_areas(take):
    take(["一里村", "第一网格", "南片", "甲微"], ["", "冬枣商圈", "", "", "", "市场", "二里村"])

    call_command("check_areas", stdout=io.StringIO())
