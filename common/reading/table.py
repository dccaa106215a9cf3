"""A table with known columns out of an uploaded file: heads found by their names, every error with row and column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from common.reading import cells, guarded
from common.reading.guarded import Unreadable
from common.spreadsheets import Sheet

HEAD_WITHIN = 10  # a title, a note and the unit's name may stand above the head
IN_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True)
class Column:
    """A column by the names people give it. `required`: the head must be there; `filled`: so must every cell."""

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    kind: str = cells.TEXT
    required: bool = False
    filled: bool = False
    longest: int = 60


@dataclass(frozen=True)
class Line:
    """One filled row: its number in the spreadsheet, its values by key, its cells as they were written."""

    number: int
    values: dict
    cells: list[str]

    def __getitem__(self, key):
        return self.values[key]


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, and under which head; without a column it is the row as a whole."""

    row: int
    column: str
    what: str

    @property
    def text(self):
        if self.column:
            return _("Row %(row)s, “%(column)s”: %(what)s") % vars(self)
        return _("Row %(row)s: %(what)s") % vars(self)

    def __str__(self):
        return str(self.text)


@dataclass
class Table:
    """What was read. `unused`: heads that are no column of ours and were left out."""

    columns: Sequence[Column]
    heads: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, line, key: str, what) -> None:
        """A problem the caller found; key "" for the row as a whole."""
        label = next((str(column.label) for column in self.columns if column.key == key), "")
        self.problems.append(Problem(line.number, label, str(what)))

    @property
    def in_order(self) -> list[Problem]:
        return sorted(self.problems, key=lambda problem: problem.row)


def read(upload, columns: Sequence[Column]) -> Table:
    """The first sheet in which the required columns are found. Unreadable when there is none, or when cells below
    the head are merged; wrong cells are problems of the table."""
    sheets = [sheet for sheet in guarded.sheets(upload) if sheet["rows"]]
    if not sheets:
        raise Unreadable("empty")
    for sheet in sheets:
        if (found := _head(sheet, columns)) is not None:
            return _table(sheet, columns, *found)
    raise _no_head(sheets[0], columns)


def _head(sheet, columns):
    """(index of the head row, {key: column index}) of the first row in which all required columns are named."""
    for index, (_number, row) in enumerate(sheet["rows"][:HEAD_WITHIN]):
        places = _places(row, columns)
        if places and all(places.get(column.key) for column in columns if column.required):
            return index, places
    return None


def _places(row, columns):
    """{key: indexes of the cells that name the column}"""
    keys = {plain_head(name): column.key for column in columns for name in (str(column.label), *column.synonyms)}
    places = {}
    for place, cell in enumerate(row):
        if key := keys.get(plain_head(cells.text(cell))):
            places.setdefault(key, []).append(place)
    return places


def plain_head(head: str) -> str:
    """A head as it is compared: without blanks, stars and what stands in brackets."""
    return re.sub(r"[\s*＊：:]", "", IN_BRACKETS.sub("", head)).lower()


def _no_head(sheet, columns):
    best = max((_places(row, columns) for _number, row in sheet["rows"][:HEAD_WITHIN]), key=len)
    missing = "、".join(str(column.label) for column in columns if column.required and column.key not in best)
    text = _("The table has no column “%(missing)s”. The first row must name the columns as in the template.")
    return Unreadable("head", text, {"missing": missing})


def _table(sheet, columns, index, places):
    twice = next((key for key, found in places.items() if len(found) > 1), None)
    if twice:
        letters = "、".join(get_column_letter(place + 1) for place in places[twice])
        label = next(column.label for column in columns if column.key == twice)
        text = _("Several columns (%(letters)s) are named “%(column)s”. Delete all but one.")
        raise Unreadable("twice", text, {"letters": letters, "column": label})
    head_row, head = sheet["rows"][index]
    _refuse_merged(sheet["merged"], head_row)
    places = {key: found[0] for key, found in places.items()}
    heads = [cells.text(cell) for cell in head]
    unused = [name for place, name in enumerate(heads) if name and place not in places.values()]
    table = Table(columns, heads, unused)
    for number, row in sheet["rows"][index + 1 :]:
        take(table, places, number, row)
    if not table.lines:
        raise Unreadable("empty", _("There is no filled row below the head of the table."))
    return table


def _refuse_merged(ranges, head_row):
    for top, left, bottom, right in sorted(ranges):
        if bottom >= head_row:
            place = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            text = _("Row %(row)s: the cells %(place)s are merged. Unmerge them and fill every row.")
            raise Unreadable("merged", text, {"row": top, "place": place})


def take(table: Table, places: dict[str, int], number: int, row: list, *, with_cells=True) -> None:
    """One row of a sheet into the table ({key: place of its cell}), unless nothing of ours stands in it. `marked`
    needs the cells as they were written; who never calls it may leave them out."""
    own = {key: row[place] if place < len(row) else "" for key, place in places.items()}
    if not any(cells.text(cell) for cell in own.values()):
        return
    line = Line(number, {}, [cells.text(cell) for cell in row] if with_cells else [])
    table.lines.append(line)
    for column in table.columns:
        line.values[column.key] = _value(table, line, column, own.get(column.key, ""))


def _value(table, line, column, cell):
    if cell == "" and not column.filled:
        return None if column.kind in (cells.DATE, cells.WHOLE) else ""
    try:
        value = cells.read(cell, column.kind)
    except ValidationError as wrong:
        table.add(line, column.key, " ".join(wrong.messages))
        return None if column.kind in (cells.DATE, cells.WHOLE) else ""
    if value in ("", None) and column.filled:
        table.add(line, column.key, _("must be filled in."))
    if isinstance(value, str) and len(value) > column.longest:
        table.add(line, column.key, _("is longer than %(n)s characters.") % {"n": column.longest})
        return value[: column.longest]
    return value


def marked(table: Table, title="") -> Sheet:
    """The rows of the file again, with what is wrong in each before them; it can be mended and uploaded as it is."""
    wrong = {}
    for problem in table.problems:
        wrong.setdefault(problem.row, []).append(f"{problem.column}{'：' if problem.column else ''}{problem.what}")
    head = [_("What is wrong"), *table.heads]
    rows = ([" ".join(wrong.get(line.number, ())), *line.cells] for line in table.lines)
    return Sheet(title or _("With errors marked"), head, rows)
