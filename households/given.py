"""What a proposal is computed from: the households, able members and links of villages on a day, and their digest."""

import datetime as dt
import hashlib
import json
from collections import defaultdict

import numpy as np

from common.fields import on_day, subtree
from grids.models import Area
from households import chains
from households.models import Household, HouseholdLink, PartyMember
from households.planning import NOBODY, Village

NORTH = 110_540.0  # metres of a degree of latitude; of longitude at the equator:
EAST = 111_320.0


class Given:
    """Everything of an area on a day, by village; a handful of queries however many villages."""

    def __init__(self, area: Area, day: dt.date):
        self.area, self.day, self.rule = area, day, chains.rule_of(area.town_id or area.pk)
        self.villages = list(_villages(area, day))
        self.homes, self.members = defaultdict(list), defaultdict(list)
        homes = Household.objects.filter(on_day(day), subtree(area.path, "area_path")).order_by("code")
        columns = ("pk", "village_id", "area_id", "longitude", "latitude")
        for row in homes.values_list(*columns):
            self.homes[row[1]].append(row)
        self.holder = _holders(area, day)
        able = PartyMember.objects.able(day).filter(subtree(area.path, "area_path")).order_by("pk")
        for pk, path, own in able.values_list("pk", "area_path", "own_household_id"):
            for village in self.villages:
                if path.startswith(village.path):
                    self.members[village.pk].append((pk, own))

    def digest(self) -> str:
        """Changes whenever anything does that a proposal hangs on."""
        told = [
            sorted((village, home[0], self.holder.get(home[0])) for village, there in self.homes.items()
                   for home in there),
            sorted((village, *one) for village, there in self.members.items() for one in there),
            [self.rule.least, self.rule.most],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def village(self, area: Area) -> Village:
        homes, members = self.homes[area.pk], self.members[area.pk]
        ids = [home[0] for home in homes]
        at_home = {pk: index for index, pk in enumerate(ids)}
        at_member = {pk: index for index, (pk, _own) in enumerate(members)}
        holders = [self.holder.get(pk) for pk in ids]
        return Village(
            ids, [pk for pk, _own in members], _metres(homes), _numbered([home[2] for home in homes]),
            np.array([at_member.get(holder, NOBODY) for holder in holders], dtype=np.int64),
            np.array([at_home.get(own, NOBODY) for _pk, own in members], dtype=np.int64),
            had=sum(holder is not None for holder in holders), least=self.rule.least, most=self.rule.most,
        )  # fmt: skip


def _villages(area, day):
    if area.kind == Area.Kind.VILLAGE:
        return [area]
    return Area.objects.open_on(day).filter(kind=Area.Kind.VILLAGE, town=area.town_id or area.pk).order_by("code")


def _holders(area, day):
    """Household id -> the member who has it on the day, or is to have it later."""
    links = HouseholdLink.objects.of_members().standing(day).filter(subtree(area.path, "area_path"))
    return dict(links.order_by("from_day").values_list("household_id", "member_id"))


def _metres(homes):
    """Points in metres; a house without one stands in the middle of its micro-grid, else of the village."""
    points = np.array([home[3:] if home[3] is not None else (np.nan, np.nan) for home in homes], dtype=float)
    points = points.reshape(-1, 2)
    if not len(points) or np.isnan(points).all():
        return np.zeros_like(points)
    missing = np.isnan(points[:, 0])
    for micro in {home[2] for home, gone in zip(homes, missing, strict=True) if gone}:
        there = np.array([home[2] == micro for home in homes])
        known = there & ~missing if (there & ~missing).any() else ~missing
        points[there & missing] = points[known].mean(axis=0)
    scale = np.array([EAST * np.cos(np.radians(points[:, 1].mean())), NORTH])
    return (points - points.mean(axis=0)) * scale


def _numbered(ids):
    known = {pk: number for number, pk in enumerate(dict.fromkeys(ids))}
    return np.array([known[pk] for pk in ids], dtype=np.int64)
