"""The one way in for uploaded tables: .xlsx, .xls and .csv as people fill them, behind the limits of a child process.

    from common import reading
    from common.reading import Column

    COLUMNS = [
        Column("name", _("Name"), ("姓名", "人员姓名"), required=True),
        Column("phone", _("Mobile number"), ("手机号", "电话"), kind=reading.CODE),
        Column("day", _("From day"), ("起始日期",), kind=reading.DATE),
    ]
    table = reading.read(request.FILES["file"], COLUMNS)

`read` raises `Unreadable` (a ValidationError with one sentence saying what to do) when the file as a whole cannot be
taken: too big, a zip bomb, no table, no head row with the required columns, merged cells. What is wrong with single
cells is collected: `table.problems`, each with `row` (as the spreadsheet counts), `column` and `text` ("Row 5, …").
`table.lines` holds every filled row: `line.number`, `line["name"]` (str, "" when empty; date or int or None by kind).
The caller adds what he finds himself with `table.add(line, "name", text)` and offers `reading.marked(table)` (a Sheet
for `spreadsheets.answer`) as the file with its errors marked. Nothing here writes to the database.

Where people say themselves what a column is (a roster), `sheets` gives the opened file and `take` puts its rows into a
Table by the places they chose.
"""

from common.reading.cells import CODE, DATE, TEXT, WHOLE
from common.reading.guarded import LARGEST, MOST_ROWS, Unreadable, sheets
from common.reading.table import Column, Line, Problem, Table, marked, plain_head, read, take

__all__ = [
    "CODE", "DATE", "LARGEST", "MOST_ROWS", "TEXT", "WHOLE", "Column", "Line", "Problem", "Table", "Unreadable",
    "marked", "plain_head", "read", "sheets", "take",
]  # fmt: skip
