"""The places of one's posts as a tree that opens level by level, and as a list: searched, filtered, taken out."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock, spreadsheets
from common.fields import STEP
from common.spreadsheets import Sheet
from governance.pages.tree_figures import Beside
from grids import access, schemes
from grids.models import Area, FormerName

PER_PAGE = 50
MOST = 300  # places of one branch; the rest stands on the page of the place above


@dataclass
class Node:
    """A place in the tree. `below` is empty while it is folded; `cut` says that not all of it is shown; `holds` is
    what stands beside it."""

    area: Area
    is_open: bool = False
    cut: bool = False
    below: list = field(default_factory=list)
    holds: dict = field(default_factory=dict)


@require_safe
def areas(request):
    """A tree while nothing is asked for, else the list of what was found."""
    asked = _asked(request)
    kinds = _kinds(request.user)
    context = asked | {"kinds": [(value, label) for value, label in Area.Kind.choices if value in kinds]}
    if any(asked.values()):
        found = _found(request.user, asked)
        context["page_obj"] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    else:
        context["tree"] = _beside(request.user, _tree(request.user, request.GET.get("at", "")))
    return render(request, "governance/areas.html", context)


@require_safe
def branch(request, code):
    """What lies directly below a place, for a tree that is being opened."""
    place = access.fetch(Area.objects, request.user, "area.view", code=code)
    node = _opened(place, _below(request.user, [place]))
    _beside(request.user, node.below)
    return render(request, "governance/_branch.html", {"node": node})


@require_safe
def export(request):
    """The list that is shown, whole, as a table."""
    asked = _asked(request)
    head = [
        _("Place"), _("Kind of place"), _("Lies in"), _("Area code"), _("Name in the list"),
        _("Drawn by"), _("Open since"), _("Ended on"),
    ]  # fmt: skip
    labels = schemes.Labels()
    rows = (
        [place.name, labels.of(place), place.parent and place.parent.name, place.code, place.official_name,
         place.basis, place.opened_on, place.ended_on]
        for place in _found(request.user, asked)
    )  # fmt: skip
    return spreadsheets.answer(request, f"areas-{clock.today()}", [Sheet(_("Areas"), head, rows)])


def _asked(request) -> dict:
    kind = request.GET.get("kind", "")
    return {
        "asked": request.GET.get("q", "").strip()[:60],
        "kind": kind if kind in Area.Kind.values else "",
        "ended": request.GET.get("ended") == "yes",
    }


def _kinds(user):
    return set(Area.objects.visible_to(user).order_by().values_list("kind", flat=True).distinct())


def _found(user, asked):
    """Places of one's own posts and below, by name, sound, initials or code, former ones too; ended places only when
    asked for."""
    found = Area.objects.visible_to(user).select_related("parent").order_by("path")
    if not asked["ended"]:
        found = found.open_on(clock.today())
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    if asked["asked"]:
        word = asked["asked"]
        sound = word.lower().replace(" ", "")
        former = FormerName.objects.filter(Q(name__icontains=word) | Q(code__startswith=word)).values("area")
        found = found.annotate(sound=Replace("pinyin", Value(" "))).filter(
            Q(name__icontains=word) | Q(official_name__icontains=word) | Q(code__startswith=word)
            | Q(initials__startswith=sound) | Q(sound__startswith=sound) | Q(pk__in=former)
        )  # fmt: skip
    return found


def _tree(user, at) -> list[Node]:
    """The tops of one's posts; the way down to the place `at` is open, and a single top always."""
    paths = access.paths(user, "area.view")
    tops = {path for path in paths if not any(path != other and path.startswith(other) for other in paths)}
    roots = list(_with_mark(Area.objects.filter(path__in=tops)).order_by("path"))
    chosen = Area.objects.visible_to(user).filter(code=at).first() if at else None
    if chosen is None and len(roots) == 1:
        chosen = roots[0]
    path = chosen.path if chosen else ""
    way = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    below = _below(user, Area.objects.filter(path__in=way).visible_to(user))
    return [_opened(root, below) for root in roots]


def _below(user, places) -> dict:
    """{id of a place: what lies directly below it, one more than shown}, for all places in one query."""
    found = {place.pk: [] for place in places}
    listed = _with_mark(Area.objects.open_on(clock.today()).visible_to(user).filter(parent__in=found))
    for area in listed.order_by("code"):
        found[area.parent_id].append(area)
    return found


def _with_mark(areas):
    deeper = Area.objects.open_on(clock.today()).filter(parent=OuterRef("pk"))
    return areas.annotate(has_below=Exists(deeper), lies_in=F("parent__name"))


def _opened(area, below) -> Node:
    if area.pk not in below:
        return Node(area)
    children = below[area.pk]
    return Node(area, True, len(children) > MOST, [_opened(child, below) for child in children[:MOST]])


def _beside(user, nodes) -> list[Node]:
    """The nodes, each shown one with what it holds."""
    shown = list(_walk(nodes))
    figures = Beside(user, [node.area for node in shown])
    for node in shown:
        node.holds = figures.of(node.area)
    return nodes


def _walk(nodes):
    for node in nodes:
        yield node
        yield from _walk(node.below)
