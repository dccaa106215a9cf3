"""What a piece of work costs: CPU of this thread and of the children it starts, memory of both."""

import resource
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWN = Path("/proc/self")


@dataclass
class Spent:
    """Seconds of CPU here and in the children; megabytes by which this process grew, and the most a child held."""

    seconds: float = 0.0
    of_child: float = 0.0
    grown: float = 0.0
    child: float = 0.0


def _megabytes(status, name):
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(name)) / 1024


def _watch(spent, over):
    while not over.wait(0.003):
        for pid in (OWN / "task" / str(threading.main_thread().native_id) / "children").read_text().split():
            try:
                if b"confined" in Path(f"/proc/{pid}/cmdline").read_bytes():  # not while it is still a copy of us
                    spent.child = max(spent.child, _megabytes(Path(f"/proc/{pid}/status"), "VmHWM"))
            except (OSError, StopIteration):
                continue  # it has ended


@contextmanager
def spending():
    """A Spent that is filled at the end."""
    spent, over = Spent(), threading.Event()
    (OWN / "clear_refs").write_text("5")  # the highest mark begins anew
    before, children = _megabytes(OWN / "status", "VmRSS"), resource.getrusage(resource.RUSAGE_CHILDREN)
    watching = threading.Thread(target=_watch, args=(spent, over), daemon=True)
    watching.start()
    began = time.thread_time()
    yield spent
    spent.seconds = time.thread_time() - began
    over.set()
    watching.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent.of_child = abs(after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime)
    spent.grown = max(_megabytes(OWN / "status", "VmHWM") - before, 0)
