"""What a person has to visit now: the households given to him, or those of his grid, in the order of a walk."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from common import clock, periods
from common.fields import on_day, subtree
from households.models import Household, HouseholdLink
from screening import visit_plan
from screening.models import Visit, VisitRule
from screening.rounds import in_order
from screening.visit_lists import with_last_visit

LOOK_BACK = 180  # days in which a visit may have said to go again
MOST = 60  # stops of one page; nobody walks to more of them


@dataclass
class Stop:
    """A household of the round: when it was visited last, whether it is done, overdue, or to be gone to again."""

    household: Household
    last: object
    state: str  # visited, open or overdue
    again_on: object = None
    metres: int | None = None

    longitude = property(lambda self: self.household.longitude)
    latitude = property(lambda self: self.household.latitude)


@dataclass
class Round:
    """The stops still to be made, in order, and those done; `given`: the households are linked to the person."""

    todo: list
    done: list
    given: bool
    until: object
    overdue: int
    left_out: int = 0


def of_person(user, area, start_code="") -> Round:
    """The round of a person now: his linked households, or, who has none, the linked ones of `area`."""
    today = clock.today()
    links = HouseholdLink.objects.filter(on_day(today))
    mine = links.filter(Q(member=user.pk) | Q(cadre=user.pk))
    given = mine.exists()
    if given:
        links = mine
    else:
        homes = Household.objects.visible_to(user, "visit.record")
        links = links.of_members().filter(subtree(area.path, "area_path"), household__in=homes)
    links = with_last_visit(links, today).select_related("household__area").order_by("area_path", "household__code")
    rule = visit_plan.rule_of(area.town_id, today)
    again = _again(links, today)
    cut = visit_plan.cut_of(rule, today)
    stops = [
        _stop(link, cut, again.get(link.household_id)) for link in {one.household_id: one for one in links}.values()
    ]
    todo = [stop for stop in stops if stop.state != "visited" or (stop.again_on and stop.again_on <= today)]
    start = next((stop for stop in todo if stop.household.code == start_code), None)
    walked = in_order(todo[:MOST] if start is None else _around(todo, start), start)
    for stop, metres in walked:
        stop.metres = metres
    return Round(
        [stop for stop, _metres in walked], [stop for stop in stops if stop not in todo], given, _until(rule, today),
        sum(stop.state == "overdue" for stop in todo), len(todo) - len(walked),
    )  # fmt: skip


def _around(todo, start):
    """The stops of the page that holds the start."""
    first = todo.index(start) // MOST * MOST
    return todo[first : first + MOST]


def _stop(link, cut, again_on):
    """Without a plan nothing is due: all stand as open until they were visited once this month."""
    last = link.last_visit
    if cut is None:
        lately = last and last >= clock.today().replace(day=1)
        return Stop(link.household, last, "visited" if lately else "open", again_on)
    if last and last >= cut.this:
        return Stop(link.household, last, "visited", again_on)
    late = (last is None or last < cut.before) and link.from_day <= cut.before and cut.since <= cut.before
    return Stop(link.household, last, "overdue" if late else "open", again_on)


def _again(links, today):
    """Household id -> the day its last visit said to go again, where that has come within the week."""
    since = today - dt.timedelta(days=LOOK_BACK)
    paid = Visit.objects.filter(household__in=links.values("household"), withdrawn_at__isnull=True, day__gte=since)
    paid = paid.order_by("day", "pk")
    last = dict(paid.values_list("household", "again_on"))
    return {home: day for home, day in last.items() if day and day <= periods.week_of(today).last}


def _until(rule, today):
    if rule is None or rule.every == VisitRule.Every.NONE:
        return None
    return (periods.week_of(today) if rule.every == VisitRule.Every.WEEK else periods.month_of(today)).last
