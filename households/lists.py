"""The list of households, the target of the figures of linked and unlinked ones."""

import datetime as dt

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import on_day, subtree
from grids import access
from grids.choosing import area_of_list
from grids.models import Area
from households import needs, searching
from households.models import FormerPlace, Household, HouseholdLink, Need

LINKED = [("", _("all")), ("yes", _("linked")), ("no", _("not linked"))]
LIVING = [("", _("all")), ("here", _("somebody lives there")), ("away", _("all live away"))]
NEEDS = [("", _("all")), ("any", _("any need"))]
ACTION = "household.view"


class DayInput(forms.DateInput):
    input_type = "date"


class HouseholdFilters(forms.Form):
    """What the address of the list may say: area, linked (yes or no), on (a day), words."""

    sorts = {"code": "code", "place": "area_path", "linked": "linked", "name": "pinyin"}
    q = forms.CharField(label=_("Name, pinyin, house number, last four of a phone"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Household.Kind.choices])
    living = forms.ChoiceField(label=_("Living there"), required=False, choices=LIVING)
    need = forms.ChoiceField(label=_("Needs"), required=False, choices=NEEDS)
    linked = forms.ChoiceField(label=_("Linked"), required=False, choices=LINKED)
    on = forms.DateField(label=_("On the day"), widget=DayInput(format="%Y-%m-%d"))

    member = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, said, *, user):
        filled = said.copy()  # the form shows what is listed
        filled["on"] = said.get("on") or clock.today().isoformat()
        super().__init__(filled)
        self.user, self.area = user, area_of_list(user, ACTION, said.get("area", ""))
        if self.figures_only:
            for name in ("kind", "living", "need"):
                del self.fields[name]
        elif self.area.town_id:
            kinds = needs.kinds(self.area.town_id, all_of_them=True)
            self.fields["need"].choices = [*NEEDS, *((str(kind.pk), kind.name) for kind in kinds)]

    @property
    def figures_only(self):
        """Whether no name and no member may be shown; then they do not leave the database either."""
        return access.only_figures(self.user, ACTION)

    @property
    def order(self):
        asked = self.data.get("sort", "")
        column = self.sorts.get(asked.removeprefix("-"), "area_path")
        if column == "pinyin" and self.figures_only:
            column = "area_path"  # an order by names would tell them
        return ("-" if asked.startswith("-") else "") + column

    def rows(self):
        """The households as dictionaries: pk, code, village, place, linked; name and member where they may be seen."""
        day = self.cleaned_data["on"]
        links = HouseholdLink.objects.of_members().filter(on_day(day), household=OuterRef("pk"))
        found = Household.objects.visible_to(self.user, ACTION).filter(on_day(day), counted_under(self.area, day))
        found = found.annotate(linked=Exists(links))
        if asked := self.cleaned_data["linked"]:
            found = found.filter(linked=asked == "yes")
        if member := self.cleaned_data["member"]:
            found = found.filter(pk__in=HouseholdLink.objects.filter(on_day(day), member=member).values("household"))
        if text := self.cleaned_data["q"].strip():
            found = found.filter(self._search(text))
        found = found.filter(self._told(day))
        columns = {"village_name": F("village__name"), "place": F("area__name")}
        shown = ["pk", "code", "linked"]
        if not self.figures_only:
            columns["member"] = links.values("member__user__name")[:1]
            shown += ["name", "kind", "lives_here"]
            columns["has_need"] = Exists(Need.objects.filter(on_day(day), household=OuterRef("pk")))
        return found.order_by(self.order, "code").values(*shown, **columns)

    def _search(self, text):
        return Q(code__icontains=text) if self.figures_only else searching.matching(text, area_path=self.area.path)

    def _told(self, day):
        """The filters by what is stored of a household; whoever reads figures only has none of them."""
        said, clause = self.cleaned_data, Q()
        if said.get("kind"):
            clause &= Q(kind=said["kind"])
        if said.get("living"):
            clause &= Q(lives_here=said["living"] == "here")
        if asked := said.get("need"):
            needed = Need.objects.filter(on_day(day), **({} if asked == "any" else {"kind": asked}))
            clause &= Q(pk__in=needed.values("household"))
        return clause


def counted_under(area: Area, day: dt.date) -> Q:
    """By the columns that count on the day for county, town, village and grid; by place today below."""
    if area.kind == Area.Kind.COUNTY:
        return Q(town__county=area)
    for level in ("town", "village", "grid"):
        if getattr(area, f"{level}_id") == area.pk:
            here = Q(here_since__isnull=True) | Q(here_since__lte=day)
            formerly = FormerPlace.objects.filter(on_day(day), **{level: area})
            return (here & Q(**{level: area})) | Q(pk__in=formerly.values("household"))
    return subtree(area.path, "area_path")
