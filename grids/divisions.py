"""The list of divisions (province to village): read from a file, compared with what is known, taken over by COPY."""

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock, reading
from common.reading import Column
from grids import access
from grids.models import Division

Level = Division.Level
DIGITS = {0: 0, Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}
COLUMNS = [
    Column("code", _("Division code"), ("code", "代码", "编码", "统计用区划代码"), reading.CODE, True, True, 20),
    Column("name", _("Name in the list"), ("name", "名称", "区划名称"), required=True, filled=True, longest=80),
    Column("level", _("Level of the list"), ("level", "级别", "层级"), reading.WHOLE, True, True),
    Column("parent_code", _("Code of what it lies in"), ("parent_code", "上级代码", "上级编码"), reading.CODE, True),
]


class Row(NamedTuple):
    """One division: 12-digit code, official name, level 1 to 5, the code of what it lies in ("" for a province)."""

    code: str
    name: str
    level: int
    parent_code: str


class Change(NamedTuple):
    """One difference: the division's code and name now, and what was before or comes instead."""

    code: str
    name: str
    other: str = ""


@dataclass
class Differences:
    """What a list says otherwise than what is known."""

    new: list[Change] = field(default_factory=list)  # other: the same code, where it had left the list before
    renamed: list[Change] = field(default_factory=list)  # other: the name before
    moved: list[Change] = field(default_factory=list)  # other: the code of what it lay in
    gone: list[Change] = field(default_factory=list)  # other: the code it seems to have now, or ""

    def __bool__(self):
        return any([self.new, self.renamed, self.moved, self.gone])


def read(upload) -> list[Row]:
    """The rows of a .csv or .xlsx `code,name,level,parent_code`. ValidationError naming the first wrong rows (or
    Unreadable): malformed or repeated codes, unknown parents, levels out of order, parents in a circle."""
    table = reading.read(upload, COLUMNS)
    if not table.problems:
        _check(table)
    if table.problems:
        raise ValidationError([problem.text for problem in table.in_order[:20]])
    return [Row(*(line[column.key] for column in COLUMNS)) for line in table.lines]


def _check(table):
    times = Counter(line["code"] for line in table.lines)
    listed = {line["code"]: line for line in table.lines}
    for line in table.lines:
        if times[line["code"]] > 1:
            table.add(line, "code", _("%(code)s stands in the list more than once.") % {"code": line["code"]})
        elif not _code_fits(line["code"], line["level"]):
            table.add(line, "code", _("%(code)s is no 12-digit code of this level.") % {"code": line["code"]})
    if not table.problems:
        known = dict(Division.objects.filter(code__in=_strangers(listed)).values_list("code", "level"))
        for line in table.lines:
            if wrong := _wrong_parent(line, listed, known):
                table.add(line, "parent_code", wrong % {"code": line["parent_code"]})


def _code_fits(code, level):
    """Twelve digits; those of the level name something, those behind it are zeros (domain handbook 3.2)."""
    if level not in Level.values or not (len(code) == 12 and code.isascii() and code.isdigit()):
        return False
    own, rest = code[DIGITS[level - 1] : DIGITS[level]], code[DIGITS[level] :]
    return set(own) != {"0"} and set(rest) <= {"0"}


def _strangers(listed):
    """Codes of parents that are not in the list themselves."""
    return {line["parent_code"] for line in listed.values()} - set(listed) - {""}


def _wrong_parent(line, listed, known):
    parent = line["parent_code"]
    if line["level"] == Level.PROVINCE:
        return _("A province lies in nothing.") if parent else None
    level = listed[parent]["level"] if parent in listed else known.get(parent)
    if level is None:
        return _("There is no division with the code %(code)s, neither in the list nor known before.")
    if _in_circle(line, listed):
        return _("The parents go round in a circle by way of %(code)s.")
    if level != line["level"] - 1:
        return _("%(code)s is not of the level just above.")
    if line["level"] == Level.VILLAGE and line["code"][:9] != parent[:9]:
        return _("The code of a village begins with the nine digits of its town, not of %(code)s.")
    return None


def _in_circle(line, listed):
    seen, code = {line["code"]}, line["parent_code"]
    while code in listed:
        if code in seen:
            return code == line["code"]
        seen.add(code)
        code = listed[code]["parent_code"]
    return False


@transaction.atomic
def compare(rows: list[Row]) -> Differences:
    """What taking the rows over would change. A list speaks for what lies below its topmost branching: that of a
    county with its chain of ancestors says nothing about other counties."""
    _copy(rows)
    found = Differences(new=[Change(row.code, row.name) for row in _unknown(rows)])
    for code, name, former, lay_in, lies_in, is_back in _fetched(CHANGED):
        if is_back:
            found.new.append(Change(code, name, code))
        elif former != name:
            found.renamed.append(Change(code, name, former))
        if not is_back and lay_in != lies_in:
            found.moved.append(Change(code, name, lay_in))
    below = [f"{code[: DIGITS[level]]}%" for code, level in _tops(rows)]
    found.gone = _with_successors(_fetched(GONE, {"below": below}), found.new)
    return found


def _unknown(rows):
    """Those of the rows whose code was never listed before: usually all of them, or none."""
    ((known,),) = _fetched(f"SELECT count(*) {KNOWN}")
    if known in (0, len(rows)):
        return [] if known else rows
    there = {code for (code,) in _fetched(f"SELECT d.code {KNOWN}")}
    return [row for row in rows if row.code not in there]


def _with_successors(gone, new):
    """A code that left while one code of the same name came in the same county: a village that changed its town."""
    came = {}
    for change in new if gone else ():
        came.setdefault((change.code[:6], change.name), []).append(change.code)
    left = Counter((code[:6], name) for code, name in gone)
    found = []
    for code, name in gone:
        after = came.get((code[:6], name), ())
        found.append(Change(code, name, after[0] if len(after) == left[code[:6], name] == 1 else ""))
    return found


@transaction.atomic
def take_over(rows: list[Row]) -> Differences:
    """Makes what is known as the rows say, in one transaction and a handful of statements; returns what changed."""
    found = compare(rows)
    if found:
        with connection.cursor() as cursor:
            if found.renamed or found.moved or any(change.other for change in found.new):
                cursor.execute(BRING_UP)
            if found.new:
                cursor.execute(ADD)
            gone = [(change.code, change.other) for change in found.gone]
            codes, others = zip(*gone, strict=True) if gone else ((), ())
            cursor.execute(WITHDRAW, {"today": clock.today(), "codes": list(codes), "others": list(others)})
    return found


@transaction.atomic
def bring(*, rows: list[Row], counties, by) -> Differences:
    """Takes over the list somebody brought for the counties (areas) he may change. ValidationError, naming the first,
    when it holds divisions that neither lie in one of them nor above it."""
    for county in counties:
        access.require(by, "area.change", county)
    refuse_foreign(rows, counties)
    found = take_over(rows)
    audit.record(by, "divisions_load", area_code=counties[0].code, reason=f"{len(rows)}")
    return found


def refuse_foreign(rows, counties) -> None:
    own = {county.code[:6] for county in counties}
    above = {code[:digits].ljust(12, "0") for code in own for digits in (2, 4)}
    foreign = next((row for row in rows if row.code[:6] not in own and row.code not in above), None)
    if foreign is not None:
        raise ValidationError(
            _("The list holds %(name)s (%(code)s), which lies outside your county. Leave such rows out."), "foreign",
            {"name": foreign.name, "code": foreign.code},
        )  # fmt: skip


def _tops(rows):
    """The rows for whose parts the list speaks: the last of the chain that leads down from its only beginning."""
    below, codes = {}, {row.code for row in rows}
    for row in rows:
        below.setdefault(row.parent_code if row.parent_code in codes else "", []).append(row)
    tops = below.get("", [])
    while len(tops) == 1 and tops[0].level < Level.TOWN and len(below.get(tops[0].code, [])) == 1:
        tops = below[tops[0].code]
    return [(row.code, row.level) for row in tops]


def _copy(rows):
    """The rows in a temporary table of this transaction."""
    text = io.StringIO("".join(
        f"{row.code}\t{row.name.translate(ESCAPED)}\t{row.level}\t{row.parent_code}\n" for row in rows
    ))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LISTED)
        cursor.copy_expert("COPY division_listed FROM STDIN", text)


def _fetched(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


ESCAPED = str.maketrans({"\\": "\\\\", "\t": " ", "\n": " ", "\r": " "})  # for the text format of COPY
LISTED = """DROP TABLE IF EXISTS division_listed;
    CREATE TEMPORARY TABLE division_listed (code text COLLATE "C", name text, level smallint,
        parent_code text COLLATE "C") ON COMMIT DROP"""
KNOWN = "FROM division_listed l JOIN grids_division d ON d.code = l.code"
DIFFERS = "d.gone_on IS NOT NULL OR d.name <> l.name OR d.parent_code <> l.parent_code"
CHANGED = f"""SELECT l.code, l.name, d.name, d.parent_code, l.parent_code, d.gone_on IS NOT NULL
    {KNOWN} WHERE {DIFFERS} ORDER BY l.code"""
GONE = """SELECT d.code, d.name FROM grids_division d WHERE d.code LIKE ANY (%(below)s) AND d.gone_on IS NULL
    AND NOT EXISTS (SELECT 1 FROM division_listed l WHERE l.code = d.code) ORDER BY d.code"""
BRING_UP = f"""UPDATE grids_division d SET name = l.name, parent_code = l.parent_code, gone_on = NULL,
    replaced_by = '' FROM division_listed l
    WHERE l.code = d.code AND ({DIFFERS})"""
ADD = """INSERT INTO grids_division (code, name, level, parent_code, replaced_by)
    SELECT l.*, '' FROM division_listed l WHERE NOT EXISTS (SELECT 1 FROM grids_division d WHERE d.code = l.code)"""
WITHDRAW = """UPDATE grids_division d SET gone_on = %(today)s, replaced_by = g.other
    FROM unnest(%(codes)s::text[], %(others)s::text[]) g(code, other) WHERE d.code = g.code"""
