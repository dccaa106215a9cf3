"""Where the invented people of a demo town are while they are away, and what help their families asked for."""

import datetime as dt
from dataclasses import dataclass, field

from households import needs as offered
from households.models import Household, Need, Resident
from households.relations import Relation

TOWNS = {
    "长治市潞州区": 30, "太原市小店区": 18, "武乡县丰州镇": 16, "晋中市榆次区": 8, "北京市大兴区": 7,
    "郑州市中原区": 6, "西安市雁塔区": 5, "天津市武清区": 4, "苏州市昆山市": 4, "石家庄市长安区": 2,
}  # fmt: skip
STATED = 0.6  # so many of the families that could ask do
ELDER, CHILD, ERRANDS = "留守老人关照", "留守儿童关照", "上门代办"


@dataclass
class Told:
    """A household with its people, and who of them asks for which help."""

    home: Household
    people: list[Resident] = field(default_factory=list)
    asked: list[tuple[Resident, str]] = field(default_factory=list)


def tell_where(plan, people) -> list[Told]:
    """Says of everybody away where to and since when, of the youngest that they were born here; finds out which
    families have old or young people at home alone, most of whom ask for help."""
    rng, told = plan.rng("roster"), {}
    for person in people:
        told.setdefault(person.household.code, Told(person.household)).people.append(person)
        if not person.lives_here:
            person.away_to = rng.choices(list(TOWNS), TOWNS.values())[0]
            month = plan.as_of.year * 12 + plan.as_of.month - 1 - rng.randint(2, 60)
            person.away_since = dt.date(month // 12, month % 12 + 1, 1)
        if person.birth_year > plan.town.OPENED.year:
            last = min(dt.date(person.birth_year, 12, 28), plan.in_use_from)
            first = dt.date(person.birth_year, 1, 3)
            person.from_day = min(first + dt.timedelta(days=rng.randint(0, 350)), max(last, first))
            person.came_as = Resident.Came.BORN
    for family in told.values():
        family.asked = [(person, kind) for person, kind in _alone(family, plan.as_of.year) if rng.random() < STATED]
    return list(told.values())


def _alone(family, year):
    here = [person for person in family.people if person.lives_here]
    if any(18 <= year - person.birth_year < 65 for person in here):
        return
    for person in here:
        age = year - person.birth_year
        if age >= 80:
            yield person, ERRANDS
        if len(here) < len(family.people):
            yield person, CHILD if age < 16 else ELDER


def needs(plan, told) -> list[Need]:
    """The needs as rows; the people are written by now."""
    rng = plan.rng("needs")
    kinds = {kind.name: kind for kind in offered.kinds(told[0].home.town_id)}
    return [
        Need(
            household=family.home, resident=person, area_path=family.home.area_path, kind=kinds[kind],
            stated_by=_by(family), from_day=max(person.from_day, plan.in_use_from) - dt.timedelta(rng.randint(1, 300)),
        )
        for family in told for person, kind in family.asked
    ]  # fmt: skip


def contacts(told) -> list[Household]:
    """The households whose contact person is away: where somebody at home needs help."""
    found = []
    for family in told:
        away = [person for person in family.people if not person.lives_here and person.phone]
        if family.asked and away:
            family.home.contact = away[0]
            found.append(family.home)
    return found


def _by(family):
    away = next((person for person in family.people if not person.lives_here), None)
    return str(Relation(away.relation).label) if away else "本人"
