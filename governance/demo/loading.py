"""Loads a demo town in one transaction: places, people, households, links, then its history; a second time, nothing."""

import time

import pghistory
from django.db import connection, transaction

from accounts.models import User
from casework.models import Case, Spell, Step
from common import clock
from governance.demo import ground, homes, offices, party, staff, visits
from governance.demo.history import History
from governance.demo.plan import Plan
from grids.models import Area, Placement, Post
from households.models import Household, HouseholdLink, PartyMember, Resident
from ledgers.models import Fact, OwedPeriod, WeeklyLedger
from screening.models import DailyReport, Finding, Submission, Visit
from workdays import calendar

BASE = [Area, Placement, Post, User, Household, Resident, HouseholdLink, PartyMember, Visit]
HISTORY = [DailyReport, Submission, Finding, Case, Step, Spell, Fact, OwedPeriod, WeeklyLedger]


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
        step("teams", offices.found_teams, plan, town)
        if plan.history:
            step("visits", visits.build, plan, town)
    analyze(BASE)
    if plan.history:
        step(f"history, {plan.history} days", _live, plan, town, say)
    return town


def _live(plan, town, say):
    """Plays the history, saying at every tenth of it how far it has come."""
    told = set()

    def progress(day):
        tenth = (day - plan.in_use_from).days * 10 // plan.history
        if tenth not in told:
            told.add(tenth)
            say(f"  {'#' * tenth:.<10} {day}")
            if tenth in (1, 4):
                analyze(HISTORY)

    History(plan, town).play(progress)


def analyze(models):
    """Thousands of rows have come in one transaction: let the planner know before the next acts ask for them."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")


class _Steps:
    """Calls each part and says what it took."""

    def __init__(self, say):
        self.say = say

    def __call__(self, name, act, *args):
        start = time.monotonic()
        made = act(*args)
        self.say(f"  {name:<30}{time.monotonic() - start:6.1f} s")
        return made
