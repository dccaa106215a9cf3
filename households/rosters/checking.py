"""Checks a roster row by row against itself and the places of the town; every error with its row and column."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import clock, sealed
from common.fields import subtree
from common.reading import Table, plain_head
from grids.models import Area
from households import id_numbers
from households.models import Household
from households.relations import Relation
from households.rosters import words
from households.rosters.grouping import Home, Person, homes, plain_name

LOWEST = ("micro_grid", "group", "small_grid", "grid", "dedicated", "village")


class Checked:
    """A table understood: its households, the villages it is about; what is wrong stands in `table.problems`."""

    def __init__(self, table: Table, area: Area):
        self.table, self.places = table, Places(area)
        self.asks_for_leaving = any(
            column.key == "lives" and "外出" in plain_head(str(column.label)) for column in table.columns
        )
        self.homes = homes(table)
        self.by_number = {}  # blind index of an ID number -> the line that has it
        for home in self.homes:
            for person in home.people:
                self._person(person)
            self._home(home)

    @property
    def people(self):
        return [person for home in self.homes for person in home.people]

    @property
    def villages(self) -> list[int]:
        """Ids of the villages the roster is about."""
        return sorted({home.area.village_id for home in self.homes if home.area} | self.places.whole)

    def _try(self, line, key, read):
        """What `read` makes of a filled cell, else None; a ValidationError becomes a problem of the row."""
        if not line[key]:
            return None
        try:
            return read(line[key])
        except ValidationError as wrong:
            self.table.add(line, key, " ".join(wrong.messages))
            return None

    # --- a person -------------------------------------------------------------------------
    def _person(self, person: Person):
        line, add = person.line, self.table.add
        if not person.name:
            add(line, "name", _("must be filled in."))
        elif any(letter.isdigit() for letter in person.name) or len(person.name) == 1:
            add(line, "name", _("This is no name."))
        if person.relation is None:
            word = line["relation"]
            text = _("“%(word)s” is no known relation. Write 户主, 配偶, 子, 女 or 其他.") % {"word": word[:20]}
            add(line, "relation", text if word else _("must be filled in."))
        person.sex = self._try(line, "sex", lambda text: words.one_of(words.SEXES, text)) or ""
        person.birth_year = self._try(line, "birth", words.birth_year)
        person.phone = self._try(line, "phone", words.phone) or ""
        self._number(person)
        self._whereabouts(person)

    def _number(self, person):
        line = person.line
        told = self._try(line, "id_number", id_numbers.read)
        if told is None:
            return
        person.id_number = line["id_number"]
        person.id_index = sealed.blind(person.id_number, purpose="id_number")
        first = self.by_number.setdefault(person.id_index, line)
        if first is not line:
            self.table.add(line, "id_number", _("The number stands in row %(row)s too.") % {"row": first.number})
        if person.sex and person.sex != told.sex:
            self.table.add(line, "sex", _("The ID number says otherwise."))
        if person.birth_year and person.birth_year != told.birth_year:
            self.table.add(line, "birth", _("The ID number says another year."))
        person.sex, person.birth_year = told.sex, told.birth_year

    def _whereabouts(self, person):
        line = person.line
        meanings = words.LEAVES if self.asks_for_leaving else words.LIVES
        person.lives_here = self._try(line, "lives", lambda text: words.one_of(meanings, text))
        person.away_since = self._try(line, "away_since", words.month)
        person.away_to = line["away_to"]
        if person.away_to or person.away_since:
            if person.lives_here:
                key = "away_to" if person.away_to else "away_since"
                self.table.add(line, key, _("says that the person is away, and another column that not."))
            person.lives_here = False

    # --- a household ----------------------------------------------------------------------
    def _home(self, home: Home):
        self._area(home)
        self._heads(home)
        self._twice(home)
        self._agree(home)
        line = home.told_by.get("kind")
        if line:
            home.kind = self._try(line, "kind", lambda text: words.one_of(words.KINDS, text)) or ""
        since = home.told_by.get("kind_since")
        if since and since["kind_since"] > clock.today():
            self.table.add(since, "kind_since", _("The day lies ahead."))

    def _area(self, home):
        found, key, text = self.places.find(home.said)
        if found is None:
            self.table.add(home.told_by.get(key) or home.first, key, text)
        home.area = found

    def _heads(self, home):
        heads = [person for person in home.people if person.relation == Relation.HEAD]
        for person in heads[1:]:
            text = _("The household of row %(row)s has two heads. Part them by a household number.")
            self.table.add(person.line, "relation", text % {"row": heads[0].line.number})
        if not heads and all(person.relation for person in home.people):
            text = _("The household beginning in this row has no head.")
            self.table.add(home.first, "relation", text)
        said = home.told_by.get("head")
        if heads and said and plain_name(said["head"]) != heads[0].name:
            self.table.add(said, "head", _("Row %(row)s names another head.") % {"row": heads[0].line.number})

    def _twice(self, home):
        seen = {}
        for person in home.people:
            first = seen.setdefault((person.name, person.birth_year, person.id_index), person.line)
            if first is not person.line and person.name:
                self.table.add(person.line, "name", _("stands in row %(row)s too.") % {"row": first.number})

    def _agree(self, home):
        """What rows of one household say of it must be the same."""
        for person in home.people:
            for key in ("place", "head", "address", "kind"):
                first = home.told_by.get(key)
                said = person.line[key]
                if said and first is not None and plain_name(said) != plain_name(first[key]):
                    text = _("Row %(row)s says otherwise of this household.") % {"row": first.number}
                    self.table.add(person.line, key, text)


class Places:
    """The open places a roster may name, by what people call them."""

    def __init__(self, area: Area):
        below = Area.objects.open_on(clock.today()).filter(subtree(area.path))
        self.areas = list(below.select_related("village", "parent").order_by("path"))
        self.above = {place.parent_id for place in self.areas}
        self.village = area if area.kind == Area.Kind.VILLAGE else None
        self.whole = {area.pk} if self.village else set()
        self.named = defaultdict(list)
        for place in self.areas:
            for name in _names(place):
                self.named[name].append(place)
        self.found = {}

    def find(self, said):
        """(lowest place, "", "") or (None, column, what is wrong)."""
        key = said["village"], said["grid"], said["place"]
        if key not in self.found:
            self.found[key] = self._find(*key)
        return self.found[key]

    def _find(self, village, grid, place):
        top, column = self.village, ""
        for column, name, kinds in (
            ("village", village, {"village"}), ("grid", grid, {"grid", "dedicated", "group"}),
            ("place", place, {"micro_grid", "group", "small_grid", "grid"}),
        ):  # fmt: skip
            if not name:
                continue
            top, text = self._one(name, kinds, top)
            if text:
                return None, column, text
        if top is None:
            return None, "village", _("must be filled in.")
        return self._lowest(top, column)

    def _one(self, name, kinds, top):
        """(the place of that name below `top`, what is wrong)"""
        found = [one for one in self.named[plain_name(name)] if one.kind in kinds
                 and (top is None or one.path.startswith(top.path))]  # fmt: skip
        if top is not None and top in found:
            return top, ""
        if len(found) != 1:
            known = _("“%(name)s” is not known here.") if not found else _("“%(name)s” is not one place here.")
            return None, known % {"name": name[:30]}
        return found[0], ""

    def _lowest(self, top, column):
        """Households lie in the lowest places only; with one way down the roster need not name it."""
        while top.pk in self.above:
            below = [one for one in self.areas if one.parent_id == top.pk]
            if len(below) != 1:
                column = "place" if column != "place" else column
                return None, column, _("Name the micro-grid or group in %(place)s.") % {"place": top.name}
            top = below[0]
        return top, "", ""


def _names(place):
    """A place's own name, and without the names above before it: 东良村第一网格 is 第一网格 in its village."""
    names = {place.name, place.official_name, place.code}
    if place.village is not None and place.village != place:
        names |= {place.name.removeprefix(place.village.name), place.name.removeprefix(place.parent.name)}
    else:
        names |= {place.name.removesuffix("村"), f"{place.name}村", f"{place.name.removesuffix('村')}村民委员会"}
    return {plain_name(name) for name in names if name}


def codes_in(villages) -> set[str]:
    """The codes of all households that ever counted in these villages."""
    return set(Household.objects.filter(village__in=villages).values_list("code", flat=True))
