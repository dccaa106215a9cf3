"""The life of a dispute: which act leads from where to where, and who may take it (domain handbook 4.2, thin)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import workflow
from casework.codes import Closing, Severity
from casework.models import Case
from casework.workflow import NEW, Action, NotAllowedNow, OpenedBefore
from disputes.models import Dispute, Party

__all__ = ["ACTIONS", "NotAllowedNow", "OpenedBefore", "State", "available", "register", "take"]


class State(models.TextChoices):
    REGISTERED = "registered", _("registered")
    MEDIATING = "mediating", _("in mediation")
    SETTLED = "settled", _("settled")
    CLOSED_UNSETTLED = "closed_unsettled", _("closed unsettled")
    TRANSFERRED = "transferred", _("transferred")
    DUPLICATE = "duplicate", _("duplicate")


OPEN = frozenset({State.REGISTERED, State.MEDIATING})
CLOSED = frozenset(State) - OPEN


def _another_of_the_town(case, *, of: Dispute):
    """A duplicate points to another dispute of the same town that is not itself a duplicate."""
    if of.pk == case.pk or of.case.town_id != case.town_id or of.case.state == State.DUPLICATE:
        raise ValidationError({"of": gettext("Name another dispute of this town that is not itself a duplicate.")})


def _point_to(case, *, of: Dispute):
    Dispute.objects.filter(pk=case.pk).update(duplicate_of=of)


def _point_to_none(case):
    Dispute.objects.filter(pk=case.pk).update(duplicate_of=None)


ACTIONS = {
    "register": Action(_("Register"), frozenset({NEW}), State.REGISTERED, "dispute.register"),
    "mediate": Action(_("Start mediation"), frozenset({State.REGISTERED}), State.MEDIATING, "dispute.handle"),
    "settle": Action(_("Settle"), OPEN, State.SETTLED, "dispute.handle", closes=Closing.SETTLED),
    "close_unsettled": Action(
        _("Close unsettled"), OPEN, State.CLOSED_UNSETTLED, "dispute.handle",
        closes=Closing.UNSETTLED, needs_note=True,
    ),
    "transfer": Action(
        _("Transfer"), OPEN, State.TRANSFERRED, "dispute.handle", closes=Closing.TRANSFERRED, needs_note=True
    ),
    "mark_duplicate": Action(
        _("Mark as duplicate"), OPEN, State.DUPLICATE, "dispute.handle",
        guard=_another_of_the_town, effect=_point_to, closes=Closing.DUPLICATE, handles=False,
    ),
    "recategorise": Action(
        _("Correct the category"), frozenset(State), None, "dispute.handle",
        effect=workflow.recategorise, handles=False, recounts=True, needs_note=True,
    ),
    "reopen": Action(
        _("Reopen"), CLOSED, State.REGISTERED, "dispute.reopen",
        effect=_point_to_none, reopens=True, handles=False, needs_note=True,
    ),
}  # fmt: skip
TABLE = workflow.Table("MD", State, ACTIONS)


@transaction.atomic
def register(
    *, by, area, category, field, line, source, severity="04", people_involved=2, parties: Iterable[dict] = (),
    sensitive=False, client_id=None, by_right=None,
) -> Dispute:  # fmt: skip
    """Registers a dispute found at a village, grid or micro-grid; `parties` are {"name", "phone"} with phone optional.

    PermissionDenied without the right at that place; ValidationError for what is not in the code tables, an empty
    line, fewer than one person, or a place above the village; OpenedBefore where the `client_id` became a case before.
    """
    line = line.strip()
    _check(line, source, severity, people_involved)
    case = workflow.open_case(
        Case.Kind.DISPUTE, by=by, area=area, category=category, field=field, client_id=client_id, by_right=by_right
    )
    dispute = Dispute.objects.create(
        case=case, line=line, source=source, severity=severity, people_involved=people_involved, sensitive=sensitive
    )
    for party in parties:
        Party.objects.create(dispute=dispute, name=party["name"].strip(), phone=(party.get("phone") or "").strip())
    return dispute


def _check(line, source, severity, people_involved):
    if not line or len(line) > Dispute._meta.get_field("line").max_length:
        raise ValidationError({"line": gettext("Say in one line what it is about (at most 200 characters).")})
    if source not in Dispute.Source.values:
        raise ValidationError({"source": gettext("There is no such source.")})
    if severity not in Severity.values:
        raise ValidationError({"severity": gettext("There is no such severity.")})
    if people_involved < 1:
        raise ValidationError({"people_involved": gettext("At least one person is involved.")})


def take(name: str, *, dispute: Dispute, by, note: str = "", **facts) -> Dispute:
    """Takes an action on a dispute (see casework.workflow.take); `mark_duplicate` asks for `of` (a Dispute),
    `recategorise` for `category` and `field`. Returns the dispute as it is now."""
    workflow.take(name, case=dispute.case, by=by, note=note, **facts)
    return Dispute.objects.select_related("case").get(pk=dispute.pk)


def available(dispute: Dispute, user) -> list[tuple[str, Action]]:
    """The buttons of a dispute for a person."""
    return workflow.available(dispute.case, user)
