"""Finds the table in an uploaded roster: titles above the head, heads of two rows, cells merged over a household."""

import hashlib
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from common import masking, reading
from common.reading import Table, Unreadable, cells, plain_head
from households.rosters import columns

HEAD_WITHIN = 10  # rows: a title, the unit, a note may stand above the head
SAMPLES = 3
LEAST = 2  # heads that must be known for a row to be taken for the head


@dataclass(frozen=True)
class Opened:
    """The sheet a roster stands in: heads by column, rows below them as [number, cells], merged ranges."""

    heads: list[str]
    rows: list
    merged: list
    last_head_row: int

    @property
    def mark(self) -> str:
        """Tells sets of heads apart without naming them."""
        return hashlib.sha256("|".join(map(plain_head, self.heads)).encode()).hexdigest()[:32]

    @property
    def dropped(self) -> list[str]:
        return [head for head in self.heads if columns.is_dropped(head)]

    def samples(self, place: int) -> list[str]:
        """The first different values of a column, numbers of people masked."""
        found = []
        for _number, row in self.rows:
            text = masked(cells.text(row[place])) if place < len(row) else ""
            if text and text not in found:
                found.append(text)
            if len(found) == SAMPLES:
                break
        return found


def masked(text: str) -> str:
    """A value as it may be shown: what looks like an ID number or a telephone keeps its ends only."""
    digits = "".join(one for one in text if one.isalnum())
    numeric = sum(one.isdigit() for one in digits)
    if len(digits) >= 14 and numeric >= len(digits) - 1:
        return masking.id_number(digits)
    return masking.phone(digits) if numeric == len(digits) and len(digits) >= 8 else text[:40]


def opened(upload) -> Opened:
    """The sheet with the row that looks most like the head of a roster. Unreadable when the file has no table."""
    sheets = [sheet for sheet in reading.sheets(upload) if sheet["rows"]]
    if not sheets:
        raise Unreadable("empty")
    found = [(*_head(sheet["rows"]), sheet) for sheet in sheets]
    known, index, sheet = max(found, key=lambda one: one[0])
    if known < LEAST:
        index = next((n for n, (_number, row) in enumerate(sheet["rows"][:HEAD_WITHIN]) if _filled(row) > 2), 0)
    heads, last = _heads(sheet, index)
    below = [row for row in sheet["rows"][index + 1 :] if row[0] > last]
    if not below:
        raise Unreadable("empty", _("There is no filled row below the head of the table."))
    return Opened(heads, below, [one for one in sheet["merged"] if one[2] > last], last)


def _filled(row):
    return sum(bool(cells.text(cell)) for cell in row)


def _head(rows):
    """(known heads, index) of the row with most of them."""
    counted = []
    for index, (_number, row) in enumerate(rows[:HEAD_WITHIN]):
        heads = [cells.text(cell) for cell in row]
        counted.append((len(columns.guess(heads)) + sum(map(columns.is_dropped, heads)), -index))
    known, index = max(counted)
    return known, -index


def _heads(sheet, index):
    """The heads and the number of their last row; where the head has two rows, the lower one names, the upper fills."""
    rows, (number, row) = sheet["rows"], sheet["rows"][index]
    names = [cells.text(cell) for cell in row]
    spanning = [one for one in sheet["merged"] if one[0] <= number <= one[2]]
    first, last = min([number, *(one[0] for one in spanning)]), max([number, *(one[2] for one in spanning)])
    for other, cells_of in rows[:HEAD_WITHIN]:
        if first <= other <= last and other != number:
            for place, cell in enumerate(cells_of):
                names += [""] * (place + 1 - len(names))
                names[place] = names[place] or cells.text(cell)
    return names, last


def table(found: Opened, mapping: dict[int, str], *, with_cells=False) -> Table:
    """The rows by the chosen columns, each column under the name it has in the file. Unreadable for cells merged where
    every row must be filled. `with_cells` for `reading.marked`."""
    refuse_merged(found, mapping)
    chosen = [replace(columns.BY_KEY[key], label=found.heads[place]) for place, key in mapping.items()]
    rest = [replace(field) for field in columns.FIELDS if field.key not in mapping.values()]
    unused = [head for place, head in enumerate(found.heads) if head and place not in mapping]
    result = Table([*chosen, *rest], found.heads, unused)
    places = {key: place for place, key in mapping.items()}
    for number, row in found.rows:
        if not _is_no_line(found, row, places):
            reading.take(result, places, number, row, with_cells=with_cells)
    if not result.lines:
        raise Unreadable("empty", _("There is no filled row below the head of the table."))
    return result


FOOT = (
    "合计",
    "总计",
    "小计",
    "填表",
    "制表",
    "审核",
    "注：",
    "注:",
    "说明",
    "备注",
    "单位负责",
    "负责人",
    "共计",
    "日期",
)


def _is_no_line(found, row, places):
    """The head once more on a further printed page, sums and signatures below the table."""
    place = places.get("name")
    name = cells.text(row[place]) if place is not None and place < len(row) else ""
    if name:
        return name == found.heads[place] and len(name) > 1
    first = next((text for cell in row if (text := cells.text(cell))), "")
    return first.startswith(FOOT)


def refuse_merged(found: Opened, mapping: dict[int, str]) -> None:
    """Merged down over a household's rows is how households are shown; anything else hides who is meant."""
    for top, left, bottom, right in sorted(found.merged):
        keys = [mapping.get(place) for place in range(left - 1, right)]
        one_column = left == right
        if not any(keys) or (one_column and columns.BY_KEY[keys[0]].of_home):
            continue
        if not one_column and top == bottom and left == 1:
            continue  # a line of words across the table: a sum, a note
        place = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        text = _("Row %(row)s: the cells %(place)s are merged. Unmerge them and fill every row.")
        raise Unreadable("merged", text, {"row": top, "place": place})
