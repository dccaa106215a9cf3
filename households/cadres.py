"""Cadres of the town and what they are tied to (干部包联): grids by their posts, households by links."""

import datetime as dt
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.fields import on_day
from grids.models import Area, Post
from grids.roles import Role
from households import chains, linking
from households.models import Household, HouseholdLink

MOST_AT_ONCE = 50


def register(town: Area, day: dt.date) -> list[dict]:
    """A row for every area cadre of a town and everybody else with cadre links there: the grids of his posts (a post at
    a village counts its grids, one at the town none), his households, and whether the town's least is met."""
    rule = chains.rule_of(town.pk)
    posts = Post.objects.held_on(day).filter(role=Role.AREA_CADRE, area__town=town).select_related("area", "user")
    links = HouseholdLink.objects.of_cadres().filter(on_day(day), town=town)
    links = links.select_related("cadre", "household__area").order_by("household__code")
    people, places, homes = {}, defaultdict(set), defaultdict(list)
    grids = _grids(town, day)
    for post in posts:
        people[post.user_id] = post.user
        if post.area.kind != Area.Kind.TOWN:
            places[post.user_id] |= {pk for pk, path in grids if path.startswith(post.area.path)}
    for link in links:
        people[link.cadre_id] = link.cadre
        homes[link.cadre_id].append(link)
    rows = [{"cadre": user, "grids": len(places[pk]), "links": homes[pk]} for pk, user in people.items()]
    for row in rows:
        row["enough"] = row["grids"] >= rule.cadre_grids and len(row["links"]) >= rule.cadre_homes
    return sorted(rows, key=lambda row: (row["cadre"].pinyin, row["cadre"].pk))


def _grids(town, day):
    kinds = [Area.Kind.GRID, Area.Kind.DEDICATED]
    return list(Area.objects.open_on(day).in_subtree(town).filter(kind__in=kinds).values_list("pk", "path"))


def of_town(town: Area, day: dt.date):
    """Who may be tied to households: everybody in one of the town's offices."""
    held = Post.objects.held_on(day).filter(role__in=linking.CADRES, area__town=town)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pinyin", "pk")


@transaction.atomic
def tie(*, town: Area, cadre: User, codes: list[str], from_day: dt.date, by) -> int:
    """Ties the households with these codes to a cadre, all or none; returns how many."""
    if len(codes) > MOST_AT_ONCE:
        raise ValidationError({"codes": _("At most %(n)s households at once.") % {"n": MOST_AT_ONCE}})
    homes = {home.code: home for home in Household.objects.filter(town=town, code__in=codes).select_related("village")}
    unknown = [code for code in codes if code not in homes]
    if unknown:
        raise ValidationError({"codes": _("Not known in this town: %(codes)s") % {"codes": "、".join(unknown[:10])}})
    for code in dict.fromkeys(codes):
        linking.link_cadre(household=homes[code], cadre=cadre, from_day=from_day, by=by)
    return len(homes)
