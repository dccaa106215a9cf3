"""Who gets which answer from which address: one table, read by people, checked against every role and position.

Nothing here is worked out from grids.access: a role is a letter, a place is inside or outside by the path of the post,
and every answer is searched for the marks planted in the sibling village and in the other town. `make matrix` asks
everybody; the suite asks a sample that changes with the commit (tests/access/sampling.py)."""

from collections import Counter, defaultdict

import pytest
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import TABLE, matrix, planted, sampling, tally, variants
from tests.access.rows import ALL, Row, pk, sent
from tests.access.world import PEOPLE, standing

pytestmark = pytest.mark.django_db
THIRD = len(TABLE) // 3  # of the addresses, for what is not the table itself


def names(resolver, space=""):
    """Every address of the platform by name; one without a name by its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else str(entry.pattern)


@pytest.fixture
def _django_db_helper(world):
    """One world and one transaction for the whole module, in place of one for each test."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as world:
        yield world


def nothing(found):
    assert not found, "\n".join([*found, f"GOV_MATRIX_SEED={sampling.SEED}"])


def test_every_address_has_its_row_and_every_row_its_address():
    unclassified = set(names(get_resolver())) ^ set(TABLE)
    tally.count("unclassified", len(unclassified))

    assert not unclassified


@pytest.mark.parametrize("name", TABLE)
def test_answers(world, name):
    nothing(matrix.by_the_table(world, name))


@pytest.mark.parametrize("name", TABLE)
def test_answers_when_the_post_has_ended_and_to_strangers(world, name):
    nothing(matrix.without_post(world, name))


@pytest.mark.parametrize("name", sampling.some(TABLE, THIRD, "methods"))
def test_other_methods(world, name):
    nothing(matrix.other_methods(world, name))


@pytest.mark.parametrize("name", sampling.some(TABLE, THIRD, "variants"))
def test_the_same_asked_otherwise(world, name):
    nothing(variants.asked_otherwise(world, name))


@pytest.mark.parametrize("name", sampling.some(TABLE, THIRD, "pairs"))
def test_what_lies_outside_looks_like_nothing_at_all(world, name):
    nothing(variants.like_nothing(world, name))


# --- the harness itself: planted faults are found ----------------------------------------


def test_an_address_without_a_row_is_found():
    with override_settings(ROOT_URLCONF=planted):
        assert set(names(get_resolver())) - set(TABLE) == set(planted.PLANTED)


def ask_all_of(letters, monkeypatch):
    """The long form with few roles; planted faults are not counted."""
    monkeypatch.setattr(sampling, "WHOLE", True)
    monkeypatch.setattr(sampling, "PEOPLE", {letter: PEOPLE[letter] for letter in letters})
    monkeypatch.setattr(tally, "numbers", Counter())
    monkeypatch.setattr(tally, "kinds", defaultdict(set))


@pytest.mark.parametrize("name", planted.PLANTED)
def test_a_planted_fault_is_found(world, monkeypatch, name):
    _view, row, question, says = planted.PLANTED[name]
    monkeypatch.setitem(TABLE, name, [row])
    ask_all_of("DCW", monkeypatch)

    with override_settings(ROOT_URLCONF=planted):
        found = getattr(matrix, question, None) or getattr(variants, question)
        assert says in "\n".join(found(world, name))


def test_a_grid_worker_who_wrote_everywhere_is_found(world, monkeypatch):
    """The table itself is believed over the platform: with a wrong letter in it the test fails."""
    ask_all_of("DW", monkeypatch)
    monkeypatch.setitem(TABLE, "disputes:reveal", [
        Row("DXTW", at="micro", args=pk("dispute"), post=sent(reason="电话通知调解"))
    ])  # fmt: skip

    assert "W /disputes/" in "\n".join(matrix.by_the_table(world, "disputes:reveal"))


assert set(ALL) == set(PEOPLE)
