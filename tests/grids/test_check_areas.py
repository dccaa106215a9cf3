"""manage.py check_areas finds every kind of fault that was planted, and nothing in a sound town."""

import io

import pytest
from django.core.management import CommandError, call_command

from casework.models import Case
from grids import checking
from grids.models import Area, AreaAct, Placement, Post
from grids.roles import Role
from households.models import Household, Resident
from tests.grids.reshaping_town import DAY, FIRST, SECOND, TODAY

G1, G2, MICRO = f"{FIRST}001", f"{FIRST}002", f"{FIRST}0010000{1}"


def change(code, /, **columns):
    return lambda ground: Area.objects.filter(code=code).update(**columns)


def area(code):
    return Area.objects.get(code=code)


def plant_path(ground):
    Area.objects.filter(code=MICRO).update(path=area(G2).path + area(MICRO).path[-6:])


def plant_level(ground):
    Area.objects.filter(code=G2).update(parent=area(MICRO), path=area(MICRO).path + area(G2).path[-6:])


def plant_gap(ground):
    span = Placement.objects.get(area__code=G1)
    Placement.objects.filter(pk=span.pk).update(until_day=TODAY - 5 * DAY)
    span.pk, span.from_day = None, TODAY - 2 * DAY
    span.save()


def plant_short(ground):
    Placement.objects.filter(area__code=G1).update(until_day=TODAY)


def plant_placement(ground):
    Placement.objects.filter(area__code=G1).update(village=area(SECOND))


def plant_orphan(ground):
    Post.objects.filter(area__code=G1).update(from_day=area(G1).opened_on - DAY)


def plant_late_orphan(ground):
    Area.objects.filter(code=f"{FIRST}00200001").update(ended_on=TODAY)
    Placement.objects.filter(area__code=f"{FIRST}00200001").update(until_day=TODAY)
    Household.objects.filter(area__code=f"{FIRST}00200001").update(until_day=TODAY)
    Post.objects.create(
        user=ground.someone(), area=area(f"{FIRST}00200001"), role=Role.MICRO_GRID_LEADER, from_day=TODAY - DAY
    )


def plant_ended_parent(ground):
    Area.objects.filter(code=G2).update(ended_on=TODAY)
    Placement.objects.filter(area__code=G2).update(until_day=TODAY)
    Post.objects.filter(area__code=G2).update(until_day=TODAY)


def plant_home_path(ground):
    Household.objects.filter(code=f"{MICRO}H1").update(area_path=area(G2).path)


def plant_home_above(ground):
    Household.objects.filter(code=f"{MICRO}H1").update(area=area(G1), area_path=area(G1).path)


def plant_home_elsewhere(ground):
    Household.objects.filter(code=f"{MICRO}H1").update(grid=area(G2))


def plant_home_in_an_ended_place(ground):
    plant_late_orphan(ground)
    Post.objects.filter(role=Role.MICRO_GRID_LEADER).delete()
    Household.objects.filter(area__code=f"{FIRST}00200001").update(until_day=None)


def plant_lost_resident(ground):
    Resident.objects.filter(household__code=f"{MICRO}H1").update(area_path="00ZZZZ")


def plant_lost_case(ground):
    Case.objects.filter(pk=ground.dispute(G1, TODAY).pk).update(area_path="00ZZZZ")


def plant_overdue_act(ground):
    AreaAct.objects.create(kind="end", town=ground.town, on=TODAY - DAY, terms={"area": area(G1).pk})


FAULTS = {
    "path": (plant_path, MICRO), "level": (plant_level, G2), "gap": (plant_gap, G1), "days": (plant_short, G1),
    "placement": (plant_placement, G1), "counts elsewhere": (change(G1, grid=None), G1),
    "code of another grid": (change(MICRO, code=f"{G2}00009"), f"{G2}00009"),
    "orphan post": (plant_orphan, G1), "post at an ended place": (plant_late_orphan, f"{FIRST}00200001"),
    "open below an ended one": (plant_ended_parent, f"{FIRST}00200001"), "household path": (plant_home_path, MICRO),
    "household above": (plant_home_above, G1), "household counts elsewhere": (plant_home_elsewhere, MICRO),
    "household in an ended place": (plant_home_in_an_ended_place, f"{FIRST}00200001"),
    "lost resident": (plant_lost_resident, "-"), "lost case": (plant_lost_case, "-"),
    "overdue act": (plant_overdue_act, "140429104000"),
}  # fmt: skip


def test_a_sound_town_has_no_fault(ground):
    said = io.StringIO()
    call_command("check_areas", stdout=said)
    assert checking.check() == []
    assert str(Area.objects.count()) in said.getvalue()


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_at_its_place_and_the_command_fails(ground, name):
    plant, code = FAULTS[name]
    plant(ground)
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_areas", stdout=said)
    assert code in {one.code for one in checking.check()}
    assert code in said.getvalue()
