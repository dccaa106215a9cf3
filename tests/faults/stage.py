"""PostgreSQL, Redis, three workers and two beats as real processes on a profile of their own, and ways to hurt them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import redis

from governance import embedded
from governance.supervisor import programs
from governance.supervisor.children import Children
from governance.supervisor.postgres import Cluster
from governance.supervisor.redis_server import RedisServer

PROFILE = "faults"
WORKERS, BEATS = 3, 2
QUICKLY = {"GOV_RING_EVERY": "1"}  # seconds between two rings of the bell; twenty in real life
# every close of a period leaves a line, in the closing transaction, so that "once" can be counted
COUNT_CLOSINGS = """
    CREATE TABLE closings (no serial, town bigint, kind text, start date, due_at timestamptz);
    CREATE FUNCTION note_closing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO closings (town, kind, start, due_at) VALUES (new.town_id, new.kind, new.start, new.due_at);
        RETURN new; END $$;
    CREATE TRIGGER closed AFTER UPDATE ON ledgers_owedperiod FOR EACH ROW
        WHEN (old.done_at IS NULL AND new.done_at IS NOT NULL) EXECUTE FUNCTION note_closing();
"""
ORDER = {"D": 0, "W": 1, "M": 2, "L": 3}


class Stage:
    """Everything is started by `begin` and gone after `end`."""

    def __init__(self, log):
        self.log = log
        self.cluster, self.redis = Cluster(PROFILE), RedisServer(PROFILE)
        self.children = Children(log.append)
        self.resident = None

    def begin(self):
        clean()
        self.children.add(self.cluster.child())
        self.wait(self.cluster.is_ready, 60)
        self.cluster.ensure_database()
        self.manage("migrate", "--verbosity", "0")
        self.sql(COUNT_CLOSINGS)
        self.children.add(self.redis.child())
        self.wait(self.redis.is_ready, 20)
        self.resident = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.resident"], cwd=embedded.CHECKOUT, env=environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def employ(self):
        """Workers and beats, more than one of each."""
        for n in range(WORKERS):
            self.add(f"Worker {n}", [*programs.WORKER, "-n", f"w{n}@%h"], signal.SIGQUIT)
        for n in range(BEATS):
            self.add(f"Beat {n}", programs.BEAT, signal.SIGTERM)

    def add(self, name, command, parting):
        child = programs.child(name, command, PROFILE, parting=parting)
        child.options["env"] = environment()
        self.children.add(child)

    def end(self):
        if self.resident:
            self.resident.stdin.close()
            self.resident.wait(10)
        names = [child.name for child in self.children.all]
        self.children.stop(*[name for name in names if name.startswith(("Worker", "Beat"))])
        self.children.stop("Redis", "PostgreSQL")
        clean()

    # --- asking -----------------------------------------------------------------------
    def tell(self, word):
        """What the resident answers to a word; AssertionError with what went wrong over there."""
        self.resident.stdin.write(word + "\n")
        self.resident.stdin.flush()
        said = json.loads(self.resident.stdout.readline())
        assert "ok" in said, said["where"]
        return said["ok"]

    def manage(self, *words):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=embedded.CHECKOUT, env=environment(), capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sql(self, text):
        """Runs a statement by itself; the rows of a SELECT."""
        connection = self.cluster.connect(embedded.DATABASE)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(text)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    def wait(self, ready, seconds):
        """Waits, restarting who died, until ready(); the seconds it took."""
        began = time.monotonic()
        assert self.children.wait_until(ready, seconds, pause=0.2), self.told()
        return time.monotonic() - began

    def told(self):
        ends = [f"--- {child.name}\n{child.last_lines(6)}" for child in self.children.all]
        return "\n".join([*self.log[-12:], *ends])

    # --- periods owed and counted -------------------------------------------------------
    def forget(self):
        """Nothing is counted and everything is owed anew."""
        self.sql("TRUNCATE closings; TRUNCATE ledgers_fact")

    def owe_everything(self):
        self.sql("DELETE FROM ledgers_weeklyledger; DELETE FROM ledgers_owedperiod")

    def nothing_is_owed(self):
        """Everything that has come due is counted and no touched day waits."""
        try:
            rows = self.sql(
                "SELECT (SELECT count(*) FROM ledgers_owedperiod WHERE done_at IS NULL)"
                " + (SELECT count(*) FROM grids_touchedday), (SELECT count(*) FROM ledgers_owedperiod)"
            )
        except Exception:  # PostgreSQL is just recovering
            return False
        return rows[0][0] == 0 and rows[0][1] > 0

    @contextmanager
    def in_the_middle_of_counting(self):
        """Inside, a worker has begun to store facts and cannot go on."""
        holder = self.cluster.connect(embedded.DATABASE)
        holder.cursor().execute("LOCK TABLE ledgers_fact IN EXCLUSIVE MODE")
        try:
            self.owe_everything()
            self.wait(self._somebody_is_storing, 60)
            yield
        finally:
            holder.close()

    def _somebody_is_storing(self):
        return self.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO ledgers_fact%'"
        )

    def closings(self):
        return self.sql("SELECT town, kind, start, due_at FROM closings ORDER BY no")

    # --- faults -------------------------------------------------------------------------
    def kill(self, name):
        """kill -9 of every process of that name, PostgreSQL with all its children."""
        if name == "PostgreSQL":
            for pid in self.cluster.server_processes():
                _kill(pid)
        for child in self.children.all:
            if child.name.startswith(name) and child.is_running():
                _kill(child.process.pid)
                child.process.wait()
                child.in_a_row = 0  # the longer and longer waits of the supervisor have tests of their own

    def wipe_redis(self):
        redis.Redis.from_url(self.redis.url).flushall()


def environment():
    """Ours, pointed at the stage's own servers."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    ours = {"GOV_PROFILE": PROFILE, "GOV_SUPERVISOR": str(os.getpid()), "C_FORCE_ROOT": "1", "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "governance.settings"}  # fmt: skip
    return kept | ours | QUICKLY


def clean():
    for folder in [embedded.cluster_folder, embedded.log_folder, embedded.socket_folder]:
        shutil.rmtree(folder(PROFILE), ignore_errors=True)


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended with its parent
