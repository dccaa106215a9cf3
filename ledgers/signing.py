"""Signing the weekly ledger: comment, sign and seal, accept or return. Signed content never changes."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import canonical, clock
from common.periods import WEEK, Period
from grids import access
from ledgers import drafting
from ledgers.models import WeeklyLedger

State = WeeklyLedger.State
COMMENT_LIMIT, REASON_LIMIT = 1000, 500  # characters
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")  # seven digits or more: a telephone or ID number


class NotNow(ValidationError):
    """The ledger is not in a state that allows this; the message says what to do."""


def _locked(ledger, by, action):
    row = WeeklyLedger.objects.select_for_update(of=("self",)).select_related("village__town").get(pk=ledger.pk)
    access.require(by, action, row)
    return row


@transaction.atomic
def comment(*, ledger, by, text: str) -> WeeklyLedger:
    """The desk's remark on a draft. It is sealed with the ledger, so it may hold no telephone or ID number."""
    ledger = _locked(ledger, by, "ledger.comment")
    if ledger.state != State.DRAFT:
        raise NotNow(_("This ledger is signed. A remark can only be written on a draft."))
    if LONG_NUMBER.search(text):
        raise ValidationError(_("A remark is sealed for good: leave out telephone and ID numbers, and names."))
    if len(text.strip()) > COMMENT_LIMIT:
        raise ValidationError(_("No more than %(n)d characters, please."), params={"n": COMMENT_LIMIT})
    ledger.comment = text.strip()
    ledger.save(update_fields=["comment"])
    return ledger


@transaction.atomic
def sign(*, ledger, by) -> WeeklyLedger:
    """Brings the draft up to now, seals it (SHA-256 over canonical JSON) and puts it in force. Weeks are signed in
    order, so that every opening is the closing of a signed week."""
    ledger = _locked(ledger, by, "ledger.sign")
    if ledger.state != State.DRAFT:
        raise NotNow(_("This ledger was signed before."))
    if clock.today() < Period(WEEK, ledger.week).until:
        raise NotNow(_("The week is not over yet. A ledger can be signed from Monday on."))
    _check_order(ledger)
    ledger = drafting.redraft(ledger)
    ledger.state, ledger.signed_by, ledger.signed_at = State.SIGNED, by, clock.now()
    ledger.content = ledger.content | {
        "comment": ledger.comment, "version": ledger.version,
        "signed_by": by.pk, "signed_on": clock.today().isoformat(),
    }  # fmt: skip
    ledger.sha256 = canonical.digest(ledger.content)
    ledger.save()
    return ledger


def _check_order(ledger):
    """The week before has a version in force, or never had a ledger."""
    week_before = Period(WEEK, ledger.week).shift(-1)
    kept = WeeklyLedger.objects.filter(village=ledger.village_id, week=week_before.start)
    if kept.exists() and not kept.filter(state__in=WeeklyLedger.IN_FORCE).exists():
        message = _("The ledger of the week before (%(week)s) is not signed. Sign it first.")
        raise NotNow(message, params={"week": week_before.iso_label})


@transaction.atomic
def accept(*, ledger, by) -> WeeklyLedger:
    """The town takes the signed ledger."""
    ledger = _locked(ledger, by, "ledger.review")
    _check_reviewable(ledger)
    ledger.state, ledger.reviewed_by, ledger.reviewed_at = State.ACCEPTED, by, clock.now()
    ledger.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    return ledger


@transaction.atomic
def send_back(*, ledger, by, reason: str) -> WeeklyLedger:
    """The town returns a signed ledger with a reason: it is out of force, its seal stays, and the next version is
    drafted for this village alone. Returns the new draft."""
    ledger = _locked(ledger, by, "ledger.review")
    _check_reviewable(ledger)
    if not reason.strip():
        raise ValidationError(_("Say why the ledger is returned, so that the village knows what to mend."))
    if len(reason.strip()) > REASON_LIMIT:
        raise ValidationError(_("No more than %(n)d characters, please."), params={"n": REASON_LIMIT})
    ledger.state, ledger.return_reason = State.RETURNED, reason.strip()
    ledger.reviewed_by, ledger.reviewed_at = by, clock.now()
    ledger.save(update_fields=["state", "return_reason", "reviewed_by", "reviewed_at"])
    return drafting.draft_again(ledger)


def _check_reviewable(ledger):
    if ledger.state != State.SIGNED:
        raise NotNow(_("Only a signed ledger that is not yet accepted or returned can be reviewed."))
    if drafting.in_force(ledger.village_id, ledger.week).pk != ledger.pk:
        raise NotNow(_("A newer version of this ledger was signed meanwhile. Review that one."))


def possible(ledger: WeeklyLedger | None, user) -> list[str]:
    """The names of the acts a person could take on a ledger now: comment, sign, accept, return."""
    if ledger is None:
        return []
    path, found = ledger.area_path, []
    if ledger.state == State.DRAFT:
        found += ["comment"] if access.may(user, "ledger.comment", path) else []
        found += ["sign"] if access.may(user, "ledger.sign", path) else []
    elif ledger.state == State.SIGNED and access.may(user, "ledger.review", path):
        found += ["accept", "return"] if drafting.in_force(ledger.village_id, ledger.week).pk == ledger.pk else []
    return found


def seal_holds(ledger: WeeklyLedger) -> bool:
    """Whether the stored content and totals still are what was signed; a draft has no seal that could break."""
    if not ledger.sha256:
        return ledger.state == State.DRAFT
    totals = {name: getattr(ledger, name) for name in ledger.content.get("totals", ())}
    return canonical.digest(ledger.content) == ledger.sha256 and totals == ledger.content.get("totals")
