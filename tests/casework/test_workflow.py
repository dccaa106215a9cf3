"""The tables of acts, cell by cell: state by act by role; and what an act leaves behind."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction

from casework import workflow
from casework.codes import Closing
from casework.models import Spell, Step
from casework.workflow import NEW, NotAllowedNow
from common import clock
from disputes.workflow import TABLE as DISPUTES
from grids.access import MAY
from grids.models import TouchedDay
from grids.roles import Role
from orders.workflow import TABLE as ORDERS

TABLES = {"dispute": DISPUTES, "order": ORDERS}
CELLS = [
    (kind, state.value, name) for kind, table in TABLES.items() for state in table.states for name in table.actions
]
pytestmark = pytest.mark.django_db


def test_every_kind_of_case_has_entered_its_table():
    assert workflow.TABLES == TABLES


@pytest.mark.parametrize("kind", TABLES)
def test_tables_are_whole(kind):
    """Every state is reached from a new case; what closes leads to a state only reopening leaves; one act opens."""
    table = TABLES[kind]
    reached = {NEW}
    for _turn in table.states:
        reached |= {a.after for a in table.actions.values() if a.after and a.before & reached}
    closed = {a.after for a in table.actions.values() if a.closes}

    assert reached == {NEW, *table.states}
    assert [a.before for a in table.actions.values() if NEW in a.before] == [frozenset({NEW})]
    assert all(a.permission in MAY for a in table.actions.values())
    assert all(a.reopens for a in table.actions.values() if a.before & closed and a.after)


@pytest.mark.parametrize(("kind", "state", "name"), CELLS)
def test_every_state_act_and_role_is_as_the_tables_say(kind, state, name, case_in, someone, town, facts, rows_of):
    case, asked = case_in(kind, state), facts(name)
    before, touched = rows_of(case), TouchedDay.objects.count()

    for role in Role:
        cell = (case, name, someone(role, town), asked)
        if MAY[TABLES[kind].actions[name].permission].get(role) != "area":
            refused_with(PermissionDenied, *cell)
        elif state not in TABLES[kind].actions[name].before:
            refused_with(NotAllowedNow, *cell)
        else:
            leads_on_and_is_put_back(TABLES[kind].actions[name], *cell)
        assert (rows_of(case), TouchedDay.objects.count()) == (before, touched)


def refused_with(error, case, name, person, asked):
    assert name not in dict(workflow.available(case, person))
    with pytest.raises(error), transaction.atomic():
        workflow.take(name, case=case, by=person, note="理由", **asked)


def leads_on_and_is_put_back(action, case, name, person, asked):
    assert name in dict(workflow.available(case, person))
    savepoint = transaction.savepoint()
    after = workflow.take(name, case=case, by=person, note="理由", **asked)
    step = case.steps.latest("no")
    assert after.state == (action.after or case.state)
    assert (step.action, step.before, step.after) == (name, case.state, after.state)
    assert (step.by, step.note) == (person, "理由")
    transaction.savepoint_rollback(savepoint)


def test_only_posts_over_the_place_count(case_in, someone, other_village, other_town, rows_of):
    case = case_in("dispute", "registered")
    before = rows_of(case)

    for stranger in [someone(Role.MEDIATOR, other_village), someone(Role.TOWN_DESK, other_town), someone()]:
        with pytest.raises(PermissionDenied):
            workflow.take("mediate", case=case, by=stranger)
        assert workflow.available(case, stranger) == []
    assert rows_of(case) == before


@pytest.mark.parametrize("name", ["close_unsettled", "transfer", "reopen", "recategorise"])
def test_without_a_reason_these_acts_are_refused(name, case_in, desk, facts, rows_of):
    case = case_in("dispute", "settled" if name == "reopen" else "mediating")
    before, asked = rows_of(case), facts(name)

    with pytest.raises(ValidationError, match="note"):
        workflow.take(name, case=case, by=desk, note="  ", **asked)
    assert rows_of(case) == before


def test_a_note_that_does_not_fit_is_refused_whole(case_in, desk, rows_of):
    case = case_in("dispute", "registered")
    before = rows_of(case)

    with pytest.raises(ValidationError, match="note"):
        workflow.take("mediate", case=case, by=desk, note="长" * 2001)
    assert rows_of(case) == before


def test_two_people_settling_at_once_settle_once(case_in, desk):
    seen_by_both = case_in("dispute", "mediating")
    workflow.take("settle", case=seen_by_both, by=desk)

    with pytest.raises(NotAllowedNow):
        workflow.take("settle", case=seen_by_both, by=desk)
    assert seen_by_both.steps.filter(action="settle").count() == 1


def test_steps_refuse_update_and_delete(case_in):
    case = case_in("dispute", "mediating")

    for change in [lambda rows: rows.update(note="改写"), lambda rows: rows.delete()]:
        with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
            change(Step.objects.filter(case=case))
    assert case.steps.count() == 2


def day(n):
    return clock.standing_at(clock.at(dt.date(2026, 3, n)))


def test_a_dispute_may_be_registered_and_settled_on_one_day(case_in, desk):
    with day(2):
        case = case_in("dispute", "mediating")
        workflow.take("settle", case=case, by=desk)

    spell = case.spells.get()
    assert spell.opened_on == spell.handled_on == spell.closed_on == dt.date(2026, 3, 2)
    assert spell.closed_as == Closing.SETTLED


def test_only_the_first_act_is_the_day_of_handling(case_in, desk):
    with day(2):
        case = case_in("dispute", "registered")
    assert case.spells.get().handled_on is None
    with day(4):
        workflow.take("mediate", case=case, by=desk)
    with day(9):
        workflow.take("settle", case=case, by=desk)

    assert case.spells.get().handled_on == dt.date(2026, 3, 4)


def test_reopening_adds_a_spell_and_never_changes_the_old(case_in, desk):
    with day(2):
        case = case_in("dispute", "settled")
    old = case.spells.values().get()
    with day(20):
        workflow.take("reopen", case=case, by=desk, note="未按约定修墙")

    assert list(case.spells.filter(round=1).values()) == [old]
    new = case.spells.get(round=2)
    assert (new.opened_on, new.handled_on, new.closed_on, new.closed_as) == (dt.date(2026, 3, 20), None, None, "")
    with day(21):
        workflow.take("settle", case=case, by=desk)
    assert list(case.spells.filter(round=1).values()) == [old]
    assert case.spells.get(round=2).closed_on == dt.date(2026, 3, 21)


def days_touched():
    return {row.day.day for row in TouchedDay.objects.all()}


def test_every_act_touches_the_days_it_changes_and_no_other(case_in, desk, facts, village, town):
    TouchedDay.objects.all().delete()
    with day(2):
        case = case_in("dispute", "registered")
    acts = [(4, "mediate"), (5, "recategorise"), (9, "settle"), (12, "reopen"), (13, "recategorise")]
    expected = [{2}, {4}, {2, 4}, {9}, {12}, {2, 4, 9, 12}]
    touched = [days_touched()]
    for n, name in acts:
        TouchedDay.objects.all().delete()
        with day(n):
            workflow.take(name, case=case, by=desk, note="理由", **facts(name))
        touched.append(days_touched())

    assert touched == expected
    assert {(t.village_id, t.town_id, t.kind) for t in TouchedDay.objects.all()} == {(village.pk, town.pk, "case")}


def test_recategorising_changes_category_and_field_but_not_the_state(case_in, desk):
    case = workflow.take(
        "recategorise", case=case_in("dispute", "settled"), by=desk, note="实为邻里", category="02", field="3"
    )

    case.refresh_from_db()
    assert (case.category, case.field, case.state) == ("02", "3", "settled")
    assert Spell.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("wrong", [{"category": "88", "field": "3"}, {"category": "02", "field": "9"}])
def test_an_unknown_category_or_field_is_refused(wrong, case_in, desk, rows_of):
    case = case_in("dispute", "registered")
    before = rows_of(case)

    with pytest.raises(ValidationError), transaction.atomic():
        workflow.take("recategorise", case=case, by=desk, note="理由", **wrong)
    assert rows_of(case) == before
