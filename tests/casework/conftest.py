"""A case of every kind in every state it can be in, brought there by the acts themselves."""

import pytest

from casework.models import Case
from disputes import workflow as disputes
from grids.roles import Role
from orders import workflow as orders

WAYS = {  # how a case comes into each state, by the shortest way
    "dispute": {
        "registered": [],
        "mediating": ["mediate"],
        "settled": ["settle"],
        "closed_unsettled": ["close_unsettled"],
        "transferred": ["transfer"],
        "duplicate": ["mark_duplicate"],
    },
    "order": {"placed": [], "done": ["done"]},
}


@pytest.fixture
def desk(someone, town):
    """Somebody of the town who may register, handle and reopen."""
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def another(desk, other_grid):
    """Another dispute of the town, for duplicates to point to."""
    return disputes.register(
        by=desk, area=other_grid, category="07", field="1", line="两户争一条田埂", source="own_motion"
    )


@pytest.fixture
def facts(request):
    """What an action asks for beside its note."""

    def make(name):
        if name == "mark_duplicate":
            return {"of": request.getfixturevalue("another")}
        return {"category": "02", "field": "3"} if name == "recategorise" else {}

    return make


@pytest.fixture
def case_in(desk, grid, facts):
    """case_in("dispute", "settled"): a case of that kind in that state."""

    def make(kind, state, area=grid):
        from casework import workflow

        opening = {"by": desk, "area": area, "category": "01", "field": "3", "line": "婆媳为看孩子争吵"}
        if kind == "dispute":
            case = disputes.register(**opening, source="daily_report").case
        else:
            case = orders.place(**opening).case
        for name in WAYS[kind][state]:
            case = workflow.take(name, case=case, by=desk, note="如实记录", **facts(name))
        return case

    return make


@pytest.fixture
def rows_of():
    """Everything the database holds of a case, to see that a refused act changed nothing."""

    def read(case):
        row = Case.objects.filter(pk=case.pk)
        return [list(row.values()), list(case.steps.values()), list(case.spells.order_by("round").values())]

    return read
