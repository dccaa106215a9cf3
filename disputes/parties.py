"""The people of a dispute: masked for everybody who may open it, in clear for a reason, which is recorded first."""

from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from common import masking, sealed
from disputes.models import Dispute
from grids import access


@dataclass(frozen=True)
class Shown:
    """A party as it stands on the page."""

    name: str
    phone: str


def masked(dispute: Dispute) -> list[Shown]:
    """For example 张* and 138****5678."""
    rows = dispute.parties.order_by("pk")
    return [Shown(masking.name(row.name), masking.phone(sealed.opened(row, "phone"))) for row in rows]


@transaction.atomic
def reveal(*, dispute: Dispute, by, reason: str) -> list[Shown]:
    """In clear, for those who handle the dispute; PermissionDenied for others."""
    access.require(by, "dispute.handle", dispute)
    place = dispute.case.area.code
    audit.record(by, "reveal_parties", row=dispute, area_code=place, reason=reason)
    return [
        Shown(row.name, audit.reveal(by, row, "phone", area_code=place, reason=reason) if row.phone else "")
        for row in dispute.parties.order_by("pk")
    ]
