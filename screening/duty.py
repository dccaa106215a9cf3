"""Which reports are expected on which day, and what became of each: on time, late, missing, excused, pending.

A report is expected of every reporting area that is open on a duty day of its town. It is excused where nobody was
there to file it: the post was vacant, or its holder was on leave without a stand-in (architecture, Duty)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max

from common import clock, periods
from grids.models import Area, TownProfile
from grids.roles import Role
from screening.models import DailyReport, DutyRule
from workdays.calendar import workdays

STATES = ["on_time", "late", "missing", "excused", "pending"]
COLUMNS = {"county": "county_id", "town": "town_id", "village": "village_id", "dedicated": "village_id"}


@dataclass(frozen=True)
class DutyDay:
    """A day on which the grids of a town report, and the moment it ends."""

    town_id: int
    day: dt.date
    due_by: dt.datetime


def duty_days(towns, first: dt.date, last: dt.date) -> list[DutyDay]:
    """The duty days of some towns (Area rows) in first..last, by each town's rule of the day; none before the town
    began to work with the platform."""
    rules = {}
    for rule in DutyRule.objects.filter(town__in=towns).order_by("from_day"):
        rules.setdefault(rule.town_id, []).append(rule)
    since = dict(TownProfile.objects.filter(town__in=towns).values_list("town_id", "in_use_from"))
    return [
        found
        for town in towns
        if town.pk in since
        for found in _of_town(town, rules.get(town.pk, []), max(first, since[town.pk]), last)
    ]


def _of_town(town, rules, first, last):
    works = None
    for day in periods.days(first, last):
        rule = rule_on(rules, day)
        if not rule.every_day and works is None:
            works = set(workdays(first, last, town_code=town.code))
        if rule.every_day or day in works:
            yield DutyDay(town.pk, day, due_by(rule, day))


def rule_on(rules, day) -> DutyRule:
    """The rule in force on a day; without one, every day until 20:00."""
    held = [r for r in rules if r.from_day <= day and (r.until_day is None or day < r.until_day)]
    return held[0] if held else DutyRule()


def due_by(rule: DutyRule, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, rule.cut_off, clock.SHANGHAI)


def holds(span: str, day: str) -> str:
    """SQL: the span of days of table alias `span` holds `day`."""
    return f"{span}.from_day <= {day} AND ({span}.until_day IS NULL OR {span}.until_day > {day})"


def covered(area: str, day: str) -> str:
    """SQL: on `day` somebody who was there, or a stand-in, held the worker's post at `area`."""
    return f"""EXISTS (SELECT 1 FROM grids_post w WHERE w.area_id = {area} AND w.role = {Role.GRID_WORKER.value}
        AND {holds("w", day)} AND NOT EXISTS (SELECT 1 FROM grids_leave a
            WHERE a.post_id = w.id AND a.stand_in_id IS NULL AND {holds("a", day)}))"""


def counted_in(area: Area) -> str:
    """The column by which rows count under an area of that kind; reporting areas count by themselves."""
    return COLUMNS.get(area.kind, "area_id")


def states(area: Area, first: dt.date, last: dt.date, *, as_of: dt.datetime, only=None) -> list[dict]:
    """One row for every expected report at or below an area, newest day first: day, area_id, area_name, area_code,
    village_name, state, report_id, received_at, nil, worker_id, worker, excuse. `worker` filed it or had to: a
    stand-in stands for the one on leave. `excuse` is the reason of the leave, "" for a vacant post, None where no
    excuse holds. `only` keeps some states ("nil" and "reported" are groups); `as_of` decides what is pending."""
    sql, values = expected(area, first, last, as_of=as_of)
    kept = kept_states(only)
    return fetch_rows(f"SELECT * FROM ({sql}) e WHERE {kept} ORDER BY day DESC, village_code, area_code", values)


def expected(area: Area, first: dt.date, last: dt.date, *, as_of: dt.datetime) -> tuple[str, list]:
    """The SQL (and its values) of the rows that `states` tells of, unordered, for a list that reads one page of it."""
    towns = Area.objects.filter(pk=area.town_id) if area.town_id else Area.objects.filter(parent=area, kind="town")
    days = duty_days(list(towns), first, min(last, as_of.astimezone(clock.SHANGHAI).date()))
    sql = f"""
        SELECT d.day, p.area_id, g.name AS area_name, g.code AS area_code, v.name AS village_name,
            v.code AS village_code,
            CASE WHEN r.late THEN 'late' WHEN r.id IS NOT NULL THEN 'on_time'
                 WHEN NOT {covered("p.area_id", "d.day")} THEN 'excused'
                 WHEN d.pending THEN 'pending' ELSE 'missing' END AS state,
            r.id AS report_id, r.received_at, coalesce(r.nil, false) AS nil, u.id AS worker_id, u.name AS worker,
            CASE WHEN r.id IS NULL AND post.stand_in_id IS NULL AND (post.user_id IS NULL OR post.reason IS NOT NULL)
                 THEN coalesce(post.reason, '') END AS excuse
        FROM unnest(%s::bigint[], %s::date[], %s::boolean[]) AS d(town_id, day, pending)
        JOIN grids_placement p ON d.town_id = p.town_id AND {holds("p", "d.day")}
        JOIN grids_area g ON g.id = p.area_id
        JOIN grids_area v ON v.id = p.village_id
        LEFT JOIN screening_dailyreport r ON r.area_id = p.area_id AND r.day = d.day AND r.voided_at IS NULL
        LEFT JOIN LATERAL ({_post_on_duty("p.area_id", "d.day")}) post ON true
        LEFT JOIN accounts_user u ON u.id = coalesce(r.worker_id, post.stand_in_id, post.user_id)
        WHERE p.reports AND p.{counted_in(area)} = %s"""
    return sql, [[d.town_id for d in days], [d.day for d in days], [d.due_by > as_of for d in days], area.pk]


def _post_on_duty(area, day):
    """SQL: who had to file, with his leave of that day; somebody who was there comes before one who was not."""
    return f"""SELECT w.user_id, a.stand_in_id, a.reason FROM grids_post w
        LEFT JOIN grids_leave a ON a.post_id = w.id AND {holds("a", day)}
        WHERE w.area_id = {area} AND w.role = {Role.GRID_WORKER.value} AND {holds("w", day)}
        ORDER BY (a.id IS NOT NULL AND a.stand_in_id IS NULL), w.full_time DESC, w.id LIMIT 1"""


def duty_holder(area: Area, day: dt.date) -> int | None:
    """The id of the person who had to report on an area that day, a stand-in before the one on leave."""
    held = _post_on_duty(str(area.pk), f"DATE '{day.isoformat()}'")
    found = fetch_rows(f"SELECT coalesce(stand_in_id, user_id) AS id FROM ({held}) post", [])
    return found[0]["id"] if found else None


def kept_states(only) -> str:
    """SQL: the condition on `expected` rows for some of the states; every row when none is named."""
    groups = {"nil": "nil", "reported": "report_id IS NOT NULL", "expected": "true"}
    known = [groups.get(name) or f"state = '{name}'" for name in only or () if name in groups or name in STATES]
    return f"({' OR '.join(known)})" if known else "true"


def fetch_rows(sql, values) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def missing_since(area_ids, day: dt.date) -> dict[int, dt.date]:
    """For some areas the day after their last report before `day`: since when nothing has come in. An area that
    never reported is not in the answer."""
    found = (
        DailyReport.objects.filter(area__in=area_ids, day__lt=day, voided_at__isnull=True)
        .values_list("area")
        .annotate(last=Max("day"))
    )
    return {area_id: last + dt.timedelta(days=1) for area_id, last in found}
