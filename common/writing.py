"""Writing a row only if no unique rule is against it, in one statement and without an error to catch."""

from django.db import connection


def insert_unless_there(row) -> bool:
    """INSERT … ON CONFLICT DO NOTHING for a new model instance; sets its primary key and returns True when the row was
    written, False when an equal one stands there (a parallel writer is waited for)."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    key = quote(row._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(row._meta.db_table)} ({names}) VALUES ({marks}) "
            f"ON CONFLICT DO NOTHING RETURNING {key}",
            values,
        )
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return True
