"""An area's own page: what it is, who works there, what lies below, how this week stands."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import clock, periods
from common.fields import on_day
from governance.pages import map_levels
from governance.pages.choice import WITH_TREE, Choice, has_own_figures
from governance.pages.comparing import Comparison
from governance.pages.lists import Lists
from governance.pages.telling import Telling
from grids import access, former, schemes
from grids.models import Area, Leave, Post
from grids.roles import Role
from ledgers import figures, small_places

PER_PAGE = 50
ORDERS = {"code": "code", "-code": "-code", "name": "pinyin", "-name": "-pinyin"}


@require_safe
def area(request, code):
    """One place. Its figures are shown to those who may read figures there, the rest to everybody with a post."""
    place = access.fetch(Area.objects.select_related(*WITH_TREE, "anchor"), request.user, "area.view", code=code)
    below = Area.objects.open_on(clock.today()).visible_to(request.user).filter(parent=place)
    below = below.order_by(ORDERS.get(request.GET.get("sort"), "code"), "code")
    page = Paginator(below, PER_PAGE).get_page(request.GET.get("page"))
    context = {"place": place, "page_obj": page} | people(place)
    context["heirs"] = [heir for heir in former.heirs(place) if access.may(request.user, "area.view", heir.path)]
    context["may_view_posts"] = access.may(request.user, "post.view", place.path)
    context["may_propose"] = all(access.may(request.user, act, place.path) for act in ("area.change", "household.view"))
    context["may_set"] = place.kind == Area.Kind.TOWN and access.may(request.user, "area.change", place.path)
    if access.may(request.user, "figures.view", place.path):
        context |= this_week(request.user, place, list(page))
        if place.town_id and page.object_list:
            context |= shown_level(request, place)
    return render(request, "governance/area.html", context)


def this_week(user, place, children) -> dict:
    """The figures of the place and of the listed parts in this week."""
    choice = Choice(user, place, periods.week_of(clock.today()), "linked")
    kept = [one for one in [place, *children] if has_own_figures(one)]
    small = [one for one in [place, *children] if not has_own_figures(one)]
    read = figures.read([(one, choice.period) for one in kept])
    found = {one.pk: read[one.pk, choice.period] for one in kept} | small_places.read(small, choice.period)
    lists = Lists(user, clock.today())
    told = Telling(place, choice.period, found.pop(place.pk), lists)
    rows = Comparison(choice, children, found, told, lists, address=_address)
    return {"choice": choice, "told": told, "comparison": rows, "with_duty": has_own_figures(place)}


def shown_level(request, place) -> dict:
    """The levels the map can show, and the one it shows."""
    if not hasattr(request, "level_labels"):
        request.level_labels = schemes.Labels()  # kind_label of the page reads the same
    levels = map_levels.of(place, request.GET.get("level", ""), request.level_labels)
    return {"map_levels": levels if len(levels) > 1 else [], "map_level": next(one for one in levels if one.is_chosen)}


def _address(place):
    return reverse("grids:area", args=[place.code])


def people(place) -> dict:
    """Who holds a post at the place itself today, whoever is away marked; linked party members, who are many, apart."""
    today = clock.today()
    away = Leave.objects.filter(on_day(today), post=OuterRef("pk"))
    held = Post.objects.held_on(today).filter(area=place).select_related("user").annotate(away=Exists(away))
    posts = list(held.order_by("role", "from_day", "pk"))
    return {
        "staff": [post for post in posts if post.role != Role.LINKED_MEMBER],
        "members": [post for post in posts if post.role == Role.LINKED_MEMBER],
    }
