"""Template tags about places: `{% load areas %}`."""

from django import template
from django.urls import reverse

from common.fields import STEP
from grids import access, schemes
from grids.models import Area
from grids.reshaping import views, wording

register = template.Library()


@register.inclusion_tag("parts/_area_crumbs.html", takes_context=True)
def area_crumbs(context, area):
    """The way down to an area, from county to micro-grid; a step is a link where the reader may look (one query)."""
    above = [area.path[:end] for end in range(STEP, len(area.path), STEP)]
    steps = [*Area.objects.filter(path__in=above).order_by("path"), area]
    user = context["request"].user
    return {"steps": [(step, area_url(step) if access.may(user, "area.view", step.path) else None) for step in steps]}


@register.simple_tag(takes_context=True)
def kind_label(context, area):
    """What a place of this level is called in its town: 网格, 片区, 村民小组 (one query for a whole page)."""
    request = context["request"]
    if not hasattr(request, "level_labels"):
        request.level_labels = schemes.Labels()
    return request.level_labels.of(area)


@register.simple_tag
def area_url(area):
    """The address of an area's page."""
    return reverse("grids:area", args=[area.code])


@register.inclusion_tag("grids/_change_menu.html", takes_context=True)
def change_menu(context, place):
    """What the person may change at a place; nothing for whoever may not."""
    may = access.may(context["request"].user, "area.change", place.path)
    return {"place": place, "kinds": views.menu(place) if may else []}


@register.inclusion_tag("grids/_area_history.html", takes_context=True)
def area_history(context, place):
    """The last acts that changed a place, in words; persons are named to those who read more than figures."""
    user = context["request"].user
    may = access.may(user, "area.change", place.path)
    return {
        "acts": wording.of_place(place), "names": not access.only_figures(user, "report.view"),
        "changes_url": reverse("grids:changes", args=[place.code]) if may else "",
    }  # fmt: skip
