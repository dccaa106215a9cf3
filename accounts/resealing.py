"""Changing the sealing key while everybody works: what is sealed under an older key is sealed anew, in small batches.

The first of GOV_SEALING_KEYS seals, all of them open. So a new key is put in front, the platform restarted, this run,
and when nothing rests under the old key it is taken out. Broken off, it goes on where it stopped. The blind indexes are
under a key of their own and stay."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from accounts import held, second_factor
from accounts.models import Authenticator, HeldFile
from common import histories, sealed
from common.sealed import SealedField

A_BATCH = 500  # rows: short enough that nobody waits for them


@dataclass(frozen=True)
class Column:
    """A sealed column of a table, or of the history of one; `owner` is the model whose name stands in the tokens."""

    model: type[models.Model]
    owner: type[models.Model]
    name: str

    def __str__(self):
        return f"{self.model._meta.label}.{self.name}"

    @property
    def is_history(self) -> bool:
        return self.model is not self.owner

    def under_other_keys(self):
        """Rows with a token that does not carry the first key."""
        rows = self.model._default_manager.exclude(**{self.name: ""})
        return rows.exclude(**{f"{self.name}__startswith": f"{sealed.current_key()}."})


def columns() -> list[Column]:
    """Every sealed column there is."""
    return [
        Column(model, getattr(model, "pgh_tracked_model", model), field.name)
        for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, SealedField)
    ]  # fmt: skip


def rest() -> dict[str, int]:
    """How many tokens lie under another key than the first, by column; all zeros: the others may be taken out."""
    found = {str(column): column.under_other_keys().count() for column in columns()}
    found["accounts.Authenticator.secret"] = len(_authenticators())
    found["accounts.HeldFile.content"] = len(_held())
    return found


def reseal(say: Callable[[str, int], None] = lambda name, done: None, batch=A_BATCH) -> int:
    """Seals everything under the first key; returns how many tokens changed. What somebody writes meanwhile stands:
    a token is only replaced where it is still the one that was read. Raises SealBroken for a token no key opens."""
    total = sum(_column(column, say, batch) for column in columns())
    for app in _authenticators():
        place = second_factor.place_of(app.user)
        token = sealed.seal(sealed.unseal(app.secret, place=place), place=place)
        total += Authenticator.objects.filter(pk=app.pk, secret=app.secret).update(secret=token)
    for file in _held():
        place = held.place_of(file)
        token = sealed.seal_bytes(sealed.unseal_bytes(file.content, place=place), place=place)
        total += HeldFile.objects.filter(pk=file.pk).update(content=token)
    return total


def _column(column, say, batch):
    key = column.model._meta.pk.attname
    done, last = 0, None
    while True:
        rows = column.under_other_keys().order_by("pk")
        rows = rows.filter(pk__gt=last) if last is not None else rows
        found = list(rows.values_list(key, "sealing_id", column.name)[:batch])
        if not found:
            return done
        last = found[-1][0]
        done += _batch(column, found)
        say(str(column), done)


def _batch(column, found):
    """One short transaction: tokens that are still as they were read are replaced, without a line in the history."""
    label = column.owner._meta.label_lower
    anew = []
    for _pk, sealing_id, token in found:
        place = f"{label}.{column.name}:{sealing_id}"
        anew.append(sealed.seal(sealed.unseal(str(token), place=place), place=place))
    quote = connection.ops.quote_name
    table, name = quote(column.model._meta.db_table), quote(column.name)
    key = quote(column.model._meta.pk.column)
    with transaction.atomic(), _unwatched(column), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {table} t SET {name} = v.anew FROM unnest(%s::bigint[], %s::text[], %s::text[]) v(pk, old, anew)
            WHERE t.{key} = v.pk AND t.{name} = v.old""",
            [[row[0] for row in found], [str(row[2]) for row in found], anew],
        )
        return cursor.rowcount


def _unwatched(column):
    if column.is_history:
        return histories.open_for(column.owner)
    return histories.silent_for(column.owner)


def _authenticators():
    rows = Authenticator.objects.select_related("user")
    return [row for row in rows if not row.secret.startswith(f"{sealed.current_key()}.")]


def _held():
    first = f"{sealed.current_key()}.".encode()
    return [row for row in HeldFile.objects.all() if not bytes(row.content).startswith(first)]
