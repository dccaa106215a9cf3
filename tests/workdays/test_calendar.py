"""Working days: the State Council's list where it is known, the town's own word first, weekends where nothing is."""

import datetime as dt

import pytest
from django.core.management import call_command

from workdays.calendar import seed, unknown_years, workdays
from workdays.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_entered(db):
    CalendarDay.objects.all().delete()


def works(day, **where):
    return bool(workdays(day, day, **where))


def test_holidays_and_swapped_saturdays_of_a_known_year():
    seed([2026])

    assert not works(dt.date(2026, 10, 1))
    assert not works(dt.date(2026, 2, 17)), "Spring Festival"
    assert works(dt.date(2026, 10, 10)), "a Saturday worked in exchange"
    assert works(dt.date(2026, 3, 2))
    assert not works(dt.date(2026, 3, 1))


def test_seeding_a_year_says_nothing_about_the_next():
    seed([2025])

    assert unknown_years([2025, 2026]) == [2026]


def test_a_year_nobody_knows_counts_by_weekends_and_is_named():
    assert seed([2099]) == 0
    assert unknown_years([2099]) == [2099]
    assert works(dt.date(2099, 10, 1))
    assert not works(dt.date(2099, 10, 3))


def test_an_installation_knows_the_years_that_were_published_and_an_upgrade_leaves_the_towns_changes():
    call_command("migrate", verbosity=0)
    assert unknown_years([2024, 2025, 2026]) == []
    assert unknown_years([2030]) == [2030]

    CalendarDay.objects.filter(day=dt.date(2026, 10, 10)).delete()
    CalendarDay.objects.filter(day__year=2025).delete()
    call_command("migrate", verbosity=0)
    assert not works(dt.date(2026, 10, 10))
    assert unknown_years([2025]) == []


def test_the_towns_own_word_beats_the_national_list():
    seed([2026])
    CalendarDay.objects.create(day=dt.date(2026, 10, 1), town_code="140429104000", is_workday=True, name="抗汛")

    assert works(dt.date(2026, 10, 1), town_code="140429104000")
    assert not works(dt.date(2026, 10, 1), town_code="140429105000")


def test_seeding_twice_keeps_what_was_edited():
    seed([2026])
    CalendarDay.objects.filter(day=dt.date(2026, 10, 1)).update(is_workday=True)

    assert seed([2026]) == 0
    assert works(dt.date(2026, 10, 1))
