"""The life of a resident's service order, thin: placed, done."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import workflow
from casework.codes import Closing
from casework.models import Case
from casework.workflow import NEW, Action, NotAllowedNow, OpenedBefore
from orders.models import Order

__all__ = ["ACTIONS", "NotAllowedNow", "OpenedBefore", "State", "available", "place", "take"]


class State(models.TextChoices):
    PLACED = "placed", _("placed")
    DONE = "done", _("done")


ACTIONS = {
    "place": Action(_("Place the order"), frozenset({NEW}), State.PLACED, "order.place"),
    "done": Action(_("Done"), frozenset({State.PLACED}), State.DONE, "order.handle", closes=Closing.SETTLED),
}
TABLE = workflow.Table("DD", State, ACTIONS)


@transaction.atomic
def place(*, by, area, category, field, line, requester="", phone="", client_id=None, by_right=None) -> Order:
    """Places an order for a resident at a village, grid or micro-grid.

    PermissionDenied without the right at that place; ValidationError for an empty line, what is not in the code
    tables, or a place above the village; OpenedBefore where the `client_id` became a case before.
    """
    line = line.strip()
    if not line or len(line) > Order._meta.get_field("line").max_length:
        raise ValidationError({"line": gettext("Say in one line what is asked (at most 200 characters).")})
    case = workflow.open_case(
        Case.Kind.ORDER, by=by, area=area, category=category, field=field, client_id=client_id, by_right=by_right
    )
    return Order.objects.create(case=case, line=line, requester=requester.strip(), phone=phone.strip())


def take(name: str, *, order: Order, by, note: str = "", **facts) -> Order:
    """Takes an action on an order (see casework.workflow.take); returns the order as it is now."""
    workflow.take(name, case=order.case, by=by, note=note, **facts)
    return Order.objects.select_related("case").get(pk=order.pk)


def available(order: Order, user) -> list[tuple[str, Action]]:
    """The buttons of an order for a person."""
    return workflow.available(order.case, user)
