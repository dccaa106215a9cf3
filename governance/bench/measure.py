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
    """One row of the printed table; `bound` is None where the ratio is only shown."""

    what: str
    cost: float
    floor: float
    bound: float | None
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.cost / self.floor

    def holds(self, slack: float) -> bool:
        return self.bound is None or self.ratio <= self.bound * slack


def backend_cpu() -> float:
    """CPU milliseconds the backend of this connection has used so far."""
    pid = connection.connection.info.backend_pid if hasattr(connection.connection, "info") else None
    pid = pid or connection.connection.get_backend_pid()
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def cpu(work: Callable) -> float:
    """CPU milliseconds of one call, client and backend together."""
    connection.ensure_connection()
    gc.collect()
    server, client = backend_cpu(), time.process_time()
    work()
    return (time.process_time() - client) * 1e3 + backend_cpu() - server


def best(*works: Callable, rounds=ROUNDS) -> list[float]:
    """The least CPU of each piece of work over alternating rounds, after one that is not counted."""
    for work in works:
        work()
    found = [[cpu(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*found, strict=True)]


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
