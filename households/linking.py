"""Who looks after which household: giving, handing over, ending, one by one and many at once.

A household has at most one party member at a time (党员联户), of its village, not exempt, and with no more households
than the town's limit; beside him it may have one cadre of the town (干部包联). Domain handbook 5.8 and YW-08.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from common import clock
from common.fields import on_day, subtree
from grids import access, past
from grids.changes import LINK
from grids.models import Post
from grids.roles import Role
from households import chains
from households.models import Exemption, Household, HouseholdLink, LinkRule, PartyMember

A_DAY = dt.timedelta(days=1)
MAX_LOAD = LinkRule._meta.get_field("most").default
CADRES = [Role.AREA_CADRE, Role.TOWN_LEADER, Role.TOWN_DESK, Role.PARTY_COMMITTEE]


@transaction.atomic
def link(*, household: Household, member: PartyMember, from_day: dt.date, by, reason="") -> HouseholdLink:
    """Gives a household to a party member from a day on. `by` is the acting person, None at the operator's console.
    Raises ValidationError for a member of another village, an exempt or fully loaded one, a household that is
    linked already or not there on that day."""
    _allow(by, household)
    member = PartyMember.objects.select_for_update().get(pk=member.pk)  # so that two cannot overload him at once
    most = chains.rule_of(household.town_id).most
    _check_member(household, member, from_day)
    _check_day(household, from_day)
    links = HouseholdLink.objects.standing(from_day)
    if links.of_members().filter(household=household).exists():
        raise ValidationError(_("Somebody already looks after this household."), "linked")
    if links.filter(member=member).values("household").distinct().count() >= most:
        raise ValidationError(_("%(member)s already looks after %(n)s households."), "load", {
            "member": member, "n": most,
        })  # fmt: skip
    until = until_when([member.pk], from_day).get(member.pk)
    made = HouseholdLink.objects.create(**columns(household, from_day), member=member, until_day=until, reason=reason)
    touch([household], from_day)
    _record(by, "link", made)
    return made


give = link  # by its other name, where a link is at hand


@transaction.atomic
def link_cadre(*, household: Household, cadre: User, from_day: dt.date, by, reason="") -> HouseholdLink:
    """Ties a household to a cadre of its town, beside its party member. ValidationError where the person holds no
    office of the town, or another cadre has the household."""
    _allow(by, household)
    User.objects.select_for_update(no_key=True).get(pk=cadre.pk)
    held = Post.objects.held_on(clock.today()).filter(user=cadre, role__in=CADRES, area__town=household.town_id)
    if not held.exists():
        raise ValidationError(_("%(user)s holds no office of the town."), "cadre", {"user": cadre})
    _check_day(household, from_day)
    if HouseholdLink.objects.standing(from_day).of_cadres().filter(household=household).exists():
        raise ValidationError(_("A cadre is already tied to this household."), "linked")
    made = HouseholdLink.objects.create(**columns(household, from_day), cadre=cadre, reason=reason)
    _record(by, "link_cadre", made)
    return made


@transaction.atomic
def hand_over(*, link: HouseholdLink, to: PartyMember, on: dt.date, by, reason="") -> HouseholdLink:
    """The household goes from one member to another: `on` is the other's first day. A link that has not begun by then
    is withdrawn, so nobody is counted for a day he was not meant for."""
    household = link.household
    close(link=link, on=on, by=by, reason=reason)
    on = max(on, link.from_day) if link.from_day > clock.today() else max(on, link.from_day + A_DAY)
    return give(household=household, member=to, from_day=on, by=by, reason=reason)


@transaction.atomic
def close(*, link: HouseholdLink, on: dt.date, by, reason="") -> None:
    """Ends a link on a day, or the day after its first where it begins then; withdraws one that is still to come."""
    if link.from_day >= on and link.from_day > clock.today():
        return withdraw(link=link, by=by)
    on = max(on, link.from_day + A_DAY)
    if link.until_day is None or link.until_day > on:
        end_link(link=link, on=on, by=by, reason=reason)
    return None


@transaction.atomic
def withdraw(*, link: HouseholdLink, by) -> None:
    """Takes back a link that has not begun; its history keeps it."""
    link = HouseholdLink.objects.select_for_update().get(pk=link.pk)
    _allow(by, link.household)
    if link.from_day <= clock.today():
        raise ValidationError(_("The link has begun. End it instead."), "day")
    _record(by, "link_withdraw", link)
    link.delete()


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
    if link.member_id:
        touch([link.household], on, before)
    _record(by, "link_end", link)
    return link


@transaction.atomic
def link_many(*, pairs, from_day: dt.date, reason="") -> int:
    """Writes many links at once, at the operator's console only (taking over a roster, demo data): `pairs` of
    household and member. The same rules hold; ValidationError names the first that does not. Returns their number."""
    load, able = {}, set(PartyMember.objects.able(from_day).values_list("pk", flat=True))
    for household, member in pairs:
        _check_member(household, member, from_day, able)
        _check_day(household, from_day)
        load[member.pk] = load.get(member.pk, 0) + 1
    most = chains.rule_of(pairs[0][0].town_id).most if pairs else 0
    if load and max(load.values()) > most:
        raise ValidationError(_("A member would look after more than %(n)s households."), "load", {"n": most})
    until = until_when(load, from_day)
    links = [
        HouseholdLink(**columns(household, from_day), member=member, until_day=until.get(member.pk), reason=reason)
        for household, member in pairs
    ]
    HouseholdLink.objects.bulk_create(links, batch_size=2000)
    touch([household for household, _member in pairs], from_day)
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
        hand_over(link=held, to=member, on=new.from_day, by=by, reason=str(_("post handed over")))


@transaction.atomic
def release(*, links, on: dt.date, by, reason="") -> list[Household]:
    """Ends or withdraws all these links of one member or household; the households have nobody from that day on."""
    freed = []
    for held in links.standing(on).select_related("household__village").order_by("pk"):
        close(link=held, on=on, by=by, reason=reason)
        freed.append(held.household)
    return freed


def _allow(by, household):
    """At the console (by is None) everything is allowed; a person needs the right at the place."""
    if by is not None:
        access.require(by, "link.change", household)


def _check_member(household, member, day, able=None):
    if member.pk not in able if able is not None else not PartyMember.objects.able(day).filter(pk=member.pk).exists():
        raise ValidationError(_("%(member)s is exempt from household links."), "exempt", {"member": member})
    if not member.area_path.startswith(household.village.path):
        raise ValidationError(_("%(member)s is not of the household's village."), "village", {"member": member})
    if member.own_household_id == household.pk:
        raise ValidationError(_("Nobody looks after the own household."), "own")


def _check_day(household, day):
    """There on the day, and not before its place was changed: until then it counted elsewhere."""
    if day < household.from_day or (household.until_day and household.until_day <= day):
        raise ValidationError(_("The household is not there on this day."), "day")
    if day < household.counts_here_from:
        raise ValidationError(
            _("The household's place was changed on %(day)s. Choose that day or a later one."), "moved",
            {"day": household.counts_here_from.isoformat()},
        )  # fmt: skip


def until_when(members, day) -> dict:
    """{member id: the first day after `day` on which he is exempt or gone}: no link goes on beyond it."""
    found = {}
    ends = PartyMember.objects.filter(pk__in=members, until_day__gt=day).values_list("pk", "until_day")
    spans = Exemption.objects.filter(member__in=members, from_day__gt=day).values_list("member", "from_day")
    for member, first in [*ends, *spans]:
        found[member] = min(found.get(member, first), first)
    return found


def columns(household, from_day) -> dict:
    """Where a link of the household counts."""
    return {
        "household_id": household.pk, "area_path": household.area_path, "from_day": from_day,
        "town_id": household.town_id, "village_id": household.village_id, "grid_id": household.grid_id,
    }  # fmt: skip


def touch(households, first, until=None):
    """Link coverage of the villages counts anew from that day on."""
    past.touch_villages({(household.town_id, household.village_id) for household in households}, first, until, LINK)


def _record(by, act, link):
    if by is not None:
        audit.record(by, act, row=link, area_code=link.household.village.code)
