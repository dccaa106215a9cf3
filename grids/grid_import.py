"""Opening a town's grids from a list: what is new, what is there already, every error by row, then one transaction."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import clock
from common.fields import subtree
from common.reading import Table
from grids import access, codes, grid_lists, places
from grids.models import Area
from grids.places import Opening

Kind = Area.Kind
WIDTH = {Kind.GRID: 3, Kind.GROUP: 3, Kind.SMALL_GRID: 2, Kind.MICRO_GRID: 3, Kind.DEDICATED: 2}  # digits of its own


@dataclass
class Plan:
    """What confirming a list would do; nothing while `table.problems` holds something."""

    table: Table
    openings: list[Opening] = field(default_factory=list)
    lies_in: dict = field(default_factory=dict)  # code of an opening -> name of what it lies in
    already: int = 0


def plan(town: Area, table: Table) -> Plan:
    """Goes through a list as `grid_lists.columns` has it. Places are known by their name below their parent; what is
    wrong is added to `table.problems`."""
    return _Planning(town, table).done()


@transaction.atomic
def take_over(*, town: Area, table: Table, by) -> list[Area]:
    """Opens what is new from today on. ValidationError while anything in the list is wrong."""
    access.require(by, "area.change", town)
    town = Area.objects.select_for_update(no_key=True).get(pk=town.pk)  # two lists at once would give a number twice
    found = plan(town, table)
    if table.problems:
        raise ValidationError(_("The list still has errors; nothing was changed."), "problems")
    return places.open_areas(openings=found.openings, on=clock.today(), by=by) if found.openings else []


class _Planning:
    """One walk through a list: first who says what, then the places from above to below."""

    def __init__(self, town, table):
        self.town, self.table, self.plan = town, table, Plan(table)
        self.levels = grid_lists.levels_below_village(town)
        here = subtree(town.path) | Q(code__startswith=town.code[:9])  # what moved away keeps its number
        areas = list(Area.objects.filter(here).select_related("parent"))
        self.codes = {area.code: area for area in areas}
        self.used = codes.used_under(town.code[:9]) | set(self.codes)
        still_open = [area for area in areas if area.ended_on is None]
        self.there = {(area.parent.code, area.name): area for area in still_open}
        self.villages = defaultdict(list)
        for area in still_open:
            if area.kind == Kind.VILLAGE:
                for name in {area.name, area.official_name, area.code, area.name.removesuffix("村")}:
                    self.villages[name].append(area)
        self.given = {}  # code in the list -> its line
        self.numbers = {}  # stem of a code -> the last number used
        self.rows_of = {}  # (parent code, name) -> the line that is about it

    def done(self):
        said = [(line, *where) for line in self.table.lines if (where := self.where(line))]
        for line, *_where in said:
            self.note_code(line)
        for line, top, steps in sorted(said, key=lambda one: len(one[2])):  # a place's own line before those below it
            self.walk(line, top, steps)
        return self.plan

    # --- what a line is about ---------------------------------------------------------
    def where(self, line):
        """(the village or, for a dedicated grid, its anchor; [(kind, name), …] below it); None when the line says
        nothing or something wrong."""
        names = [(level.kind, line[level.kind]) for level in self.levels]
        if not any(line[column.key] for column in self.table.columns if column.key != "village"):
            return None  # a village whose grids are not entered yet
        first, first_name = names[0]
        dedicated = bool(line["dedicated"])
        place = "anchor" if dedicated and line["anchor"] else "village"
        village = self.village(line, place)
        if not first_name:
            self.table.add(line, first, _("must be filled in."))
            return None
        if village is None:
            return None
        if dedicated:
            return village, [(Kind.DEDICATED, first_name)]
        return village, [(kind, name) for kind, name in names if name]

    def village(self, line, key):
        name = line[key]
        found = self.villages.get(name, [])
        if len(found) == 1:
            return found[0]
        if not name:
            self.table.add(line, key, _("must be filled in."))
        elif found:
            self.table.add(
                line, key, _("There are several villages called “%(name)s”: write the code.") % {"name": name}
            )
        else:
            text = _("There is no village “%(name)s” in %(town)s.")
            self.table.add(line, key, text % {"name": name, "town": self.town})
        return None

    def note_code(self, line):
        code = line["code"]
        if not code:
            return
        if code in self.given:
            text = _("The code stands in row %(row)s too.")
            self.table.add(line, "code", text % {"row": self.given[code].number})
        self.given.setdefault(code, line)

    # --- places -----------------------------------------------------------------------
    def walk(self, line, top, steps):
        parent, anchor = top.code, None
        if steps[0][0] == Kind.DEDICATED:
            parent, anchor = self.town.code, top.code
        for number, (kind, name) in enumerate(steps):
            last = number == len(steps) - 1
            parent = self.place(line, kind, name, parent, anchor, last)
            if parent is None:
                return

    def place(self, line, kind, name, parent, anchor, last):
        """The code of the place, planned where it is not there yet; None when something about it is wrong."""
        key = (parent, name)
        if last and key in self.rows_of:
            text = _("“%(name)s” stands in row %(row)s too.")
            self.table.add(line, kind if kind != Kind.DEDICATED else "", text % {
                "name": name, "row": self.rows_of[key].number,
            })  # fmt: skip
            return None
        if last:
            self.rows_of[key] = line
        there = self.there.get(key)
        if there is None:
            return self.open(line, kind, name, parent, anchor, last)
        if last and line["code"] and line["code"] != there.code:
            self.table.add(line, "code", _("“%(name)s” has the code %(code)s.") % {"name": name, "code": there.code})
        self.plan.already += last and isinstance(there, Area)
        return there.code

    def open(self, line, kind, name, parent, anchor, last):
        code = (last and line["code"]) or self.next_code(kind, anchor or parent)
        try:
            codes.check(kind, code, anchor or parent)
        except ValidationError as wrong:
            self.table.add(line, "code", " ".join(wrong.messages))
            return None
        if code in self.used:
            there = self.codes.get(code)
            text = _("The code %(code)s belongs to “%(name)s”.") if there else _("The code %(code)s was given before.")
            if self.given.get(code, line) is line:  # else it is told already that the code stands there twice
                self.table.add(line, "code", text % {"code": code, "name": there and there.name})
            return None
        basis = (line["dedicated"] if kind == Kind.DEDICATED else line["basis"]) if last else ""
        opening = Opening(kind, code, name, parent, anchor, basis=basis)
        self.plan.openings.append(opening)
        self.plan.lies_in[code] = self.codes[parent].name
        self.codes[code] = self.there[parent, name] = opening
        self.used.add(code)
        return code

    def next_code(self, kind, parent):
        """The next number below the parent that no place ever had and no line of the list asks for."""
        stem, width = codes.stem(kind, parent), WIDTH[kind]
        used = self.numbers.get((stem, width))
        if used is None:
            tails = [
                code[len(stem) :] for code in self.used if code.startswith(stem) and len(code) == len(stem) + width
            ]
            used = max((int(tail) for tail in tails if width < 3 or len(stem) > 12 or tail[0] != "9"), default=0)
        used += 1
        while f"{stem}{used:0{width}}" in self.given:
            used += 1
        self.numbers[stem, width] = used
        return f"{stem}{used:0{width}}"
