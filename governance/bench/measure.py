"""CPU time of a piece of work: this process and the database's backend, best of five alternating rounds."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

ROUNDS = 5


@dataclass(frozen=True)
class Line:
    """One row of the printed table; `bound` is None where the ratio is only shown. `proposed` stands beside a bound
    that is asked and not met (docs/measured/bench.md says why): then the proposed one is what fails the run."""

    what: str
    cost: float
    floor: float
    bound: float | None
    note: str = ""
    proposed: float | None = None

    @property
    def ratio(self) -> float:
        return self.cost / self.floor

    def holds(self, slack: float) -> bool:
        return self.bound is None or self.ratio <= (self.proposed or self.bound) * slack


def backend_cpu() -> float:
    """CPU milliseconds the backend of this connection has used so far."""
    pid = connection.connection.get_backend_pid()
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def cpu(work: Callable) -> float:
    """CPU milliseconds of one call, client and backend together."""
    connection.ensure_connection()
    gc.collect()
    server, client = backend_cpu(), time.process_time()
    work()
    return (time.process_time() - client) * 1e3 + backend_cpu() - server


def best(*works: Callable, rounds=ROUNDS, before: Callable | None = None) -> list[float]:
    """The least CPU of each piece of work over alternating rounds, after one that is not counted. `before` is done
    ahead of every measurement and not counted either: clearing away what the last one left."""
    found = []
    for number in range(rounds + 1):
        row = []
        for work in works:
            if before:
                before()
            row.append(cpu(work))
        if number:
            found.append(row)
    return [min(column) for column in zip(*found, strict=True)]


def wall(work: Callable) -> float:
    """Seconds on the wall, the least of three: what a person waits. Shown, never judged."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def quiet() -> None:
    """One process, no compiler: what is compared runs under the same terms."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SET jit = off")


def sql(text: str, values=None) -> Callable:
    """Work that runs a statement and fetches its rows."""

    def work():
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            if cursor.description:
                cursor.fetchall()

    return work
