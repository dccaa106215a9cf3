"""Loading the demo town for a module of tests, taking it away again, and a hash over what was loaded."""

import datetime as dt
import hashlib
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

AS_OF = dt.date(2026, 11, 18)  # a Wednesday
# given by the server or the system, not by the seed: tokens, unusable passwords, when the row was written
NOT_OF_THE_SEED = {"password", "phone", "created_at"}


def load(*, history=0, as_of=AS_OF, seed=1):
    """Runs the command; returns what it said."""
    told = StringIO()
    call_command("load_town", "gucheng", history=history, as_of=as_of, seed=seed, stdout=told)
    return told.getvalue()


def loaded_for_module(history):
    """A fixture: the town, committed once for all tests of a module, and what the command said."""

    @pytest.fixture(scope="module")
    def loaded(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock():
            empty = empty_tables()
            yield load(history=history)
            clear(empty)

    return loaded


def empty_tables():
    with connection.cursor() as cursor:
        filled = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT exists (SELECT FROM {table})")
            filled[table] = cursor.fetchone()[0]
    return [table for table, some in filled.items() if not some]


def clear(tables):
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")


def digest(*tables):
    """A hash over all rows of some tables as text, without what does not come from the seed."""
    seen = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in tables:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            kept = ", ".join(f'"{name}"' for name in columns if name not in NOT_OF_THE_SEED)
            cursor.execute(f"SELECT string_agg(t::text, '\n' ORDER BY t::text) FROM (SELECT {kept} FROM {table}) t")
            seen.update((cursor.fetchone()[0] or "").encode())
    return seen.hexdigest()
