"""Views as somebody might write them on a bad day: each has one fault that the harness must find."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseForbidden, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import condition, require_http_methods

from common import spreadsheets
from disputes.models import Dispute
from governance import urls
from grids import access
from tests.access.rows import FILES, Row, pk, sent


def _mine(request, pk):
    return access.fetch(Dispute.objects.select_related("case"), request.user, "dispute.view", pk=pk)


def _readers(request):
    if not access.may_somewhere(request.user, "dispute.view") or access.only_figures(request.user, "dispute.view"):
        raise PermissionDenied


def list_of_all(request):
    """Forgot visible_to."""
    lines = Dispute.objects.values_list("line", flat=True)
    return HttpResponse("".join(f"<li>{line}</li>" for line in lines))


def json_of_all(request):
    _readers(request)
    rows = list(Dispute.objects.values_list("case__number", "line"))
    return JsonResponse({"rows": rows}, json_dumps_params={"ensure_ascii": False})


def export_of_all(request):
    _readers(request)
    rows = ([line] for line in Dispute.objects.values_list("line", flat=True))
    return spreadsheets.answer(request, "all", [spreadsheets.Sheet("all", ["line"], rows)])


def count_of_all(request):
    """The rows are one's own, the number above them is everybody's."""
    _readers(request)
    return HttpResponse(str(Dispute.objects.filter(line__contains=request.GET.get("q", "")).count()))


def found_among_all(request):
    """Says only whether there is something."""
    _readers(request)
    there = Dispute.objects.filter(case__number=request.GET.get("q", "")).exists()
    return HttpResponse("seen before" if there else "new")


def without_border(request, pk):
    """Forgot access.fetch."""
    return HttpResponse(Dispute.objects.get(pk=pk).line)


def refused_by_name(request, pk):
    """404, as it should be, and the page says what is not there."""
    try:
        return HttpResponse(_mine(request, pk).line)
    except Http404:
        return HttpResponseNotFound(f"{Dispute.objects.get(pk=pk).line} is not yours")


def refused_by_kind(request, pk):
    """404 in other words where there is something."""
    try:
        return HttpResponse(_mine(request, pk).line)
    except Http404:
        there = Dispute.objects.filter(pk=pk).exists()
        return HttpResponseNotFound("not yours" if there else "not there")


def forbidden_with_the_record(request, pk):
    """Where the figures end: Forbidden above, the record below (OpenEyes, CVE-2021-40375)."""
    try:
        return HttpResponse(_mine(request, pk).line)
    except PermissionDenied:
        return HttpResponseForbidden(f"Forbidden {Dispute.objects.get(pk=pk).line}")


@condition(etag_func=lambda request, pk: f'"{pk}-1"')
def unchanged(request, pk):
    """Whether it has changed is answered before who asks."""
    return HttpResponse(_mine(request, pk).line)


def head_first(request, pk):
    if request.method == "HEAD":
        return HttpResponse()
    return HttpResponse(_mine(request, pk).line)


def named_file(request, pk):
    answer = HttpResponseNotFound("nothing")
    answer["Content-Disposition"] = f'attachment; filename="{Dispute.objects.get(pk=pk).case.village.code}.pdf"'
    return answer


@require_http_methods(["POST"])
def take_any(request, pk):
    """Takes the number from the address and asks nobody."""
    Dispute.objects.filter(pk=pk).update(people_involved=9)
    return redirect("home")


def written_by_put(request, pk):
    row = _mine(request, pk)
    if request.method == "PUT":
        Dispute.objects.filter(pk=pk).update(people_involved=9)
    return HttpResponse(row.line)


@login_not_required
def for_strangers(request, pk):
    return HttpResponse(Dispute.objects.get(pk=pk).line if request.user.is_anonymous else _mine(request, pk).line)


READ, ONE = Row(FILES + "XF"), Row(FILES + "XF", at="micro", args=pk("dispute"))
PLANTED = {  # name: the view, its row, the question that must find the fault, what it says then
    "list_of_all": (list_of_all, READ, "by_the_table", "tells ['BRAVO'"),
    "json_of_all": (json_of_all, READ, "by_the_table", "tells ['BRAVO'"),
    "export_of_all": (export_of_all, READ, "by_the_table", "tells ['BRAVO'"),
    "count_of_all": (count_of_all, READ, "asked_otherwise", "finds something"),
    "found_among_all": (found_among_all, READ, "asked_otherwise", "finds something"),
    "without_border": (without_border, ONE, "by_the_table", "200, not 404"),
    "refused_by_name": (refused_by_name, ONE, "by_the_table", "tells ['"),
    "refused_by_kind": (refused_by_kind, ONE, "like_nothing", "is not like"),
    "forbidden_with_the_record": (
        forbidden_with_the_record, Row(FILES + "XF", at="micro", args=pk("dispute"), figures="CY"),
        "by_the_table", "tells ['排水沟",
    ),
    "unchanged": (unchanged, ONE, "like_nothing", "304 with the ETag of another"),
    "head_first": (head_first, ONE, "other_methods", "200, not 404"),
    "named_file": (named_file, ONE, "by_the_table", "tells ['140429"),
    "take_any": (
        take_any, Row(FILES + "XF", at="micro", args=pk("dispute"), post=sent(), ok=302),
        "by_the_table", "and something was written",
    ),
    "written_by_put": (written_by_put, ONE, "other_methods", "and something was written"),
    "for_strangers": (for_strangers, ONE, "without_post", "stranger"),
}  # fmt: skip
urlpatterns = urls.urlpatterns + [
    path(f"planted/{name}/<int:pk>/" if row.at else f"planted/{name}/", view, name=name)
    for name, (view, row, _question, _says) in PLANTED.items()
]
