"""The database benchmarks run in: one of their own, on the configured server or on an embedded one started for them."""

import contextlib
import os
import shutil

from django.core.management.base import CommandError
from django.db import connection, connections

from governance import embedded
from governance.supervisor.alone import Lock, NotAlone
from governance.supervisor.children import Children
from governance.supervisor.owner import CannotStart
from governance.supervisor.postgres import Cluster

PROFILE = "bench"


@contextlib.contextmanager
def own_server(say):
    """The server of DATABASE_URL, or else an embedded PostgreSQL with its ordinary settings (fsync on) that ends with
    this process however it ends; beside a running platform and running tests."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    lock = Lock(embedded.CHECKOUT / "var" / f"up-{PROFILE}.lock", note=" (bench)")
    try:
        lock.take()
    except NotAlone as other:
        raise CommandError(f"Benchmarks of this checkout are running already: {other}") from None
    children, cluster = Children(say), Cluster(PROFILE)
    try:
        children.add(cluster.child())
        if not children.wait_until(cluster.is_ready, 60, pause=0.02):
            raise CommandError(f"PostgreSQL did not get ready within a minute: see {cluster.log}")
        cluster.ensure_database()
        _turn_to(embedded.parse_database_url(embedded.database_url(PROFILE)))
        yield
    except CannotStart as problem:
        raise CommandError(f"The benchmarks cannot start: {problem}") from None
    finally:
        connections.close_all()
        children.stop("PostgreSQL")
        shutil.rmtree(embedded.socket_folder(PROFILE), ignore_errors=True)
        lock.release()


@contextlib.contextmanager
def fresh_database(name):
    """A database of that name beside the configured one, dropped afterwards. Its connection is kept throughout: the
    CPU of one backend is what is measured."""
    home = connection.settings_dict["NAME"]
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    _turn_to({"NAME": "postgres", "CONN_MAX_AGE": None}, drop, f"CREATE DATABASE {name}")
    _turn_to({"NAME": name})
    try:
        yield
    finally:
        _turn_to({"NAME": "postgres"}, drop)
        _turn_to({"NAME": home})


def _turn_to(settings, *statements):
    connections["default"].close()
    connections["default"].settings_dict.update(settings)
    with contextlib.ExitStack() as stack:
        for statement in statements:
            stack.enter_context(connection.cursor()).execute(statement)
