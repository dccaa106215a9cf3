"""Taking acts on the tree: at once or planned for a day, withdrawn until then, carried out when due, in order."""

import datetime as dt
import logging

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from common.fields import subtree
from grids import access, changes
from grids.changes import Upheaval
from grids.models import Area, AreaAct
from grids.reshaping.acts import Act, Refused
from grids.reshaping.ending import End
from grids.reshaping.merging import Merge
from grids.reshaping.moving import Move
from grids.reshaping.opening import Open
from grids.reshaping.renaming import Correct, Rename
from grids.reshaping.splitting import Split

KINDS = {one.kind.value: one for one in (Open, Move, Split, Merge, End, Rename, Correct)}
State = AreaAct.State
FARTHEST = dt.timedelta(days=730)
LATE = dt.timedelta(minutes=10)
log = logging.getLogger(__name__)


def look(kind: str, terms: dict, on: dt.date, *, by) -> Act:
    """The act as it would be done, for a preview: writes and locks nothing. Raises as `take` does."""
    act = KINDS[kind](terms, on)
    act.allow(by)
    _check_day(act, on)
    _check_planned(act)
    return act


def take(kind: str, terms: dict, on: dt.date, *, by, reason: str = "", client_id=None) -> AreaAct:
    """Takes an act, effective on a day: of today (or, of a correction, before) it is carried out at once, else it is
    planned. `by` is the acting person, None at the operator's console; the same `client_id` again is answered with the
    act it became. Raises ValidationError with one clear message, or PermissionDenied, and changes nothing."""
    with transaction.atomic():
        try:
            act = _under_lock(kind, terms, on, by)
        except ValidationError:
            if before := _sent_before(client_id):
                return before  # the same form, sent twice: the first has changed the place
            raise
        if before := _sent_before(client_id):
            return before
        if kind == AreaAct.Kind.CORRECT and not reason.strip():
            raise Refused(_("Say what was wrong, so that the correction can be understood later."), "reason")
        row = AreaAct.objects.create(
            kind=kind, town=act.town, on=on, terms=act.terms, areas=[area.pk for area in act.changed],
            gives=act.gives, reason=reason.strip()[:200], by=by, client_id=client_id,
        )  # fmt: skip
        _record(row, act.audited, by, (act.changed or act.above)[0])
        if on <= clock.today():
            _carry_out(row, act)
    return row


def _under_lock(kind, terms, on, by):
    """Read and checked a second time once nobody else can change the places."""
    look(kind, terms, on, by=by).lock()
    return look(kind, terms, on, by=by)


def _sent_before(client_id):
    return AreaAct.objects.filter(client_id=client_id).first() if client_id else None


def _check_day(act, on):
    if act.kind != AreaAct.Kind.CORRECT and on < clock.today():
        raise Refused(_("A change takes effect today or later."), "day")
    if on > clock.today() + FARTHEST:
        raise Refused(_("Choose a day within two years."), "day")


def _check_planned(act, apart=None):
    """A place that another planned act will change waits for it, or has it withdrawn."""
    ids = [area.pk for area in act.changed]
    other = AreaAct.objects.filter(state=State.PLANNED, areas__overlap=ids).exclude(pk=apart).order_by("on").first()
    if other:
        place = next(area for area in act.changed if area.pk in other.areas)
        raise Refused(
            _("For %(area)s another act is planned on %(day)s (%(act)s). Withdraw it first."), "planned",
            {"area": place, "day": other.on.isoformat(), "act": other.get_kind_display()},
        )  # fmt: skip


def _carry_out(row, act):
    result = act.do()
    row.outcome = result.as_json()
    row.areas = sorted({*row.areas, *result.opened, *result.closed, *(moved[0] for moved in result.moved)})
    row.gives = sorted({*row.gives, *_codes_given(row)})
    row.state, row.done_at = State.DONE, clock.now()
    row.save(update_fields=["outcome", "areas", "gives", "state", "done_at"])


def _codes_given(row):
    """The codes the places bear since: given for good, also where the act is taken back."""
    return Area.objects.filter(pk__in=row.areas, ended_on__isnull=True).values_list("code", flat=True)


def withdraw(*, act: AreaAct, by) -> AreaAct:
    """Withdraws a planned act, until the end of the day before its day; later it can only be taken back."""
    with transaction.atomic():
        row = AreaAct.objects.select_for_update(of=("self",)).select_related("town").get(pk=act.pk)
        if by is not None:
            access.require(by, "area.change", row.town)
        if row.state != State.PLANNED:
            raise Refused(_("This act is not planned any more; it cannot be withdrawn."), "state")
        row.state, row.withdrawn_by = State.WITHDRAWN, by
        row.save(update_fields=["state", "withdrawn_by"])
        _record(row, "area_act_withdraw", by, row.town)
    return row


def carry_out_due(now: dt.datetime | None = None) -> int:
    """Carries out every planned act whose day has come, in order, each with its own business date; returns how many
    were carried out. One that cannot be done any more is marked with the reason, and the others go on. Safe to run
    twice and beside itself: an act is taken by the lock on its row."""
    today = (now or clock.now()).date()
    done = 0
    due = AreaAct.objects.filter(state=State.PLANNED, on__lte=today).order_by("on", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        try:
            done += _carry_out_planned(pk)
        except (OperationalError, InterfaceError):
            raise
        except ValidationError as refusal:
            _fail(pk, " ".join(map(str, refusal.messages)))
        except Exception as failure:  # one act that cannot be done must not stop the others, nor the counting
            log.exception("act %s on the tree of places failed", pk)
            _fail(pk, type(failure).__name__)
    _gather_latecomers(now or clock.now())
    return done


def _gather_latecomers(now):
    """A report that was being filed while its place moved may have been written with the old path: carried along
    afterwards, as long as nothing lies at that path again."""
    for act in AreaAct.objects.filter(state=State.DONE, done_at__gt=now - LATE, outcome__has_key="paths"):
        paths = [tuple(pair) for pair in act.outcome["paths"]]
        if any(Area.objects.filter(subtree(old)).exists() for old, _new in paths):
            continue
        below = Q(pk__in=[])
        for _old, new in paths:
            below |= subtree(new)
        changes.tell(Upheaval(act.on, paths, list(Area.objects.filter(below).values_list("pk", flat=True))))


def _carry_out_planned(pk):
    with transaction.atomic():
        row = AreaAct.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.PLANNED).first()
        if row is None:
            return 0
        act = KINDS[row.kind](row.terms, row.on)
        act.lock()
        act = KINDS[row.kind](row.terms, row.on)
        _carry_out(row, act)
    return 1


def _fail(pk, why):
    AreaAct.objects.filter(pk=pk, state=State.PLANNED).update(state=State.FAILED, error=why[:300])


def _record(row, audited, by, area):
    if by is not None:
        audit.record(by, audited, row=row, area_code=area.code, reason=row.reason)
