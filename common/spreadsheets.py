"""The only writer of .xlsx files: whatever a person typed stays text, so no cell can run as a formula."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has no way to write these
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
WIDEST = 60  # characters of a column

notes_of_every_export: list[Callable] = []  # functions of the request; upper floors enter themselves when ready


@dataclass(frozen=True)
class Sheet:
    """One sheet: notes in the first rows, then the head, then the rows (text, whole numbers, decimals, dates, None)."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence]
    notes: Sequence[str] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()  # top, left, bottom, right; the head is row 1
    kept_in_view: tuple[int, int] = (1, 0)  # rows (from the head on) and columns that do not scroll away


def answer(request, name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """A download `<name>.xlsx`. Every sheet begins with what has to stand on every export (the demo note)."""
    always = [text for note in notes_of_every_export if (text := note(request))]
    response = HttpResponse(written(sheets, always), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def written(sheets: Iterable[Sheet], notes: Sequence[str] = ()) -> bytes:
    """The file's bytes. TypeError for a value that is neither text, number, date nor None."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(NOT_IN_TITLES.sub(" ", force_str(sheet.title))[:31])
        try:
            _write(page, sheet, notes)
        finally:
            page.close()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(page, sheet, notes):
    notes = [*notes, *sheet.notes]
    for number, label in enumerate(sheet.head, start=1):
        width = 2 * len(force_str(label)) + 4
        page.column_dimensions[get_column_letter(number)].width = min(max(width, 12), WIDEST)
    rows, columns = sheet.kept_in_view
    page.freeze_panes = f"{get_column_letter(columns + 1)}{len(notes) + rows + 1}"
    for note in notes:
        page.append([_cell(page, note)])
    page.append([_cell(page, label, bold=True) for label in sheet.head])
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
    for top, left, bottom, right in sheet.merged:
        page.merged_cells.add(
            f"{get_column_letter(left)}{top + len(notes)}:{get_column_letter(right)}{bottom + len(notes)}"
        )


def _cell(page, value, bold=False):
    cell = WriteOnlyCell(page, value=_plain(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # also what begins with "=": openpyxl would have made a formula of it
        cell.quotePrefix = True  # stays text when somebody edits the cell later
        cell.alignment = Alignment(wrap_text=len(cell.value) > WIDEST, vertical="top")
    elif isinstance(cell.value, dt.date):
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(cell.value, dt.datetime) else "yyyy-mm-dd"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _plain(value):
    """What may stand in a cell: numbers, dates (moments in local time), None, or text."""
    if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str | Promise):  # a Promise is a lazy translation
        return UNPRINTABLE.sub("", force_str(value))
    raise TypeError(f"no spreadsheet cell for {type(value).__name__}")
