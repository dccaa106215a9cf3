"""Which party member looks after which household (党员联户): linking, ending, and sharing out a village's households.

Rules as practised (domain handbook 5.8): a household has at most one active link, the member is of its village and not
exempt, and nobody looks after more than twenty households.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from common.fields import on_day, subtree
from grids import access, past
from grids.changes import LINK
from grids.roles import Role
from households.models import Household, HouseholdLink, PartyMember

MAX_LOAD = 20


@transaction.atomic
def link(*, household: Household, member: PartyMember, from_day: dt.date, by, reason="") -> HouseholdLink:
    """Gives a household to a party member from a day on. `by` is the acting person, None at the operator's console.
    Raises ValidationError for a member of another village, an exempt or fully loaded one, a household that is
    linked already or not there on that day."""
    _allow(by, household)
    member = PartyMember.objects.select_for_update().get(pk=member.pk)  # so that two cannot overload him at once
    _check_member(household, member)
    _check_day(household, from_day)
    if _active(from_day).filter(household=household).exists():
        raise ValidationError(_("Somebody already looks after this household."), "linked")
    if _active(from_day).filter(member=member).values("household").distinct().count() >= MAX_LOAD:
        raise ValidationError(_("%(member)s already looks after %(n)s households."), "load", {
            "member": member, "n": MAX_LOAD,
        })  # fmt: skip
    made = HouseholdLink.objects.create(**_columns(household, member, from_day), reason=reason)
    _touch([household], from_day)
    _record(by, "link", made, household)
    return made


@transaction.atomic
def end_link(*, link: HouseholdLink, on: dt.date, by, reason="") -> HouseholdLink:
    """Ends a link: `on` is the first day without it. Raises ValidationError where it had ended or not begun."""
    link = HouseholdLink.objects.select_for_update().get(pk=link.pk)
    _allow(by, link.household)
    if on <= link.from_day or (link.until_day and link.until_day <= on):
        raise ValidationError(_("The link cannot end on this day."), "day")
    before, link.until_day = link.until_day, on
    link.reason = reason or link.reason
    link.save(update_fields=["until_day", "reason"])
    _touch([link.household], on, before)
    _record(by, "link_end", link, link.household)
    return link


@transaction.atomic
def link_many(*, pairs, from_day: dt.date, reason="") -> int:
    """Writes many links at once, at the operator's console only (taking over a roster, demo data): `pairs` of
    household and member. The same rules hold; ValidationError names the first that does not. Returns their number."""
    load = {}
    for household, member in pairs:
        _check_member(household, member)
        _check_day(household, from_day)
        load[member.pk] = load.get(member.pk, 0) + 1
    if load and max(load.values()) > MAX_LOAD:
        raise ValidationError(_("A member would look after more than %(n)s households."), "load", {"n": MAX_LOAD})
    links = [HouseholdLink(**_columns(household, member, from_day), reason=reason) for household, member in pairs]
    HouseholdLink.objects.bulk_create(links, batch_size=2000)
    _touch([household for household, _member in pairs], from_day)
    return len(links)


def links_of(post):
    """The households the holder of a linked member's post looks after today, as links."""
    links = HouseholdLink.objects.filter(on_day(clock.today()), member=post.user_id)
    if post.role != Role.LINKED_MEMBER:
        return links.none()
    return links.filter(subtree(post.area.path, "area_path"))


@transaction.atomic
def pass_on(old, new, by) -> None:
    """The households of a linked member's post go to its next holder from the day of hand-over, in one piece.
    ValidationError where he is no party member, or may not look after one of them."""
    member = PartyMember.objects.filter(pk=new.user_id).first()
    if member is None:
        raise ValidationError(_("%(user)s is not entered as a party member."), "member", {"user": new.user})
    for held in links_of(old).select_related("household__village").order_by("pk"):
        on = max(new.from_day, held.from_day + dt.timedelta(days=1))
        end_link(link=held, on=on, by=by, reason=str(_("post handed over")))
        link(household=held.household, member=member, from_day=on, by=by)


def share_out(households, members, weights=None) -> list[tuple]:
    """A proposal for one village: households in the given order (neighbours beside each other) cut into one run per
    member, runs as even as `weights` (one per member, default equal) say and never above the largest load.
    ValueError when the members cannot carry the households."""
    if len(households) > MAX_LOAD * len(members):
        raise ValueError(f"{len(members)} members cannot look after {len(households)} households")
    weights = weights or [1] * len(members)
    pairs, start = [], 0
    for number, member in enumerate(members):
        left, after = len(households) - start, len(members) - number - 1
        share = round(left * weights[number] / sum(weights[number:]))
        share = max(min(share, MAX_LOAD, left), left - after * MAX_LOAD, 0)
        pairs += [(household, member) for household in households[start : start + share]]
        start += share
    return pairs


def _allow(by, household):
    """At the console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, "link.change", household)


def _check_member(household, member):
    if member.exempt:
        raise ValidationError(_("%(member)s is exempt from household links."), "exempt", {"member": member})
    if not member.area_path.startswith(household.village.path):
        raise ValidationError(_("%(member)s is not of the household's village."), "village", {"member": member})


def _check_day(household, day):
    """There on the day, and not before its place was changed: until then it counted elsewhere."""
    if day < household.from_day or (household.until_day and household.until_day <= day):
        raise ValidationError(_("The household is not there on this day."), "day")
    if day < household.counts_here_from:
        raise ValidationError(
            _("The household's place was changed on %(day)s. Choose that day or a later one."), "moved",
            {"day": household.counts_here_from.isoformat()},
        )  # fmt: skip


def _active(day):
    """Links that hold on the day or begin later: a second one would overlap them."""
    return HouseholdLink.objects.filter(Q(until_day__isnull=True) | Q(until_day__gt=day))


def _columns(household, member, from_day):
    return {
        "household": household, "member": member, "area_path": household.area_path, "from_day": from_day,
        "town_id": household.town_id, "village_id": household.village_id, "grid_id": household.grid_id,
    }  # fmt: skip


def _touch(households, first, until=None):
    """Link coverage of the villages counts anew from that day on."""
    past.touch_villages({(household.town_id, household.village_id) for household in households}, first, until, LINK)


def _record(by, act, link, household):
    if by is not None:
        audit.record(by, act, row=link, area_code=household.village.code)
