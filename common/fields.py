"""Columns and constraints that several apps share: the area path, spans of days."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

STEP = 6  # characters of one step of an area path: the area's id in base 36
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def step(number: int) -> str:
    """One step of a path: the id in base 36, zero-padded to six characters."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text.rjust(STEP, "0")


class AreaPathField(models.CharField):
    """Where a row lies in the tree of areas. Collation "C", so that a subtree is one range of the index."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 72, "db_collation": "C", "editable": False} | kwargs)


def subtree(path: str, field="path") -> Q:
    """Rows at or below a path, as one index range: '~' sorts behind every step."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path + "~"})


def on_day(day, first="from_day", until="until_day") -> Q:
    """Rows whose span of days holds the day; the end is the first day after it, empty when open."""
    return Q(**{f"{first}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


def _span(name, kind):
    return Func(F(name), F(name), Value("[]"), function=kind)


def days_span(first="from_day", until="until_day"):
    return Func(F(first), F(until), function="daterange")


def no_overlap(*scalars: str, name: str, condition=None) -> ExclusionConstraint:
    """Refuses two rows equal in all scalars whose days overlap, without the btree_gist extension."""
    return ExclusionConstraint(
        name=name,
        expressions=[(_span(scalar, "int8range"), "&&") for scalar in scalars] + [(days_span(), "&&")],
        condition=condition,
    )


class _Day(Func):
    """A day as a number; none is a day that never comes."""

    template = "(COALESCE(%(expressions)s - date '2000-01-01', 1000000))"
    output_field = models.IntegerField()


class _DayBefore(_Day):
    """Where a span ends: spans that touch do not overlap."""

    template = f"({_Day.template} - 0.5)"


def one_at_a_time(scalar: str, *, name: str, condition=None) -> ExclusionConstraint:
    """As no_overlap for one scalar, for tables that are filled by ten thousands: the rows are boxes in the plane of
    scalar and day, and boxes cost a third of ranges to enter (docs/measured/links.md)."""
    corners = [Func(F(scalar), _Day(F("from_day")), function="point"),
               Func(F(scalar), _DayBefore(F("until_day")), function="point")]  # fmt: skip
    return ExclusionConstraint(name=name, expressions=[(Func(*corners, function="box"), "&&")], condition=condition)


def span_in_order(name: str, first="from_day", until="until_day"):
    """The span holds at least one day."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": F(first)})
    )
