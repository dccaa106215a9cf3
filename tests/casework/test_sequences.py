"""Whatever people try in whatever order: no case leaves its table, and its spells and steps tell the same story."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import workflow
from casework.models import Case
from casework.workflow import NotAllowedNow
from common import clock
from grids.roles import Role

ROLES = [Role.GRID_WORKER, Role.MEDIATOR, Role.VILLAGE_DIRECTOR, Role.TOWN_DESK, Role.PARTY_COMMITTEE]
NAMES = sorted({name for table in workflow.TABLES.values() for name in table.actions})
TRIES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(ROLES), st.booleans(), st.integers(0, 2)), max_size=25
)


def replay(case):
    """What the steps alone say: the state they lead to, every one of them a line of the table."""
    state, actions = "", workflow.TABLES[case.kind].actions
    for step in case.steps.order_by("no"):
        action = actions[step.action]
        assert step.before == state
        assert state in action.before
        assert step.after == (action.after or state)
        state = step.after
    return state


def check_spells(case):
    actions = workflow.TABLES[case.kind].actions
    spells, steps = list(case.spells.order_by("round")), list(case.steps.order_by("no"))
    openings = [s.day for s in steps if s.before == "" or actions[s.action].reopens]
    closings = [(s.day, actions[s.action].closes) for s in steps if actions[s.action].closes]
    assert [s.round for s in spells] == list(range(1, len(spells) + 1))
    assert [s.opened_on for s in spells] == openings
    assert [(s.closed_on, s.closed_as) for s in spells if s.closed_on] == closings
    assert sum(s.closed_on is None for s in spells) <= 1
    assert all(s.handled_on is None or s.opened_on <= s.handled_on for s in spells)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["dispute", "order"])
def test_no_sequence_of_tries_leaves_the_table(kind, case_in, someone, town, facts):
    people = {role: someone(role, town) for role in ROLES}
    first = {table: next(iter(workflow.TABLES[table].states)).value for table in workflow.TABLES}

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(tries=TRIES)
    def run(tries):
        savepoint = transaction.savepoint()
        now, taken = clock.at(dt.date(2026, 1, 5)), 0
        with clock.standing_at(now):
            case = case_in(kind, first[kind])
        for name, role, says_why, later in tries:
            now += dt.timedelta(days=later)
            with clock.standing_at(now):
                taken += attempt(name, case, people[role], "理由" if says_why else "", facts)
        case = Case.objects.get(pk=case.pk)
        assert case.steps.count() == taken + 1
        assert replay(case) == case.state
        check_spells(case)
        transaction.savepoint_rollback(savepoint)

    run()


def attempt(name, case, person, note, facts):
    """1 when the act was taken, 0 when it was refused."""
    if name not in workflow.TABLES[case.kind].actions:
        return 0
    try:
        with transaction.atomic():
            workflow.take(name, case=case, by=person, note=note, **facts(name))
    except (NotAllowedNow, PermissionDenied, ValidationError):
        return 0
    return 1
