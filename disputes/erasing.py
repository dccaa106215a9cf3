"""What disputes keep of a person: told on request, and erased once the dispute is closed.

The party of an open dispute stays until it is closed (the town needs it for a duty of its own, PIPL art. 13 and 47);
the paper dossier of a closed one is the mediation committee's."""

from django.db.models import Q
from django.utils.translation import gettext as _

from casework import erasing
from common import histories, sealed
from common.blotting import ERASED, blot
from disputes.models import Dispute, Party


def _mine(subject):
    """By the number, wherever; by the name, in disputes about his household."""
    by_name = Q(name__in=subject.names, dispute__in=subject.cases)
    return Party.objects.filter(Q(phone_index__in=subject.phone_indexes) | by_name)


def cases(subject):
    rows = Party.objects.filter(phone_index__in=subject.phone_indexes)
    return set(rows.values_list("dispute", flat=True))


def tell(subject):
    rows = _mine(subject).select_related("dispute__case").order_by("pk")
    yield (
        _("Party of disputes"),
        [f"{row.dispute.case.number} {row.dispute.line} {row.name} {sealed.opened(row, 'phone')}" for row in rows],
    )


def erase(subject):
    mine = list(_mine(subject).values_list("pk", "dispute"))
    held = erasing.still_open({case for _pk, case in mine})
    gone = [pk for pk, case in mine if case not in held]
    empty = {"name": ERASED, "phone": "", "phone_index": "", "phone_tail": ""}
    with histories.silent_for(Party), histories.open_for(Party):
        Party.objects.filter(pk__in=gone).update(**empty)
        Party.pgh_event_model.objects.filter(pgh_obj__in=gone).update(**empty)
    closed = (subject.cases | {case for _pk, case in mine}) - held
    blot(Dispute.objects.filter(pk__in=closed), subject.words, "line")
    erasing.blot_cases(closed, subject.words, Dispute._meta.label, Party._meta.label)
    return [_("Dispute %(number)s is open: its party stays until it is closed.") % {"number": number}
            for number in erasing.numbers(held)]  # fmt: skip
