"""Setting up a town, kept between the steps: which villages, which levels, from which day. Opening it comes last."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access, codes, schemes
from grids.models import Area, Division, TownProfile, TownSetUp
from grids.names import display_name

FREE_CODES = range(399, 199, -1)  # of villagers' committees, from the end that the list of divisions uses last
LATEST = dt.timedelta(days=366)


@transaction.atomic
def begin(*, code: str, by) -> TownSetUp:
    """Begins the town with that division code, with all its villages taken; one that was begun is gone on with.
    ValidationError for a code the list does not have or a town that is open, PermissionDenied outside one's county."""
    listed = Division.objects.filter(code=code, level=Division.Level.TOWN, gone_on=None).first()
    county = listed and Area.objects.filter(code=listed.parent_code, kind=Area.Kind.COUNTY).first()
    if county is None:
        raise ValidationError(_("There is no town with the code %(code)s in your counties."), "code", {"code": code})
    access.require(by, "area.change", county)
    if Area.objects.filter(code=code).exists():
        raise ValidationError(_("%(town)s is open already."), "there", {"town": str(listed)})
    choices = {"name": str(listed), "official": listed.name, "villages": _listed_villages(code)}
    found, _new = TownSetUp.objects.get_or_create(
        code=code, defaults={"county": county, "choices": choices, "begun_by": by}
    )
    return found


def of_town(town: Area, by) -> TownSetUp:
    """The set-up of a town that is open, made (and not yet written) where it was opened some other way."""
    found = TownSetUp.objects.filter(code=town.code).first()
    return found or TownSetUp(county=town.county, code=town.code, choices={"name": town.name}, town=town, begun_by=by)


@transaction.atomic
def choose_villages(*, set_up: TownSetUp, villages: list[dict], by) -> TownSetUp:
    """Which villages are opened and how they are called: dicts of code, official, name, taken."""
    set_up = _locked(set_up, by)
    taken = [row for row in villages if row["taken"]]
    if not taken:
        raise ValidationError(_("Choose at least one village."), "none")
    for row in villages:
        codes.check(Area.Kind.VILLAGE, row["code"], set_up.code)
    if len({row["code"] for row in villages}) < len(villages):
        raise ValidationError(_("Two villages have the same code."), "twice")
    set_up.choices |= {"villages": villages, "villages_chosen": True}
    set_up.save(update_fields=["choices"])
    return set_up


@transaction.atomic
def add_village(*, set_up: TownSetUp, name: str, code: str = "", by) -> TownSetUp:
    """One that the list does not have (yet); without a code it gets a free one."""
    set_up = _locked(set_up, by)
    there = {row["code"] for row in set_up.choices["villages"]}
    code = code or next(f"{set_up.code[:9]}{n}" for n in FREE_CODES if f"{set_up.code[:9]}{n}" not in there)
    codes.check(Area.Kind.VILLAGE, code, set_up.code)
    if code in there:
        raise ValidationError(_("A village with the code %(code)s is in the list above."), "twice", {"code": code})
    row = {"code": code, "official": name, "name": display_name(name), "taken": True}
    set_up.choices["villages"] = sorted([*set_up.choices["villages"], row], key=lambda one: one["code"])
    set_up.save(update_fields=["choices"])
    return set_up


@transaction.atomic
def choose_levels(*, set_up: TownSetUp, levels: list[dict], in_use_from: dt.date, cut_off: dt.time, every_day: bool,
                  by) -> TownSetUp:  # fmt: skip
    """How the town divides itself (see schemes.own), from which day it works with the platform, until when a day's
    report is on time."""
    set_up = _locked(set_up, by)
    schemes.check(levels)
    if not clock.today() <= in_use_from <= clock.today() + LATEST:
        raise ValidationError(_("The town begins today or on a later day, within a year."), "day")
    set_up.choices |= {
        "levels": levels, "in_use_from": in_use_from.isoformat(), "cut_off": cut_off.isoformat("minutes"),
        "every_day": every_day,
    }  # fmt: skip
    set_up.save(update_fields=["choices"])
    return set_up


@transaction.atomic
def drop(*, set_up: TownSetUp, by) -> None:
    """Gives up a town that was not opened; nothing of it is left."""
    _locked(set_up, by).delete()


@transaction.atomic
def begin_on(*, town: Area, day: dt.date, by) -> None:
    """Another first day for a town that has not begun to work with the platform: nothing was counted yet."""
    access.require(by, "area.change", town)
    profile = TownProfile.objects.select_for_update().get(town=town)
    today = clock.today()
    if profile.in_use_from <= today:
        words = {"town": town, "day": profile.in_use_from.isoformat()}
        raise ValidationError(_("%(town)s has worked with the platform since %(day)s; that stays."), "begun", words)
    if not today <= day <= today + LATEST:
        raise ValidationError(_("The town begins today or on a later day, within a year."), "day")
    profile.in_use_from = day
    profile.save(update_fields=["in_use_from"])
    audit.record(by, "town_begin", row=profile, area_code=town.code)


def _locked(set_up, by):
    set_up = TownSetUp.objects.select_for_update().select_related("county").get(pk=set_up.pk)
    access.require(by, "area.change", set_up.county)
    if set_up.town_id:
        raise ValidationError(_("%(town)s is open already."), "there", {"town": str(set_up)})
    return set_up


def _listed_villages(code):
    rows = Division.objects.filter(parent_code=code, level=Division.Level.VILLAGE, gone_on=None).order_by("code")
    return [{"code": row.code, "official": row.name, "name": str(row), "taken": True} for row in rows]
