"""kill -9 in the middle of counting, a wiped Redis, ten days off, two beats and three workers: real processes.

Short here; `make faults ROUNDS=20` repeats every fault and prints the table of docs/measured/faults.md."""

import datetime as dt
import os
from collections import Counter

import pytest

from tests.faults.stage import ORDER, Stage

ROUNDS = int(os.environ.get("FAULT_ROUNDS") or 1)
FAULTS = {
    "kill -9 of all workers": ["Worker"],
    "kill -9 of both beats": ["Beat"],
    "kill -9 of PostgreSQL": ["PostgreSQL"],
    "kill -9 of Redis": ["Redis"],
    "Redis wiped": [],
    "kill -9 of everything": ["Worker", "Beat", "Redis", "PostgreSQL"],
}
OF_EACH_COMMIT = ["kill -9 of everything"]
WITHIN = 120  # seconds to everything counted, on whatever machine (requirements G10)


@pytest.fixture(scope="module")
def stage():
    """Two towns that worked with the platform for ten days while nothing counted."""
    stage = Stage(log=[])
    try:
        stage.begin()
        stage.tell("live")
        stage.employ()
        yield stage
    finally:
        stage.end()


@pytest.fixture(scope="module")
def table():
    """What was done and how long it took until everything was counted; printed by the long form."""
    rows = []
    yield rows
    if ROUNDS > 1:
        print(*_lines(rows), sep="\n")  # noqa: T201


def _lines(rows):
    yield "\n\n| Fault | rounds | counted again after, s (median, longest) | periods | twice or never | differences |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys(row[0] for row in rows):
        seconds = sorted(row[1] for row in rows if row[0] == name)
        periods = sum(row[2] for row in rows if row[0] == name)
        middle = seconds[len(seconds) // 2]
        yield f"| {name} | {len(seconds)} | {middle:.1f}, {seconds[-1]:.1f} | {periods} | 0 | 0 |"


def every_owed_period_was_counted_once_and_in_order(stage):
    closings = stage.closings()
    twice = {key: n for key, n in Counter((town, kind, start) for town, kind, start, _due in closings).items() if n > 1}
    assert twice == {}
    for town in {row[0] for row in closings}:
        own = [(due, ORDER[kind]) for where, kind, _start, due in closings if where == town]
        assert own == sorted(own)
    return closings


def the_check_finds_nothing(stage):
    found = stage.tell("check")
    assert found["differences"] == []
    assert found["waiting"] == 0
    assert found["facts"] > 0


@pytest.mark.slow
def test_ten_days_off_are_counted_once_in_order_each_with_its_own_date(stage, table):
    """No worker was there for ten days; then three of them and two beats begin at once."""
    seconds = stage.wait(stage.nothing_is_owed, WITHIN)

    closings = every_owed_period_was_counted_once_and_in_order(stage)
    today = stage.sql("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date")[0][0]
    for town in {row[0] for row in closings}:
        days = [start for where, kind, start, _due in closings if (where, kind) == (town, "D")]
        assert days == [today - dt.timedelta(days=n) for n in range(len(days), 0, -1)]
        assert len(days) == 10
    the_check_finds_nothing(stage)
    table.append(("ten days off", seconds, len(closings)))


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS if "FAULT_ROUNDS" in os.environ else OF_EACH_COMMIT)
def test_in_the_middle_of_counting(stage, table, fault):
    stage.wait(stage.nothing_is_owed, WITHIN)
    for _ in range(ROUNDS):
        stage.forget()
        with stage.in_the_middle_of_counting():
            assert stage.tell("report") >= 1  # reports go on coming in
            for name in FAULTS[fault]:
                stage.kill(name)
            if not FAULTS[fault]:
                stage.wipe_redis()
        seconds = stage.wait(stage.nothing_is_owed, WITHIN)

        closings = every_owed_period_was_counted_once_and_in_order(stage)
        the_check_finds_nothing(stage)
        table.append((fault, seconds, len(closings)))
