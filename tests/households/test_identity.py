"""ID numbers: off, switched on by a town for a purpose, off again and erased."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from common import sealed
from grids.roles import Role
from households import identity
from households.models import IdNumberUse, Resident
from tests.households.conftest import TODAY

pytestmark = pytest.mark.usefixtures("tenth_of_march")
NUMBER = "990000197001010018"


@pytest.fixture
def desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def person(home_at, micro_grid):
    return home_at(micro_grid, ("王强", "head")).residents.get()


def keep(person, town, number=NUMBER):
    identity.take(person, number, town)
    person.save()


def everywhere(text):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM households_resident r WHERE strpos(r::text, %(t)s) > 0)
            + (SELECT count(*) FROM households_residentevent r WHERE strpos(r::text, %(t)s) > 0)""",
            {"t": text},
        )
        return cursor.fetchone()[0]


def test_a_town_that_said_nothing_keeps_none(person, town):
    with pytest.raises(ValidationError, match="does not keep|不保存"):
        identity.take(person, NUMBER, town)


def test_the_town_switches_it_on_with_a_purpose_and_sex_and_year_are_derived(person, town, desk):
    use = identity.switch_on(town=town, purpose="核对医保代办名单", by=desk)
    assert (use.from_day, use.switched_on_by) == (TODAY, desk)
    entry = AuditEntry.objects.get(act="id_numbers_on")
    assert (entry.user, entry.area_code, entry.reason) == (desk, town.code, "核对医保代办名单")

    keep(person, town)
    row = Resident.objects.get(pk=person.pk)
    assert (row.sex, row.birth_year) == ("M", 1970)
    assert sealed.opened(row, "id_number") == NUMBER
    assert Resident.objects.get(id_number_index=sealed.blind(NUMBER, purpose="id_number")) == row
    assert Resident.objects.get(id_number_tail=sealed.blind_tail("0018", purpose="id_number")) == row
    assert everywhere("19700101") == 0
    with pytest.raises(ValidationError):
        identity.switch_on(town=town, purpose="再一次", by=desk)


def test_only_the_town_desk_decides_and_no_other_towns(town, other_town, someone, village):
    for user in (
        someone(Role.TOWN_LEADER, town),
        someone(Role.VILLAGE_DESK, village),
        someone(Role.TOWN_DESK, other_town),
    ):
        with pytest.raises(PermissionDenied):
            identity.switch_on(town=town, purpose="核对", by=user)


def test_switched_off_none_is_taken_and_the_command_erases_all_also_from_history(person, town, desk, capsys):
    identity.switch_on(town=town, purpose="核对医保代办名单", by=desk)
    keep(person, town)
    keep(person, town, "990000198802290026")
    index = sealed.blind(NUMBER, purpose="id_number")
    assert everywhere(index) > 0
    with pytest.raises(CommandError):
        call_command("erase_id_numbers", town.code)

    identity.switch_off(town=town, reason="任务结束", by=desk)
    with pytest.raises(ValidationError):
        identity.take(person, NUMBER, town)
    with pytest.raises(ValidationError):
        identity.switch_on(town=town, purpose="新的任务", by=desk)
    call_command("erase_id_numbers", town.code)

    assert "1 ID numbers erased" in capsys.readouterr().out
    assert everywhere(index) == 0
    assert not Resident.objects.exclude(id_number="").exists()
    assert Resident.pgh_event_model.objects.exclude(id_number="").count() == 0
    assert Resident.pgh_event_model.objects.count() >= 3  # the history itself stays
    assert identity.switch_on(town=town, purpose="新的任务", by=desk)
    assert IdNumberUse.objects.filter(erased_at=None).count() == 1


def test_the_database_refuses_a_number_without_its_index(person):
    with pytest.raises(IntegrityError, match="id_number_with_its_index"), transaction.atomic():
        Resident.objects.filter(pk=person.pk).update(id_number="x")
    with pytest.raises(IntegrityError, match="id_number_with_its_index"), transaction.atomic():
        Resident.objects.filter(pk=person.pk).update(id_number_index="x")
