"""R1 over many thousands of random calendars: each grid and day in exactly one state, by hand and by the database."""

import datetime as dt
import uuid
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from common import clock
from common.periods import Period
from grids import places, schemes
from grids.models import Leave, Post, TownProfile
from grids.places import Opening
from grids.roles import Role
from ledgers import checking, closing
from ledgers.models import DUTY, Fact
from screening import duty
from screening.models import DailyReport, DutyRule, Submission
from tests.properties.conftest import tried

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 10, 31)  # with the long holiday of October and its working Saturday
GRIDS = 40
DAYS = (LAST - FIRST).days + 1
A_DAY = dt.timedelta(days=1)


def a_town():
    on = FIRST - A_DAY
    with clock.standing_at(clock.at(on)):
        county = places.open_area(parent=None, kind="county", code="140429000000", name="武乡县", on=on, by=None)
        town = places.open_area(parent=county, kind="town", code="140429104000", name="故城镇", on=on, by=None)
        TownProfile.objects.create(town=town, scheme=schemes.preset("grid-micro"), in_use_from=FIRST)
        village = Opening("village", "140429104201", "东良村", town)
        grids = [Opening("grid", f"140429104201{n:03}", f"第{n}网格", village.code) for n in range(1, GRIDS + 1)]
        return town, places.open_areas(openings=[village, *grids], on=on, by=None)[1:]


def span(random, longest=DAYS):
    begin = FIRST + dt.timedelta(days=random.randrange(-5, DAYS))
    return begin, begin + dt.timedelta(days=random.randrange(1, longest + 1))


def calendar(random, town, grids):
    """Posts, leave and reports at random, as rows; returns {(grid, day): state} by hand."""
    workdays_only = random.random() < 0.5
    DutyRule.objects.create(town=town, every_day=not workdays_only, from_day=FIRST - A_DAY)
    by = User.objects.create_user(f"w{uuid.uuid4().hex}", "王五")
    works = set(duty_days_by_hand(workdays_only))
    posts, leaves, reports, states = [], [], [], {}
    for grid in grids:
        held = random.choice([None, (FIRST - A_DAY, None), (FIRST - A_DAY, None), span(random)])
        away = held and random.choice([None, None, span(random, 12)])
        stand_in = random.random() < 0.4
        if held:
            posts.append(Post(user=by, area=grid, role=Role.GRID_WORKER, from_day=held[0], until_day=held[1]))
            if away:
                leaves.append(Leave(post=posts[-1], reason="休假", from_day=away[0], until_day=away[1],
                                    stand_in=by if stand_in else None))  # fmt: skip
        for day in works:
            filed = random.choice([None, "on_time", "on_time", "late"])
            there = held and held[0] <= day and (held[1] is None or day < held[1])
            gone = away and not stand_in and away[0] <= day < away[1]
            states[grid.pk, day] = filed or ("missing" if there and not gone else "excused")
            if filed:
                reports.append(report(town, grid, day, by, filed))
    Post.objects.bulk_create(posts)
    Leave.objects.bulk_create(leaves)
    DailyReport.objects.bulk_create(reports)
    Submission.objects.bulk_create(
        Submission(client_id=uuid.uuid4(), report=row, kind="first", by=by, received_at=row.received_at, content={},
                   digest="") for row in reports
    )  # fmt: skip
    return states


def duty_days_by_hand(workdays_only):
    """Every day, or the working days of autumn 2026 as the State Council set them."""
    days = [FIRST + dt.timedelta(days=n) for n in range(DAYS)]
    holidays = {dt.date(2026, 9, 25)} | {dt.date(2026, 10, n) for n in range(1, 8)}
    swapped = {dt.date(2026, 9, 20), dt.date(2026, 10, 10)}
    works = [day for day in days if (day.weekday() < 5 and day not in holidays) or day in swapped]
    return works if workdays_only else days


def report(town, grid, day, by, state):
    limit = clock.at(day, 20)
    received = limit + dt.timedelta(seconds=1) if state == "late" else limit
    return DailyReport(
        area=grid, area_path=grid.path, day=day, town=town, village_id=grid.village_id, worker=by,
        received_at=received, due_by=limit, late=state == "late", nil=True,
    )  # fmt: skip


@tried(3)
@given(st.randoms(use_true_random=False))
def test_every_expected_report_is_in_exactly_one_state(random):
    """Five calendars of 40 grids and 61 days are more than 10,000 grid-days."""
    with transaction.atomic():
        town, grids = a_town()
        states = calendar(random, town, grids)
        with clock.standing_at(clock.at(LAST + A_DAY, 2)):
            closing.close_owed()
            rows = duty.states(town, FIRST, LAST, as_of=clock.now())
            found = checking.check()
        month = Fact.objects.get(area=town, kind="M", start=dt.date(2026, 10, 1))
        days = Period("M", month.start).days
        by_hand = Counter(state for (_grid, day), state in states.items() if day in days)

        assert {(row["area_id"], row["day"]): row["state"] for row in rows} == states
        assert {name: getattr(month, name) for name in DUTY if name != "nil"} == {
            "expected": by_hand.total(), "on_time": by_hand["on_time"], "late": by_hand["late"],
            "missing": by_hand["missing"], "excused": by_hand["excused"], "pending": 0,
        }  # fmt: skip
        assert found.differences == []
        transaction.set_rollback(True)
