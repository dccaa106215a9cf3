"""What screening keeps: daily reports with their findings, and visits."""

from screening.models.reports import DailyReport, DutyRule, Finding, Submission
from screening.models.visits import Visit, VisitConflict, VisitRule, VisitWords

__all__ = [
    "DailyReport", "DutyRule", "Finding", "Submission", "Visit", "VisitConflict", "VisitRule", "VisitWords",
]  # fmt: skip
