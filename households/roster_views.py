"""Pages of importing a roster: upload, columns, progress, errors, preview, result, taking back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock, reading, spreadsheets
from grids import access
from households.models import RosterImport
from households.roster_forms import ColumnsForm, EntryFilters, UploadForm
from households.rosters import columns, importing, opening, telling, undoing, working

State = RosterImport.State
A_PAGE = 50  # lines of the preview
LAST = 20  # imports in the list
SHOWN = 200  # errors on the page; all of them stand in the marked file
TONES = {
    telling.NEW: (gettext_lazy("new household"), "good"),
    telling.JOINS: (gettext_lazy("new in a household"), "good"),
    telling.CHANGED: (gettext_lazy("changed"), "warn"),
    telling.GONE: (gettext_lazy("not in the file"), "calm"),
    telling.ELSEWHERE: (gettext_lazy("another place"), "calm"),
}
LOOKS = {State.DONE: "good", State.WRONG: "bad", State.FAILED: "bad", State.READY: "warn", State.COLUMNS: "warn"}


def _allow(user):
    if not access.may_somewhere(user, "household.import"):
        raise PermissionDenied("household.import")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rosters(request):
    """The imports there were, and uploading one more."""
    _allow(request.user)
    initial = {"area": request.GET.get("area")} if request.GET.get("area") else None
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = importing.upload(
                area=said["area"], name=said["file"].name, content=_content(said["file"]), by=request.user
            )
        except reading.Unreadable as refused:
            form.add_error("file", refused)
        else:
            return redirect("households:roster", row.sealing_id)
    rows = RosterImport.objects.visible_to(request.user, "household.import").select_related("area", "by")
    shown = [(row, LOOKS.get(row.state, "calm")) for row in rows.order_by("-at").defer("written")[:LAST]]
    context = {"form": form, "rows": shown}
    return render(request, "households/rosters.html", context, status=422 if form.is_bound else 200)


def _content(file):
    if file.size > reading.LARGEST:
        raise reading.Unreadable("size")
    return file.read()


def _row(request, sealing_id) -> RosterImport:
    """The import; as long as it is not over only who uploaded it sees what stands in the file."""
    _allow(request.user)
    rows = RosterImport.objects.select_related("area", "by", "file", "preview", "undone_by")
    row = access.fetch(rows, request.user, "household.import", sealing_id=sealing_id)
    if not row.is_over and row.by_id != request.user.pk:
        raise PermissionDenied("household.import")
    return row


@never_cache
@require_safe
def roster(request, sealing_id):
    """One import, as far as it has come."""
    row = _row(request, sealing_id)
    if row.state == State.COLUMNS and row.file is not None:
        return redirect("households:roster_columns", row.sealing_id)
    return _shown(request, row)


def _shown(request, row, error=None, status=200):
    told = working.preview_of(row)
    filters = EntryFilters(request.GET)
    page = Paginator(filters.of(told["entries"]), A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [one | dict(zip(("word", "tone"), TONES[one["what"]], strict=True)) for one in page.object_list]
    gone = not row.is_over and not row.is_running and (row.file is None or row.file.until <= clock.now())
    problems = [reading.Problem(*one) for one in told["problems"]]
    context = {
        "row": row, "told": told, "filters": filters, "page_obj": page, "look": LOOKS.get(row.state, "calm"),
        "problems": problems[:SHOWN], "more": max(len(problems) - SHOWN, 0), "error": error, "gone": gone,
        "homes_url": reverse("households:list", query={"area": row.area.code}),
        "depends": undoing.depending(row) if row.state == State.DONE else [],
        "brings": any(row.counts.get(key) for key in ("new_homes", "changed_homes", "new", "changed")),
    }  # fmt: skip
    return render(request, "households/roster.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roster_columns(request, sealing_id):
    """What the columns of the file mean."""
    row = _row(request, sealing_id)
    try:
        found = importing.opened(row)
    except ValidationError:
        return _shown(request, row)
    if row.is_running:
        return redirect("households:roster", row.sealing_id)
    mapping, with_numbers = importing.mapping_of(row), importing.keeps_numbers(row.area)
    form = ColumnsForm(request.POST or None, found=found, mapping=mapping, with_numbers=with_numbers)
    if request.method == "POST" and form.is_valid():
        try:
            importing.name_columns(row=row, mapping=form.mapping, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("households:roster", row.sealing_id)
    unknown = [head for head in found.heads if head and not columns.is_dropped(head)]
    context = {
        "row": row, "form": form, "dropped": found.dropped, "heads": unknown,
        "no_numbers": not with_numbers and "id_number" in columns.guess(found.heads).values(),
        "missing": columns.missing(mapping),
    }  # fmt: skip
    return render(request, "households/roster_columns.html", context, status=422 if form.errors else 200)


def _act(request, sealing_id, act, **values):
    """An act on an import, then its page; what keeps it from being done stands there."""
    row = _row(request, sealing_id)
    try:
        act(row=row, by=request.user, **values)
    except ValidationError as refused:
        return _shown(request, _row(request, sealing_id), error=refused, status=422)
    return redirect("households:roster", row.sealing_id)


@require_POST
def confirm(request, sealing_id):
    return _act(request, sealing_id, importing.confirm)


@require_POST
def cancel(request, sealing_id):
    return _act(request, sealing_id, importing.cancel)


@require_POST
def undo(request, sealing_id):
    return _act(request, sealing_id, undoing.undo)


@never_cache
@require_safe
def marked(request, sealing_id):
    """The file again, what is wrong before each row."""
    row = _row(request, sealing_id)
    try:
        found = importing.opened(row)
    except ValidationError:
        raise Http404 from None
    table = opening.table(found, importing.usable(row, importing.mapping_of(row)), with_cells=True)
    table.problems = [reading.Problem(*one) for one in working.preview_of(row)["problems"]]
    return spreadsheets.answer(request, f"roster-errors-{clock.today():%Y%m%d}", [reading.marked(table)])


@require_safe
def template(request):
    """An empty roster with all the columns that can be taken over."""
    _allow(request.user)
    notes = [_("One row for each resident. Name and relation to the head must be filled in; leave out what you like.")]
    heads = [field.synonyms[0] for field in columns.FIELDS if field.key != "id_number"]
    return spreadsheets.answer(
        request, "roster-template", [spreadsheets.Sheet(_("Roster"), heads, [], notes=notes)]
    )  # fmt: skip
