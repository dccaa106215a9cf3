"""The supervisor with its real children: what dies comes back, what stops leaves nothing behind."""

import signal
import socket
import subprocess
from urllib.parse import urlsplit

import psycopg2
import pytest

from governance import embedded
from tests.governance import supervised
from tests.governance.supervised import Supervised, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folders():
    """The cluster is made once for all tests of this file."""
    supervised.clean()
    yield
    supervised.clean()


@pytest.fixture
def platform(folders, tmp_path):
    running = Supervised(tmp_path / "out.log")
    running.start()
    yield running
    running.end()


def run_another(port, **environment):
    return subprocess.run(
        supervised.command(port),
        cwd=embedded.CHECKOUT,
        env=supervised.environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_children_that_die_come_back_and_the_web_goes_on(platform):
    platform.kill("redis-server", "celery -A governance worker", "celery -A governance beat")
    assert platform.status() == 200
    assert platform.status("readyz") == 503
    words = ["redis-server", "celery -A governance worker", "celery -A governance beat"]
    assert until(lambda: all(platform.main_of(word) for word in words), 30), platform.text()

    platform.kill("bin/postgres")
    assert platform.status() == 200
    assert until(lambda: platform.main_of("bin/postgres"), 30), platform.text()

    platform.kill("gunicorn")
    assert until(lambda: platform.main_of("gunicorn") and platform.status() == 200, 60), platform.text()
    assert "PostgreSQL ended by SIGKILL; starting it again in 1 s" in platform.text()


def test_a_second_copy_is_refused_and_ctrl_c_leaves_nothing(platform):
    second = run_another(supervised.free_port())
    assert second.returncode == 1
    assert f"already running (pid {platform.process.pid}, port {platform.port})" in second.stderr

    platform.process.send_signal(signal.SIGINT)
    assert platform.process.wait(30) == 0, platform.text()
    assert supervised.processes() == {}
    assert not embedded.socket_folder(supervised.PROFILE).exists()
    assert not list((embedded.CHECKOUT / "var").glob(f"up-{supervised.PROFILE}*"))
    assert not (embedded.cluster_folder(supervised.PROFILE) / "postmaster.pid").exists()


def test_kill_9_of_the_supervisor_leaves_no_process_after_five_seconds_and_it_starts_again(platform):
    platform.process.kill()
    platform.process.wait()
    assert until(lambda: not supervised.processes(), 5), supervised.processes()
    platform.log.unlink()
    platform.start()
    assert platform.status() == 200


@pytest.fixture
def outside(settings):
    """A database that the supervisor did not make: its address."""
    given = embedded.parse_database_url(settings.DATABASE_URL)
    connection = psycopg2.connect(
        host=given["HOST"],
        port=given["PORT"] or None,
        user=given["USER"],
        password=given["PASSWORD"],
        dbname="postgres",
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS outside WITH (FORCE)")
        cursor.execute("CREATE DATABASE outside")
        yield urlsplit(settings.DATABASE_URL)._replace(path="/outside").geturl()
        cursor.execute("DROP DATABASE outside WITH (FORCE)")
    connection.close()


def test_servers_of_ones_own_replace_the_embedded_ones(outside, settings, tmp_path):
    running = Supervised(tmp_path / "out.log")
    try:
        running.start(DATABASE_URL=outside, REDIS_URL=settings.REDIS_URL)
        assert until(lambda: running.status("readyz") == 200, 30), running.text()
        assert running.main_of("gunicorn")
        assert not running.main_of("bin/postgres")
        assert not running.main_of("redis-server")
    finally:
        running.end()


def test_a_taken_port_is_named_with_a_free_one():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused = run_another(port, GOV_PROFILE="supervised-2")
    assert refused.returncode == 1
    assert f"port {port} is taken; run: make run PORT=" in refused.stderr
    assert not list((embedded.CHECKOUT / "var").glob("up-supervised-2*"))
