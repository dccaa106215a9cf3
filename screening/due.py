"""What a person has to report: his reporting areas and those he stands in for, today's state, the days he missed."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from common import clock
from common.fields import on_day, subtree
from grids import access
from grids.models import Area
from grids.roles import REPORTERS, Role
from screening import duty
from screening.lists import SENSITIVE, list_url
from screening.models import DailyReport

LOOK_BACK = 30  # days
SHOWN_MISSED = 7
ROLES = REPORTERS | {Role.GRID_LEADER}


@dataclass
class Due:
    """One reporting area of a person on one day. `state` is one of duty.STATES, or None where no report is due."""

    area: Area
    day: dt.date
    state: str | None
    due_by: dt.datetime | None
    may_file: bool
    stands_in_for: str = ""
    report: DailyReport | None = None
    findings: list = field(default_factory=list)
    missed: list = field(default_factory=list)  # days, newest first

    @property
    def findings_url(self):
        return list_url("screening:findings", self.area, self.day)


def of_person(user, now: dt.datetime) -> list[Due]:
    """Everything a person has to report now, his own areas first."""
    posts = [post for post in access.posts(user) if post.role in ROLES]
    areas = _reporting_areas(posts, now.date())
    return sorted((_due(user, area, posts, now) for area in areas), key=lambda due: (due.stands_in_for, due.area.code))


def _reporting_areas(posts, day):
    below = Q(pk__in=[])
    for post in posts:
        below |= subtree(post.area.path)
    areas = Area.objects.filter(below, on_day(day, "opened_on", "ended_on"), reports=True)
    return areas.select_related("town", "village")


def _due(user, area, posts, now):
    today = now.date()
    rows = duty.states(area, today - dt.timedelta(days=LOOK_BACK), today, as_of=now)
    state = next((row["state"] for row in rows if row["day"] == today), None)
    limits = duty.duty_days([area.town], today, today)
    missed = [row["day"] for row in rows if row["state"] == "missing" and row["worker_id"] == user.pk]
    found = Due(
        area, today, state, limits[0].due_by if limits else None,
        may_file=access.may(user, "report.file", area.path), stands_in_for=_stands_in_for(user, area, posts),
        missed=[day for day in missed if day != today][:SHOWN_MISSED],
    )  # fmt: skip
    found.report = standing_report(area, today)
    found.findings = standing_findings(found.report) if found.report else []
    return found


def _stands_in_for(user, area, posts):
    """The name of the one on leave, where the person reaches the area only by standing in."""
    mine = [post for post in posts if area.path.startswith(post.area.path)]
    return "" if any(post.user_id == user.pk for post in mine) else mine[0].user.name


def standing_report(area: Area, day: dt.date) -> DailyReport | None:
    """The report of an area and day that is not voided."""
    reports = DailyReport.objects.filter(area=area, day=day, voided_at__isnull=True)
    return reports.select_related("area", "worker").first()


def standing_findings(report: DailyReport) -> list:
    """What the report says now, in the order it came in."""
    standing = report.findings.filter(withdrawn_by__isnull=True).annotate(sensitive=SENSITIVE)
    return list(standing.select_related("area", "household__area", "case").order_by("pk"))


def today_of(user) -> list[Due]:
    return of_person(user, clock.now())
