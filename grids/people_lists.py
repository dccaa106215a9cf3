"""A town's people as a spreadsheet: the columns, and a template that names every post still to be filled.

Rows without a name and a number are posts that nobody was found for yet: they are read and left out.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock, reading
from common.reading import Column
from common.spreadsheets import Sheet
from grids import establishment
from grids.models import Area, Post
from grids.roles import ADMINISTRATORS, Origin, Role

Kind = Area.Kind
FULL, PART = ("专职", "全职", "是", "full-time"), ("兼职", "否", "part-time")
COLUMNS = [
    Column("name", gettext_lazy("Name"), ("姓名", "人员姓名", "网格员姓名"), required=True),
    Column("phone", gettext_lazy("Mobile number"), ("手机号", "手机", "电话"), kind=reading.CODE, longest=20),
    Column("role", gettext_lazy("Post"), ("岗位", "角色", "职务", "身份"), required=True, filled=True),
    Column("village", gettext_lazy("Village"), ("村", "行政村", "村社区", "社区", "村名", "所属村")),
    Column("grid", gettext_lazy("Grid"), ("网格", "网格名称", "所属网格")),
    Column("small", gettext_lazy("Small grid"), ("小网格", "小网格名称", "所属小网格")),
    Column("micro", gettext_lazy("Micro-grid"), ("微网格", "微网格名称", "所属微网格")),
    Column("time", gettext_lazy("Working time"), ("专兼职", "专职兼职", "全职兼职", "用工性质", "类别")),
    Column("origin", gettext_lazy("Origin"), ("来源", "人员来源", "队伍来源")),
    Column("public_phone", gettext_lazy("Phone on the public notice"), ("公示电话", "公开电话", "值班电话"),
           longest=20),
    Column("since", gettext_lazy("From day"), ("起始日期", "任职日期", "上岗日期", "开始日期"), kind=reading.DATE),
]  # fmt: skip
# which kinds of place stand in which column, from above to below
STEPS = {
    "village": {Kind.VILLAGE},
    "grid": {Kind.GRID, Kind.SMALL_GRID, Kind.DEDICATED, Kind.GROUP},
    "small": {Kind.SMALL_GRID},
    "micro": {Kind.MICRO_GRID},
}
CENTRE = [Role.VILLAGE_DESK, Role.VILLAGE_DIRECTOR]  # without them no village works with the platform


def template(town) -> list[Sheet]:
    """What is to be filled in, the names of the places, and the words that may stand in the columns."""
    shown = [column for column in COLUMNS if column.key not in STEPS or _is_used(column.key, town)]
    places = _places(town)
    rows = [[row.get(column.key, "") for column in shown] for row in _vacant(town, places)]
    notes = [
        _("One row for each post; rows without a name are left out. Without a day the post begins today."),
        _("Posts that are vacant stand here already: fill in name and number, add rows below for any others."),
    ]
    labels = {column.key: column.label for column in shown}
    steps = [key for key in STEPS if key in labels]
    names = [[row.get(key, "") for key in steps] for row in places.values() if row]
    return [
        Sheet(_("People of %(town)s") % {"town": town}, list(labels.values()), rows, notes=notes),
        Sheet(_("Names of the places"), [labels[key] for key in steps], names),
        Sheet(_("Words for the columns"), [labels[key] for key in ("role", "time", "origin")], _words()),
    ]


def _is_used(key, town):
    return key in {"village", "grid"} or _below(town).filter(kind__in=STEPS[key]).exists()


def _below(town):
    return Area.objects.open_on(clock.today()).in_subtree(town)


def _places(town) -> dict[int, dict]:
    """Id of every open place of the town -> its names by column."""
    found = {}
    for area in _below(town).order_by("path"):
        own = next((key for key, kinds in reversed(STEPS.items()) if area.kind in kinds), None)
        found[area.pk] = found.get(area.parent_id, {}) | ({own: area.name} if own else {})
    return found


def called(town) -> dict[str, list[Area]]:
    """What people call the open places of a town: by name, official name or code; a village also without 村, a grid
    also without the name of its village."""
    found = {}
    for area in _below(town).select_related("village"):
        names = {area.name, area.official_name, area.code}
        if area.kind == Kind.VILLAGE:
            names.add(area.name.removesuffix("村"))
        elif area.village is not None:
            names |= {area.name.removeprefix(area.village.name), area.name.removeprefix(area.village.name[:-1])}
        for name in names - {""}:
            found.setdefault("".join(name.split()), []).append(area)
    return found


def _vacant(town, places):
    """A row for everybody who is missing by the town's staffing template, and the centre of each village."""
    held = Post.objects.held_on(clock.today())
    for role in CENTRE:
        for village in _below(town).filter(kind=Kind.VILLAGE).exclude(pk__in=held.filter(role=role).values("area")):
            yield places[village.pk] | {"role": str(role.label), "time": FULL[0]}
    staffing = establishment.template_of(town)
    for gap in establishment.gaps(town, staffing) if staffing else []:
        time = {True: FULL[0], False: PART[0]}.get(gap.slot.full_time, "")
        for _person in range(gap.missing):
            yield places[gap.area.pk] | {"role": str(Role(gap.role).label), "time": time}


def _words():
    """What may be written under post, working time and origin, one below the other."""
    columns = [
        [str(role.label) for role in Role if role not in ADMINISTRATORS and role != Role.COUNTY_DESK],
        [FULL[0], PART[0]],
        [str(label) for label in Origin.labels],
    ]
    longest = max(len(column) for column in columns)
    return zip(*(column + [""] * (longest - len(column)) for column in columns), strict=True)
