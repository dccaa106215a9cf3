"""A town's grids as a spreadsheet: columns by the town's levels, the template, what was read kept until confirmed."""

from django.utils.translation import gettext as _

from common import reading
from common.reading import Column, Line, Problem, Table
from common.spreadsheets import Sheet
from grids.models import Area, Level

Kind = Area.Kind
SAID = {
    Kind.GRID: ("网格", "网格名称"),
    Kind.GROUP: ("村民小组", "村民小组名称", "小组", "小组名称"),
    Kind.SMALL_GRID: ("小网格", "小网格名称"),
    Kind.MICRO_GRID: ("微网格", "微网格名称"),
}
EXAMPLES = {
    Kind.GRID: "第一网格",
    Kind.GROUP: "第一村民小组",
    Kind.SMALL_GRID: "第一小网格",
    Kind.MICRO_GRID: "第一微网格",
}


def levels_below_village(town) -> list[Level]:
    return list(Level.objects.filter(scheme__townprofile__town=town, rank__gt=1).order_by("rank"))


def columns(town) -> list[Column]:
    """village, one column for each level, basis, dedicated, anchor, code; every cell may be empty by itself."""
    own = [
        Column(level.kind, _("%(level)s name") % {"level": level.label}, (level.label, *SAID[Kind(level.kind)]),
               required=number == 0)
        for number, level in enumerate(levels_below_village(town))
    ]  # fmt: skip
    return [
        Column("village", _("Village"), ("村", "村名", "所在村", "村（社区）", "行政村"), required=True),
        *own,
        Column("basis", _("Drawn by"), ("划分依据", "依据"), longest=20),
        Column("dedicated", _("Dedicated to"), ("专属类别", "专属网格类别", "专属网格"), longest=20),
        Column("anchor", _("Village of its office"), ("办公所在村", "依托村", "挂靠村")),
        Column("code", _("Area code"), ("编码", "网格编码", "代码"), reading.CODE, longest=24),
    ]


def template(town) -> Sheet:
    """Every unit there is with its code, and a line for each village that has none yet."""
    shown = columns(town)
    rows = [[row.get(column.key, "") for column in shown] for row in _rows(town)]
    return Sheet(_("Grids of %(town)s") % {"town": town}, [column.label for column in shown], rows, _notes(town))


def _notes(town):
    kinds = [level.kind for level in levels_below_village(town)]
    example = " | ".join([_("Dongliang village"), *(EXAMPLES[Kind(kind)] for kind in kinds), "自然村"])
    return [
        _("One line for each unit. Codes may stay empty: the platform gives them. What is there already stays."),
        _("For example (do not enter it here): %(example)s") % {"example": example},
        _("A dedicated grid (a market, a school): write what it is dedicated to, and the village where its office is."),
    ]


def _rows(town):
    areas = Area.objects.in_subtree(town).filter(ended_on=None).exclude(pk=town.pk).select_related("anchor")
    areas = list(areas.order_by("code"))
    by_id, parents = {area.pk: area for area in areas}, {area.parent_id for area in areas}
    for area in areas:
        if area.kind == Kind.VILLAGE and area.pk in parents:
            continue
        row = {"basis": area.basis, "code": "" if area.kind == Kind.VILLAGE else area.code}
        step = area
        while step is not None:
            row[step.kind] = step.name
            step = by_id.get(step.parent_id)
        if area.kind == Kind.DEDICATED:
            first = levels_below_village(town)[0].kind
            row |= {
                first: area.name,
                "dedicated": area.basis or _("dedicated"),
                "basis": "",
                "anchor": area.anchor.name,
            }
        yield row


def kept(table: Table) -> dict:
    """What was read, as JSON, for the time between showing and confirming."""
    return {
        "heads": table.heads,
        "unused": table.unused,
        "lines": [[line.number, line.values, line.cells] for line in table.lines],
        "problems": [[problem.row, problem.column, problem.what] for problem in table.problems],
    }


def restored(town, stored: dict) -> Table:
    lines = [Line(number, values, cells) for number, values, cells in stored["lines"]]
    problems = [Problem(*problem) for problem in stored["problems"]]
    return Table(columns(town), stored["heads"], stored["unused"], lines, problems)
