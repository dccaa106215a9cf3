"""One world and one transaction for all the tests of this folder."""

import pytest

from tests.access.world import standing


@pytest.fixture
def _django_db_helper(world):
    """In place of one transaction for each test."""


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as world:
        yield world
