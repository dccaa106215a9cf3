"""With the worker stopped a late report is seen at once, the same in the dashboard's figures, in the list, in the
ledger's draft; and what is due about Celery is set."""

import datetime as dt

import pytest
from django.conf import settings

from common import clock
from common.periods import Period, week_of
from grids.models import TouchedDay
from ledgers import checking, closing, counting, drafting, figures
from ledgers.models import Fact, WeeklyLedger
from ledgers.sheet import open_sheet
from screening import duty
from tests.properties.town_life import DAY, Life

MONDAY = dt.date(2026, 11, 9)


@pytest.fixture
def life(db):
    """A week that is counted and drafted; since then no worker."""
    life = Life(MONDAY)
    for _ in range(7):
        life.live({"acts": [], "on_time": 0b11, "late": 0, "findings": 1, "close": True})
    with life.at(2):
        closing.close_owed()
        counting.drain()
    return life


def everywhere(life, area, day):
    """What dashboard, list, stored draft and shown draft say of reports late, missing and findings of the week."""
    week = week_of(day)
    with life.at(10):
        read = figures.read([(area, week), (life.towns[0], week), (life.county, week)])
        rows = duty.states(area, week.start, week.last, as_of=clock.now())
        sheet = open_sheet(area, week.start.isoformat()).content["figures"]
        composed = drafting.compose(area, week.start, as_of=clock.now())["content"]["figures"]
    listed = {state: sum(row["state"] == state for row in rows) for state in ("late", "missing")}
    mine = read[area.pk, week]
    assert mine.late == listed["late"] == sheet["late"] == composed["late"]
    assert mine.missing == listed["missing"] == sheet["missing"] == composed["missing"]
    assert mine.findings == sheet["findings"] == composed["findings"]
    return [(one.late, one.missing, one.findings) for one in read.values()]


def test_dashboard_list_and_draft_agree_at_once(life):
    village, grid = life.village(0), life.grid(0)
    before = everywhere(life, village, MONDAY)
    draft = WeeklyLedger.objects.get(village=village, week=MONDAY)

    with life.at(9):
        late = life.file(grid, MONDAY + 5 * DAY, 2) or life.report(0, 2, 2)
        life.void(0, 0, 0)
    after = everywhere(life, village, MONDAY)

    assert late is not None
    assert TouchedDay.objects.exists()
    assert Fact.objects.get(area=village, kind="W", start=MONDAY).late == before[0][0]  # nobody has counted yet
    assert after != before
    assert WeeklyLedger.objects.get(pk=draft.pk).content == draft.content

    with life.at(11):
        counting.drain()
    assert everywhere(life, village, MONDAY) == after
    assert Fact.objects.get(area=village, kind="W", start=MONDAY).late == after[0][0]
    with life.at(12):
        assert checking.check().differences == []
        stored = WeeklyLedger.objects.get(pk=draft.pk).content["figures"]
    assert (stored["late"], stored["missing"], stored["findings"]) == after[0]


def test_ten_days_off_every_period_once_in_order_with_its_own_date(db):
    life = Life(MONDAY)
    for _ in range(2):
        life.live({"acts": [], "on_time": 0b11111111, "late": 0, "findings": 1, "close": True})
    for _ in range(25):  # no worker, no beat; reports come in all the same; a week and a month go by
        life.live({"acts": [("dispute", 0, 0, 1)], "on_time": 0b1011, "late": 0b100, "findings": 2, "close": False})
    order = []
    with life.at(8):
        closed = closing.close_owed(progress=lambda row: order.append((row.due_at, row.kind, row.start)))
        counting.drain()
        assert closing.close_owed() == 0
        assert checking.check().differences == []

    days = [start for _due, kind, start in order if kind == "D"]
    assert days == [MONDAY + n * DAY for n in range(2, 27)]
    assert [due for due, _kind, _start in order] == sorted(due for due, _kind, _start in order)
    assert [start for _due, kind, start in order if kind == "W"] == [MONDAY, MONDAY + 7 * DAY, MONDAY + 14 * DAY]
    assert [start for _due, kind, start in order if kind == "M"] == [Period("M", dt.date(2026, 11, 1)).start]
    assert closed == 2 * len(order)  # both towns


def test_celery_loses_nothing_and_hangs_on_nothing():
    """Late acknowledgement, one task at a time, a time limit below half the visibility timeout, no results."""
    visible = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert settings.CELERY_TASK_ACKS_LATE is True
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST is True
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_TASK_TIME_LIMIT < visible / 2
    assert settings.CELERY_TASK_IGNORE_RESULT is True
    assert closing.ATTEMPTS == 5


def test_the_celery_app_really_has_these_settings_and_its_tasks_take_no_rows():
    from governance.celery import app

    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert app.conf.task_acks_late is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.timezone == "Asia/Shanghai"
    assert set(ours) == {
        "ledgers.tasks.drain", "ledgers.tasks.close_owed", "grids.tasks.carry_out_due", "accounts.tasks.forget",
        "households.tasks.work_on_rosters",
        "households.tasks.compute_proposals",
    }  # fmt: skip
    for task in ours.values():
        assert task.acks_late, task
        assert task.ignore_result, task
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == set(ours)


def test_no_module_asks_the_broker_within_a_request():
    """Nothing is published by pages: beat alone rings, so no page can wait for Redis."""
    from tests import floors

    asks = [path for path in floors.product_files() if any(
        word in path.read_text(encoding="utf-8") for word in (".delay(", "apply_async", "send_task")
    )]  # fmt: skip

    assert asks == []
