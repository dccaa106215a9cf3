"""/healthz and /readyz: what they say of a platform that works, and of one of which a part is gone."""

import datetime as dt

import pytest
from django.db import connection

from common import clock
from ledgers.models import Heartbeat, OwedPeriod

NOWHERE = "unix:///nowhere/redis.sock?db=0"


@pytest.fixture
def at_work(db):
    """Worker and beat were seen just now."""
    for name in ["worker", "beat"]:
        Heartbeat.objects.create(name=name)


def owe(town, due_at, **more):
    return OwedPeriod.objects.create(town=town, kind="D", start=due_at.date(), due_at=due_at, **more)


def test_alive_without_asking_the_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_ready_when_everything_works(client, at_work):
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    found = answer.json()
    assert found["ready"] is True
    assert found["database"]["version"].startswith("18")
    assert found["migrations"] == {"ok": True, "missing": []}
    assert found["owed"] == {"ok": True, "oldest": None, "parked": 0}
    assert "no-store" in answer["Cache-Control"]


def test_redis_away_is_said_and_nothing_fails(client, at_work, settings):
    settings.REDIS_URL = NOWHERE
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["redis"] == {"ok": False, "problem": "ConnectionError"}
    assert answer.json()["database"]["ok"] is True


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_silent_worker_or_beat_is_said(client, at_work, name):
    Heartbeat.objects.filter(name=name).update(at=clock.now() - dt.timedelta(minutes=3))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [key for key, value in answer.json().items() if key != "ready" and not value["ok"]] == [name]


def test_a_worker_never_seen_is_said(client, db):
    assert client.get("/readyz").json()["worker"] == {"ok": False, "last": None}


def test_a_migration_that_is_missing_is_named(client, at_work):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ledgers' AND name = '0001_initial'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"]["missing"] == ["ledgers.0001_initial"]


def test_the_oldest_owed_period_is_named_and_late_after_a_quarter_of_an_hour(client, at_work, town):
    now = clock.now()
    owe(town, now - dt.timedelta(minutes=5))
    assert client.get("/readyz").status_code == 200
    oldest = owe(town, now - dt.timedelta(days=2))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["owed"]["oldest"]["start"] == oldest.start.isoformat()


def test_a_period_given_up_is_said(client, at_work, town):
    owe(town, clock.now() - dt.timedelta(minutes=5), parked_at=clock.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["owed"]["parked"]) == (503, 1)


def test_what_lies_in_the_future_or_is_done_is_not_owed(client, at_work, town):
    owe(town, clock.now() + dt.timedelta(days=1))
    owe(town, clock.now() - dt.timedelta(days=1), done_at=clock.now())
    assert client.get("/readyz").json()["owed"]["oldest"] is None


def test_a_database_that_refuses_is_said_without_its_words(client, at_work):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledgers_heartbeat RENAME TO elsewhere")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == {"ok": False, "problem": "ProgrammingError"}
    assert "elsewhere" not in answer.content.decode()
