"""Proposals who should look after whom: asked for, computed by the worker, edited, applied in one act or discarded."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from common import clock
from grids import access
from grids.models import Area
from households import linking, planning
from households.given import Given
from households.models import HouseholdLink, LinkProposal, PartyMember, ProposedLink

State = LinkProposal.State
TRIES = 3
LOCK = 1_912_060_000_000  # with the proposal's id: one worker computes it
KEPT = dt.timedelta(days=30)  # the lines of a proposal nobody applied


def ask(*, area: Area, way: str, on: dt.date, by) -> LinkProposal:
    """Asks for a proposal for a village or a town; the worker finds it. One that was not applied gives way."""
    access.require(by, "link.change", area)
    if area.kind not in (Area.Kind.VILLAGE, Area.Kind.TOWN):
        raise ValidationError(_("Choose a village or the town."), "area")
    if on < clock.today():
        raise ValidationError({"on": _("Choose today or a later day.")})
    return LinkProposal.objects.create(area=area, way=way, on=on, by=by)


def compute_waiting() -> int:
    """Computes what waits, and what a worker left half done; returns how many."""
    ProposedLink.objects.filter(proposal__asked_at__lt=clock.now() - KEPT).delete()
    waiting = LinkProposal.objects.filter(state__in=[State.WAITING, State.RUNNING]).order_by("pk")
    return sum(compute(proposal) for proposal in waiting.select_related("area"))


def compute(proposal: LinkProposal) -> bool:
    """Computes one proposal, village by village, each in its own transaction so that one sees how far it is. False
    where another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK + proposal.pk])
        if not cursor.fetchone()[0]:
            return False
    try:
        _compute(proposal)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK + proposal.pk])
    return True


def _compute(proposal):
    proposal.refresh_from_db(fields=["state", "tries"])
    if not proposal.is_open:
        return
    given = Given(proposal.area, proposal.on)
    proposal.lines.all().delete()
    proposal.state = State.RUNNING if proposal.tries < TRIES else State.FAILED
    proposal.tries, proposal.done, proposal.found = proposal.tries + 1, 0, []
    proposal.villages, proposal.seen = len(given.villages), given.digest()
    proposal.save()
    if proposal.state == State.FAILED:
        return
    for village in given.villages:
        _one_village(proposal, given, village)
    proposal.state = State.READY
    proposal.save(update_fields=["state"])


@transaction.atomic
def _one_village(proposal, given, area):
    village = given.village(area)
    answer = planning.share_out(village, proposal.way)
    holders = [given.holder.get(home) for home in village.homes]
    known = set(village.members)
    ProposedLink.objects.bulk_create(
        [
            ProposedLink(
                proposal=proposal, household_id=home, village=area, before_id=holder,
                member_id=village.members[member] if member != planning.NOBODY else None,
                metres=round(village.metres[index, member]) if member != planning.NOBODY else None,
                metres_before=round(village.metres[index, village.members.index(holder)]) if holder in known else None,
            )
            for index, (home, holder, member) in enumerate(zip(village.homes, holders, answer.chosen, strict=True))
        ],
        batch_size=2000,
    )  # fmt: skip
    proposal.found = [*proposal.found, {"village": area.pk, "code": area.code, "name": area.name, **answer.said}]
    proposal.done += 1
    proposal.save(update_fields=["found", "done"])


@transaction.atomic
def edit(*, proposal: LinkProposal, village: Area, wanted: dict, by) -> int:
    """Changes who is to have some households of one village ({household id: member id or None}), all or none. Returns
    how many differ from before. ValidationError where a member may not have them or would have too many."""
    proposal = _locked(proposal, by)
    given = Given(proposal.area, proposal.on)
    able = dict(given.members[village.pk])
    lines = {line.household_id: line for line in proposal.lines.filter(village=village).select_for_update()}
    changed = [lines[home] for home, member in wanted.items() if home in lines and lines[home].member_id != member]
    view = given.village(village)
    for line in changed:
        line.member_id, line.by_hand = wanted[line.household_id], True
        if line.member_id is not None and line.member_id not in able:
            raise ValidationError(_("Somebody chosen is no able member of this village."), "able")
        if line.member_id is not None and able[line.member_id] == line.household_id:
            raise ValidationError(_("Nobody looks after the own household."), "own")
        line.metres = _metres(view, line)
    _within(lines.values(), given.rule.most)
    ProposedLink.objects.bulk_update(changed, ["member", "by_hand", "metres"], batch_size=1000)
    _say_anew(proposal, view, village, list(lines.values()))
    return len(changed)


def _metres(view, line):
    if line.member_id is None or line.household_id not in view.homes:
        return None
    return round(view.metres[view.homes.index(line.household_id), view.members.index(line.member_id)])


def _within(lines, most):
    load = {}
    for line in lines:
        load[line.member_id] = load.get(line.member_id, 0) + 1
    over = [member for member, count in load.items() if member is not None and count > most]
    if over:
        names = "、".join(str(one) for one in PartyMember.objects.select_related("user").filter(pk__in=over))
        text = _("More than %(n)s households: %(names)s. Give some to others.")
        raise ValidationError(text, "load", {"n": most, "names": names})


def _say_anew(proposal, view, village, lines):
    """The effect of one village in figures after it was edited."""
    load = dict.fromkeys(view.members, 0)
    for line in lines:
        if line.member_id is not None:
            load[line.member_id] += 1
    for said in proposal.found:
        if said["village"] == village.pk:
            said["left"] = sum(line.member_id is None for line in lines)
            said["moved"] = sum(line.before_id is not None and line.changes for line in lines)
            said["given"] = sum(line.before_id is None and line.changes for line in lines)
            said["loads"][1] = [min(load.values(), default=0), max(load.values(), default=0)]
            said["metres"][1] = sum(line.metres or 0 for line in lines)
    proposal.save(update_fields=["found"])


@transaction.atomic
def apply(*, proposal: LinkProposal, by) -> int:
    """Puts a proposal in force, whole; returns how many households got another member. ValidationError where links,
    members, households or limits have changed since it was computed: it is computed anew then, never forced."""
    proposal = _locked(proposal, by)
    lines = proposal.lines.exclude(before=None, member=None).exclude(before=F("member"))
    members = set(lines.values_list("member", flat=True)) | set(lines.values_list("before", flat=True))
    list(PartyMember.objects.select_for_update().filter(pk__in=members - {None}).order_by("pk"))
    given = Given(proposal.area, proposal.on)
    if given.digest() != proposal.seen or proposal.on < clock.today():
        raise _stale()
    _within(proposal.lines.all(), given.rule.most)
    try:
        with transaction.atomic():
            count = _put_in_force(proposal, list(lines.select_related("household")), by)
    except IntegrityError as clash:
        raise _stale() from clash
    proposal.state, proposal.applied_at = State.APPLIED, clock.now()
    proposal.save(update_fields=["state", "applied_at"])
    proposal.lines.all().delete()
    audit.record(by, "links_apply", row=proposal, area_code=proposal.area.code, reason=f"{count}")
    return count


def _put_in_force(proposal, lines, by):
    """Ends what ends, withdraws what had not begun, writes what begins: four statements, however many lines."""
    on, today = proposal.on, clock.today()
    links = HouseholdLink.objects.of_members().standing(on)
    links = links.filter(household__in=[line.household_id for line in lines])
    links.filter(from_day__gte=on, from_day__gt=today).delete()
    begun_today = list(links.filter(from_day__gte=on).values_list("pk", "household"))
    tomorrow = on + linking.A_DAY  # a link holds one day at least
    reason = _("shared out anew")
    links.filter(pk__in=[pk for pk, _home in begun_today]).update(until_day=tomorrow, reason=reason)
    links.filter(from_day__lt=on).update(until_day=on, reason=reason)
    later = {home for _pk, home in begun_today}
    HouseholdLink.objects.bulk_create(_begun(lines, on, later, reason), batch_size=2000)
    linking.touch([line.household for line in lines], on)
    return len(lines)


def _begun(lines, on, later, reason):
    """The links that begin, none of them beyond the day its member is exempt from."""
    until = linking.until_when({line.member_id for line in lines}, on)
    for line in lines:
        first = on + linking.A_DAY if line.household_id in later else on
        last = until.get(line.member_id)
        if line.member_id is not None and (last is None or last > first):
            where = linking.columns(line.household, first)
            yield HouseholdLink(**where, member_id=line.member_id, until_day=last, reason=reason)


@transaction.atomic
def discard(*, proposal: LinkProposal, by) -> None:
    """Nothing of it is put in force."""
    access.require(by, "link.change", proposal)
    proposal = LinkProposal.objects.select_for_update(of=["self"]).select_related("area").get(pk=proposal.pk)
    if proposal.state in (State.APPLIED, State.DISCARDED):
        raise ValidationError(_("It is applied or discarded already."), "state")
    proposal.state = State.DISCARDED
    proposal.save(update_fields=["state"])
    proposal.lines.all().delete()
    audit.record(by, "links_discard", row=proposal, area_code=proposal.area.code)


def _locked(proposal, by) -> LinkProposal:
    access.require(by, "link.change", proposal)
    found = LinkProposal.objects.select_for_update(of=["self"]).select_related("area").get(pk=proposal.pk)
    if found.state != State.READY:
        raise ValidationError(_("This proposal is not ready, or was applied or discarded."), "state")
    return found


def _stale():
    text = _("Links, members, households or limits have changed since, or the day has passed. Have it computed again.")
    return ValidationError(text, "stale")
