"""What each kind of act asks for, as a form whose `terms()` the verbs take."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.fields import subtree
from grids import changes
from grids.levels import Levels
from grids.models import Area
from grids.reshaping.merging import open_children, posts_of
from grids.reshaping.moving import MOVABLE

Kind = Area.Kind
STAYS = "stays"


class DayInput(forms.DateInput):
    input_type = "date"


def _name(label, required=True):
    return forms.CharField(label=label, max_length=60, required=required)


NEXT_FREE = _("Left empty, the next free number is given.")


def _code(help_text=NEXT_FREE):
    return forms.CharField(
        label=pgettext_lazy("of a place", "Code"), max_length=24, required=False, help_text=help_text
    )


class ActForm(forms.Form):
    """The day and the form's own id; `area` is the place whose page it was opened from."""

    on = forms.DateField(
        label=_("Effective from"), widget=DayInput(format="%Y-%m-%d"),
        help_text=_("Today, or a later day; until then it can be withdrawn."),
    )  # fmt: skip
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    last = ["on"]

    def __init__(self, *args, area: Area, **kwargs):
        initial = {"on": clock.today().isoformat(), "client_id": uuid.uuid4()} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.area = area
        self.build()
        self.order_fields([name for name in self.fields if name not in self.last] + self.last)

    def build(self):
        """Adds what depends on the place."""

    @staticmethod
    def fits(area: Area) -> bool:
        """Whether the act can be thought of at such a place at all."""
        return area.kind in MOVABLE

    def terms(self) -> dict:
        return {"area": self.area.pk}

    @property
    def reason(self):
        return self.cleaned_data.get("reason", "")


class OpenForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind of place"))
    name = _name(pgettext_lazy("of a place", "Name"))
    code = _code(_("Left empty, the next free number is given; of a village type the twelve-digit division code."))
    basis = forms.CharField(
        label=_("Drawn by, or dedicated to"), max_length=20, required=False,
        help_text=_("A micro-grid: villager group, natural village …; a dedicated grid: market, school, park …"),
    )  # fmt: skip

    @staticmethod
    def fits(area):
        return area.kind not in (Kind.COUNTY, Kind.MICRO_GRID, Kind.DEDICATED)

    def build(self):
        kinds = [(level.kind, level.label) for level in Levels().below(self.area)]
        if self.area.kind in (Kind.TOWN, Kind.VILLAGE):
            kinds.append((Kind.DEDICATED.value, Kind.DEDICATED.label))
        self.fields["kind"].choices = kinds
        if self.area.kind == Kind.TOWN:
            villages = Area.objects.filter(parent=self.area, kind=Kind.VILLAGE, ended_on__isnull=True).order_by("code")
            self.fields["anchor"] = forms.ModelChoiceField(
                label=_("Village of its office (dedicated grid)"), queryset=villages, required=False
            )

    def clean(self):
        said = super().clean()
        if said.get("kind") != Kind.DEDICATED:
            said["anchor"] = None
        elif self.area.kind == Kind.TOWN and not said.get("anchor"):
            self.add_error("anchor", _("A dedicated grid needs the village where its office stands."))
        return said

    def terms(self):
        said = self.cleaned_data
        names = ("kind", "name", "code", "basis")
        anchor = said.get("anchor")
        return {"parent": self.area.pk, "anchor": anchor and anchor.pk} | {name: said.get(name, "") for name in names}


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, area):
        return f"{area.name} ({area.code})"


class MoveForm(ActForm):
    code = _code()

    def build(self):
        there = Area.objects.filter(town=self.area.town, kind__in=self._kinds_above(), ended_on__isnull=True)
        there = there.exclude(subtree(self.area.path)).exclude(pk=self.area.parent_id).order_by("code")
        self.fields["parent"] = PlaceChoice(label=_("Move it below"), queryset=there, empty_label=_("choose"))
        self.order_fields(["parent", "code", "on"])

    def _kinds_above(self):
        """The kinds of places from which such a place may hang: below the reporting level only what has a grid."""
        levels = Levels()
        own = levels.rank(self.area.kind, self.area.town)
        rows = levels.of(self.area.town).values()
        reporting = next((row.rank for row in rows if row.reports), own)
        least = 1 if self.area.reports or own <= reporting else reporting
        return [row.kind for row in rows if least <= row.rank < own]

    def terms(self):
        said = self.cleaned_data
        return {"area": self.area.pk, "parent": said["parent"].pk, "code": said["code"].strip()}


class EndForm(ActForm):
    @staticmethod
    def fits(area):
        return area.kind in MOVABLE | {Kind.VILLAGE, Kind.DEDICATED}


class RenameForm(ActForm):
    name = _name(_("New name"))
    official_name = forms.CharField(label=_("Official name"), max_length=80, required=False)
    code = _code(_("Change it only where the code itself is wrong or was assigned anew. Codes below follow."))

    @staticmethod
    def fits(area):
        return area.kind != Kind.COUNTY

    def build(self):
        self.initial |= {name: getattr(self.area, name) for name in ("name", "official_name", "code")}

    def terms(self):
        return {"area": self.area.pk} | {name: self.cleaned_data[name] for name in ("name", "official_name", "code")}


class CorrectForm(RenameForm):
    reason = forms.CharField(label=_("What was wrong?"), max_length=200)
    last = ["on", "reason"]

    def build(self):
        super().build()
        self.fields["on"].label = _("Right from")
        self.fields["on"].help_text = _("A day after the last signed ledger, or the day it opened.")


class MergeForm(ActForm):
    areas = forms.MultipleChoiceField(label=_("Merge with"), widget=forms.CheckboxSelectMultiple)
    name = _name(_("Name of the new place"))
    code = _code()
    posts = forms.MultipleChoiceField(
        label=_("Posts that go on at the new place"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("All others end with their place."),
    )  # fmt: skip

    def build(self):
        others = list(beside(self.area).order_by("code"))
        self.fields["areas"].choices = [(str(area.pk), f"{area.name} ({area.code})") for area in others]
        held = posts_of([self.area, *others], clock.today())
        self.fields["posts"].choices = [(str(post.pk), f"{post.area.name}: {in_words(post)}") for post in held]
        self.order_fields(["areas", "name", "code", "posts", "on"])

    def terms(self):
        said = self.cleaned_data
        areas = [self.area.pk, *map(int, said["areas"])]
        return {
            "areas": areas,
            "name": said["name"],
            "code": said["code"].strip(),
            "posts": list(map(int, said["posts"])),
        }


def beside(area):
    """The open places with which one could be merged."""
    same = Area.objects.filter(parent=area.parent_id, kind=area.kind, ended_on__isnull=True)
    return same.exclude(pk=area.pk)


PARTS = 4


class SplitForm(ActForm):
    """Up to four parts; what lies below (or, where nothing does, each household) is given to one of them."""

    keeps = forms.ChoiceField(
        label=_("What becomes of it"), widget=forms.RadioSelect,
        choices=[("yes", _("It keeps its code and name and gives some of it to the new places")),
                 ("no", _("It ends, and all parts are new places with new codes"))],
    )  # fmt: skip

    def build(self):
        self.initial.setdefault("keeps", "yes")
        for n in range(1, PARTS + 1):
            self.fields[f"name_{n}"] = _name(_("Name of new place %(n)d") % {"n": n}, required=n == 1)
        children = open_children(self.area)
        self.pieces = [(f"area_{child.pk}", f"{child.name} ({child.code})") for child in children]
        if not children:
            self.pieces = [(f"home_{pk}", words) for pk, words in changes.lying_at(self.area)]
        self.held = [(f"post_{post.pk}", in_words(post)) for post in posts_of([self.area], clock.today())]
        numbers = [(str(n), _("new place %(n)d") % {"n": n}) for n in range(1, PARTS + 1)]
        for name, words in self.pieces:
            self.fields[name] = forms.ChoiceField(
                label=words, required=False, choices=[("", _("stays, or not said")), *numbers]
            )
        for name, words in self.held:
            self.fields[name] = forms.ChoiceField(
                label=words, required=False, choices=[("", _("stays, or ends with the place")), *numbers]
            )
        self.fields["rest"] = forms.ChoiceField(
            label=_("Everything else that lies at it goes to"), choices=numbers, required=False,
            help_text=_("Only where it ends: open cases found at the place itself, households not named."),
        )  # fmt: skip

    @property
    def name_fields(self):
        return [self[f"name_{n}"] for n in range(1, PARTS + 1)]

    @property
    def piece_fields(self):
        return [self[name] for name, _words in self.pieces]

    @property
    def post_fields(self):
        return [self[name] for name, _words in self.held]

    def clean(self):
        said = super().clean()
        named = [n for n in range(1, PARTS + 1) if said.get(f"name_{n}", "").strip()]
        self.numbers = {str(n): place for place, n in enumerate(named)}
        for name, _words in [*self.pieces, *self.held]:
            if said.get(name) and said[name] not in self.numbers:
                self.add_error(name, _("This new place has no name yet."))
        return said

    def terms(self):
        said = self.cleaned_data
        parts = [{"name": said[f"name_{n}"].strip(), "areas": [], "households": []} for n in map(int, self.numbers)]
        for name, _words in self.pieces:
            if said.get(name):
                key = "areas" if name.startswith("area_") else "households"
                parts[self.numbers[said[name]]][key].append(int(name.split("_")[1]))
        posts = {name.split("_")[1]: self.numbers[said[name]] for name, _words in self.held if said.get(name)}
        rest = self.numbers.get(said.get("rest") or "1", 0)
        return {"area": self.area.pk, "keeps": said["keeps"] == "yes", "parts": parts, "posts": posts, "rest": rest}


def in_words(post) -> str:
    """Somebody's post as it is chosen from a list."""
    return f"{post.user.name} {post.get_role_display()}"


FORMS = {
    "open": OpenForm, "move": MoveForm, "split": SplitForm, "merge": MergeForm, "end": EndForm, "rename": RenameForm,
    "correct": CorrectForm,
}  # fmt: skip


def kinds_for(area: Area) -> list[str]:
    """The acts that can be thought of at a place, in the order of the menu; none at one that has ended."""
    if area.ended_on is not None or area.town_id is None:
        return []
    found = [kind for kind, form in FORMS.items() if form.fits(area)]
    return [kind for kind in found if kind != "merge" or beside(area).exists()]


def refuse(form: ActForm, wrong: ValidationError) -> None:
    """Shows a refusal beside the field it is about, else above the form."""
    at = {"code": ("taken", "length", "prefix", "full", "code"), "on": ("day", "reported", "signed", "former"),
          "parent": ("cycle", "same", "level", "town"), "areas": ("few", "parents")}  # fmt: skip
    why = getattr(wrong, "code", "")
    form.add_error(next((name for name, codes in at.items() if why in codes and name in form.fields), None), wrong)
