"""A household's page: its people masked, what is stored of it, what comes next, and what happened, within the reader's
rights: visits, requests, disputes, who came and left, who looked after it."""

from dataclasses import dataclass
from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.models import Case
from common import clock, masking
from common.fields import on_day
from disputes.models import Dispute
from grids import access
from households import act_forms, disclosing
from households.models import FormerPlace, Household, HouseholdLink, Resident
from orders.models import Order
from screening import visit_lists
from screening.lists import SENSITIVE
from screening.models import Finding

MOST = 60  # lines of the timeline


@dataclass(frozen=True)
class Line:
    """Something that happened: its day, what it was, and where more of it stands."""

    day: date
    what: str
    told: str = ""
    url: str = ""


@never_cache
@require_safe
def household(request, code):
    rows = Household.objects.select_related("area__village", "village", "town", "contact", "split_from", "merged_into")
    home = access.fetch(rows, request.user, "household.view", code=code)
    people = list(Resident.objects.filter(household=home).order_by("pk"))
    here = sorted((one for one in people if one.until_day is None), key=lambda one: not one.is_head)
    links = list(
        HouseholdLink.objects.filter(household=home).select_related("member__user", "cadre").order_by("from_day")
    )
    today = clock.today()
    held = [link for link in links if link.from_day <= today and (link.until_day is None or link.until_day > today)]
    may_change = access.may(request.user, "household.change", home.area_path)
    context = {
        "home": home, "area": home.area,
        "people": [(one, disclosing.masked(one)) for one in here],
        "gone": [(one, masking.name(one.name)) for one in people if one.until_day is not None],
        "living": sum(one.lives_here for one in here),
        "needs": home.needs.filter(on_day(today)).select_related("kind", "resident").order_by("from_day"),
        "links": held,
        "acts": act_forms.possible(home) if may_change else {},
        "contact": disclosing.masked(home.contact) if home.contact else None,
        "next": next_step(request.user, home, here, held),
        "lines": timeline(request.user, home, people, links),
    }  # fmt: skip
    return render(request, "governance/household.html", context)


def next_step(user, home, people, links):
    """(what to do next, address), the first thing that is missing; None where nothing is."""
    may_change = access.may(user, "household.change", home.area_path)
    if home.until_day is not None:
        return None
    if not people and may_change:
        return _("No resident is entered yet."), reverse("households:act", args=[home.code, "person"])
    if not any(link.member_id for link in links):
        if access.may(user, "link.change", home.area_path):
            return _("Nobody looks after this household."), reverse("party:household", args=[home.code])
        return _("Nobody looks after this household."), f"{reverse('households:list')}?area={home.area.code}&linked=no"
    visits = visit_lists.of_household(user, home, most=1)
    due = [visit.again_on for visit in visits if visit.again_on and visit.again_on <= clock.today()]
    if access.may(user, "visit.record", home.area_path) or access.assigned(user, "visit.record", home):
        address = f"{reverse('screening:record_visit')}?household={home.code}"
        return (_("A visit was promised and is due.") if due else _("Record a visit")), address
    return None


def timeline(user, home, people, links) -> list[Line]:
    """Newest first; a line stands here only where the reader may open what it tells of."""
    found = [*_visits(user, home), *_findings(user, home), *_people(people), *_links(links), *_places(home)]
    return sorted(found, key=lambda line: line.day, reverse=True)[:MOST]


def _visits(user, home):
    for visit in visit_lists.of_household(user, home, most=MOST):
        told = "" if visit.sensitive else visit.line
        yield Line(visit.day, f"{visit.get_kind_display()} · {visit.get_result_display()}", told,
                   reverse("screening:visit", args=[visit.pk]))  # fmt: skip


def _findings(user, home):
    """What was reported of this household, with its case where the reader may open that."""
    rows = Finding.objects.visible_to(user, "report.view").filter(household=home, withdrawn_by=None)
    rows = rows.annotate(sensitive=SENSITIVE).filter(sensitive=False)  # these lead back to no household
    if access.only_figures(user, "report.view"):
        return
    for finding in rows.select_related("case").order_by("-day")[:MOST]:
        case = finding.case
        if case is None:
            yield Line(finding.day, _("found"), finding.line)
        elif url := _address(user, case):
            kind = _("dispute") if case.kind == Case.Kind.DISPUTE else _("service order")
            yield Line(case.opened_on, f"{kind} {case.number}", finding.line, url)


def _address(user, case):
    dispute = case.kind == Case.Kind.DISPUTE
    model, action, page = (Dispute, "dispute.view", "disputes") if dispute else (Order, "order.view", "orders")
    if access.only_figures(user, action) or not model.objects.visible_to(user, action).filter(case=case).exists():
        return ""
    return reverse(f"{page}:detail", args=[case.pk])


def _people(people):
    for one in people:
        name = masking.name(one.name)
        if one.came_as != Resident.Came.LISTED:
            yield Line(one.from_day, one.get_came_as_display(), name)
        if one.until_day:
            yield Line(one.until_day, one.get_left_as_display(), name)


def _links(links):
    for link in links:
        name = str(link.member.user if link.member_id else link.cadre)
        yield Line(link.from_day, _("looked after by"), name)
        if link.until_day:
            yield Line(link.until_day, _("no longer looked after by"), f"{name} {link.reason}".strip())


def _places(home):
    for former in FormerPlace.objects.filter(household=home).select_related("area"):
        yield Line(former.until_day, _("counted until then at"), str(former.area))
    if home.until_day:
        yield Line(home.until_day, home.get_ended_as_display(), home.merged_into.code if home.merged_into else "")
