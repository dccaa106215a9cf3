"""What reports and visits keep of a person's household: told on request, his name taken out of their texts."""

from django.utils.translation import gettext as _

from common.blotting import blot, blot_json
from screening.models import Finding, Submission, Visit, VisitConflict


def _findings(subject):
    return Finding.objects.filter(household__in=subject.homes)


def _visits(subject):
    return Visit.objects.filter(household__in=subject.homes)


def cases(subject):
    """The cases that were found at his household."""
    return set(_findings(subject).exclude(case=None).values_list("case", flat=True))


def tell(subject):
    """Of the household; a line may tell of another of its people, and is shown only where it names the person."""
    findings = [row for row in _findings(subject).order_by("day") if _named(row.line, subject)]
    yield _("Findings"), [f"{row.day} {row.line}" for row in findings]
    said = ((visit.day, [visit.line, visit.follow_up]) for visit in _visits(subject).order_by("day"))
    told = [" ".join([str(day), *(text for text in texts if _named(text, subject))]) for day, texts in said]
    yield _("Visits to the household"), told


def _named(text, subject):
    return any(word in text for word in subject.words)


def erase(subject):
    words = subject.words
    findings, visits = _findings(subject), _visits(subject)
    filings = set(findings.values_list("submission", flat=True)) | set(findings.values_list("withdrawn_by", flat=True))
    blot_json(Submission.objects.filter(pk__in=filings - {None}), words, "content")
    blot_json(VisitConflict.objects.filter(visit__in=visits), words, "content")
    blot(findings, words, "line")
    blot(visits, words, "line", "follow_up", "withdraw_reason")
    return []
