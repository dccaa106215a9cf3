"""Teams of a town or village (三支队伍: grid workers, mediators, volunteers): founding, members, ending."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access
from grids.models import Area, Team, TeamMember


@transaction.atomic
def found(*, area: Area, kind: str, name: str, base: str, from_day: dt.date, by) -> Team:
    """A new team at a town or village."""
    _allow(by, area)
    if area.kind not in {"town", "village"}:
        raise ValidationError(_("A team belongs to a town or a village."), "area")
    team = Team.objects.create(area=area, kind=kind, name=name.strip(), base=base.strip(), from_day=from_day)
    _record(by, "team_found", team)
    return team


@transaction.atomic
def add(*, team: Team, user, leads: bool, from_day: dt.date, by) -> TeamMember:
    """Somebody joins. ValidationError where the team has ended or the person belongs to it already."""
    team = _locked(team)
    _allow(by, team.area)
    if from_day < team.from_day or (team.until_day and team.until_day <= from_day):
        raise ValidationError(_("The team does not exist on this day."), "day")
    if team.members.filter(user=user).exclude(until_day__lte=from_day).exists():
        raise ValidationError(_("%(user)s belongs to the team already."), "member", {"user": user})
    member = TeamMember.objects.create(team=team, user=user, leads=leads, from_day=from_day)
    _record(by, "team_add", team)
    return member


@transaction.atomic
def leave(*, member: TeamMember, on: dt.date, by) -> None:
    """Somebody leaves: `on` is the first day without. Who joined on that very day was entered by mistake and goes."""
    team = _locked(member.team)
    _allow(by, team.area)
    member = TeamMember.objects.select_for_update().get(pk=member.pk)
    if on < member.from_day or (member.until_day and member.until_day <= on):
        raise ValidationError(_("The person cannot leave on this day."), "day")
    _end(member, on)
    _record(by, "team_leave", team)


@transaction.atomic
def end(*, team: Team, on: dt.date, by) -> None:
    """The team is dissolved: `on` is the first day without it; whoever belongs to it leaves with it."""
    team = _locked(team)
    _allow(by, team.area)
    if on <= team.from_day or team.until_day:
        raise ValidationError(_("The team cannot end on this day."), "day")
    for member in team.members.exclude(until_day__lte=on):
        _end(member, max(on, member.from_day))
    team.until_day = on
    team.save(update_fields=["until_day"])
    _record(by, "team_end", team)


def _end(member, on):
    if on == member.from_day:
        member.delete()
        return
    member.until_day = on
    member.save(update_fields=["until_day"])


def today_of(team) -> int:
    """How many belong to the team today."""
    return team.members.filter(from_day__lte=clock.today()).exclude(until_day__lte=clock.today()).count()


def _locked(team):
    return Team.objects.select_for_update(of=["self"]).select_related("area").get(pk=team.pk)


def _allow(by, area):
    if by is not None:
        access.require(by, "team.change", area)


def _record(by, act, team):
    if by is not None:
        audit.record(by, act, row=team, area_code=team.area.code)
