"""Registering a dispute: where it counts, what is sealed, what is refused."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts import audit
from casework.models import Case, NumberSeries
from common import clock
from disputes import workflow
from disputes.models import Party
from grids import places
from grids.models import TouchedDay
from grids.roles import Role

pytestmark = pytest.mark.django_db
SAID = {"category": "02", "field": "3", "line": "两家为一堵墙争吵", "source": "application"}


@pytest.mark.parametrize("place", ["village", "grid", "micro_grid"])
def test_a_dispute_counts_where_it_was_found(place, desk, village, grid, town, request):
    area = request.getfixturevalue(place)
    TouchedDay.objects.all().delete()
    case = workflow.register(by=desk, area=area, **SAID).case

    assert (case.area, case.area_path) == (area, area.path)
    assert (case.town, case.village) == (town, village)
    assert case.grid == (None if area == village else grid)
    assert (case.state, case.opened_on, case.registered_by) == ("registered", clock.today(), desk)
    touched = TouchedDay.objects.get()
    assert (touched.village, touched.town, touched.day, touched.kind) == (village, town, clock.today(), "case")


@pytest.mark.parametrize("place", ["town", "county"])
def test_nothing_is_registered_above_the_village(place, someone, county, request):
    with pytest.raises((ValidationError, PermissionDenied)):
        workflow.register(by=someone(Role.TOWN_DESK, county), area=request.getfixturevalue(place), **SAID)
    assert not Case.objects.exists()


def test_nothing_is_registered_at_a_place_that_has_ended(desk, micro_grid):
    places.end_area(area=micro_grid, on=clock.today(), by=None)

    with pytest.raises(ValidationError, match="area"):
        workflow.register(by=desk, area=micro_grid, **SAID)


@pytest.mark.parametrize(
    "wrong",
    [{"category": "77"}, {"field": "8"}, {"line": "  "}, {"line": "长" * 201}, {"source": "rumour"}, {"severity": "9"},
     {"people_involved": 0}],
)  # fmt: skip
def test_what_is_not_in_the_code_tables_is_refused(wrong, desk, grid):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        workflow.register(by=desk, area=grid, **(SAID | wrong))
    assert not Case.objects.exists()
    assert not NumberSeries.objects.exists()


def test_the_neighbouring_desk_may_not_register_here(someone, other_village, grid):
    with pytest.raises(PermissionDenied):
        workflow.register(by=someone(Role.VILLAGE_DESK, other_village), area=grid, **SAID)
    assert not Case.objects.exists()


def test_phones_of_parties_are_sealed(desk, grid):
    workflow.register(by=desk, area=grid, **SAID, parties=[{"name": "李四", "phone": "139 0000 1111"}])

    with connection.cursor() as cursor:
        cursor.execute("select phone from disputes_party")
        assert "0000" not in cursor.fetchone()[0]
    assert audit.reveal(desk, Party.objects.get(), "phone") == "13900001111"
