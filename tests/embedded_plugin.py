"""Gives every test run servers of its own: a throw-away PostgreSQL and a Redis, up before Django reads its settings."""

import os
import shutil
import sys

import pytest

from governance import embedded, translations
from governance.supervisor import redis_server
from governance.supervisor.alone import Lock, NotAlone
from governance.supervisor.children import Children
from governance.supervisor.postgres import Cluster


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    os.environ.setdefault("GOV_PROFILE", "test")
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        share(os.environ["GOV_PROFILE"], int(worker.removeprefix("gw")))
        return  # the first process already started them
    translations.compile_all()  # before Django is set up: it keeps what it read first, and a clean clone has none
    (embedded.CHECKOUT / "staticfiles").mkdir(exist_ok=True)  # WhiteNoise warns at every request where it is missing
    profile = os.environ["GOV_PROFILE"]
    wanted = [not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")]
    if any(wanted) and not {"--help", "-h", "--version", "--collect-only", "--co"} & set(sys.argv):
        start(early_config, profile, *wanted)


def share(profile, number):
    """One of several processes of a run: a database of its own (pytest-django sees to it) and a Redis database too."""
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = embedded.redis_url(profile).replace("db=0", f"db={number + 1}")


def start(early_config, profile, with_postgres, with_redis):
    """Start the wanted servers on a leash and have them stopped with the run (or killed with its process)."""
    lock = Lock(embedded.CHECKOUT / "var" / f"up-{profile}.lock", note=" (tests)")
    try:
        lock.take()
    except NotAlone as other:
        print(f"waiting for the tests of {other} in this checkout to end …", file=sys.stderr)  # noqa: T201
        lock.take(wait=True)
    children = Children(say=lambda text: print(text, file=sys.stderr))  # noqa: T201

    def stop():
        children.stop("PostgreSQL", "Redis")
        shutil.rmtree(embedded.socket_folder(profile), ignore_errors=True)
        lock.release()

    early_config.add_cleanup(stop)
    cluster = Cluster(profile, throwaway=True)
    if with_redis and redis_server.program():
        children.add(redis_server.RedisServer(profile).child())
    if with_postgres:
        children.add(cluster.child())
        if not children.wait_until(cluster.is_ready, 60, pause=0.02):
            raise pytest.UsageError(f"PostgreSQL did not get ready within a minute: see {cluster.log}")
        cluster.ensure_database()
