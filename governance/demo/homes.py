"""Fills the micro-grids of a demo town with invented households and residents."""

import datetime as dt
import uuid

from governance.demo import roster, shapes
from governance.demo.families import families
from grids.models import Area, Boundary
from households.models import Household, Need, Resident

PHONE = "0001{:07d}"  # eleven digits beginning with 000: no mobile number begins so
WITH_PHONE = 0.72  # of the grown-up
LISTED_ON = dt.date(2024, 3, 1)
LIST = "县乡村振兴部门名单（虚构）"


def build(plan, town) -> tuple[int, int]:
    """Households and residents by the plan's shares; returns how many of both."""
    everybody = iter(
        families(plan.rng("families"), plan.town.HOUSEHOLDS, plan.town.PEOPLE, plan.town.LIVING_THERE)
    )  # fmt: skip
    micro_grids = {area.code: area for area in Area.objects.filter(town=town, kind=Area.Kind.MICRO_GRID)}
    homes, people = [], []
    phones = iter(range(1, 9_999_999))
    rng = plan.rng("residents")
    for village in plan.villages:
        namer = plan.namer(village.division.code, "residents")
        number = 0
        for area, count in _micro_grids(village, micro_grids):
            for _ in range(count):
                family, number = next(everybody), number + 1
                names = _names(namer, family, plan.as_of.year)
                home = _household(plan, area, f"{village.division.code}H{number:04d}", family, names[0])
                home.address = f"{number}号"
                homes.append(home)
                people += _residents(plan, rng, phones, home, family, names)
    told = roster.tell_where(plan, people)
    _put_on_the_map(homes, town, plan.rng("points"))
    Household.objects.bulk_create(homes, batch_size=2000)
    Resident.objects.bulk_create(people, batch_size=2000)
    Need.objects.bulk_create(roster.needs(plan, told), batch_size=2000)
    Household.objects.bulk_update(roster.contacts(told), ["contact"], batch_size=2000)
    return len(homes), len(people)


def _put_on_the_map(homes, town, rng):
    """Invented points, each within its household's micro-grid."""
    rows = Boundary.objects.filter(area__town=town, area__kind=Area.Kind.MICRO_GRID)
    outlines = {row.area_id: shapes.ready(row.geometry) for row in rows}
    for home in homes:
        home.longitude, home.latitude = shapes.point_in(outlines[home.area_id], rng)


def _micro_grids(village, areas):
    for grid, homes in enumerate(village.grids, start=1):
        for number, count in enumerate(homes, start=1):
            yield areas[f"{village.division.code}{grid:03d}00{number:03d}"], count


def _names(namer, family, year):
    """A name for each: father, children and grandchildren share the head's surname, women who married in do not."""
    head, surname = family.people[0], namer.surname()
    spouse = surname if head.sex == "M" else namer.surname()
    own = {"spouse", "mother", "daughter_in_law"}
    return [
        (namer.surname() if person.relation in own else surname if person is head or head.sex == "M" else spouse)
        + namer.given(person.sex, year - person.age)
        for person in family.people
    ]


def _household(plan, area, code, family, name):
    listed = family.kind != Household.Kind.ORDINARY
    return Household(
        code=code, name=name, kind=family.kind, area=area, area_path=area.path, town_id=area.town_id,
        village_id=area.village_id, grid_id=area.grid_id, from_day=plan.town.OPENED,
        kind_since=LISTED_ON if listed else None, kind_source=LIST if listed else "",
        lives_here=any(person.here for person in family.people),
    )  # fmt: skip


def _residents(plan, rng, phones, home, family, names):
    for person, name in zip(family.people, names, strict=True):
        has_phone = person.age >= 18 and rng.random() < WITH_PHONE
        yield Resident(
            household=home, area_path=home.area_path, name=name, relation=person.relation, sex=person.sex,
            birth_year=plan.as_of.year - person.age, lives_here=person.here,
            phone=PHONE.format(next(phones)) if has_phone else "",
            sealing_id=uuid.UUID(int=rng.getrandbits(128), version=4), from_day=home.from_day,
        )  # fmt: skip
