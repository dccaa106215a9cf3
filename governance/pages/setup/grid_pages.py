"""The steps once a town is open: its list of grids uploaded, looked at and confirmed; and what comes after."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import reading, spreadsheets
from governance.pages.setup import remaining, steps
from governance.pages.setup.forms import FileForm
from grids import grid_import, grid_lists
from grids.models import Area

PER_PAGE = 100
MOST_PROBLEMS = 100


def _opened(request, code):
    set_up = steps.fetch(request, code)
    if set_up.town_id is None:
        raise Http404
    return set_up


@require_http_methods(["GET", "HEAD", "POST"])
def grids(request, code):
    """GET: the template, the form, and what a list that was uploaded would do. POST: a new list."""
    set_up, form = _opened(request, code), FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and _keep(set_up, form):
            return redirect(steps.address("grids", code))
    context = {"set_up": set_up, "steps": steps.steps(set_up, "grids"), "form": form, "town": set_up.town}
    context["columns"] = grid_lists.columns(set_up.town)
    context["counts"] = _counts(set_up.town)
    if set_up.grids:
        context |= _preview(request, set_up)
    return render(request, "governance/setup/grids.html", context, status=422 if form.errors else 200)


def _keep(set_up, form):
    """Reads the file and keeps it for the page that shows it; False, with the reason in the form, when it cannot."""
    upload = form.cleaned_data["file"]
    try:
        table = reading.read(upload, grid_lists.columns(set_up.town))
    except ValidationError as unreadable:
        form.add_error("file", unreadable)
        return False
    set_up.grids = grid_lists.kept(table) | {"file": upload.name[:100]}
    set_up.save()
    return True


def _preview(request, set_up):
    plan = grid_import.plan(set_up.town, grid_lists.restored(set_up.town, set_up.grids))
    problems = plan.table.in_order
    labels = _labels(set_up.town)
    rows = [(one, labels[one.kind], plan.lies_in[one.code]) for one in plan.openings]
    return {
        "file": set_up.grids["file"], "plan": plan, "problems": problems[:MOST_PROBLEMS], "all_problems": len(problems),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "unused": plan.table.unused,
    }  # fmt: skip


def _counts(town):
    """(level, number of places open) of the town's levels and dedicated grids."""
    kinds = list(Area.objects.in_subtree(town).filter(ended_on=None).values_list("kind", flat=True))
    return [(label, kinds.count(kind)) for kind, label in _labels(town).items() if kind in kinds]


def _labels(town):
    """What the town's levels are called, from above to below, dedicated grids last."""
    labels = {level.kind: level.label for level in town.profile.scheme.levels.order_by("rank")}
    return labels | {Area.Kind.DEDICATED: Area.Kind.DEDICATED.label}


@require_POST
def confirm_grids(request, code):
    """Opens what the shown list holds; anything that went wrong meanwhile is shown again."""
    set_up = _opened(request, code)
    if not set_up.grids:
        return redirect(steps.address("grids", code))
    table = grid_lists.restored(set_up.town, set_up.grids)
    try:
        opened = grid_import.take_over(town=set_up.town, table=table, by=request.user)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return redirect(steps.address("grids", code))
    set_up.grids = None
    set_up.save(update_fields=["grids"])
    messages.success(request, _("%(n)s places were opened.") % {"n": len(opened)})
    return redirect(steps.address("next", code))


@require_POST
def discard_grids(request, code):
    """Forgets the uploaded list; nothing of it was applied."""
    set_up = _opened(request, code)
    if set_up.pk:
        set_up.grids = None
        set_up.save(update_fields=["grids"])
    return redirect(steps.address("grids", code))


@require_safe
def template(request, code):
    """The empty list with the town's villages, and with what is there already."""
    town = _opened(request, code).town
    return spreadsheets.answer(request, f"grids-{town.code}", [grid_lists.template(town)])


@require_safe
def marked(request, code):
    """The uploaded list with what is wrong in front of each row."""
    set_up = _opened(request, code)
    if not set_up.grids:
        raise Http404
    plan = grid_import.plan(set_up.town, grid_lists.restored(set_up.town, set_up.grids))
    return spreadsheets.answer(request, f"grids-{set_up.code}-errors", [reading.marked(plan.table)])


@require_safe
def what_next(request, code):
    """What was reached, and what is still to do."""
    set_up = _opened(request, code)
    town = set_up.town
    context = {"set_up": set_up, "steps": steps.steps(set_up, "next"), "town": town, "counts": _counts(town)}
    context["tasks"] = remaining.tasks(request.user, town)
    return render(request, "governance/setup/next.html", context)
