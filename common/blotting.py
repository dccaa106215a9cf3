"""Taking a person's name and number out of free text that tells of something else and has to stay."""

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

BLOT = "某某"  # as long as the shortest name, so that no text outgrows its column
ERASED = "已删除"


def blot(rows, words, *names) -> int:
    """Replaces the words in text columns (`names`) of a queryset's rows; returns how many rows held one."""
    words = [word for word in words if word]
    held = Q(pk__in=[])
    for name in names:
        for word in words:
            held |= Q(**{f"{name}__contains": word})
    anew = {}
    for name in names:
        text = F(name)
        for word in words:
            text = Replace(text, Value(word), Value(BLOT))
        anew[name] = text
    return rows.filter(held).update(**anew) if words else 0


def blot_json(rows, words, name) -> int:
    """The same inside a JSON column. `rows`: a queryset without slices."""
    words = [word for word in words if word]
    if not words:
        return 0
    column, table = connection.ops.quote_name(name), connection.ops.quote_name(rows.model._meta.db_table)
    keys = list(rows.values_list("pk", flat=True))
    text = f"{column}::text"
    for _word in words:
        text = f"replace({text}, %s, %s)"
    pairs = [part for word in words for part in (word, BLOT)]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = ({text})::jsonb WHERE id = ANY(%s::bigint[])", [*pairs, keys])
        return cursor.rowcount
