"""What service orders keep of a person: told on request, and erased once the order is closed."""

from django.db.models import Q
from django.utils.translation import gettext as _

from casework import erasing
from common import histories, sealed
from common.blotting import blot
from orders.models import Order


def _mine(subject):
    by_name = Q(requester__in=subject.names, pk__in=subject.cases)
    return Order.objects.filter(Q(phone_index__in=subject.phone_indexes) | by_name)


def cases(subject):
    return set(Order.objects.filter(phone_index__in=subject.phone_indexes).values_list("pk", flat=True))


def tell(subject):
    rows = _mine(subject).select_related("case").order_by("pk")
    yield (
        _("Service orders asked for"),
        [f"{row.case.number} {row.line} {row.requester} {sealed.opened(row, 'phone')}" for row in rows],
    )


def erase(subject):
    mine = set(_mine(subject).values_list("pk", flat=True))
    held = erasing.still_open(mine)
    empty = {"requester": "", "phone": "", "phone_index": "", "phone_tail": ""}
    closed = (subject.cases | mine) - held
    with histories.silent_for(Order), histories.open_for(Order):
        Order.objects.filter(pk__in=mine - held).update(**empty)
        events = Order.pgh_event_model.objects
        events.filter(pgh_obj__in=mine - held).update(**empty)
        for rows in (Order.objects.filter(pk__in=closed), events.filter(pgh_obj__in=closed)):
            blot(rows, subject.words, "line")
    erasing.blot_cases(closed, subject.words, Order._meta.label)
    return [_("Service order %(number)s is open: who asked stays until it is closed.") % {"number": number}
            for number in erasing.numbers(held)]  # fmt: skip
