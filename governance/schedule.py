"""The schedule: beat only knocks; which periods are owed stands in the database (ledgers.closing)."""

import datetime as dt
import os

from celery import beat, signals
from celery.schedules import crontab

from common import clock

EVERY = float(os.environ.get("GOV_RING_EVERY") or 20)  # seconds between two looks at touched days
SCHEDULE = {
    "drain": {"task": "ledgers.tasks.drain", "schedule": EVERY},
    "close": {"task": "ledgers.tasks.close_owed", "schedule": 3 * EVERY},
    "proposals": {"task": "households.tasks.compute_proposals", "schedule": min(EVERY, 5)},
    "acts": {"task": "grids.tasks.carry_out_due", "schedule": crontab(hour=0, minute=0)},
    "day": {"task": "ledgers.tasks.close_owed", "schedule": crontab(hour=0, minute=5)},
    "week": {"task": "ledgers.tasks.close_owed", "schedule": crontab(hour=0, minute=30, day_of_week=1)},
    "month": {"task": "ledgers.tasks.close_owed", "schedule": crontab(hour=1, minute=0, day_of_month=1)},
    "rosters": {"task": "households.tasks.work_on_rosters", "schedule": min(EVERY, 3)},  # somebody watches
    "forget": {"task": "accounts.tasks.forget", "schedule": crontab(minute=17)},
}
PULSE = dt.timedelta(seconds=15)
_seen = {}


def pulse(name: str) -> None:
    """Notes that a process is at work, at most every fifteen seconds; a database that is away is no reason to stop."""
    from django.db import DatabaseError, InterfaceError, connection

    from ledgers.models import Heartbeat

    now = clock.now()
    if name in _seen and now - _seen[name] < PULSE:
        return
    try:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
        _seen[name] = now
    except (DatabaseError, InterfaceError):
        connection.close()


class PulsingScheduler(beat.Scheduler):
    """Keeps the schedule in memory, and tells the database that beat is alive."""

    def tick(self, *args, **kwargs):
        pulse("beat")
        return min(super().tick(*args, **kwargs) or 5, 5)


@signals.heartbeat_sent.connect
def worker_is_alive(**kwargs):
    pulse("worker")
