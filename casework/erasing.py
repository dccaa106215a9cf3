"""Taking a person out of the texts of cases: the notes of their steps, and what is on record about them."""

from accounts.models import AuditEntry
from casework.models import Case, Spell, Step
from common import histories
from common.blotting import blot


def blot_cases(cases, words, *labels) -> None:
    """`cases`: ids; `labels`: tables whose audit entries name a case by its id."""
    with histories.opened("casework.Step:append_only", "accounts.AuditEntry:append_only"):
        blot(Step.objects.filter(case__in=cases), words, "note")
        rows = AuditEntry.objects.filter(table__in=[Case._meta.label, *labels], row__in=[str(case) for case in cases])
        blot(rows, words, "reason")


def numbers(cases) -> list[str]:
    """The numbers of cases, in order."""
    return list(Case.objects.filter(pk__in=cases).order_by("number").values_list("number", flat=True))


def still_open(cases) -> set:
    """Those that are not closed: what is being decided cannot lose its parties."""
    return set(Spell.objects.filter(case__in=cases, closed_on=None).values_list("case", flat=True))
