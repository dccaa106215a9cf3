"""Loads a demo town in one transaction: places, people, households, links, then its history; a second time, nothing."""

import time

import pghistory
from django.db import connection, transaction

from common import clock
from governance.demo import ground, homes, party, staff
from governance.demo.plan import Plan
from grids.models import Area
from workdays import calendar


class NotEmpty(ValueError):
    """The town is there already and is no demo town: nothing may be written over it."""


def is_loaded(town) -> bool:
    """Whether this demo town is there; NotEmpty where the place exists as a real one."""
    area = Area.objects.filter(code=town.TOWN_CODE).select_related("profile").first()
    if area is not None and not (hasattr(area, "profile") and area.profile.is_demo):
        raise NotEmpty(area.name)
    return area is not None


@transaction.atomic
def load(plan: Plan, say) -> Area:
    """Writes everything or, when broken off, nothing. `say(text)` is told after each part what it took."""
    step = _Steps(say)
    calendar.seed(range(plan.in_use_from.year, plan.as_of.year + 1))
    # one context for all rows: the history says where they came from, and its triggers need not look for one per row
    with clock.standing_at(plan.opening), pghistory.context(act="load_town"):
        town = step("places and outlines", ground.build, plan)
        step("people and posts", staff.build, plan, town)
        step("households and residents", homes.build, plan, town)
        step("party members and links", party.build, plan, town)
    step("statistics for the planner", analyze)
    return town


def analyze():
    """Thousands of rows have come at once: let the planner know before history asks for them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Steps:
    """Calls each part and says what it took."""

    def __init__(self, say):
        self.say = say

    def __call__(self, name, act, *args):
        start = time.monotonic()
        made = act(*args)
        self.say(f"  {name:<30}{time.monotonic() - start:6.1f} s")
        return made
