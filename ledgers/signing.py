"""Signing the weekly ledger: comment, sign and seal, accept or return. Signed content never changes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import clock
from grids import access
from ledgers import drafting
from ledgers.models import WeeklyLedger

State = WeeklyLedger.State


class NotNow(ValidationError):
    """The ledger is not in a state that allows this; the message says what to do."""


def _locked(ledger, by, action):
    row = WeeklyLedger.objects.select_for_update(of=("self",)).select_related("village__town").get(pk=ledger.pk)
    access.require(by, action, row)
    return row


@transaction.atomic
def comment(*, ledger, by, text: str) -> WeeklyLedger:
    """The desk's remark on a draft."""
    ledger = _locked(ledger, by, "ledger.comment")
    if ledger.state != State.DRAFT:
        raise NotNow(_("This ledger is signed. A remark can only be written on a draft."))
    ledger.comment = text.strip()
    ledger.save(update_fields=["comment"])
    return ledger


@transaction.atomic
def sign(*, ledger, by) -> WeeklyLedger:
    """Brings the draft up to now, seals it (SHA-256 over canonical JSON) and puts it in force."""
    ledger = _locked(ledger, by, "ledger.sign")
    if ledger.state != State.DRAFT:
        raise NotNow(_("This ledger was signed before."))
    if clock.today() < drafting.Period("W", ledger.week).until:
        raise NotNow(_("The week is not over yet. A ledger can be signed from Monday on."))
    ledger = drafting.redraft(ledger)
    ledger.content = ledger.content | {"comment": ledger.comment, "version": ledger.version}
    ledger.sha256 = drafting.digest(ledger.content)
    ledger.state, ledger.signed_by, ledger.signed_at = State.SIGNED, by, clock.now()
    ledger.save()
    return ledger


@transaction.atomic
def accept(*, ledger, by) -> WeeklyLedger:
    """The town takes the signed ledger."""
    ledger = _locked(ledger, by, "ledger.review")
    if ledger.state != State.SIGNED:
        raise NotNow(_("Only a signed ledger can be accepted."))
    ledger.state, ledger.reviewed_by, ledger.reviewed_at = State.ACCEPTED, by, clock.now()
    ledger.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    return ledger


@transaction.atomic
def send_back(*, ledger, by, reason: str) -> WeeklyLedger:
    """The town returns a signed ledger with a reason: it is out of force, its seal stays, and the next version is
    drafted for this village alone. Returns the new draft."""
    ledger = _locked(ledger, by, "ledger.review")
    if ledger.state != State.SIGNED:
        raise NotNow(_("Only a signed ledger that is not yet accepted can be returned."))
    if not reason.strip():
        raise NotNow(_("Say why the ledger is returned, so that the village knows what to mend."))
    ledger.state, ledger.return_reason = State.RETURNED, reason.strip()
    ledger.reviewed_by, ledger.reviewed_at = by, clock.now()
    ledger.save(update_fields=["state", "return_reason", "reviewed_by", "reviewed_at"])
    return drafting.draft_again(ledger)


def seal_holds(ledger: WeeklyLedger) -> bool:
    """Whether the stored content still is what was signed."""
    return not ledger.sha256 or drafting.digest(ledger.content) == ledger.sha256
