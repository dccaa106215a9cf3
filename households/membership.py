"""Party members: entering, moving, exempting for a time, leaving; and what becomes of their households then."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts import people as accounts
from accounts.models import User
from common import clock
from grids import access, people
from households import linking
from households.models import Exemption, Household, PartyMember, PartyOrg


@transaction.atomic
def enter(*, org: PartyOrg, by, user: User | None = None, name="", phone="") -> PartyMember:
    """A person becomes known as a member of an organisation: somebody the platform knows, or a new one by name, who
    cannot sign in before somebody hands out a slip. ValidationError for somebody who is a member already."""
    access.require(by, "party.change", org)
    if org.ended_on:
        raise ValidationError(_("This organisation has ended."), "ended")
    if user is None:
        town = org.area.town or org.area
        user = accounts.admit(name=name, phone=phone, home_code=town.code, by=by)
    known = PartyMember.objects.select_related("org__area").filter(pk=user.pk).first()
    if known is not None and (known.until_day is None or known.until_day > clock.today()):
        raise ValidationError(_("%(user)s is a member of %(org)s already."), "known", {"user": user, "org": known.org})
    _known_here(user, known, by)
    if known is None:
        known = PartyMember(user=user)
    known.org, known.area_path, known.until_day = org, org.area.path, None
    known.save()
    _record(by, "member_enter", known)
    return known


def _known_here(user, former, by):
    """Nobody enters people of places that are not the own: former members there, people in post there or entered for
    the same town may be."""
    if former is not None:
        return access.require(by, "party.change", former)
    towns = {(post.area.town or post.area).code for post in access.posts(by)}
    if user.home_code not in towns and not people.visible(by, "party.change").filter(pk=user.pk).exists():
        raise PermissionDenied("party.change")
    return None


@transaction.atomic
def move(*, member: PartyMember, org: PartyOrg, by) -> list[Household]:
    """From today in another branch. Whoever goes to another village lets go of the households; returns them."""
    member = _locked(member, by)
    access.require(by, "party.change", org)
    if org.pk == member.org_id or org.ended_on:
        raise ValidationError(_("Choose another organisation that exists."), "same")
    member.org, member.area_path = org, org.area.path
    member.save(update_fields=["org", "area_path"])
    _record(by, "member_move", member)
    today = clock.today()
    kept = [held.pk for held in member.links.standing(today).select_related("household__village")
            if member.area_path.startswith(held.household.village.path)]  # fmt: skip
    return linking.release(links=member.links.exclude(pk__in=kept), on=today, by=by, reason=_("member moved"))


@transaction.atomic
def exempt(*, member: PartyMember, reason: str, from_day: dt.date, by, until_day=None) -> list[Household]:
    """No household is asked of the member from a day on. Returns the households that have nobody from then on."""
    member = _locked(member, by)
    if until_day is not None and until_day <= from_day:
        raise ValidationError({"until_day": _("The end lies before the beginning.")})
    if member.exemptions.filter(until_day__isnull=True).exists() or _meets(member, from_day, until_day):
        raise ValidationError(_("There is an exemption on these days already. End it first."), "overlap")
    Exemption.objects.create(member=member, reason=reason, from_day=from_day, until_day=until_day)
    _record(by, "member_exempt", member)
    return linking.release(links=member.links.all(), on=from_day, by=by, reason=_("member exempted"))


def _meets(member, from_day, until_day):
    spans = member.exemptions.filter(until_day__gt=from_day)
    return (spans.filter(from_day__lt=until_day) if until_day else spans).exists()


@transaction.atomic
def end_exemption(*, exemption: Exemption, on: dt.date, by) -> None:
    """The member may look after households again from a day on; one that has not begun is taken back."""
    member = _locked(exemption.member, by)
    if exemption.until_day is not None and exemption.until_day <= on:
        raise ValidationError(_("It ends earlier already."), "ended")
    if on <= exemption.from_day:
        exemption.delete()
    else:
        exemption.until_day = on
        exemption.save(update_fields=["until_day"])
    _record(by, "member_exempt_end", member)


@transaction.atomic
def leave(*, member: PartyMember, on: dt.date, by) -> list[Household]:
    """The member is none of this place any more from a day on: gone away, or dead; nothing says which."""
    member = _locked(member, by)
    member.until_day = on
    member.save(update_fields=["until_day"])
    _record(by, "member_leave", member)
    return linking.release(links=member.links.all(), on=on, by=by, reason=_("member left"))


@transaction.atomic
def set_own_household(*, member: PartyMember, household: Household | None, by) -> None:
    """Where the member lives, so that a proposal begins there and gives him no care for himself; it stands on his side
    only. A link to that household ends today."""
    member = _locked(member, by)
    if household is not None:
        access.require(by, "link.change", household)
    member.own_household = household
    member.save(update_fields=["own_household"])
    _record(by, "member_own_household", member)
    if household is not None:
        own = member.links.filter(household=household)
        linking.release(links=own, on=clock.today(), by=by, reason=_("own household"))


def _locked(member, by) -> PartyMember:
    found = PartyMember.objects.select_for_update(of=["self"]).select_related("user", "org__area").get(pk=member.pk)
    if by is not None:
        access.require(by, "party.change", found)
    if found.until_day is not None and found.until_day <= clock.today():
        raise ValidationError(_("%(user)s is no member any more."), "left", {"user": found.user})
    return found


def _record(by, act, member):
    if by is not None:
        area = member.org.area.village or member.org.area
        audit.record(by, act, row=member, area_code=area.code)
