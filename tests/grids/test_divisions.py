"""The list of divisions: every wrong row is named, differences are shown first, the same list changes nothing."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from common import clock
from governance.bench.divisions import SIZE, province
from grids import divisions
from grids.models import Division

pytestmark = pytest.mark.django_db

LIST = [
    ("990000000000", "试验省", 1, ""),
    ("990100000000", "试验市", 2, "990000000000"),
    ("990101000000", "东山县", 3, "990100000000"),
    ("990101100000", "上河镇", 4, "990101000000"),
    ("990101100201", "一里村委会", 5, "990101100000"),
    ("990101100202", "二里村民委员会", 5, "990101100000"),
    ("990101101000", "下河镇", 4, "990101000000"),
    ("990101101201", "三里村委会", 5, "990101101000"),
]
ROWS = [divisions.Row(*row) for row in LIST]


def written(rows, code="utf-8"):
    lines = ["code,name,level,parent_code", *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode(code)


def changed(*changes, without=()):
    """LIST with some rows replaced by code, and some left out."""
    new = {row[0]: row for row in changes}
    kept = [new.pop(row[0], row) for row in LIST if row[0] not in without]
    return [divisions.Row(*row) for row in [*kept, *new.values()]]


def everything():
    return list(Division.objects.order_by("code").values())


# --- reading ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["utf-8", "gbk"])
def test_a_list_is_read_as_it_is_published(code):
    assert divisions.read(written(LIST, code)) == ROWS


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (LIST[4], "第 10 行「区划代码」：990101100201 在清单中不止一次。"),
        (("99010110020", "短村", 5, "990101100000"), "第 10 行「区划代码」：99010110020 不是这一级的 12 位代码。"),
        (("990101100999", "错级", 4, "990101000000"), "第 10 行「区划代码」：990101100999 不是这一级的 12 位代码。"),
        (("990101103000", "无上级镇", 4, "990109000000"), "990109000000"),
        (("990101103000", "越级镇", 4, "990100000000"), "第 10 行「上级代码」：990100000000 不是正好上一级。"),
        (("990101101202", "错镇村", 5, "990101100000"), "村的代码前九位"),
        (("990101103000", "第六级", 6, "990101000000"), "不是这一级的 12 位代码"),
        (("9.90101E+11", "数字", 5, "990101100000"), "Excel 把编码变成了数字"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_read(row, said):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as wrong:
        divisions.read(written([*LIST, row]))

    assert said in " ".join(wrong.value.messages)


def test_parents_in_a_circle_are_named():
    rows = [("990101000000", "甲县", 3, "990100000000"), ("990100000000", "乙市", 2, "990101000000")]
    with translation.override("zh-hans"), pytest.raises(ValidationError) as wrong:
        divisions.read(written(rows))

    assert "绕成了圈" in wrong.value.messages[0]


# --- comparing and taking over ------------------------------------------------------------


def test_comparing_changes_nothing_and_taking_over_twice_changes_nothing_more():
    assert len(divisions.compare(ROWS).new) == 8
    assert not Division.objects.exists()

    assert len(divisions.take_over(ROWS).new) == 8
    before = everything()
    assert not divisions.take_over(ROWS)
    assert everything() == before
    assert str(Division.objects.get(code="990101100201")) == "一里村"


def test_new_renamed_moved_and_gone_are_told_apart():
    divisions.take_over(ROWS)
    rows = changed(
        ("990101100201", "一里社区居委会", 5, "990101100000"),
        ("990102000000", "西山县", 3, "990100000000"),
        ("990101101000", "下河镇", 4, "990102000000"),
        ("990101101202", "二里村民委员会", 5, "990101101000"),
        without={"990101100202"},
    )
    found = divisions.compare(rows)

    assert sorted(change.code for change in found.new) == ["990101101202", "990102000000"]
    assert [(change.code, change.other) for change in found.renamed] == [("990101100201", "一里村委会")]
    assert [(change.code, change.other) for change in found.moved] == [("990101101000", "990101000000")]
    assert [(change.code, change.other) for change in found.gone] == [("990101100202", "990101101202")]

    with clock.standing_at(clock.at(dt.date(2026, 11, 18))):
        divisions.take_over(rows)
    gone = Division.objects.get(code="990101100202")
    assert (gone.gone_on, gone.replaced_by) == (dt.date(2026, 11, 18), "990101101202")
    assert not divisions.compare(rows)

    back = divisions.take_over(ROWS)
    assert [change.code for change in back.new] == ["990101100202"]
    assert Division.objects.get(code="990101100202").gone_on is None


def test_the_list_of_one_town_says_nothing_about_its_neighbours():
    divisions.take_over(ROWS)
    one_town = [row for row in ROWS if not row.code.startswith("990101101") and row.code != "990101100202"]

    assert [change.code for change in divisions.compare(one_town).gone] == ["990101100202"]


def test_a_province_is_taken_over_in_seconds_by_a_handful_of_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        divisions.take_over(province())

    assert Division.objects.count() == SIZE == 23_380


# --- the command --------------------------------------------------------------------------


@pytest.fixture
def load(tmp_path):
    def run(rows, *options):
        path = Path(tmp_path) / "list.csv"
        path.write_bytes(written(rows))
        said = io.StringIO()
        call_command("load_divisions", str(path), *options, stdout=said)
        return said.getvalue()

    return run


def test_the_command_lists_first_and_takes_over_only_when_told(load):
    assert "new: 8\n  990000000000 试验省" in load(LIST)
    assert not Division.objects.exists()
    assert "8 divisions are known now" in load(LIST, "--apply")
    assert "No difference" in load(LIST, "--apply")
    assert "renamed: 1\n  990101100000 上河街道 (was 上河镇)" in load(
        changed(("990101100000", "上河街道", 4, "990101000000"))
    )


def test_the_command_refuses_a_wrong_list_whole(load):
    with pytest.raises(CommandError, match="Nothing was changed"):
        load([*LIST, LIST[3]], "--apply")

    assert not Division.objects.exists()


def test_without_a_file_the_five_towns_of_the_platform_are_taken():
    call_command("load_divisions", "--apply", stdout=io.StringIO())

    assert Division.objects.filter(level=4).count() == 4 + 11
    assert Division.objects.filter(parent_code="371603101000").count() == 62
