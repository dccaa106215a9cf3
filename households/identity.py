"""Whether a town keeps ID numbers: off until it states a purpose, erased when it stops (domain handbook 3.3 and 7)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from common import clock, histories
from grids import access
from grids.models import Area
from households import id_numbers
from households.models import Household, IdNumberUse, Resident

A_BATCH = 1000  # residents


def use_of(town) -> IdNumberUse | None:
    """The span that runs in a town (or town id); None where no ID number may be entered or shown."""
    return IdNumberUse.objects.filter(town=town, until_day=None).first()


@transaction.atomic
def switch_on(*, town: Area, purpose: str, by) -> IdNumberUse:
    """From today the town keeps ID numbers for a purpose it states. ValidationError where it does already, or while
    numbers of an earlier span wait to be erased."""
    access.require(by, "roster.set", town)
    Area.objects.select_for_update(no_key=True).get(pk=town.pk)
    if use_of(town):
        raise ValidationError(_("The town keeps ID numbers already."), "on")
    if IdNumberUse.objects.filter(town=town, erased_at=None).exists():
        raise ValidationError(_("The numbers kept before are still to be erased (manage.py erase_id_numbers)."), "rest")
    use = IdNumberUse.objects.create(town=town, purpose=purpose.strip(), from_day=clock.today(), switched_on_by=by)
    audit.record(by, "id_numbers_on", row=use, area_code=town.code, reason=use.purpose)
    return use


@transaction.atomic
def switch_off(*, town: Area, reason: str, by) -> IdNumberUse:
    """From now on none is entered or shown; what is there is erased by `manage.py erase_id_numbers`."""
    access.require(by, "roster.set", town)
    use = IdNumberUse.objects.select_for_update().filter(town=town, until_day=None).first()
    if use is None:
        raise ValidationError(_("The town keeps no ID numbers."), "off")
    use.until_day = clock.today()
    use.save(update_fields=["until_day"])
    audit.record(by, "id_numbers_off", row=use, area_code=town.code, reason=reason)
    return use


def erase(town: Area, say=lambda done: None) -> int:
    """Empties the ID numbers of a town's residents, in their rows and in the history of these, in batches; may be
    broken off and called again. Returns how many people had one. ValidationError while the town keeps them."""
    if use_of(town):
        raise ValidationError(_("The town keeps ID numbers. Switch that off first."), "on")
    homes, done = Household.objects.filter(town=town), 0
    history = Resident.pgh_event_model.objects.filter(household__in=homes.values("pk")).exclude(id_number="")
    rows = Resident.objects.filter(Q(household__in=homes.values("pk")), ~Q(id_number=""))
    empty = {"id_number": "", "id_number_index": "", "id_number_tail": ""}
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:A_BATCH]):
        with transaction.atomic():
            done += Resident.objects.filter(pk__in=batch).update(**empty)
        say(done)
    with transaction.atomic(), histories.open_for(Resident):
        history.update(**empty)
        IdNumberUse.objects.filter(town=town, erased_at=None).update(erased_at=clock.now())
        audit.record(None, "id_numbers_erase", area_code=town.code, reason=str(done))
    return done


def doubles():
    """For check_areas: (code of the village, what is wrong) where two people of a town have one number."""
    rows = Resident.objects.current().exclude(id_number_index="")
    twice = rows.values("household__town", "id_number_index").annotate(n=Count("sealing_id", distinct=True))
    for one in twice.filter(n__gt=1):
        found = rows.filter(household__town=one["household__town"], id_number_index=one["id_number_index"])
        homes = found.order_by("household__code").values_list("household__village__code", "household__code")
        words = {"codes": ", ".join(sorted({code for _village, code in homes}))}
        yield homes[0][0], _("one ID number is entered for several people: households %(codes)s") % words


def take(resident: Resident, number: str, town) -> None:
    """Puts a number into a resident's row (not saved) with the sex and year it tells. ValidationError for `id_number`
    where the town keeps none or the number cannot be right."""
    if not use_of(town):
        raise ValidationError({"id_number": _("The town does not keep ID numbers.")})
    try:
        told = id_numbers.read(number)
    except ValidationError as wrong:
        raise ValidationError({"id_number": wrong.messages}) from wrong
    resident.id_number, resident.sex, resident.birth_year = number, told.sex, told.birth_year
