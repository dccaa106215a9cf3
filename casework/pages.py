"""What the pages of both kinds of case have in common: the list, its download, taking an act, the history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import audit
from casework import lists, workflow
from casework.forms import ReasonForm
from casework.models import Case
from common import clock, spreadsheets
from grids import access

A_PAGE = 50  # rows


def list_page(request, listing, template, **more):
    """One page of a list, with the filters of the query string."""
    filters = _filters(request, listing)
    rows = listing.rows(request.user, filters.cleaned_data) if filters.is_valid() else []
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [lists.readable(listing.kind, row) for row in page.object_list]
    return render(
        request,
        template,
        {
            "filters": filters,
            "page_obj": page,
            "figures_only": access.only_figures(request.user, listing.action),
            "filtered": any(value for name, value in request.GET.items() if name not in {"page", "sort"}),
            **more,
        },
        status=200 if filters.is_valid() else 400,
    )


def export(request, listing, title, name):
    """The whole list as .xlsx, with the same filters; a query string that is refused gives an empty sheet."""
    filters = _filters(request, listing)
    rows = listing.rows(request.user, filters.cleaned_data) if filters.is_valid() else []
    audit.record(request.user, f"{name}_export", reason=request.GET.urlencode()[:200])
    lines = (lists.readable(listing.kind, row) for row in rows)
    full = not access.only_figures(request.user, listing.action)
    head = [_("Number"), _("Place"), _("Category"), _("Field"), _("State"), _("Opened"), _("Closed"), _("Closed as")]
    keys = ["number", "place", "category", "field", "state", "opened_on", "closed_on", "closed_as"]
    if full:
        head, keys = [*head, _("In one line")], [*keys, "line"]
    sheet = spreadsheets.Sheet(title, head, ([row.get(key) for key in keys] for row in lines))
    return spreadsheets.answer(request, f"{name}-{clock.today():%Y%m%d}", [sheet])


def _filters(request, listing):
    if not access.may_somewhere(request.user, listing.action):
        raise PermissionDenied(listing.action)
    return lists.Filters(request.GET, kind=listing.kind, user=request.user, narrowings=listing.narrowings)


def act(request, form, take, shown, back):
    """Takes an act and goes `back`; an act that is refused is `shown(form, status)` with everything that was typed.
    Whoever may not take it is told so first, whatever was typed."""
    access.require(request.user, form.action.permission, form.case)
    if not form.is_valid():
        return shown(form, 422)
    try:
        take(by=request.user, **form.asked())
    except workflow.NotAllowedNow as late:
        form.add_error(None, str(late))
        return shown(form, 409)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return shown(form, 422)
    messages.success(request, _("Done: %(act)s.") % {"act": form.action.label})
    return redirect(back)


def reveal(request, shown, tell):
    """Shows who is behind a masked name, to somebody who says why: `tell(by, reason)` logs it and gives the names, and
    `shown(…)` is the page with them, or with the form where no reason was given."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return shown(reason_form=form, status=422)
    return shown(shown=tell(by=request.user, reason=form.cleaned_data["reason"]))


def history(case: Case) -> list[dict]:
    """The steps of a case in words, oldest first."""
    table = workflow.TABLES[case.kind]
    return [
        {
            "act": table.actions[step.action].label if step.action in table.actions else _("Handed over"),
            "state": table.states(step.after).label if step.after != step.before else "",
            "by": step.by.name, "at": step.at, "note": step.note,
        }
        for step in case.steps.select_related("by").order_by("no")
    ]  # fmt: skip
