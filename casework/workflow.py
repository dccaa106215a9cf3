"""The only way a case changes: an action out of its kind's table, under lock, with its step, its spell and its
touched days in one transaction. The kinds enter their tables from above; nothing here knows them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import numbers
from casework.codes import CATEGORIES, FIELDS, Closing
from casework.models import Case, Spell, Step
from common import clock
from grids import access, changes
from grids.models import Area

NEW = ""  # the state of a case before it has one
NOTE_LIMIT = 2000  # characters


class NotAllowedNow(Exception):
    """The case is not in a state from which this action leads; most often somebody else was faster."""


class OpenedBefore(Exception):
    """The same filled form came in before (a double click, a resend); `case` is what it became."""

    def __init__(self, case):
        super().__init__(case.number)
        self.case = case


@dataclass(frozen=True)
class Action:
    """One line of a table: from which states, to which (None: it stays), by whose permission.

    `guard(case, **facts)` raises ValidationError where the facts forbid it; `effect(case, **facts)` changes the case's
    own columns or its kind's row. `handles`: it counts as handling the case (调处). `recounts`: figures of all days of
    the case change, for example when its category does.
    """

    label: str
    before: frozenset[str]
    after: str | None
    permission: str
    guard: Callable | None = None
    effect: Callable | None = None
    closes: Closing | None = None
    reopens: bool = False
    handles: bool = True
    recounts: bool = False
    needs_note: bool = False


@dataclass(frozen=True)
class Table:
    """Everything the engine must know of a kind of case: letters of its numbers, states, actions by name."""

    letters: str
    states: type[models.TextChoices]
    actions: dict[str, Action]


TABLES: dict[str, Table] = {}


def enter(kind: str, table: Table) -> None:
    """A kind of case enters its table; called once, when its app is ready."""
    TABLES[kind] = table


def state_label(kind: str, state: str):
    """What people call a state of that kind of case."""
    return TABLES[kind].states(state).label


def closed_label(kind: str, closed_as: str):
    """What people call the state a case of that kind had when a spell of it ended so."""
    after = next(action.after for action in TABLES[kind].actions.values() if action.closes == closed_as)
    return state_label(kind, after)


def available(case: Case, user) -> list[tuple[str, Action]]:
    """The buttons of a case for a person: (name, action) of everything `take` would not refuse by state or right."""
    actions = TABLES[case.kind].actions.items()
    may = {
        permission: access.may(user, permission, case.area_path) for permission in {a.permission for _n, a in actions}
    }
    return [(name, action) for name, action in actions if case.state in action.before and may[action.permission]]


@transaction.atomic
def open_case(kind: str, *, by, area: Area, category: str, field: str, client_id=None, by_right=None) -> Case:
    """Registers a new case at a village or below: number, first step, first spell, touched day. `by_right` is an
    (action, row) that allows it in place of the table's own permission: what is raised at a visit.

    PermissionDenied without the right there; ValidationError for an unknown category or field, a place that is not
    open today, or one above the village; OpenedBefore for a `client_id` (UUID) that has become a case already.
    """
    table = TABLES[kind]
    name, action = next((name, action) for name, action in table.actions.items() if NEW in action.before)
    access.require(by, *(by_right or (action.permission, area)))
    today = clock.today()
    place = changes.where(area.pk, today)
    if place is None or place.village_id is None:
        raise ValidationError({"area": gettext("Choose a village, grid or micro-grid that exists today.")})
    _check_codes(category, field)
    town_code = Area.objects.values_list("code", flat=True).get(pk=place.town_id)
    number = numbers.register_number(table.letters, town_code, today)  # from here on the same form sent again waits
    if client_id and (before := Case.objects.filter(client_id=client_id).first()):
        raise OpenedBefore(before)
    case = Case.objects.create(
        kind=kind, area=area, area_path=area.path, category=category, field=field, state=action.after, opened_on=today,
        number=number, registered_by=by, client_id=client_id,
        town_id=place.town_id, village_id=place.village_id, grid_id=place.grid_id,
    )  # fmt: skip
    add_step(case, name, NEW, by)
    Spell.objects.create(case=case, opened_on=today)
    changes.touch(case, today, changes.CASE)
    return case


@transaction.atomic
def take(name: str, *, case: Case, by, note: str = "", **facts) -> Case:
    """Takes an action; returns the case as it is now. `facts` are what the action's guard and effect ask for.

    PermissionDenied without the right at the case's place; NotAllowedNow in another state; ValidationError when a
    note is missing or too long, or the guard refuses. A refused action changes nothing.
    """
    action = TABLES[case.kind].actions[name]
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    access.require(by, action.permission, case)
    if case.state not in action.before:
        raise NotAllowedNow(
            gettext("“%(action)s” is not possible: the case is now “%(state)s”.")
            % {"action": action.label, "state": state_label(case.kind, case.state)}
        )
    _check_note(action, note)
    if action.guard:
        action.guard(case, **facts)
    before, case.state = case.state, action.after or case.state
    if action.effect:
        action.effect(case, **facts)
    case.save(update_fields=["state", "category", "field"])
    add_step(case, name, before, by, note.strip())
    for day in sorted(_turn_spell(action, case)):
        changes.touch(case, day, changes.CASE)
    return case


def _check_codes(category, field):
    if category not in CATEGORIES:
        raise ValidationError({"category": gettext("There is no such category.")})
    if field not in FIELDS:
        raise ValidationError({"field": gettext("There is no such field.")})


def recategorise(case: Case, *, category: str, field: str) -> None:
    """The effect of correcting what a case is about: sets category and field, ValidationError for unknown ones."""
    _check_codes(category, field)
    case.category, case.field = category, field


def _check_note(action, note):
    if action.needs_note and not note.strip():
        raise ValidationError({"note": _("Say why.")})
    if len(note.strip()) > NOTE_LIMIT:
        raise ValidationError({"note": gettext("No more than %(n)d characters, please.") % {"n": NOTE_LIMIT}})


def add_step(case, name, before, by, note=""):
    """Writes what was done; the caller holds the case's lock, or has just made it."""
    Step.objects.create(
        case=case, no=case.steps.count() + 1, action=name, before=before, after=case.state, by=by, day=clock.today(),
        note=note,
    )  # fmt: skip


def _turn_spell(action, case) -> set:
    """Opens, handles or closes the case's spell as the action says; returns the days whose figures change."""
    today = clock.today()
    spells = list(case.spells.order_by("round"))
    days = {day for spell in spells for day in _days(spell)} if action.recounts else set()
    if action.reopens:
        Spell.objects.create(case=case, round=spells[-1].round + 1, opened_on=today)
        return days | {today}
    spell = spells[-1]
    first_act = action.handles and spell.closed_on is None and spell.handled_on is None
    if first_act:
        spell.handled_on = today
    if action.closes:
        spell.closed_on, spell.closed_as = today, action.closes
    if not first_act and not action.closes:
        return days
    spell.save(update_fields=["handled_on", "closed_on", "closed_as"])
    return days | {today}


def _days(spell):
    return {spell.opened_on, spell.handled_on, spell.closed_on} - {None}
