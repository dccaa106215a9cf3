"""Rows into tables by COPY, and values of many rows changed by one statement."""

import io

from django.db import connection


def text_of(rows) -> bytes:
    """Rows (lists in the order of the columns) as COPY reads them."""
    return b"".join(line_of(row) for row in rows)


def line_of(row) -> bytes:
    return ("\t".join(map(_cell, row)) + "\n").encode()


def copy(table: str, columns, text: bytes) -> None:
    """Copies such text into a table; nothing for no rows."""
    if text:
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.BytesIO(text))


ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _cell(value):
    if isinstance(value, str):
        return value if value.isprintable() and "\\" not in value else value.translate(ESCAPES)
    if value is None:
        return r"\N"
    return ("t" if value else "f") if isinstance(value, bool) else str(value)


def copy_into_change(model, changes: list[dict], late: tuple | None = None) -> None:
    """Changes many rows ({column: value} with the id, each its own columns) by one statement. Rows in which the column
    `late` names becomes its value follow in a second one: what only one row may be passes from one to another."""
    if not changes:
        return
    columns = sorted({column for row in changes for column in row} - {"id"})
    table, quoted = f"roster_{model._meta.model_name}", model._meta.db_table
    flags = [f"has_{column}" for column in columns]
    rows = ([row["id"], *(row.get(one) for one in columns), *(one in row for one in columns)] for row in changes)
    sets = ", ".join(f"{one} = CASE WHEN c.has_{one} THEN c.{one} ELSE t.{one} END" for one in columns)
    waits = f"(c.has_{late[0]} AND c.{late[0]} = '{late[1]}')" if late and late[0] in columns else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT id, {', '.join(columns)}, "
            f"{', '.join(f'false AS {flag}' for flag in flags)} FROM {quoted} WHERE false"
        )
        copy(table, ["id", *columns, *flags], text_of(rows))
        for clause in [f"NOT {waits}", waits] if waits else ["true"]:
            cursor.execute(f"UPDATE {quoted} t SET {sets} FROM {table} c WHERE c.id = t.id AND {clause}")
        cursor.execute(f"DROP TABLE {table}")
