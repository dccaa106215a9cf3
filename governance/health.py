"""/healthz says that the web server is alive; /readyz says what works and what does not, and never raises."""

import datetime as dt
import functools

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from common import clock
from ledgers.models import Heartbeat, OwedPeriod

SILENT_AFTER = dt.timedelta(seconds=120)  # beat rings every 20 seconds
LATE_AFTER = dt.timedelta(minutes=15)  # an owed period is looked for every minute
QUERY_LIMIT = "2000"  # milliseconds
REDIS_LIMIT = 0.5  # seconds


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 as long as this process answers; asks nobody else."""
    return JsonResponse({"alive": True})


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """200 with every probe's answer where all is well, else 503 with the same shape.

    {"ready": bool, "database": {"ok": bool, …}, "redis": …, "migrations": …, "worker": …, "beat": …, "owed": …}
    """
    probes = {
        "database": probe_database,
        "redis": probe_redis,
        "migrations": probe_migrations,
        "worker": functools.partial(probe_heartbeat, "worker"),
        "beat": functools.partial(probe_heartbeat, "beat"),
        "owed": probe_owed,
    }
    answers = {name: ask(probe) for name, probe in probes.items()}
    ready = all(answer["ok"] for answer in answers.values())
    return JsonResponse({"ready": ready} | answers, status=200 if ready else 503)


def ask(probe):
    """The probe's answer; what went wrong is named by its kind only, as anybody may read this page."""
    try:
        return probe()
    except (DatabaseFault, redis.RedisError, OSError) as fault:
        return {"ok": False, "problem": type(fault).__name__}


def limited(probe):
    """Run a probe's queries in a transaction in which none may take longer than QUERY_LIMIT."""

    @functools.wraps(probe)
    def within_limit(*args):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [QUERY_LIMIT])
            return probe(*args)

    return within_limit


@limited
def probe_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return {"ok": True, "version": cursor.fetchone()[0].split()[0]}


def probe_redis():
    limits = {"socket_timeout": REDIS_LIMIT, "socket_connect_timeout": REDIS_LIMIT, "retry": Retry(NoBackoff(), 0)}
    with redis.Redis.from_url(settings.REDIS_URL, **limits) as client:
        return {"ok": bool(client.ping())}


@limited
def probe_migrations():
    missing = sorted(known_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    return {"ok": not missing, "missing": [f"{app}.{name}" for app, name in missing]}


@functools.lru_cache(maxsize=1)
def known_migrations():
    """Keys of all migrations in this code, read from the disk once per process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@limited
def probe_heartbeat(name):
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return {"ok": last is not None and clock.now() - last < SILENT_AFTER, "last": shown(last)}


@limited
def probe_owed():
    """What is due and not done: the oldest of it, and how many periods were given up and wait for a person."""
    owed = OwedPeriod.objects.filter(done_at__isnull=True, due_at__lte=clock.now())
    oldest = owed.filter(parked_at__isnull=True).order_by("due_at").first()
    parked = owed.filter(parked_at__isnull=False).count()
    late = oldest is not None and clock.now() - oldest.due_at > LATE_AFTER
    known = {"kind": oldest.kind, "start": oldest.start.isoformat(), "due_at": shown(oldest.due_at)} if oldest else None
    return {"ok": not late and not parked, "oldest": known, "parked": parked}


def shown(moment):
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if moment else None
