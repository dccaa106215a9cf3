"""Files nobody should be harmed by: bombs, a million blank rows, cells at the end of the sheet, entities, noise."""

import datetime as dt
import io
import zipfile

from openpyxl import Workbook

HEAD = ["网格名称", "编码", "起始日期", "户数"]
ROW = ["第一网格", "140429104201001", dt.date(2026, 3, 2), 12]
OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FILLED = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>网格名称</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>{}</t></is></c></row>'
)
CLOSE = "</sheetData></worksheet>"
MILLION = range(3, 1_048_577)


def xlsx(*rows, merged=(), more_sheets=()):
    """A workbook of these rows; `more_sheets` are (title, rows, state) before the first."""
    book = Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    for title, lines, state in more_sheets:
        other = book.create_sheet(title, 0)
        other.sheet_state = state
        for line in lines:
            other.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_sheet(xml):
    """A workbook whose only sheet is this text."""
    whole, stream = zipfile.ZipFile(io.BytesIO(xlsx(HEAD))), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name in whole.namelist():
            packed.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return stream.getvalue()


def sheet(below="", filled="第一网格"):
    return with_sheet(OPEN + FILLED.format(filled) + below + CLOSE)


def million_blank_rows():
    return sheet("".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in MILLION))


def last_cell_of_all():
    return sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def bomb():
    return sheet(" " * 30_000_000)


def million_rows():
    return sheet("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in MILLION))


def thousand_laughs():
    named = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    entities = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">{named}]>'
    return with_sheet(entities + OPEN + FILLED.format("&j;") + CLOSE)


def file_of_the_server():
    entity = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_sheet(entity + OPEN + FILLED.format("&e;") + CLOSE)


def thousand_entries():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("[Content_Types].xml", "")
        for n in range(20_000):
            packed.writestr(str(n), "")
    return stream.getvalue()


def one_endless_cell():
    return ("网格名称,编码\n" + "长" * 300_000 + ",1\n").encode()


# what is made, and why it is refused (None: it is read)
REFUSED = {
    million_blank_rows: None,
    last_cell_of_all: "too_large",
    bomb: "bomb",
    million_rows: "rows",
    thousand_laughs: "broken",
    file_of_the_server: "broken",
    thousand_entries: "bomb",
    one_endless_cell: "broken",
}
