"""What a plan says in words, for the preview: a list of plain values, numbers of people masked."""

from django.utils.translation import gettext as _

from common import masking, sealed
from households.models import Household, Resident
from households.relations import Relation
from households.rosters.comparing import OF_PERSON, Plan

NEW, JOINS, CHANGED, GONE, ELSEWHERE = "new", "joins", "changed", "gone", "elsewhere"
WORDS = {
    "relation": lambda value: str(Relation(value).label),
    "sex": lambda value: str(Resident.Sex(value).label),
    "kind": lambda value: str(Household.Kind(value).label),
    "phone": masking.phone,
    "id_number": masking.id_number,
    "away_since": lambda value: f"{value:%Y-%m}",
}


def entries(plan: Plan) -> list[dict]:
    """{what, row, code, home, place, name, told: [[label, before, after]]} of all that differs; unchanged rows are
    counted only."""
    found = []
    for home in plan.new_homes:
        place = home.area.name
        found += [_fresh(NEW, person, "", home.name, place) for person in home.people]
    found += [_fresh(JOINS, person, there.code, there.name, "") for there, person in plan.joining]
    for change in plan.homes:
        told = [_difference(Household, change, name) for name in change.values]
        row = change.source.first.number
        found.append(_entry(CHANGED, row, change.kept.code, change.kept.name, "", "", told))
    for change in plan.people:
        told = [_difference(Resident, change, name) for name in change.values]
        home = change.kept.home
        found.append(_entry(CHANGED, change.source.line.number, home.code, home.name, "", change.kept.name, told))
    for there, home in plan.elsewhere:
        found.append(_entry(ELSEWHERE, home.first.number, there.code, there.name, home.area.name, "", []))
    for person in plan.gone:
        gone = _entry(GONE, 0, person.home.code, person.home.name, "", person.name, [])
        found.append(gone | {"person": person.pk})
    return found


def _entry(what, row, code, home, place, name, told):
    return {"what": what, "row": row, "code": code, "home": home, "place": place, "name": name, "told": told}


def _fresh(what, person, code, home, place):
    told = [[_label(Resident, name), "", _shown(name, getattr(person, name))] for name in OF_PERSON[1:]]
    return _entry(what, person.line.number, code, home, place, person.name, [one for one in told if one[2]])


def _difference(model, change, name):
    kept = getattr(change.kept, name)
    if name in ("phone", "id_number"):
        kept = sealed.opened_of(model, name, change.kept.sealing_id, kept)
    return [_label(model, name), _shown(name, kept), _shown(name, change.values[name])]


def _label(model, name):
    return str(model._meta.get_field(name).verbose_name)


def _shown(name, value):
    if value in ("", None):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return WORDS.get(name, str)(value)
