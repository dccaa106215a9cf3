"""Lists of cases, the target of every figure: one row a spell, so that a list is as long as the figure says."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Length
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Closing, Field
from casework.models import Spell
from casework.workflow import TABLES, closed_label, state_label
from common.fields import STEP, subtree
from grids import access
from grids.models import Area

SPANS = {  # name in the query string (…_from, …_to): what people call it, the day that must lie in it, which spells
    "found": (_("found"), "opened_on", Q(round=1)),
    "reopened": (_("reopened"), "opened_on", Q(round__gt=1)),
    "handled": (_("handled"), "handled_on", Q()),
    "settled": (_("settled"), "closed_on", Q(closed_as=Closing.SETTLED)),
    "closed": (_("closed"), "closed_on", Q()),
}
SORTS = {
    "number": "case__number", "place": "case__area_path", "category": "case__category", "state": "case__state",
    "opened": "opened_on", "closed": "closed_on",
}  # fmt: skip
COLUMNS = {
    "pk": F("case_id"), "number": F("case__number"), "place": F("case__area__name"),
    "village": F("case__village__name"), "category": F("case__category"), "field": F("case__field"),
    "state": F("case__state"),
}  # fmt: skip


def _date():
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def several(label, choices):
    """A filter that names several codes at once; only a figure's link uses it, so it has no visible control."""
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=forms.MultipleHiddenInput)


@dataclass(frozen=True)
class Narrowing:
    """A filter of one kind of case alone: its hidden form field, and the lookup from a spell."""

    field: forms.Field
    lookup: str


class Filters(forms.Form):
    """What the query string may say of a list. Unknown words in it are refused, not guessed."""

    q = forms.CharField(label=_("Number or words"), required=False, max_length=60)
    area = forms.ChoiceField(label=_("Place"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("all")), *Category.choices])
    field = forms.ChoiceField(label=_("Field"), required=False, choices=[("", _("all")), *Field.choices])
    closed_as = forms.ChoiceField(required=False, choices=[("", ""), *Closing.choices], widget=forms.HiddenInput)
    categories = several(_("Category"), Category.choices)
    lying = forms.BooleanField(required=False, widget=forms.HiddenInput)  # by where cases lie today, not were found
    sort = forms.ChoiceField(required=False, choices=[(s, s) for key in SORTS for s in (key, f"-{key}")])

    def __init__(self, *args, kind, user, narrowings=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.narrowed = ["categories", *(narrowings or {})]
        self.fields |= {name: copy.deepcopy(narrowing.field) for name, narrowing in (narrowings or {}).items()}
        self.fields["state"].choices = [("", _("all")), *TABLES[kind].states.choices]
        self.fields["sort"].widget = forms.HiddenInput()
        for name in [f"{span}_{end}" for span in SPANS for end in ("from", "to")] + ["open_on"]:
            self.fields[name] = _date()
        self.fields["found_from"].label, self.fields["found_to"].label = _("Opened from"), _("Opened until")
        self.asked_area = _area_of(user, self.data.get("area", ""))
        self.fields["area"].choices = [("", _("all")), *_area_choices(user, self.asked_area)]

    def clean(self):
        cleaned = super().clean() | {"area": self.asked_area}
        for span in SPANS:
            first, last = cleaned.get(f"{span}_from"), cleaned.get(f"{span}_to")
            if first and last and first > last:
                raise ValidationError(_("The first day lies after the last."))
        return cleaned

    @property
    def told(self):
        """The days in force, in words, for example "settled from 2026-11-16 until 2026-11-22"."""
        wanted = getattr(self, "cleaned_data", {})
        spans = [
            (label, wanted.get(f"{name}_from"), wanted.get(f"{name}_to")) for name, (label, *_rest) in SPANS.items()
        ]
        told = [_told(*span) for span in spans if span[1] or span[2]]
        if wanted.get("open_on"):
            told.append(gettext("open at the end of %(day)s") % {"day": _written(wanted["open_on"])})
        told += [gettext("lying there today, wherever found")] if wanted.get("lying") else []
        told += [str(Closing(wanted["closed_as"]).label)] if wanted.get("closed_as") else []
        return told + [self._told_code(name, value) for name in self.narrowed if (value := wanted.get(name))]

    def _told_code(self, name, value):
        """A hidden filter in words: "Category: neighbours, damages", "People involved from: 50"."""
        labels = dict(getattr(self.fields[name], "choices", ()))
        values = value if isinstance(value, list) else [value]
        return f"{self.fields[name].label}{gettext(': ')}{gettext(', ').join(str(labels.get(v, v)) for v in values)}"

    @property
    def more_in_force(self):
        """Whether one of the fields that stand folded away is in use."""
        return any(self.data.get(name) for name in ("category", "field", "found_from", "found_to"))

    @property
    def kept(self):
        """The hidden part of the filter form: what a figure's link asked for beyond the visible fields."""
        shown = {"q", "area", "state", "category", "field", "found_from", "found_to"}
        return [self[name] for name in self.fields if name not in shown and self.data.get(name)]


def _written(day):
    return date_format(day, "DATE_FORMAT")


def _told(label, first, last):
    words = {"what": label, "first": _written(first) if first else "", "last": _written(last) if last else ""}
    if first and last:
        return gettext("%(what)s from %(first)s until %(last)s") % words
    return gettext("%(what)s from %(first)s on") % words if first else gettext("%(what)s until %(last)s") % words


def _area_of(user, code):
    """The asked area; one outside the person's reach does not exist for him."""
    if not code:
        return None
    area = Area.objects.visible_to(user).filter(code=code).first()
    if area is None:
        raise Http404
    return area


def near(user, action, reaches=(access.AREA, access.FIGURES), levels=2):
    """Areas a person chooses from: those of his posts and up to `levels` below, in the order of the tree."""
    clause = Q(pk__in=[])
    for top in access.paths(user, action, reaches):
        clause |= subtree(top) & Q(depth__lte=len(top) + levels * STEP)
    areas = Area.objects.annotate(depth=Length("path")).filter(clause, ended_on__isnull=True)
    return areas.select_related("village").order_by("path")


def place_label(area) -> str:
    """东良村 · 第一网格; a village by its name alone."""
    return area.name if area.village_id in {None, area.pk} else f"{area.village.name} · {area.name}"


def _area_choices(user, asked):
    choices = [(area.code, place_label(area)) for area in near(user, "area.view")]
    if asked and asked.code not in dict(choices):
        choices.append((asked.code, place_label(asked)))
    return choices


def counted_under(area) -> Q:
    """Cases (of spells) that count under an area: by the town, village and grid of the day they were found."""
    for level in ("town", "village", "grid"):
        if getattr(area, f"{level}_id") == area.pk:
            return Q(**{f"case__{level}": area})
    if area.kind == Area.Kind.COUNTY:
        return Q(case__town__county=area)
    return subtree(area.path, "case__area_path")


@dataclass(frozen=True)
class Listing:
    """How one kind of case is listed: by which right, where its line stands, where it says that it is sensitive."""

    kind: str
    action: str
    line: str
    sensitive: str = ""
    narrowings: Mapping[str, Narrowing] | None = None

    def spells(self, user, wanted: dict):
        """The spells a person's filters select, in order; `wanted` is the cleaned query string."""
        found = access.restrict(Spell.objects.filter(case__kind=self.kind), user, self.action, path="case__area_path")
        found = _in_time(found, wanted)
        if wanted.get("area"):
            lying = subtree(wanted["area"].path, "case__area_path")
            found = found.filter(lying if wanted.get("lying") else counted_under(wanted["area"]))
        for name in ("category", "field", "state"):
            if wanted.get(name):
                found = found.filter(**{f"case__{name}": wanted[name]})
        if wanted.get("categories"):
            found = found.filter(case__category__in=wanted["categories"])
        for name, narrowing in (self.narrowings or {}).items():
            if wanted.get(name):
                found = found.filter(**{narrowing.lookup: wanted[name]})
        if wanted.get("q"):
            found = found.filter(self._search(user, wanted["q"]))
        return found.order_by(*_order(wanted.get("sort") or "-opened"))

    def rows(self, user, wanted: dict):
        """The same as dictionaries. Where the person sees figures only, line and severity never leave the database."""
        columns = dict(COLUMNS)
        if self.sensitive:
            columns["sensitive"] = F(self.sensitive)
        if not access.only_figures(user, self.action):
            columns["line"] = self._line()
        return self.spells(user, wanted).values("round", "opened_on", "closed_on", "closed_as", **columns)

    def _line(self):
        if not self.sensitive:
            return F(self.line)
        return Case(When(**{self.sensitive: True}, then=Value("")), default=F(self.line))

    def _search(self, user, text):
        clause = Q(case__number__icontains=text)
        if access.only_figures(user, self.action):
            return clause
        readable = {self.sensitive: False} if self.sensitive else {}
        return clause | Q(**{f"{self.line}__icontains": text}, **readable)


def _order(sort):
    """Open spells have no last day and stand last; the others are left to the index."""
    column, back = F(SORTS[sort.removeprefix("-")]), sort.startswith("-")
    nulls = {"nulls_last": True} if sort.endswith("closed") else {}
    return column.desc(**nulls) if back else column.asc(**nulls), "-case_id", "-round"


def _in_time(found, wanted):
    """Spells by their days; without any day in the question, the last spell of every case."""
    asked = bool(wanted.get("closed_as"))
    if asked:
        found = found.filter(closed_as=wanted["closed_as"])
    for name, (_label, column, which) in SPANS.items():
        first, last = wanted.get(f"{name}_from"), wanted.get(f"{name}_to")
        if first or last:
            asked = True
            found = found.filter(which, **{f"{column}__isnull": False})
            found = found.filter(**{f"{column}__gte": first}) if first else found
            found = found.filter(**{f"{column}__lte": last}) if last else found
    if day := wanted.get("open_on"):
        asked = True
        found = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)
    later = Spell.objects.filter(case=OuterRef("case"), round__gt=OuterRef("round"))
    return found if asked else found.filter(~Exists(later))


def _tone(row):
    if row["closed_on"] is None:
        return "warn"
    return "good" if row["closed_as"] == Closing.SETTLED else "calm"


def readable(kind: str, row: dict) -> dict:
    """A row of `Listing.rows` in words. An ended spell shows how it ended, also of a case that is open again; a
    sensitive case shows only number and category (domain handbook 4.3)."""
    words = {"pk": row["pk"], "number": row["number"], "category": Category(row["category"]).label}
    if row.get("sensitive"):
        return words | {"sensitive": True}
    village, place = row["village"], row["place"]
    return words | {
        "place": place if place == village else f"{village} · {place}",
        "field": Field(row["field"]).label, "tone": _tone(row),
        "state": closed_label(kind, row["closed_as"]) if row["closed_as"] else state_label(kind, row["state"]),
        "closed_as": Closing(row["closed_as"]).label if row["closed_as"] else "", "line": row.get("line", ""),
        "opened_on": row["opened_on"], "closed_on": row["closed_on"], "round": row["round"],
    }  # fmt: skip
