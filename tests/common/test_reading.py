"""Uploaded tables: what people fill in is understood, what is wrong is named by row and column, nothing harms us."""

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import load_workbook

from common import confined, reading, spreadsheets
from common.reading import Column, Unreadable, cells, guarded
from tests.common.bad_tables import HEAD, REFUSED, ROW, xlsx

COLUMNS = [
    Column("name", "网格名称", ("名称",), required=True, filled=True, longest=10),
    Column("code", "编码", kind=reading.CODE, longest=20),
    Column("day", "起始日期", ("日期",), kind=reading.DATE),
    Column("homes", "户数", kind=reading.WHOLE),
]
FIRST = {"name": "第一网格", "code": "140429104201001", "day": dt.date(2026, 3, 2), "homes": 12}


def values(content):
    return [line.values for line in reading.read(content, COLUMNS).lines]


# --- what is understood -----------------------------------------------------------------


def test_a_table_is_read_however_it_was_saved():
    text = "网格名称,编码,起始日期,户数\n第一网格,140429104201001,2026-03-02,12\n"
    files = [xlsx(HEAD, ROW), Path(__file__).with_name("tables").joinpath("excel_97.xls").read_bytes()]
    files += [text.encode(code) for code in ("utf-8", "utf-8-sig", "gbk", "utf-16")]
    files += [text.replace(",", "\t").encode("gbk"), text.replace("\n", "\r\n").encode()]

    assert [values(content) for content in files] == [[FIRST]] * len(files)


def test_an_uploaded_file_is_read_from_its_beginning():
    upload = SimpleUploadedFile("网格.xlsx", xlsx(HEAD, ROW))
    upload.read()

    assert values(upload) == [FIRST]


def test_titles_above_other_names_and_other_order_of_columns_do_not_matter():
    head, row = ["备注", "日期", "名 称*（必填）"], ["乙", "2026.3.2", "第一网格"]
    content = xlsx(["故城镇网格一览表"], [], ["填表人"], head, row, merged=["A1:C1"])
    table = reading.read(content, COLUMNS)

    assert table.lines[0].values == FIRST | {"code": "", "homes": None}
    assert (table.lines[0].number, table.unused, table.problems) == (5, ["备注"], [])


def test_the_sheet_with_the_columns_is_found_and_hidden_ones_are_not_looked_at():
    more = [("说明", [["怎么填写"]], "visible"), ("藏", [HEAD, ["藏着的"]], "hidden")]

    assert values(xlsx(HEAD, ROW, more_sheets=more)) == [FIRST]


def test_empty_rows_count_as_rows_and_are_left_out():
    table = reading.read(xlsx(HEAD, ROW, [], ["  "], [None, None, None, None, "旁注"], ["第二"]), COLUMNS)

    assert [line.number for line in table.lines] == [2, 6]


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("　东良村（北）\n第 １ 网格 ", "text", "东良村（北） 第 1 网格"),
        (12.0, "text", "12"),
        (True, "text", "TRUE"),
        (140429104201001.0, "code", "140429104201001"),
        ("１４０４２９ 104-201", "code", "140429104201"),
        ('="140429104201"', "code", "140429104201"),
        ("2026年3月2日", "date", dt.date(2026, 3, 2)),
        ("２０２６／3／2".replace("／", "/"), "date", dt.date(2026, 3, 2)),
        ("2026.03.02", "date", dt.date(2026, 3, 2)),
        (20260302.0, "date", dt.date(2026, 3, 2)),
        ("2026-03-02 00:00:00", "date", dt.date(2026, 3, 2)),
        (["d", "2026-03-02"], "date", dt.date(2026, 3, 2)),
        ("", "date", None),
        ("1,200", "whole", 1200),
        (7.0, "whole", 7),
        ("", "whole", None),
    ],
)
def test_what_people_type_is_made_one(cell, kind, value):
    assert cells.read(cell, kind) == value


@pytest.mark.parametrize(
    ("cell", "kind", "code"),
    [
        (14042910420100100001.0, "code", "number"),
        ("1.40429E+11", "code", "number"),
        ("2026-02-30", "date", "date"),
        ("3月2日", "date", "date"),
        (46000.0, "date", "date"),
        ("十二", "whole", "whole"),
        (1.5, "whole", "whole"),
        ("-1", "whole", "whole"),
    ],
)
def test_what_cannot_be_known_is_not_guessed(cell, kind, code):
    with pytest.raises(ValidationError) as wrong:
        cells.read(cell, kind)

    assert wrong.value.code == code


# --- what is wrong is named ---------------------------------------------------------------


def test_every_wrong_cell_is_named_by_row_and_column():
    content = xlsx(HEAD, ROW, ["", 14042910420100100001, "2026-13-02", "x"], ["很长很长很长很长很长很长"])
    table = reading.read(content, COLUMNS)
    with translation.override("zh-hans"):
        said = [str(problem) for problem in table.in_order]

    assert said[0] == "第 3 行「网格名称」：必须填写。"
    assert said[1].startswith("第 3 行「编码」：Excel 把编码变成了数字（1.40429E+19）")
    assert said[2] == "第 3 行「起始日期」：“2026-13-02”不是日期，请写成 2026-03-02 的样子。"
    assert said[3:] == ["第 3 行「户数」：“x”不是整数。", "第 4 行「网格名称」：超过了 10 个字。"]


def test_the_file_with_its_errors_marked_can_be_mended_and_uploaded_again():
    table = reading.read(xlsx(HEAD, ROW, ["", 14042910420100100001.0, "", ""]), COLUMNS)
    table.add(table.lines[0], "", "与第 3 行重复。")
    again = spreadsheets.written([reading.marked(table)], notes=["演示"])

    rows = [list(row) for row in load_workbook(filename=io.BytesIO(again)).active.iter_rows(values_only=True)]
    assert rows[2][:3] == ["与第 3 行重复。", "第一网格", "140429104201001"]
    assert "必须填写" in rows[3][0]
    assert [problem.row for problem in reading.read(again, COLUMNS).problems] == [4, 4]  # nothing lost was made whole


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        (b"", "empty", "空的"),
        (xlsx(), "empty", "空的"),
        (xlsx(HEAD), "empty", "没有填写"),
        (xlsx(["姓名", "电话"], ["甲", "1"]), "head", "没有“网格名称”这一列"),
        (xlsx(["名称", "网格名称"], ["甲", "乙"]), "twice", "A、B"),
        (xlsx(HEAD, ROW, ["第二"], merged=["A3:B4"]), "merged", "A3:B4"),
        (xlsx([*HEAD, *["列"] * 100], ROW), "columns", "100 列"),
        (xlsx(HEAD, ROW)[:2000], "broken", "损坏"),
        (b"<html><table><tr><td>", "web_page", "网页"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_table", "不是表格"),
        (bytes(range(128, 256)) * 9, "encoding", "GBK"),
        (bytes(guarded.LARGEST + 1), "size", "8 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_gets_one_clear_sentence(content, reason, words):
    with translation.override("zh-hans"), pytest.raises(Unreadable) as refused:
        reading.read(content, COLUMNS)

    assert refused.value.code == reason
    assert len(refused.value.messages) == 1
    assert words in refused.value.messages[0]


# --- nothing harms us ---------------------------------------------------------------------

MEASURED = """
import json, resource, sys, time
from django.conf import settings
settings.configure(USE_I18N=False)
from common import reading
content, reason = sys.stdin.buffer.read(), None
began = time.process_time()
try:
    reading.read(content, [reading.Column("name", "网格名称", required=True)])
except reading.Unreadable as refused:
    reason = refused.code
child = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.process_time() - began + child.ru_utime + child.ru_stime
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([reason, seconds, max(own, child.ru_maxrss) / 1024]))
"""


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_no_file_costs_more_than_two_seconds_and_300_megabytes(make):
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=make(), capture_output=True, check=True, cwd=Path(__file__).parents[2])
    reason, seconds, megabytes = json.loads(done.stdout)

    assert reason == REFUSED[make]
    assert seconds < 2
    assert megabytes < 300


def test_the_limits_are_those_of_the_child_and_the_parent_goes_on(monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE", 0.001)
    with pytest.raises(Unreadable) as slow:
        reading.read(xlsx(HEAD, ROW), COLUMNS)
    monkeypatch.undo()
    monkeypatch.setattr(guarded, "MEGABYTES", 30)
    with pytest.raises(Unreadable) as large:
        reading.read(b"a,b\n" * 1_000_000, COLUMNS)
    monkeypatch.undo()

    assert slow.value.code == confined.TOO_SLOW
    assert large.value.code in {confined.TOO_LARGE, "broken"}, "what cannot even start has nothing to say"
    assert values(xlsx(HEAD, ROW)) == [FIRST]
