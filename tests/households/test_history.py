"""The history of personal data holds one entry a row that changed, however many a statement changed."""

import pytest

from households.models import Household, HouseholdEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def homes(micro_grid):
    at = {"area": micro_grid, "area_path": micro_grid.path, "town": micro_grid.town, "village": micro_grid.village,
          "grid": micro_grid.grid, "from_day": "2024-01-01"}  # fmt: skip
    return Household.objects.bulk_create(Household(code=f"H{n}", name=f"{n}号", **at) for n in range(3))


def entries(label):
    return sorted(HouseholdEvent.objects.filter(pgh_label=label).values_list("code", "name"))


def test_a_statement_that_writes_three_rows_leaves_three_entries(homes):
    assert entries("insert") == [("H0", "0号"), ("H1", "1号"), ("H2", "2号")]

    Household.objects.filter(code__in=["H0", "H1"]).update(name="老屋")
    assert entries("update") == [("H0", "老屋"), ("H1", "老屋")]

    Household.objects.filter(code="H2").delete()
    assert entries("delete") == [("H2", "2号")]


def test_rows_that_a_statement_left_as_they_were_leave_no_entry(homes):
    Household.objects.filter(code="H0").update(name="老屋")
    Household.objects.update(name="老屋")

    assert entries("update") == [("H0", "老屋"), ("H1", "老屋"), ("H2", "老屋")]
