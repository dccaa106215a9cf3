"""What stands in an uploaded table: read(content, limits), to be run by common.confined. Knows nothing of Django.

`limits`: entries, unpacked, ratio, rows, columns, cells, text. The answer is
[{"name", "merged": [[top, left, bottom, right]], "rows": [[number, cells]]}] with rows and columns counted from 1 and
empty rows left out. A cell is a text, a number, true/false, or ["d", "2026-03-02"]. Raises confined.Refused(reason).
"""

import csv
import datetime as dt
import io
import zipfile

from common.confined import Refused

SHEETS = 8
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


def read(content, limits):
    """The sheets of a file, told by what it is, not by what it is called."""
    if not content.strip():
        raise Refused("empty")
    if content[:4] == ZIP:
        look_into_zip(content, limits)
        return workbook(content, limits)
    if content[:4] == OLE:
        return workbook(content, limits)
    if content.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise Refused("web_page")
    return [{"name": "", "merged": [], "rows": kept(lines(decoded(content)), 0, limits, Cells(limits))}]


def look_into_zip(content, limits):
    """The list of contents says how large it gets; what lies there ends at the memory limit."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise Refused("broken") from broken
    if "[Content_Types].xml" not in {entry.filename for entry in entries}:
        raise Refused("not_a_table")
    unpacked = sum(entry.file_size for entry in entries)
    ratio = max(entry.file_size / max(entry.compress_size, 1) for entry in entries)
    packed_twice = sum(entry.compress_size for entry in entries) > len(content)
    if len(entries) > limits["entries"] or unpacked > limits["unpacked"] or ratio > limits["ratio"] or packed_twice:
        raise Refused("bomb")


def workbook(content, limits):
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        ]
        cells = Cells(limits)
        return [sheet(book.get_sheet_by_name(name), limits, cells) for name in shown[:SHEETS]]
    except PasswordError as locked:
        raise Refused("password") from locked
    except (CalamineError, OSError, ValueError, UnicodeError) as broken:
        raise Refused("broken") from broken
    except BaseException as fault:  # the library's own panics are no Exceptions
        if isinstance(fault, Refused | MemoryError):
            raise
        raise Refused("broken") from fault


def sheet(page, limits, cells):
    if page.start is None:
        return {"name": page.name, "merged": [], "rows": []}
    if page.width > limits["columns"]:
        raise Refused("columns")
    merged = [
        [top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in page.merged_cell_ranges or ()
    ]
    return {"name": page.name, "merged": merged, "rows": kept(page.iter_rows(), page.start[1], limits, cells)}


def kept(rows, offset, limits, cells):
    """[number, cells] of the filled rows; `offset` empty columns stand before them."""
    found = []
    for number, row in enumerate(rows, start=1):
        while row and row[-1] == "":
            row.pop()
        if not row:
            continue
        if len(found) >= limits["rows"]:
            raise Refused("rows")
        if len(row) + offset > limits["columns"]:
            raise Refused("columns")
        found.append([number, [""] * offset + [cells.plain(value) for value in row]])
    return found


class Cells:
    """Cells as JSON can hold them, counted over the whole file."""

    def __init__(self, limits):
        self.left, self.text = limits["cells"], limits["text"]

    def plain(self, value):
        self.left -= 1
        if self.left < 0:
            raise Refused("cells")
        if isinstance(value, dt.datetime):
            value = value.date() if value.time() == dt.time() else value.isoformat(" ")
        if isinstance(value, dt.date):
            return ["d", value.isoformat()]
        if isinstance(value, bool | int | float):
            return value
        value = str(value)
        self.text -= len(value)
        if self.text < 0:
            raise Refused("cells")
        return value


def decoded(content):
    """Text of a .csv: UTF-8, what Windows calls Unicode, or GBK with its extension GB 18030."""
    codes = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for code in codes:
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and letter not in "\t\r\n\f\v" for letter in set(text)):
            return text
        raise Refused("not_a_table")
    raise Refused("encoding")


def lines(text):
    """Rows of a .csv, parted by what its first line is mostly parted by."""
    first = text.lstrip().partition("\n")[0]
    mark = max([",", "\t", ";", "，"], key=first.count)
    csv.field_size_limit(40_000)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    except csv.Error as broken:
        raise Refused("broken") from broken
