"""The same seed and date load the same town to the row."""

import pytest

from tests.governance.demo_town import clear, digest, empty_tables, load

pytestmark = pytest.mark.slow


def test_two_loads_with_the_same_seed_and_date_are_equal_to_the_row(transactional_db):
    empty = empty_tables()
    clear(empty)  # ids from 1, whatever ran before
    tables = [
        "grids_area", "grids_boundary", "grids_post", "accounts_user", "households_resident",
        "households_householdlink", "screening_dailyreport", "screening_finding", "casework_case", "casework_step",
        "disputes_dispute", "ledgers_fact", "ledgers_weeklyledger",
    ]  # fmt: skip
    found = []
    for _ in range(2):
        load(history=2, seed=7)
        found.append(digest(*tables))
        clear(empty)
    assert found[0] == found[1]
