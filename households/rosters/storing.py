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
from households.rosters.copying import copy, copy_into_change, line_of

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
    """The rows of a plan as they are stored, their ids drawn: new ones as the text of a COPY."""

    plan: Plan
    home_ids: list[int]
    people_ids: list[int]
    homes: bytes = b""
    people: bytes = b""
    changed_homes: list[dict] = field(default_factory=list)
    changed_people: list[dict] = field(default_factory=list)


def ready(plan: Plan, say=lambda done, all_of_them: None) -> Ready:
    """Seals what is sealed, writes down how names sound, gives new households their codes and all new rows their ids.
    `say` hears how many of the people are done."""
    total = plan.counts["new"]
    made = Ready(plan, _ids(Household, len(plan.new_homes)), _ids(Resident, total))
    codes = dict(Area.objects.filter(pk__in=plan.villages).values_list("pk", "code"))
    numbers = {village: count(plan.numbers.get(village, 0) + 1) for village in plan.villages}
    heard, today, homes, coming = _Heard(), clock.today(), [], []
    for pk, home in zip(made.home_ids, plan.new_homes, strict=True):
        code = f"{codes[home.area.village_id]}H{next(numbers[home.area.village_id]):04d}"
        homes.append(line_of([pk, *_home(home, code, heard, today)]))
        coming += [(person, pk, home.area.path) for person in home.people]
    coming += [(person, there.pk, there.area_path) for there, person in plan.joining]
    people = []
    for pk, one in zip(made.people_ids, coming, strict=True):
        people.append(line_of([pk, *_person(*one, heard, today)]))
        if len(people) % A_STEP == 0:
            say(len(people), total)
    made.homes, made.people = b"".join(homes), b"".join(people)
    made.changed_homes = [_changed(Household, one, heard) for one in plan.homes]
    made.changed_people = [_changed(Resident, one, heard) for one in plan.people]
    return made


class _Heard(dict):
    """name -> (pinyin, initials), each worked out once."""

    def __missing__(self, name):
        self[name] = found = sounds.heard(name)
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
    copy(Household._meta.db_table, HOME, made.homes)
    copy(Resident._meta.db_table, PERSON, made.people)
    copy_into_change(Household, made.changed_homes)
    copy_into_change(Resident, made.changed_people, late=("relation", "head"))
    _touch(plan)
    return {"new_homes": made.home_ids, "new_people": made.people_ids, **before, "last": _last()}


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


def _last():
    """The last entries of the histories: what stands behind them on a row of this import came later."""
    return {
        name: model.pgh_event_model.objects.aggregate(last=Max("pgh_id"))["last"] or 0
        for name, model in (("homes", Household), ("people", Resident))
    }


def _touch(plan):
    """How many households a village has is counted anew from today on."""
    areas = {home.area.village_id: home.area.town_id for home in plan.new_homes}
    if areas:
        today = clock.today()
        past.touch_villages([(town, village) for village, town in areas.items()], today, None, PLACE)
