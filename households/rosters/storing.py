"""Writes a plan: rows are made ready (sealed, sounded, numbered), then copied in a constant number of statements."""

import uuid
from dataclasses import dataclass, field
from itertools import count

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from common import clock, sealed, sounds
from grids import past
from grids.changes import PLACE
from grids.models import Area
from households.models import Household, Resident
from households.rosters import kept
from households.rosters.comparing import Plan
from households.rosters.copying import copy, copy_into_change

HOME = ("id", "code", "name", "pinyin", "initials", "kind", "kind_since", "kind_source", "address", "lives_here",
        "area_id", "area_path", "town_id", "village_id", "grid_id", "from_day", "ended_as")  # fmt: skip
PERSON = ("id", "sealing_id", "household_id", "area_path", "name", "pinyin", "initials", "relation", "sex",
          "birth_year", "lives_here", "away_to", "away_since", "phone", "phone_index", "phone_tail", "id_number",
          "id_number_index", "id_number_tail", "from_day", "came_as", "left_as")  # fmt: skip
SEALED = ("phone", "id_number")
A_STEP = 2000  # people between two reports of progress


class Stale(ValidationError):
    """The roster changed since the plan was made."""


@dataclass
class Ready:
    """The rows of a plan as they will be stored, apart from the ids that new ones get."""

    plan: Plan
    homes: list[list] = field(default_factory=list)
    people: list[list] = field(default_factory=list)  # the household is its place in `homes`, or the kept one's id
    of_new_home: list[bool] = field(default_factory=list)
    changed_homes: list[dict] = field(default_factory=list)
    changed_people: list[dict] = field(default_factory=list)


def ready(plan: Plan, say=lambda done, all_of_them: None) -> Ready:
    """Seals what is sealed, writes down how names sound, gives new households their codes. No statement is sent but
    one for the villages' codes. `say` hears how many of the people are done."""
    made, heard = Ready(plan), _Heard()
    codes = dict(Area.objects.filter(pk__in=plan.villages).values_list("pk", "code"))
    numbers = {village: count(plan.numbers.get(village, 0) + 1) for village in plan.villages}
    today, done, total = clock.today(), count(1), plan.counts["new"]
    for place, home in enumerate(plan.new_homes):
        code = f"{codes[home.area.village_id]}H{next(numbers[home.area.village_id]):04d}"
        made.homes.append(_home(home, code, heard, today))
        for person in home.people:
            _add(made, _person(person, place, home.area.path, heard, today), True)
            _tell(say, next(done), total)
    for there, person in plan.joining:
        _add(made, _person(person, there.pk, there.area_path, heard, today), False)
        _tell(say, next(done), total)
    made.changed_homes = [_changed(Household, one, heard) for one in plan.homes]
    made.changed_people = [_changed(Resident, one, heard) for one in plan.people]
    return made


def _tell(say, done, total):
    if done % A_STEP == 0:
        say(done, total)


def _add(made, row, of_new_home):
    made.people.append(row)
    made.of_new_home.append(of_new_home)


class _Heard(dict):
    """name -> (pinyin, initials), each worked out once."""

    def __missing__(self, name):
        self[name] = found = sounds.sound(name), sounds.initials(name)
        return found


def _home(home, code, heard, today):
    area, said = home.area, home.said
    here = any(person.lives_here is not False for person in home.people)
    return [
        code, home.name, *heard[home.name], home.kind or Household.Kind.ORDINARY.value, said["kind_since"],
        said["kind_source"], said["address"], here, area.pk, area.path, area.town_id, area.village_id,
        area.grid_id or area.pk, today, "",
    ]  # fmt: skip


def _person(person, household, path, heard, today):
    sealing_id = uuid.uuid4()
    return [
        sealing_id, household, path, person.name, *heard[person.name], person.relation.value, person.sex,
        person.birth_year, person.lives_here is not False, person.away_to, person.away_since,
        *sealed.columns_of(Resident, "phone", sealing_id, person.phone),
        *sealed.columns_of(Resident, "id_number", sealing_id, person.id_number), today, Resident.Came.LISTED.value, "",
    ]  # fmt: skip


def _changed(model, change, heard):
    """{column: value} of a kept row that becomes another, its id included."""
    row = {"id": change.kept.pk}
    for name, value in change.values.items():
        if name in SEALED:
            told = sealed.columns_of(model, name, change.kept.sealing_id, value)
            row |= dict(zip((name, f"{name}_index", f"{name}_tail"), told, strict=True))
        else:
            row[name] = value
        if name == "name":
            row["pinyin"], row["initials"] = heard[value]
    return row


def write(made: Ready) -> dict:
    """Writes the rows, in the caller's transaction. Raises Stale where the roster is not as it was planned for.
    Returns what undoing.py needs: ids, and the last entry of the history before and after."""
    plan = made.plan
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=plan.villages).order_by("pk").values_list("pk"))
    _lock(plan)
    if kept.mark(plan.villages) != plan.mark:
        raise Stale(_("The roster changed since the preview. Look at the preview once more."), "stale")
    before = _before(made)
    home_ids, people_ids = _ids(Household, len(made.homes)), _ids(Resident, len(made.people))
    copy(Household, HOME, ([pk, *row] for pk, row in zip(home_ids, made.homes, strict=True)))
    copy(Resident, PERSON, _people(made, home_ids, people_ids))
    copy_into_change(Household, made.changed_homes)
    copy_into_change(Resident, made.changed_people, late=("relation", "head"))
    _touch(plan)
    return {"new_homes": home_ids, "new_people": people_ids, **before, "last": _last(made, home_ids, people_ids)}


def _people(made, home_ids, people_ids):
    for pk, row, of_new_home in zip(people_ids, made.people, made.of_new_home, strict=True):
        household = home_ids[row[1]] if of_new_home else row[1]
        yield [pk, row[0], household, *row[2:]]


def _lock(plan):
    """The households whose rows or people change: acts on them wait, or came before and changed the mark."""
    pks = {change.kept.pk for change in plan.homes} | {there.pk for there, _person in plan.joining}
    pks |= {change.kept.home.pk for change in plan.people}
    list(Household.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _ids(model, number):
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def _before(made):
    """{id: the entry of its history that tells how it was} of rows that become others."""
    return {
        "changed_homes": _history(Household, [row["id"] for row in made.changed_homes]),
        "changed_people": _history(Resident, [row["id"] for row in made.changed_people]),
    }


def _history(model, ids):
    events = model.pgh_event_model.objects.filter(id__in=ids) if ids else model.pgh_event_model.objects.none()
    found = dict(events.order_by().values("id").annotate(last=Max("pgh_id")).values_list("id", "last"))
    return {str(pk): found.get(pk) for pk in ids}


def _last(made, home_ids, people_ids):
    """The last entry of each history that this import wrote."""
    homes = [*home_ids, *(row["id"] for row in made.changed_homes)]
    people = [*people_ids, *(row["id"] for row in made.changed_people)]
    return {
        "homes": max(_history(Household, homes).values(), default=0),
        "people": max(_history(Resident, people).values(), default=0),
    }


def _touch(plan):
    """How many households a village has is counted anew from today on."""
    areas = {home.area.village_id: home.area.town_id for home in plan.new_homes}
    if areas:
        today = clock.today()
        past.touch_villages([(town, village) for village, town in areas.items()], today, None, PLACE)
