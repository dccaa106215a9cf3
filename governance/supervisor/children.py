"""Children of the supervisor: started on a leash, restarted with back-off, stopped in order."""

import collections
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from governance import leash

WAITS = (1, 2, 5, 10)  # seconds before the 1st, 2nd, 3rd … restart
A_MINUTE = 60
TOO_MANY = 5  # deaths in a minute of a vital child stop everything
LOG_KEPT = 5_000_000  # bytes; a longer log is set aside at the next start


class Collapse(Exception):
    """A vital child cannot be kept alive; the text carries its last log lines."""


@dataclass
class Child:
    """One process that is to run as long as the supervisor does.

    `before` is called ahead of every start; `vital` children stop everything when they keep dying; `parting` is what
    the kernel sends it when the supervisor dies, `farewell` what the supervisor sends it, waiting `patience` seconds.
    """

    name: str
    command: list
    log: Path
    vital: bool = False
    before: object = None
    parting: int = signal.SIGTERM
    farewell: int = signal.SIGTERM
    patience: float = 5.0
    options: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: collections.deque = field(default_factory=collections.deque)
    in_a_row: int = 0

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        if self.before:
            self.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            self.process = leash.start(
                self.command, sign=self.parting, stdout=log, stderr=subprocess.STDOUT, **self.options
            )
        self.started = time.monotonic()

    def bury(self):
        """Note a death: forget the process, kill what it left behind, set the time of the next start.

        Returns the exit code and the seconds until then.
        """
        code = self.process.returncode
        leash.end_family(self.process)
        now = time.monotonic()
        self.in_a_row = 1 if now - self.started > A_MINUTE else self.in_a_row + 1
        self.deaths.append(now)
        while now - self.deaths[0] > A_MINUTE:
            self.deaths.popleft()
        wait = WAITS[min(self.in_a_row, len(WAITS)) - 1]
        self.process, self.due = None, now + wait
        return code, wait

    def last_lines(self, count=15):
        """The end of its log, as text."""
        if not self.log.exists():
            return ""
        with open(self.log, "rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])


class Children:
    """All of them, in the order of their start."""

    def __init__(self, say):
        self.say, self.all = say, []

    def add(self, child):
        self.all.append(child)
        child.start()

    def tend(self):
        """Restart who died and whose time has come; Collapse where a vital one keeps dying. Returns at once."""
        for child in self.all:
            if child.process is not None and child.process.poll() is not None:
                self.mourn(child)
            if child.process is None and time.monotonic() >= child.due:
                child.start()
                self.say(f"{child.name} started again (pid {child.process.pid})")

    def mourn(self, child):
        code, wait = child.bury()
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        if child.vital and len(child.deaths) >= TOO_MANY:
            raise Collapse(
                f"{child.name} ended {how}, {len(child.deaths)} times within a minute. "
                f"The end of {child.log}:\n{child.last_lines()}"
            )
        self.say(f"{child.name} ended {how}; starting it again in {wait} s (log: {child.log})")

    def wait_until(self, ready, seconds, pause=0.1):
        """Tend until ready() is true: True, or False after `seconds`."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                return False
            self.tend()
            time.sleep(pause)
        return True

    def stop(self, *names):
        """Stop the named children together, then kill what is left of them; those that do not run are skipped."""
        leaving = [child for child in self.all if child.name in names and child.process is not None]
        for child in leaving:
            if child.is_running():
                child.process.send_signal(child.farewell)
        end = time.monotonic() + max((child.patience for child in leaving), default=0)
        for child in leaving:
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            leash.end_family(child.process)
            self.all.remove(child)
