"""The lists of visits: every visit and reception as recorded, and the linked households with what is due of them; as
long as the figure says."""

import datetime as dt

from django import forms
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from common import periods
from common.fields import on_day, subtree
from grids import access
from grids.models import Area
from households.models import Household, HouseholdLink
from screening import visit_plan
from screening.lists import ALL, DayInput, SpanForm
from screening.models import Visit

DUE_STATES = [
    ("due", _("all that are due")), ("visited", _("visited")), ("open", _("not visited yet")),
    ("overdue", _("visits overdue")),
]  # fmt: skip
LEADERS = "leaders"
SENSITIVE = Coalesce(F("finding__case__dispute__sensitive"), Value(False))
CAPACITIES = [ALL, (LEADERS, _("leaders and cadres")), *Visit.Capacity.choices]


class VisitFilters(SpanForm):
    """What the address of the list of visits may say."""

    action = "visit.view"
    sorts = {
        "day": "day", "place": "area_path", "result": "result", "capacity": "capacity", "kind": "kind",
    }  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of visit"), required=False, choices=[ALL, *Visit.Kind.choices])
    result = forms.ChoiceField(label=_("Result"), required=False, choices=[ALL, *Visit.Result.choices])
    capacity = forms.ChoiceField(label=_("Visited as"), required=False, choices=CAPACITIES)
    field_order = ["q", "area", "from", "to", "kind", "result", "capacity"]

    def first_day(self):
        return periods.week_of(self.today).start

    def rows(self):
        """The standing visits asked for, as dictionaries. Where the person sees figures only, neither line nor
        household nor name leaves the database."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("kind", "result") if said[name]}
        found = standing(self.user, self.area, said["from"], said["to"]).filter(**kept)
        if said["capacity"] == LEADERS:
            found = found.exclude(capacity__in=[Visit.Capacity.MEMBER, Visit.Capacity.WORKER])
        elif said["capacity"]:
            found = found.filter(capacity=said["capacity"])
        if text := said["q"].strip():
            found = found.filter(self._search(text))
        column, reverse = self.sort or ("day", True)
        shown = ["day", "kind", "result", "capacity", "village__name", "area__name"]
        found = found.order_by(("-" if reverse else "") + self.sorts[column], "-day", "-pk")
        if self.figures_only:
            return found.values(*shown)
        shown += ["pk", "household__name", "household__code", "by__name", "finding__case__number"]
        return found.values(*shown, text=Case(When(sensitive=True, then=Value("")), default=F("line")))

    def _search(self, text):
        clause = Q(area__name__icontains=text) | Q(village__name__icontains=text)
        if self.figures_only:
            return clause
        named = Q(household__name__icontains=text) | Q(household__code=text) | Q(by__name__icontains=text)
        return clause | named | Q(line__icontains=text, sensitive=False)


def standing(user, area: Area, first: dt.date, last: dt.date):
    """Visits a person may read that count under an area in first..last and were not withdrawn. What was raised and
    became a `sensitive` dispute no list shows (domain handbook 4.3)."""
    found = Visit.objects.visible_to(user, "visit.view").filter(day__range=(first, last), withdrawn_at__isnull=True)
    return found.filter(_counted_under(area)).annotate(sensitive=SENSITIVE)


def _counted_under(area: Area) -> Q:
    """By the columns of the day for county, town, village and grid; by place below."""
    if area.kind == Area.Kind.COUNTY:
        return Q(town__county=area)
    for level in ("town", "village", "grid"):
        if getattr(area, f"{level}_id") == area.pk or (level == "grid" and area.reports):
            return Q(**{level: area})
    return subtree(area.path, "area_path")


class DueFilters(forms.Form):
    """What the address of the list of due households may say: place, day, state, words."""

    action = "visit.view"
    sorts = {"code": "household__code", "place": "household__area_path", "last": "last_visit"}
    q = forms.CharField(label=_("Name or code"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False, choices=DUE_STATES, initial="due")
    on = forms.DateField(label=_("On the day"), widget=DayInput())

    def __init__(self, said, *, user, today, area):
        filled = said.copy()
        filled["on"] = said.get("on") or today.isoformat()
        filled["state"] = said.get("state") or "due"
        super().__init__(filled)
        self.user, self.area = user, area

    @property
    def figures_only(self):
        return access.only_figures(self.user, self.action)

    @property
    def order(self):
        asked = self.data.get("sort", "")
        column = self.sorts.get(asked.removeprefix("-"), "household__area_path")
        return ("-" if asked.startswith("-") else "") + column

    def rows(self):
        """The linked households in the state, as dictionaries."""
        day, state = self.cleaned_data["on"], self.cleaned_data["state"] or "due"
        homes = Household.objects.visible_to(self.user, self.action)
        found = due_links(self.area, day, state).filter(household__in=homes)
        if text := self.cleaned_data["q"].strip():
            by_code = Q(household__code__icontains=text)
            found = found.filter(by_code if self.figures_only else by_code | Q(household__name__icontains=text))
        columns = {"code": F("household__code"), "village_name": F("village__name")}
        columns |= {"place": F("household__area__name")}
        shown = ["last_visit"]
        if not self.figures_only:
            columns |= {"name": F("household__name"), "visitor": F("member__user__name")}
        return found.order_by(self.order, "household__code").values(*shown, **columns)


def due_links(area: Area, day: dt.date, state: str):
    """The links of an area that are in a state at the end of a day, with the `last_visit` of their household."""
    towns = [area.town_id]
    if not area.town_id:
        towns = list(Area.objects.filter(parent=area, kind=Area.Kind.TOWN).values_list("pk", flat=True))
    links = with_last_visit(HouseholdLink.objects.of_members().filter(on_day(day)), day).filter(_counted_under(area))
    return links.filter(visit_plan.in_state(state, visit_plan.cuts(towns, day)))


def with_last_visit(links, day: dt.date):
    """Links annotated with the day of the last standing visit to their household up to a day; None without one."""
    paid = Visit.objects.filter(household=OuterRef("household"), withdrawn_at__isnull=True, day__lte=day)
    last = paid.order_by().values("household").annotate(last=Max("day")).values("last")
    return links.annotate(last_visit=Subquery(last))


def of_household(user, household, most=20):
    """The visits to one household a person may read, newest first: for the household's own page."""
    found = Visit.objects.visible_to(user, "visit.view").filter(household=household, withdrawn_at__isnull=True)
    found = found.select_related("by", "finding__case").annotate(sensitive=SENSITIVE)
    return found.order_by("-day", "-pk")[:most]
