"""The lists that figures lead to: expected reports in a state, and standing findings; as long as the figure says."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Field, Severity
from casework.lists import near, place_label
from common import clock, periods
from common.fields import subtree
from grids import access
from grids.choosing import area_of_list
from grids.models import Area
from screening import duty
from screening.models import Finding

LONGEST = 366  # days of one list
STATES = [
    ("expected", _("expected")), ("on_time", _("on time")), ("late", _("late")), ("missing", _("missing")),
    ("excused", _("excused")), ("pending", _("still due")), ("nil", _("nil report")), ("reported", _("reported")),
]  # fmt: skip
ALL = ("", _("all"))
SENSITIVE = Coalesce(F("case__dispute__sensitive"), Value(False))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class SpanForm(forms.Form):
    """Area and days of a list, as its address says; without days, the days of `first_day`."""

    action = "report.view"
    sorts = ()
    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    area = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, said, *, user):
        self.user, self.today = user, clock.today()
        self.area = area_of_list(user, self.action, said.get("area", ""))
        super().__init__(self._filled(said))
        choices = {area.code: place_label(area) for area in near(user, self.action)}
        self.fields["area"].choices = [(self.area.code, place_label(self.area)), *choices.items()]
        self.fields["area"].choices = list(dict(self.fields["area"].choices).items())
        for name, label in [("from", _("From")), ("to", _("Until"))]:
            self.fields[name] = forms.DateField(label=label, required=False, widget=DayInput())

    def first_day(self):
        return self.today

    def _filled(self, said):
        """The question with what it leaves open written in, so that the form shows what is listed."""
        filled = said.copy()
        filled["area"] = self.area.code
        filled["to"] = said.get("to") or self.today.isoformat()
        filled["from"] = said.get("from") or min(self.first_day().isoformat(), filled["to"])
        return filled

    def clean(self):
        said = super().clean()
        first, last = said.get("from"), said.get("to")
        if not first or not last:
            return said
        if first > last:
            raise forms.ValidationError(_("The first day lies after the last."))
        if (last - first).days >= LONGEST:
            raise forms.ValidationError(_("Choose at most one year."))
        return said

    @property
    def figures_only(self):
        return access.only_figures(self.user, self.action)

    @property
    def sort(self):
        """The column to sort by and whether the order is reversed; None for the list's own order."""
        asked = self.data.get("sort", "")
        column = asked.removeprefix("-")
        return (column, asked.startswith("-")) if column in self.sorts else None


class ReportFilters(SpanForm):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *STATES])
    field_order = ["q", "area", "state", "from", "to"]

    @property
    def sorts(self):
        return ("day", "place", "state", "received") if self.figures_only else tuple(ExpectedReports.COLUMNS)

    def rows(self):
        """The expected reports that are asked for, read a page at a time. Where the person sees figures only, neither
        a worker's name nor the reason of a leave leaves the database, and none is searched or sorted by; the reason
        is read by those alone who grant leave there."""
        said = self.cleaned_data
        return ExpectedReports(
            self.area, said["from"], said["to"], state=said["state"], text=said["q"].strip(), sort=self.sort,
            named=not self.figures_only, reasons=access.may(self.user, "leave.grant", self.area.path),
        )  # fmt: skip


AWAY = "-"  # in the place of the reason, for those who do not grant leave


class ExpectedReports:
    """Rows of duty.states as a sequence of which only the slice that is shown is read."""

    COLUMNS = {
        "day": ["day"], "place": ["village_code", "area_code"], "worker": ["worker"], "state": ["state"],
        "received": ["received_at"],
    }  # fmt: skip
    OWN_ORDER = "day DESC, village_code, area_code"
    UNNAMED = "day, area_id, area_name, area_code, village_name, village_code, state, report_id, received_at, nil"

    UNREASONED = f"{UNNAMED}, worker_id, worker, CASE WHEN excuse > '' THEN '{AWAY}' ELSE excuse END AS excuse"

    def __init__(self, area, first, last, *, state="", text="", sort=None, as_of=None, named=True, reasons=True):
        self.shown = ("*" if reasons else self.UNREASONED) if named else self.UNNAMED
        self.sql, self.values = duty.expected(area, first, last, as_of=as_of or clock.now())
        self.where = duty.kept_states([state] if state else None)
        if text:
            like = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
            searched = ["area_name", "village_name", "worker"] if named else ["area_name", "village_name"]
            self.where += f" AND ({' OR '.join(f'{column} ILIKE %s' for column in searched)})"
            self.values = [*self.values, *[like] * len(searched)]
        self.order = self.OWN_ORDER
        if sort:
            way = " DESC NULLS LAST" if sort[1] else " ASC NULLS LAST"
            self.order = ", ".join(column + way for column in self.COLUMNS[sort[0]]) + ", " + self.OWN_ORDER

    def count(self):
        return duty.fetch_rows(f"SELECT count(*) AS n FROM ({self.sql}) e WHERE {self.where}", self.values)[0]["n"]

    __len__ = count

    def __getitem__(self, part: slice):
        """The rows of a slice; where no report came in, `since` is the day after the last one before."""
        limit = f"LIMIT {part.stop - part.start} OFFSET {part.start}" if part.stop is not None else ""
        page = f"SELECT {self.shown} FROM ({self.sql}) e WHERE {self.where} ORDER BY {self.order} {limit}"
        return duty.fetch_rows(
            f"""SELECT page.*, CASE WHEN report_id IS NULL THEN (SELECT max(r.day) + 1 FROM screening_dailyreport r
                WHERE r.area_id = page.area_id AND r.day < page.day AND r.voided_at IS NULL) END AS since
            FROM ({page}) page ORDER BY {self.order}""",
            self.values,
        )

    def __iter__(self):
        return iter(self[slice(0, None)])


class FindingFilters(SpanForm):
    sorts = {
        "day": "day", "place": "area_path", "field": "field", "category": "category", "severity": "severity",
        "outcome": "outcome",
    }  # fmt: skip
    field = forms.ChoiceField(label=_("Field"), required=False, choices=[ALL, *Field.choices])
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[ALL, *Category.choices])
    outcome = forms.ChoiceField(label=_("What was done"), required=False, choices=[ALL, *Finding.Outcome.choices])
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[ALL, *Severity.choices])
    field_order = ["q", "area", "from", "to", "field", "category", "outcome", "severity"]

    def first_day(self):
        return periods.week_of(self.today).start

    def rows(self):
        """The standing findings that are asked for, as dictionaries. Where the person sees figures only, neither the
        line nor the household leaves the database."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("field", "category", "outcome", "severity") if said[name]}
        found = standing(self.user, self.area, said["from"], said["to"]).filter(**kept)
        if text := said["q"].strip():
            found = found.filter(self._search(text))
        column, reverse = self.sort or ("day", True)
        order = ("-" if reverse else "") + self.sorts[column]
        shown, computed = self.columns()
        return found.order_by(order, "-day", "-pk").values(*shown, **computed)

    def _search(self, text):
        clause = Q(area__name__icontains=text) | Q(village__name__icontains=text)
        return clause if self.figures_only else clause | Q(line__icontains=text, sensitive=False)

    def columns(self):
        shown = ["report_id", "day", "village__name", "area__name", "field", "category", "severity", "outcome",
                 "case__number"]  # fmt: skip
        if self.figures_only:
            return shown, {}
        open_words = {"text": "line", "home": "household__name"}
        return [*shown, "sensitive", "visit__pk"], {
            name: Case(When(sensitive=True, then=Value("")), default=F(column)) for name, column in open_words.items()
        }


def standing(user, area: Area, first: dt.date, last: dt.date):
    """Findings a person may see that count under an area in first..last and are not withdrawn. Of one that became a
    `sensitive` dispute lists show neither line nor household (domain handbook 4.3)."""
    found = Finding.objects.visible_to(user, "report.view").filter(day__range=(first, last), withdrawn_by__isnull=True)
    return found.filter(counted_under(area)).annotate(sensitive=SENSITIVE)


def counted_under(area: Area) -> Q:
    """By the columns of the day for county, town, village and reporting area; by place below."""
    if area.kind == Area.Kind.COUNTY:
        return Q(town__county=area)
    if area.pk in (area.town_id, area.village_id):
        return Q(town=area) if area.pk == area.town_id else Q(village=area)
    return Q(grid=area) if area.reports else subtree(area.path, "area_path")


def list_url(name: str, area: Area, day: dt.date, **more) -> str:
    """The address of a list of one area and day, for the figure that leads there."""
    query = {"area": area.code, "from": day.isoformat(), "to": day.isoformat()} | more
    return f"{reverse(name)}?{urlencode(query)}"
