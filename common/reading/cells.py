"""What people type into cells, made one: full-width digits, stray blanks, dates in words, codes made numbers."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TEXT, CODE, DATE, WHOLE = "text", "code", "date", "whole"
# full-width letters, digits and blank to their plain forms; full-width brackets and commas belong to Chinese names
PLAIN = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
PLAIN |= dict.fromkeys([0x3000, 0xA0], " ") | dict.fromkeys([0x200B, 0x200C, 0x200D, 0xFEFF], None)
BLANKS = re.compile(r"\s+")
AS_FORMULA = re.compile(r'="(.*)"')  # how a .csv is made to keep a long number
POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
DAY = re.compile(
    r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))(?:\s+0{1,2}:00(?::00)?)?"
)
EXACT = 10**15  # from here on a spreadsheet's number has lost its last digits


def read(cell, kind: str):
    """The value of a cell by kind: str ("" when empty), and for DATE a date, for WHOLE an int, or None when empty.
    ValidationError saying what to write instead."""
    return READERS[kind](cell)


def text(cell) -> str:
    """A cell as one line of text: blanks and full-width forms made plain, whole numbers without a point."""
    if isinstance(cell, list):
        return cell[1]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return f"{cell:.5E}" if abs(cell) >= EXACT else f"{cell:.0f}" if cell == round(cell) else str(cell)
    inner = AS_FORMULA.fullmatch(cell.strip())
    return BLANKS.sub(" ", (inner[1] if inner else cell).translate(PLAIN)).strip()


def code(cell) -> str:
    """Digits and letters of a code or telephone, blanks and hyphens left out."""
    written = text(cell)
    if POWER.fullmatch(written):
        lost = _(
            "Excel made a number of the code (%(cell)s) and lost digits. Format the column as text, enter it anew."
        )
        raise ValidationError(lost, "number", {"cell": written})
    return re.sub(r"[\s-]", "", written)


def date(cell) -> dt.date | None:
    """A day: a date cell, or 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日, 20260302."""
    written = text(cell)
    if not written:
        return None
    found = DAY.fullmatch(written)
    if found:
        year, month, day, month_too, day_too = found.groups()
        try:
            return dt.date(int(year), int(month or month_too), int(day or day_too))
        except ValueError:
            pass
    raise ValidationError(_("“%(cell)s” is no day. Write it like 2026-03-02."), "date", {"cell": written[:40]})


def whole(cell) -> int | None:
    """A count: 0, 1, 2 …"""
    written = text(cell).replace(",", "")
    if not written:
        return None
    if written.isascii() and written.isdigit() and len(written) < 10:
        return int(written)
    raise ValidationError(_("“%(cell)s” is no whole number."), "whole", {"cell": written[:40]})


READERS = {TEXT: text, CODE: code, DATE: date, WHOLE: whole}
