"""A real supervisor under test: started as `make run` starts it, watched through /proc, on a profile of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from governance import embedded

PROFILE = "supervised"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more):
    """Ours, without what points the tests at their own servers."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    static = str(embedded.CHECKOUT / "var" / "static-supervised")
    return kept | {"GOV_PROFILE": PROFILE, "GOV_DEMO": "false", "GOV_STATIC_ROOT": static} | more


def command(port):
    return [sys.executable, "-m", "governance.supervisor", "--port", str(port)]


def processes():
    """{pid: command line} of everything alive that the supervisor under test started, and of itself."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if is_ours(entry, line) and is_alive(entry.name):
                found[int(entry.name)] = line
        except OSError:
            continue  # ended meanwhile, or another user's
    return found


def is_ours(entry, line):
    """Python programs carry the profile, Redis names its socket (and overwrites the rest), PostgreSQL stands in it."""
    marked = f"GOV_PROFILE={PROFILE}".encode() in (entry / "environ").read_bytes().split(b"\0")
    in_cluster = (entry / "cwd").readlink() == embedded.cluster_folder(PROFILE)
    return marked or in_cluster or str(embedded.socket_folder(PROFILE)) in line


def is_alive(pid):
    """False also for one that has ended and only waits to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def until(true, seconds, pause=0.1):
    """Wait until true() is; returns whether it came within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def ignore_what_shells_ignore():
    """As a script starts a job with `&`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, signal.SIG_IGN)


class Supervised:
    """One run of the supervisor on a port of its own."""

    def __init__(self, log):
        self.log, self.port, self.process = log, free_port(), None

    def start(self, **more):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command(self.port),
                cwd=embedded.CHECKOUT,
                env=environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=ignore_what_shells_ignore,
            )
        ready = until(lambda: "Ready." in self.text() or self.process.poll() is not None, 120)
        assert ready, self.text()
        assert self.process.poll() is None, self.text()

    def text(self):
        return self.log.read_text() if self.log.exists() else ""

    def main_of(self, word):
        """The pid of the child whose command line has `word` (the process the supervisor itself started)."""
        for pid, line in processes().items():
            parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
            if word in line and parent == self.process.pid:
                return pid
        return None

    def kill(self, *words):
        for word in words:
            os.kill(self.main_of(word), signal.SIGKILL)

    def status(self, path="healthz"):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as page:
                return page.status
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except OSError:
            return None

    def end(self):
        """Whatever the test left: nothing of it stays."""
        for pid in [*([self.process.pid] if self.process and self.process.poll() is None else []), *processes()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if self.process:
            self.process.wait()


def clean():
    """Remove the folders of the profile under test."""
    for folder in [embedded.cluster_folder(PROFILE), embedded.log_folder(PROFILE), embedded.socket_folder(PROFILE)]:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(embedded.CHECKOUT / "var" / "static-supervised", ignore_errors=True)
    (embedded.CHECKOUT / "var" / f"up-{PROFILE}.lock").unlink(missing_ok=True)
