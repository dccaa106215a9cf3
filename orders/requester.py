"""Who asked for a service: masked for everybody who may open the order, in clear for a reason, recorded first."""

from django.db import transaction

from accounts import audit
from common import masking, sealed
from grids import access
from orders.models import Order


def masked(order: Order) -> tuple[str, str]:
    """Name and phone, for example 孙** and 138****8000."""
    return masking.name(order.requester), masking.phone(sealed.opened(order, "phone"))


@transaction.atomic
def reveal(*, order: Order, by, reason: str) -> tuple[str, str]:
    """Name and phone in clear, for those who handle the order; PermissionDenied for others."""
    access.require(by, "order.handle", order)
    place = order.case.area.code
    audit.record(by, "reveal_requester", row=order, area_code=place, reason=reason)
    phone = audit.reveal(by, order, "phone", area_code=place, reason=reason) if order.phone else ""
    return order.requester, phone
