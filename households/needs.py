"""What help families asked for: the kinds a town offers, stating a need, and that it is needed no more.

A need is what the family says it wants, with who said so and when; nobody else sets it (domain handbook 7, N3, N8)."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock
from grids import access
from grids.models import Area
from households.models import Household, Need, NeedKind, Resident

SHIPPED = ("留守老人关照", "留守儿童关照", "独居老人关照", "上门代办", "农忙帮工", "就业帮扶")


def kinds(town_id: int, *, all_of_them=False) -> list[NeedKind]:
    """The kinds a town offers, in its order; a town that was never asked begins with the shipped ones."""
    rows = list(NeedKind.objects.filter(town=town_id))
    if not rows:
        NeedKind.objects.bulk_create(
            [NeedKind(town_id=town_id, name=name, order=10 * n) for n, name in enumerate(SHIPPED, start=1)],
            ignore_conflicts=True,
        )
        rows = list(NeedKind.objects.filter(town=town_id))
    return [row for row in rows if row.offered or all_of_them]


@transaction.atomic
def offer(*, town: Area, name: str, by) -> NeedKind:
    """Adds a kind, or offers again one that was taken off."""
    access.require(by, "roster.set", town)
    order = max((kind.order for kind in kinds(town.pk, all_of_them=True)), default=0) + 10
    kind, _new = NeedKind.objects.update_or_create(
        town=town, name=name.strip(), defaults={"offered": True}, create_defaults={"order": order}
    )
    audit.record(by, "need_offer", row=kind, area_code=town.code)
    return kind


@transaction.atomic
def offer_no_more(*, kind: NeedKind, by) -> None:
    """Takes a kind off the list; who asked for it keeps it."""
    access.require(by, "roster.set", kind.town)
    kind.offered = False
    kind.save(update_fields=["offered"])
    audit.record(by, "need_offer_end", row=kind, area_code=kind.town.code)


@transaction.atomic
def state(*, household: Household, resident: Resident | None, kind: NeedKind, stated_by: str, on: dt.date, by) -> Need:
    """Writes down what a family asked for. ValidationError for a day to come, a kind of another town, somebody of
    another household, or what is asked for already."""
    access.require(by, "household.change", household)
    household = Household.objects.select_for_update().get(pk=household.pk)
    if on > clock.today() or on < household.from_day:
        raise ValidationError({"on": _("Choose a day on which the household was there, today at the latest.")})
    if household.until_day is not None:
        raise ValidationError(_("The household is not there any more."), "ended")
    if kind.town_id != household.town_id:
        raise ValidationError({"kind": _("Another town offers this.")})
    if resident is not None and (resident.household_id != household.pk or resident.until_day is not None):
        raise ValidationError({"resident": _("Choose somebody of this household.")})
    if Need.objects.filter(household=household, resident=resident, kind=kind, until_day=None).exists():
        raise ValidationError({"kind": _("This was stated already and still holds.")})
    need = Need.objects.create(
        household=household, resident=resident, area_path=household.area_path, kind=kind, stated_by=stated_by,
        from_day=on, recorded_by=by,
    )  # fmt: skip
    audit.record(by, "need_state", row=need, area_code=household.village.code)
    return need


@transaction.atomic
def withdraw(*, need: Need, on: dt.date, by) -> Need:
    """The family needs it no more: `on` is the first day without it."""
    access.require(by, "household.change", need.household)
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.until_day is not None or not need.from_day < on <= clock.today():
        raise ValidationError({"on": _("Choose a day after it was stated, today at the latest.")})
    need.until_day = on
    need.save(update_fields=["until_day"])
    audit.record(by, "need_end", row=need, area_code=need.household.village.code)
    return need
