"""Rows of a raw SELECT as dicts."""

from django.db import connection


def fetch(sql: str, values) -> list[dict]:
    """Runs a SELECT; one dict per row, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
