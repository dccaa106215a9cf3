"""`make setup-check`: a clean clone as an ordinary user: start, tests beside it, kill, start again, Ctrl-C.

Needs nothing but Python, git and make. Prints what each step took; exit status 1 at the first thing that is wrong.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = f"GOV_SETUP_CHECK={secrets.token_hex(8)}"
ORDINARY = "nobody"  # who plays the ordinary user where root runs this
SCRIPT = "governance.supervisor"


class Wrong(Exception):
    """A step did not do what it must."""


class Clone:
    """A fresh clone in a folder of its own, and what runs in it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gov-setup-check-"))
        self.checkout, self.home = self.folder / "checkout", self.folder / "home"
        self.user = pwd.getpwnam(ORDINARY) if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.port, self.running, self.times = free_port(), None, []

    def make(self):
        self.folder.chmod(0o755)
        self.home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(self.checkout)], check=True)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", f"{self.user.pw_uid}:{self.user.pw_gid}", str(self.folder)], check=True)

    def options(self):
        passed = ("PIP_", "NPM_", "npm_", "SSL_", "GOV_DEMO")
        kept = {name: value for name, value in os.environ.items() if name.startswith(passed)}
        name, value = MARK.split("=")
        kept |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8", name: value}
        options = {"cwd": self.checkout, "env": kept, "stdin": subprocess.DEVNULL}
        if os.getuid() == 0:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def log(self):
        return self.folder / "out.txt"

    def start(self, name):
        """make run until it says that it is ready; notes the seconds."""
        began = time.monotonic()
        with open(self.log(), "wb") as log:
            self.running = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"],
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **self.options(),
            )  # fmt: skip
        while "Ready." not in self.log().read_text():
            if self.running.poll() is not None or time.monotonic() - began > 900:
                raise Wrong(f"{name}: not ready\n{self.log().read_text()}")
            time.sleep(0.1)
        self.note(name, began)

    def note(self, name, began):
        self.times.append((name, time.monotonic() - began))
        print(f"{time.monotonic() - began:7.1f} s  {name}", flush=True)

    def status(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()
        except OSError as problem:
            return None, str(problem)

    def processes(self):
        """Pids of everything alive that was started in the clone."""
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if self.is_ours(entry)]

    def is_ours(self, entry):
        """By its mark, its folder or its program: some programs overwrite one or the other."""
        try:
            if (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                return False
            places = [os.readlink(entry / "cwd"), os.readlink(entry / "exe")]
            marked = MARK.encode() in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            return False
        return marked or any(place.startswith(f"{self.folder}/") for place in places)

    def supervisor(self):
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if SCRIPT in Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0"):
                    return pid
        raise Wrong("no supervisor runs")

    def wait_for_none(self, seconds, name):
        began = time.monotonic()
        while left := self.processes():
            if time.monotonic() - began > seconds:
                lines = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in left]
                raise Wrong(f"{name}: still there after {seconds} s:\n" + "\n".join(lines))
            time.sleep(0.1)
        self.note(name, began)

    def end(self):
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.running:
            self.running.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require(true, text):
    if not true:
        raise Wrong(text)


def wait_until_ready(clone, name):
    """/readyz within two minutes: worker and beat have been seen by then."""
    began = time.monotonic()
    while clone.status("readyz")[0] != 200:
        require(time.monotonic() - began < 120, f"{name}: {clone.status('readyz')}")
        time.sleep(0.5)
    clone.note(name, began)


def first_start(clone):
    clone.start("first start: .venv, packages, cluster, demo town, page")
    require(clone.status("healthz")[0] == 200, f"healthz: {clone.status('healthz')}")
    require(clone.status("")[0] == 200, f"the first page: {clone.status('')}")
    wait_until_ready(clone, "then /readyz says ready")
    second = subprocess.run(["make", "run", f"PORT={free_port()}"], capture_output=True, text=True, **clone.options())
    require(second.returncode != 0 and "already running" in second.stderr, f"a second copy: {second.stderr}")


def tests_beside_it(clone):
    began = time.monotonic()
    wanted = ["make", "test", "ARGS=-q tests/governance/test_health.py tests/test_cache.py"]
    done = subprocess.run(wanted, capture_output=True, text=True, **clone.options())
    require(done.returncode in {0, 2}, f"make test beside it:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    require(clone.status("healthz")[0] == 200, "the platform did not outlive the tests beside it")
    clone.note("make test beside it: packages for the checks, two test files", began)


def faults(clone):
    for pid in clone.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    clone.running.wait()
    clone.wait_for_none(5, "after kill -9 of everything, none is left")
    clone.start("start after kill -9 of everything")
    wait_until_ready(clone, "then /readyz says ready again")
    os.kill(clone.supervisor(), signal.SIGKILL)
    clone.wait_for_none(5, "after kill -9 of the supervisor, none is left")
    clone.start("start after kill -9 of the supervisor")


def ctrl_c(clone, name):
    os.killpg(clone.running.pid, signal.SIGINT)  # as a terminal does: to make and to the supervisor
    clone.wait_for_none(15, name)
    clone.running.wait()
    locks = [path.name for path in (clone.checkout / "var").glob("up-*")]
    require(not locks, f"a stale lock is left: {locks}")


def main():
    clone = Clone()
    print(f"A clean clone for user '{clone.user.pw_name}' in {clone.folder}", flush=True)
    try:
        clone.make()
        first_start(clone)
        tests_beside_it(clone)
        faults(clone)
        ctrl_c(clone, "Ctrl-C, none is left")
        clone.start("start after Ctrl-C")
        ctrl_c(clone, "Ctrl-C again")
    except Wrong as problem:
        print(f"\nWRONG: {problem}", file=sys.stderr)
        return 1
    finally:
        clone.end()
        shutil.rmtree(clone.folder, ignore_errors=True)
    print("All is as it must be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
