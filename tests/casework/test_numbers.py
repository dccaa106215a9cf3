"""Numbers have no gaps, whoever asks at the same time and whoever gives up."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from casework.models import Case, NumberSeries
from casework.numbers import next_number, register_number
from common import clock
from disputes import workflow
from grids.roles import Role


@pytest.mark.django_db
def test_a_series_starts_at_one_and_goes_up_by_one():
    assert [next_number("MD-"), next_number("MD-"), next_number("DD-")] == [1, 2, 1]


@pytest.mark.django_db
def test_a_number_rolled_back_is_given_again():
    next_number("MD-")
    with transaction.atomic():
        assert next_number("MD-") == 2
        transaction.set_rollback(True)

    assert next_number("MD-") == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    with pytest.raises(TransactionManagementError):
        next_number("MD-")
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_the_register_number_names_town_day_and_running_number():
    day = dt.date(2026, 11, 22)

    assert register_number("MD", "140429104000", day) == "MD-104-20261122-001"
    assert register_number("MD", "140429105000", day) == "MD-105-20261122-001"
    assert register_number("DD", "140429104000", day) == "DD-104-20261122-001"
    assert register_number("MD", "140429104000", day) == "MD-104-20261122-002"


@pytest.mark.django_db
def test_the_thousandth_number_of_a_day_has_four_digits():
    NumberSeries.objects.create(prefix="MD-104-20261122-", last=999)

    assert register_number("MD", "140429104000", dt.date(2026, 11, 22)) == "MD-104-20261122-1000"


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_registers_give_numbers_without_gaps(someone, village, grid):
    desk = someone(Role.VILLAGE_DESK, village)

    def register(turn):
        try:
            refused = turn % 5 == 0  # every fifth gives up after it had its number
            with transaction.atomic():
                workflow.register(
                    by=desk, area=grid, category="02", field="3", line=f"第{turn}件邻里纠纷", source="own_motion"
                )
                transaction.set_rollback(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(register, range(50)))

    day = clock.today()
    expected = {f"MD-104-{day:%Y%m%d}-{n:03d}" for n in range(1, 41)}
    assert set(Case.objects.values_list("number", flat=True)) == expected
