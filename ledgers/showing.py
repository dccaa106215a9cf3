"""Which rows of a ledger stand behind each of its numbers, and how a row is put into words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from casework.codes import Category, Closing, Field
from screening.models import Finding

LINES, REPORTS, FINDINGS, LATE = "lines", "reports", "findings", "late"
REPORT_STATES = {
    "on_time": _("reported on time"), "late": _("reported late"), "missing": _("report missing"),
    "excused": _("excused"), "pending": _("not due yet"),
}  # fmt: skip
LATE_KINDS = {
    "report": _("report received late"), "added": _("added"), "removed": _("removed"), "changed": _("changed")
}  # fmt: skip
OTHERWISE = {Closing.UNSETTLED, Closing.TRANSFERRED, Closing.DUPLICATE}


@dataclass(frozen=True)
class Choice:
    """A number's list: out of which part of the content, which rows of it."""

    part: str
    label: str
    keeps: Callable


def _state(state):
    return lambda row: row["state"] == state


def _ended(way):
    return lambda line: line["closed_as"] == way


CHOICES = {
    "all": Choice(LINES, _("All disputes of the week"), lambda line: True),
    "carried": Choice(LINES, _("Open at the start of the week"), lambda line: line["carried"]),
    "new": Choice(LINES, _("Found in the week"), lambda line: not line["carried"] and line["round"] == 1),
    "reopened": Choice(LINES, _("Reopened in the week"), lambda line: not line["carried"] and line["round"] > 1),
    "settled": Choice(LINES, _("Settled in the week"), _ended(Closing.SETTLED)),
    "unsettled": Choice(LINES, _("Closed unsettled in the week"), _ended(Closing.UNSETTLED)),
    "transferred": Choice(LINES, _("Transferred in the week"), _ended(Closing.TRANSFERRED)),
    "duplicates": Choice(LINES, _("Found to be duplicates in the week"), _ended(Closing.DUPLICATE)),
    "otherwise": Choice(LINES, _("Ended otherwise in the week"), lambda line: line["closed_as"] in OTHERWISE),
    "closing": Choice(LINES, _("Open at the end of the week"), lambda line: not line["closed_on"]),
    "expected": Choice(REPORTS, _("Reports expected"), lambda row: True),
    "on_time": Choice(REPORTS, _("Reported on time"), _state("on_time")),
    "late": Choice(REPORTS, _("Reported late"), _state("late")),
    "nil": Choice(REPORTS, _("Nothing found"), lambda row: row["nil"]),
    "missing": Choice(REPORTS, _("Reports missing"), _state("missing")),
    "excused": Choice(REPORTS, _("Excused"), _state("excused")),
    "pending": Choice(REPORTS, _("Not due yet"), _state("pending")),
    "findings": Choice(FINDINGS, _("Findings of the week"), lambda row: True),
    "corrections": Choice(LATE, _("Corrections to signed weeks"), lambda row: row["stock"]),
}


@dataclass(frozen=True)
class Shown:
    """The list a page shows: name of the choice, part, label, rows in words."""

    name: str
    part: str
    label: str
    rows: list[dict]


def rows(content: dict, show: str, *, category="", field="") -> list[dict]:
    """The rows of a content behind a number; KeyError for a number that does not exist."""
    choice = CHOICES[show]
    wanted = {name: code for name, code in (("category", category), ("field", field)) if code}
    return [
        row for row in content[choice.part]
        if choice.keeps(row) and all(row.get(name) == code for name, code in wanted.items())
    ]  # fmt: skip


def chosen(content: dict, show: str, *, category="", field="") -> Shown:
    """The list behind a number, in words; KeyError for one that does not exist."""
    choice, parts = CHOICES[show], [CHOICES[show].label]
    if category:
        parts.append(Category(category).label)
    if field:
        parts.append(Field(field).label)
    found = [in_words(choice.part, row) for row in rows(content, show, category=category, field=field)]
    return Shown(show, choice.part, " · ".join(str(part) for part in parts), found)


def in_words(part: str, row: dict) -> dict:
    """A row with its codes as labels and its days as dates."""
    words = dict(row)
    for name in ("day", "opened_on", "closed_on", "received_on"):
        if row.get(name):
            words[name] = dt.date.fromisoformat(row[name])
    if row.get("category"):
        words |= {"category": Category(row["category"]).label, "field": Field(row["field"]).label}
    if "closed_as" in row:
        words["closed_as"] = Closing(row["closed_as"]).label if row["closed_as"] else ""
        words["tone"] = {"": "warn", Closing.SETTLED: "good"}.get(row["closed_as"], "calm")
    if part == REPORTS:
        words["state_label"] = REPORT_STATES[row["state"]]
        words["tone"] = {"on_time": "good", "late": "warn", "missing": "bad"}.get(row["state"], "calm")
    if part == FINDINGS:
        words["outcome"] = Finding.Outcome(row["outcome"]).label
    if part == LATE:
        words["late_label"] = LATE_KINDS[row["late"]]
    return words
