"""The embedded PostgreSQL and the supervision of children, piece by piece."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from governance import embedded
from governance.supervisor import children, owner, postgres
from governance.supervisor.alone import Lock, NotAlone
from governance.supervisor.children import Child, Children, Collapse
from tests.governance.supervised import is_alive, until

PROFILE = "servers"


@pytest.fixture
def cluster():
    """A throw-away cluster of its own, not yet made."""
    remove()
    yield postgres.Cluster(PROFILE, throwaway=True)
    remove()


def remove():
    for place in [embedded.cluster_folder, embedded.socket_folder, embedded.log_folder]:
        shutil.rmtree(place(PROFILE), ignore_errors=True)


@pytest.fixture
def family():
    said = []
    all_of_them = Children(said.append)
    all_of_them.said = said
    yield all_of_them
    all_of_them.stop(*[child.name for child in all_of_them.all])


def run(family, cluster):
    family.add(cluster.child())
    assert family.wait_until(cluster.is_ready, 30), family.said


def test_a_stale_pid_file_that_names_a_living_process_does_not_hinder(cluster, family):
    run(family, cluster)
    family.stop("PostgreSQL")
    command, options = owner.as_owner(["sleep", "60"], Path("/bin/sleep"))
    stranger = subprocess.Popen(command, **options)
    for lock in [cluster.folder / "postmaster.pid", cluster.sockets / ".s.PGSQL.5432.lock"]:
        lock.write_text(f"{stranger.pid}\n{cluster.folder}\n{int(time.time())}\n5432\n{cluster.sockets}\n\n  0 0\n")
        shutil.chown(lock, owner.server_owner().pw_uid)
    run(family, cluster)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_it_starts_at_the_first_try_after_kill_9_of_all_its_processes(cluster, family):
    run(family, cluster)
    for pid in cluster.server_processes():
        os.kill(pid, signal.SIGKILL)
    family.all.clear()  # its Popen is not asked: the dead server stays unnoticed, as after the supervisor's own death
    run(family, cluster)
    assert family.said == []


def test_a_server_that_nobody_owns_any_more_is_ended_first(cluster, family):
    cluster.prepare()
    orphan = subprocess.Popen(cluster.child().command, **cluster.child().options, stderr=subprocess.DEVNULL)
    while not cluster.is_ready():
        time.sleep(0.05)
    run(family, cluster)
    assert orphan.wait(1) is not None


def test_a_broken_off_creation_is_not_taken_for_a_cluster(cluster):
    half = cluster.folder.with_name(cluster.folder.name + ".new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    cluster.prepare()
    assert (cluster.folder / "global").is_dir()
    assert not half.exists()


def test_a_cluster_of_another_version_stops_with_instructions(cluster):
    cluster.prepare()
    (cluster.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(owner.CannotStart, match="was written by PostgreSQL 17, this is 18"):
        cluster.prepare()


def test_a_folder_that_somebody_else_made_is_refused(cluster, tmp_path):
    embedded.socket_folder(PROFILE).symlink_to(tmp_path)  # anybody may write in /tmp
    with pytest.raises(owner.CannotStart, match="belongs to somebody else"):
        cluster.prepare()
    embedded.socket_folder(PROFILE).unlink()


@pytest.fixture
def closed_program(tmp_path):
    """A program below a folder that only its owner may enter."""
    program = tmp_path / "closed" / "program"
    program.parent.mkdir(mode=0o700)
    program.write_text("#!/bin/sh\nid -un\n")
    program.chmod(0o755)
    return program


def test_the_server_never_runs_as_root_and_opens_no_folder(closed_program):
    command, options = owner.as_owner([str(closed_program)], closed_program)
    ran = subprocess.run(command, **options, capture_output=True, text=True, cwd="/")
    assert ran.stdout.strip() == owner.server_owner().pw_name, ran.stderr
    assert ran.stdout.strip() != "root"
    assert closed_program.parent.stat().st_mode & 0o777 == 0o700


def test_the_folder_that_keeps_the_server_out_is_named(closed_program, monkeypatch):
    monkeypatch.setattr(owner.os, "getuid", lambda: 0)
    monkeypatch.setenv("PATH", "/nowhere")  # no setpriv
    closed = owner.closed_folder(closed_program)
    with pytest.raises(owner.CannotStart, match=f"may not enter {closed} "):
        owner.as_owner([str(closed_program)], closed_program)


def test_a_vital_child_that_keeps_dying_stops_everything_with_its_last_words(family, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "WAITS", (0,))
    failing = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
    family.add(Child("Web server", failing, tmp_path / "web.log", vital=True))
    with pytest.raises(Collapse, match=r"(?s)exit code 3, 5 times within a minute.*no such table"):
        family.wait_until(lambda: False, 30, pause=0.01)


def test_another_child_that_keeps_dying_is_started_again_and_again(family, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "WAITS", (0,))
    family.add(Child("Beat", [sys.executable, "-c", "raise SystemExit(1)"], tmp_path / "beat.log"))
    assert family.wait_until(lambda: len(family.all[0].deaths) > 6, 30, pause=0.01)


def test_the_wait_before_a_restart_grows_to_ten_seconds(tmp_path):
    dying, waits = Child("Beat", [sys.executable, "-c", ""], tmp_path / "beat.log"), []
    for _ in range(5):
        dying.start()
        dying.process.wait()
        waits.append(dying.bury()[1])
    assert waits == [1, 2, 5, 10, 10]


def test_descendants_go_with_a_child_that_is_killed(family, tmp_path):
    family.add(Child("Worker", ["sh", "-c", "sleep 300 & echo $!; wait"], tmp_path / "worker.log"))
    assert family.wait_until(lambda: family.all[0].last_lines().strip().isdigit(), 10)
    grandchild = int(family.all[0].last_lines())
    family.all[0].process.kill()
    family.all[0].process.wait()
    family.tend()
    assert until(lambda: not is_alive(grandchild), 5)


def test_a_lock_names_its_holder_and_is_gone_when_given_back(tmp_path):
    first, second = Lock(tmp_path / "up.lock", note=", port 8000"), Lock(tmp_path / "up.lock")
    first.take()
    with pytest.raises(NotAlone, match=f"pid {os.getpid()}, port 8000"):
        second.take()
    first.release()
    assert not (tmp_path / "up.lock").exists()
    second.take()
    second.release()
