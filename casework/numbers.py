"""Numbers without gaps: the next of a series, and the register number of a case."""

import datetime as dt

from django.db import connection
from django.db.transaction import TransactionManagementError

NEXT = """
    insert into casework_numberseries (prefix, last) values (%s, 1)
    on conflict (prefix) do update set last = casework_numberseries.last + 1
    returning last
"""


def next_number(prefix: str) -> int:
    """The next number of the series, from 1. The series' row stays locked until the caller's transaction ends, so a
    number that is rolled back is given again and parallel callers wait. TransactionManagementError outside one."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a number is taken in the transaction that writes its row")
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [prefix])
        return cursor.fetchone()[0]


def register_number(letters: str, town_code: str, day: dt.date) -> str:
    """For example MD-104-20261122-001: letters, digits 7 to 9 of the town's division code (they tell the towns of a
    county apart), day, running number of the town's day (domain handbook 4.4). Towns of two counties that share the
    three digits share the series, so a number is never given twice."""
    prefix = f"{letters}-{town_code[6:9]}-{day:%Y%m%d}-"
    return f"{prefix}{next_number(prefix):03d}"
