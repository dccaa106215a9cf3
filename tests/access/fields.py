"""Everything a person could write into an act beside what it asks for: numbers of rows, places, states, rights, seals.

An act is done twice as it should be, to see what is new every time, and once with all of that added: the rows it leaves
must be the same. Then it is done with the rows of other places in the fields it does ask for."""

import json

from django.db import connection, models
from django.forms import BaseForm
from rest_framework.serializers import Serializer

from tests.access import TABLE, tally
from tests.access.asking import TOUCHED, address_of, rolled_back, send
from tests.access.rows import ANYBODY
from tests.access.twins import stored

# writes something that is not looked at, to learn from which number on the database calls rows new
MARK = """
    UPDATE django_session SET session_data = session_data
    WHERE session_key = (SELECT min(session_key) FROM django_session) RETURNING xmin::text::bigint
"""
# sent with every act, whatever it writes
ALWAYS = {
    "id": 1, "pk": 1, "user": 1, "by": 1, "is_active": "on", "is_staff": "on", "is_superuser": "on", "role": "50",
    "state": "settled", "area": 1, "area_id": 1, "area_path": "000001", "village": 1, "village_id": 1, "town_id": 1,
    "registered_by": 1, "registered_by_id": 1, "version": "9", "sha256": "0" * 64, "password": "x", "username": "root",
    "home_code": "140429105000", "sessions_ended": "9", "number": "MD-104-20261118-999", "opened_on": "2020-01-01",
}  # fmt: skip
# fields of an act that name a row: what somebody of another place would write there
FOREIGN = {
    "area": lambda c: [c.grid.pk, c.grid.code, c.village.pk], "person": lambda c: [c.member.pk, c.worker.pk],
    "to": lambda c: [c.worker.pk, c.member.pk], "stand_in": lambda c: [c.desk.pk, c.worker.pk],
    "villages": lambda c: [c.village.pk], "household": lambda c: [c.household.code, c.household.pk],
    "of": lambda c: [c.dispute.case.number, c.village_dispute.case.number], "parent": lambda c: [c.village.pk],
    "into": lambda c: [c.grid.pk], "mediator": lambda c: [c.worker.pk], "responsible": lambda c: [c.worker_post.pk],
}  # fmt: skip


def acts():
    """The rows of the table that write: (address, number of the row)."""
    return [
        (name, number) for name, rows in TABLE.items() for number, row in enumerate(rows)
        if row.post and row.at and row.who and row.who != ANYBODY
    ]  # fmt: skip


def asked_names(monkeypatch) -> set:
    """Fills itself with the names that forms and serializers take out of what was sent."""
    names, full_clean, taken_in = set(), BaseForm.full_clean, Serializer.to_internal_value

    def clean(form):
        names.update(form.add_prefix(name) for name in form.fields if form.is_bound)
        return full_clean(form)

    def take(serializer, said):
        names.update(serializer.fields)
        return taken_in(serializer, said)

    monkeypatch.setattr(BaseForm, "full_clean", clean)
    monkeypatch.setattr(Serializer, "to_internal_value", take)
    return names


class Act:
    """One act by one role at its own place, done again and again and always rolled back."""

    def __init__(self, world, name, number, letter):
        self.world, self.name, self.row, self.letter = world, name, TABLE[name][number], letter
        self.said = self.row.post(world.own)
        self.new_every_time = set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
            self.counters = [(name, last or 1) for name, last in cursor.fetchall()]

    def done(self, more=None, instead=None):
        """(status, rows written) with more fields, everywhere in what is sent, or with others instead."""
        said = _everywhere(self.said, more or {}) | (instead or {})
        client = self.world.clients[self.world.people[self.letter].pk]
        with rolled_back(), connection.cursor() as cursor:
            for name, last in self.counters:  # so that new rows have the same numbers every time
                cursor.execute("SELECT setval(%s::regclass, %s)", [name, last])
            cursor.execute(MARK)
            since = cursor.fetchone()[0]
            before = _touched(cursor)
            answer = send(client, "POST", address_of(self.name, self.row, self.world.own), said, json=self.row.json)
            return answer.status, self._written(cursor, before, since)

    def _written(self, cursor, before, since):
        found = []
        for table in sorted({line.rsplit(" ", 1)[0] for line in _touched(cursor) - before}):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE xmin::text::bigint >= %s", [since])
            for (row,) in cursor.fetchall():
                row = json.loads(row) if isinstance(row, str) else row
                kept = {key: value for key, value in row.items() if (table, key) not in self.new_every_time}
                found.append((table, json.dumps(kept, sort_keys=True)))
        return sorted(found)

    def usual(self):
        """(status, rows) of the act as it should be; from here on without what is new every time."""
        _status, one = self.done()
        _status, other = self.done()
        for (table, before), (_table, after) in zip(one, other, strict=True):
            before, after = json.loads(before), json.loads(after)
            self.new_every_time |= {(table, key) for key in before if before[key] != after.get(key)}
        return self.done()


def _touched(cursor):
    cursor.execute(TOUCHED)
    return set((cursor.fetchone()[0] or "").split(","))


def _everywhere(said, more):
    """With more fields also inside the things of a list; files from their beginning."""
    for value in said.values():
        if hasattr(value, "seek"):
            value.seek(0)
    inside = {
        key: [_everywhere(one, more) if isinstance(one, dict) else one for one in value]
        for key, value in said.items() if isinstance(value, list)
    }  # fmt: skip
    return more | said | inside


def extra(rows, asked) -> dict:
    """The fields nobody asked for, of every table an act writes, with values that would be right there."""
    tables = {table for table, _row in rows}
    found = dict(ALWAYS)
    for model in stored():
        if model._meta.db_table in tables:
            for field in model._meta.concrete_fields:
                found |= dict.fromkeys([field.name, field.attname], _value(field))
    return {key: value for key, value in found.items() if key not in asked and value is not None}


def _value(field):
    if field.is_relation:
        return field.related_model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    if field.choices:
        return field.flatchoices[-1][0]
    kinds = [
        (models.BooleanField, "on"), (models.DateTimeField, "2020-01-01T00:00:00+08:00"),
        (models.DateField, "2020-01-01"), (models.IntegerField, "7"), (models.JSONField, "{}"),
        (models.UUIDField, "00000000-0000-4000-8000-000000000001"),
    ]  # fmt: skip
    return next((value for kind, value in kinds if isinstance(field, kind)), "QWERTY")


def added_to(world, name, number, letter, monkeypatch, allowed) -> list[str]:
    """What an act took that it does not ask for, and what it asks for that is not `allowed`."""
    with monkeypatch.context() as patch:
        asked = asked_names(patch)
        act = Act(world, name, number, letter)
        usual = act.usual()
    if usual[0] != act.row.ok:
        return [f"{letter} {name}: {usual[0]}, not {act.row.ok}"]
    asked |= set(act.said)
    found = [f"{name} asks for {more}, which its list does not know" for more in sorted(asked - set(allowed))]
    more = extra(usual[1], asked | set(allowed))
    tally.count("acts")
    tally.count("fields", len(more))
    if act.done(more) != usual:
        taken = [key for key, value in more.items() if act.done({key: value}) != usual]
        tally.count("accepted", len(taken) or 1)
        found += [f"{letter} {name} takes {key}" for key in taken or ["several together"]]
    return found


def of_elsewhere(world, name, number, letter, allowed) -> list[str]:
    """The rows of other places that an act took in the fields it asks for."""
    act, found = Act(world, name, number, letter), []
    for corner in world.outside(world.people[letter]):
        for key in sorted(set(FOREIGN) & set(allowed)):
            for value in FOREIGN[key](corner):
                tally.count("foreign")
                status, rows = act.done(instead={key: value})
                taken = any(corner.mark in row or corner.village.code in row for _table, row in rows)
                if taken or (key in act.said and status == act.row.ok):
                    tally.count("foreign_accepted")
                    found.append(f"{letter} {name} takes {key}={value} of {corner.mark}")
    return found
