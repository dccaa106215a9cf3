"""Downloads: text stays text whatever it looks like, numbers and days stay what they are."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from common import clock, spreadsheets
from common.spreadsheets import Sheet, written
from governance import navigation

PAYLOADS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", '=HYPERLINK("x")',
    "{=1}", '=DDE("a";"b")', "%0A=1", "'=1", "=\x00 1", "=1\x0b", "<f>1</f>", "]]>=1", "#REF!", "2026-03-02",
]  # fmt: skip


def cells(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_becomes_a_formula(text):
    content = written([Sheet("Sheet", [text], [[text]], notes=[text])])
    book = load_workbook(io.BytesIO(content))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}
    assert not re.search(r"<f[ >]", sheet)
    assert all(cell.quotePrefix for row in book.active.iter_rows() for cell in row)


def test_characters_no_file_can_hold_are_left_out():
    content = written([Sheet("Sheet", ["a"], [["坏\ufffe字\uffff和\x00\ud800半个"]])])

    assert cells(content) == [["a"], ["坏字和半个"]]


def test_values_keep_their_kind():
    day, moment = dt.date(2026, 3, 2), clock.at(dt.date(2026, 3, 2), 8, 30)
    content = written([Sheet("A", ["a"], [[7, Decimal("98.25"), day, moment, None, "七"]])])

    assert cells(content)[1] == [
        7, 98.25, dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 2, 8, 30), None, "七",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [1.5, True, b"x", [1]])
def test_what_has_no_cell_is_refused(value):
    with pytest.raises(TypeError):
        written([Sheet("A", ["a"], [[value]])])


def test_titles_that_no_spreadsheet_allows_are_made_to_fit():
    content = written([Sheet("网格[一]/二:" + "长" * 40, ["a"], [])])

    assert load_workbook(io.BytesIO(content)).sheetnames[0].startswith("网格 一  二 长")


def test_notes_stand_above_the_head_on_every_sheet(rf, monkeypatch):
    monkeypatch.setattr(spreadsheets, "notes_of_every_export", [lambda request: "演示", lambda request: ""])
    answer = spreadsheets.answer(rf.get("/"), "x", [Sheet("A", ["头"], [["行"]], notes=["甲"])])

    assert [row[0] for row in cells(answer.content)] == ["演示", "甲", "头", "行"]


def test_what_stands_on_every_export_is_known():
    assert spreadsheets.notes_of_every_export == [navigation.demo_note]
