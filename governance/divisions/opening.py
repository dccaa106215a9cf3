"""Opens a county, its towns and their villages from the list of division codes, as a town begins with the platform."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from common import clock
from governance import divisions
from grids import access, establishment, places, schemes
from grids.models import Area, TownProfile, TownSetUp
from grids.places import Opening
from screening.models import DutyRule

Kind = Area.Kind


@transaction.atomic
def open_list(name: str, *, on: dt.date, in_use_from: dt.date, short="", is_demo=False, framework=None) -> list[Area]:
    """Opens everything on the list `name` (see `divisions.read`) at the operator's console: each town with its level
    scheme, its profile and the usual rule of duty (every day until 20:00). Returns the towns. A county that is there
    stays; ValidationError where a town is there already."""
    rows = divisions.read(name)
    county = _county(next(row for row in rows if row.level == divisions.COUNTY), on)
    listed = [row for row in rows if row.level == divisions.TOWN]
    if Area.objects.filter(code__in=[row.code for row in listed]).exists():
        raise ValidationError(_("A town of this list is open already."), "there")
    towns = places.open_areas(openings=[_opening(Kind.TOWN, row, county, short) for row in listed], on=on, by=None)
    scheme = schemes.preset(schemes.OF_TOWN[name])
    TownProfile.objects.bulk_create(
        TownProfile(
            town=town,
            scheme=scheme,
            in_use_from=in_use_from,
            is_demo=is_demo,
            framework=framework or {},
            staffing=establishment.OF_TOWN[name],
            supervision_phone="000-8000000" if is_demo else "",
        )  # fmt: skip
        for town in towns
    )
    DutyRule.objects.bulk_create(DutyRule(town=town, from_day=on) for town in towns)
    of = {town.code: town for town in towns}
    villages = [row for row in rows if row.level == divisions.VILLAGE]
    openings = [_opening(Kind.VILLAGE, row, of[row.parent], row.name.removesuffix("村")) for row in villages]
    places.open_areas(openings=openings, on=on, by=None)
    return towns


@transaction.atomic
def open_chosen(*, set_up: TownSetUp, by) -> Area:
    """Opens the town that was set up step by step (grids.setting_up), with its villages, levels and rule of duty.
    Returns the town. ValidationError while a step is missing; a town that is open already is returned as it is."""
    set_up = TownSetUp.objects.select_for_update(of=["self"]).select_related("county", "town").get(pk=set_up.pk)
    access.require(by, "area.change", set_up.county)
    if set_up.town:
        return set_up.town
    chosen = set_up.choices
    if not chosen.get("villages_chosen") or "levels" not in chosen:
        raise ValidationError(_("Choose the villages and the levels first."), "steps")
    today, begins = clock.today(), dt.date.fromisoformat(chosen["in_use_from"])
    named = {"code": set_up.code, "name": chosen["name"], "official_name": chosen["official"]}
    town = places.open_area(parent=set_up.county, kind=Kind.TOWN, on=today, by=by, **named)
    scheme = schemes.own(set_up.code, chosen["levels"])
    TownProfile.objects.create(town=town, scheme=scheme, in_use_from=max(today, begins))
    DutyRule.objects.create(
        town=town, from_day=today, every_day=chosen["every_day"], cut_off=dt.time.fromisoformat(chosen["cut_off"])
    )
    taken = [row for row in chosen["villages"] if row["taken"]]
    openings = [
        Opening(Kind.VILLAGE, row["code"], row["name"], town, official_name=row["official"],
                short=row["name"].removesuffix("村")[:10])
        for row in taken
    ]  # fmt: skip
    places.open_areas(openings=openings, on=today, by=by)
    set_up.town = town
    set_up.save(update_fields=["town"])
    audit.record(by, "town_open", row=town, area_code=town.code)
    return town


def _county(row, on):
    there = Area.objects.filter(code=row.code).first()
    return there or places.open_areas(openings=[_opening(Kind.COUNTY, row, None, "")], on=on, by=None)[0]


def _opening(kind, row, parent, short):
    return Opening(kind, row.code, row.name, parent, official_name=row.official, short=short[:10])
