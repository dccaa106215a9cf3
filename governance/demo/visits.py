"""Four weeks of visits by the party members of a demo town to their households, invented and written in bulk."""

import datetime as dt
import uuid

from common import canonical, clock, periods
from governance.demo import lines
from households.models import HouseholdLink
from screening.models import Visit, VisitRule

WEEKS = 4
PAID, NOBODY, RAISED = 0.9, 0.12, 0.04  # of the households a week; of the visits


def build(plan, town) -> int:
    """The plan of visits from four weeks ago (before, there was none), and the visits since; how many."""
    start = periods.week_of(plan.as_of).start - dt.timedelta(days=7 * WEEKS)
    start = max(start, plan.in_use_from)
    rules = [VisitRule(town=town, every="week", from_day=start)]
    if plan.in_use_from < start:
        rules.append(VisitRule(town=town, every="none", from_day=plan.in_use_from, until_day=start))
    VisitRule.objects.bulk_create(rules)
    rng, made = plan.rng("visits"), []
    links = HouseholdLink.objects.of_members().filter(town=town).select_related("household__area").order_by("pk")
    weeks = periods.between(periods.WEEK, start, plan.as_of)
    for link in links:
        habit = rng.randrange(7)
        for week in weeks:
            day = week.start + dt.timedelta(days=(habit + rng.choice([0, 0, 0, 1, -1])) % 7)
            if rng.random() < PAID and start <= day < plan.as_of:
                made.append(_visit(link, day, rng))
    Visit.objects.bulk_create(made, batch_size=2000)
    return len(made)


def _visit(link, day, rng):
    home, nobody = link.household, rng.random() < NOBODY
    said = {"result": "nobody"} if nobody else {"result": "met", "present": rng.choice(lines.PRESENT)}
    if not nobody and rng.random() < RAISED:
        said["line"] = rng.choice(lines.RAISED)
    content = {"household": home.code, "day": day.isoformat()}
    return Visit(
        client_id=uuid.UUID(int=rng.getrandbits(128), version=4), digest=canonical.digest(content), household=home,
        day=day, area=home.area, area_path=home.area_path, town_id=link.town_id, village_id=link.village_id,
        grid_id=link.grid_id, by_id=link.member_id, capacity=Visit.Capacity.MEMBER,
        received_at=clock.at(day, 9) + dt.timedelta(seconds=rng.randrange(10 * 3600)), **said,
    )  # fmt: skip
