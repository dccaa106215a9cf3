"""One question to one address, asked and rolled back, and its answer, readable byte by byte."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from django.db import connection, transaction
from django.urls import reverse
from django.utils.html import escape

from common import clock
from tests.access.world import TODAY, everything_written, fresh, readable

NOBODY = 2_000_000_000  # rows with numbers from here on do not exist
# what differs from one answer to the next without telling anything: form tokens, ids made for a form, signed times
NOISE = re.compile(
    rb'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+|(?<=csrf-token" content=")\w+'
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
)
TOUCHED = """
    select string_agg(relname || ' ' || (n_tup_ins + n_tup_upd + n_tup_del), ',' order by relname)
    from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0 and relname <> 'django_session'
"""


@dataclass
class Answer:
    """`told` is every byte that may be read: heads and body, of an .xlsx its unpacked parts."""

    address: str
    status: int
    told: bytes
    body: bytes
    heads: dict = field(default_factory=dict)
    wrote: bool = False

    def plain(self, *echoes) -> bytes:
        """What is told, without tokens and without what the question itself said."""
        text = NOISE.sub(b"*", re.sub(rb"(?mi)^(set-cookie|content-length|expires|location):.*$", b"", self.told))
        echoes = {self.address, *echoes}
        echoes |= {quote(echo) for echo in echoes} | {escape(echo) for echo in echoes}
        for echo in sorted(echoes | {quote(echo) for echo in echoes}, key=len, reverse=True):
            text = text.replace(echo.encode(), b"?")
        return text


def first_difference(one: bytes, other: bytes) -> str:
    """Where two answers part, with some words around it; nothing for equal ones."""
    if one == other:
        return ""
    n = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return " <> ".join(text[max(n - 60, 0) : n + 60].decode(errors="replace") for text in (one, other))


@contextmanager
def rolled_back():
    """At ten o'clock; whatever is written inside is undone."""
    with clock.standing_at(clock.at(TODAY, 10)), transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client, method, address, said=None, *, json=False, heads=None, written=None) -> Answer:
    """The answer; `written` is the digest of before, where it matters whether anything was written."""
    kind = {"content_type": "application/json"} if json and said is not None else {}
    before = touched()
    ask = getattr(fresh(client), method.lower())
    answer = ask(address, *([said] if said is not None else []), headers=heads or {}, **kind)
    wrote = touched() != before and (written is None or everything_written() != written)
    told = readable(answer)
    body = b"" if answer.streaming else answer.content
    return Answer(address, answer.status_code, told, body, dict(answer.headers), wrote)


def touched():
    """How many rows this transaction has written so far, by table: cheaper than reading all of them."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return cursor.fetchone()[0]


def address_of(name, row, corner, args=None):
    return reverse(name, args=row.args(corner) if args is None else args) + row.query(corner)


def ask(world, client, name, row, corner, method=None) -> Answer:
    """The answer to one row of the table, rolled back; with another method than the row's own nothing is sent."""
    own = "GET" if row.post is None else "POST"
    method = method or own
    said = row.post(corner) if method == own == "POST" else None
    with rolled_back():
        return send(
            client, method, address_of(name, row, corner), said, json=row.json,
            written=world.written if method != "GET" else None,
        )  # fmt: skip
