"""How many households have somebody: by village, with loads; who has which, for the notice and the export."""

import datetime as dt

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from common.fields import on_day, subtree
from grids.models import Area
from households.lists import counted_under
from households.models import Exemption, Household, HouseholdLink, PartyMember


def villages(area: Area, day: dt.date) -> list[dict]:
    """A row for every village of a place (or the village it lies in): households, those with somebody and without,
    members able and exempt, members with households, the smallest and largest load among the able."""
    if area.kind in (Area.Kind.TOWN, Area.Kind.COUNTY):
        found = Area.objects.open_on(day).in_subtree(area).filter(kind=Area.Kind.VILLAGE).order_by("path")
    else:
        found = Area.objects.filter(pk=area.village_id or area.pk)
    found = list(found)
    homes = _homes(area, day)
    rows = [{"village": village, **homes.get(village.pk, {"households": 0, "linked": 0})} for village in found]
    members = _members(area, day)
    for row in rows:
        mine = [one for one in members if one["area_path"].startswith(row["village"].path)]
        able = [one["load"] for one in mine if one["reason"] is None]
        row["uncovered"] = row["households"] - row["linked"]
        row |= {"able": len(able), "exempt": len(mine) - len(able)}
        row |= {"least": min(able, default=None), "most": max(able, default=None)}
    return rows


def total(rows) -> dict:
    """The sum of rows of villages."""
    added = {key: sum(row[key] for row in rows) for key in ("households", "linked", "uncovered", "able", "exempt")}
    loads = [row[key] for row in rows for key in ("least", "most") if row[key] is not None]
    return added | {"least": min(loads, default=None), "most": max(loads, default=None)}


def _homes(area, day):
    links = HouseholdLink.objects.of_members().filter(on_day(day), household=OuterRef("pk"))
    homes = Household.objects.filter(on_day(day), counted_under(area, day)).annotate(has=Exists(links))
    counted = homes.values("village").annotate(households=Count("pk"), linked=Count("pk", filter=Q(has=True)))
    return {row.pop("village"): row for row in counted.order_by()}


def _members(area, day):
    return list(with_load(PartyMember.objects.present(day).filter(subtree(area.path, "area_path")), day).values(
        "area_path", "load", "reason"
    ))  # fmt: skip


def with_load(members, day):
    """Members with `load`, the households they have on the day, and `reason`, why exempt on it or None."""
    exempt = Exemption.objects.filter(on_day(day), member=OuterRef("pk")).values("reason")[:1]
    mine = HouseholdLink.objects.filter(on_day(day), member=OuterRef("pk")).order_by().values("member")
    load = mine.annotate(n=Count("pk")).values("n")
    return members.annotate(load=Coalesce(Subquery(load), 0), reason=Subquery(exempt))


def matrix(village: Area, day: dt.date) -> list[tuple]:
    """(member, [houses' numbers]) of a village: what may hang at the wall, names of members and numbers, no more."""
    links = HouseholdLink.objects.of_members().filter(on_day(day), village=village)
    links = links.order_by("member__user__pinyin", "member", "household__code")
    found = {}
    for member, name, code, address in links.values_list(
        "member", "member__user__name", "household__code", "household__address"
    ):
        found.setdefault((member, name), []).append(address or code)
    return [(name, homes) for (_member, name), homes in found.items()]


def without(area: Area, day: dt.date):
    """Households that have nobody on the day, with `since`, the day from which on they have none."""
    links = HouseholdLink.objects.of_members().filter(household=OuterRef("pk"))
    homes = Household.objects.filter(on_day(day), counted_under(area, day)).filter(~Exists(links.filter(on_day(day))))
    ended = links.filter(until_day__lte=day).order_by().values("household").annotate(last=Max("until_day"))
    to_come = links.filter(from_day__gt=day).order_by().values("household").annotate(first=Min("from_day"))
    return homes.annotate(ended=Subquery(ended.values("last")), to_come=Subquery(to_come.values("first")))


def list_url(area: Area, **more) -> str:
    return reverse("households:list", query={"area": area.code} | more)
