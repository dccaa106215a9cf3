"""Takes an import back, while nothing depends on it: new rows go, changed ones are again as their history tells."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit
from common import clock, sounds
from grids import access, past
from grids.changes import PLACE
from grids.models import Area
from households.models import Household, Resident, RosterImport

State = RosterImport.State
RESTORED = {
    Household: ("name", "kind", "kind_since", "kind_source", "address", "lives_here"),
    Resident: ("name", "relation", "sex", "birth_year", "lives_here", "away_to", "away_since", "phone", "phone_index",
               "phone_tail", "id_number", "id_number_index", "id_number_tail"),
}  # fmt: skip
NAMES = {  # of what may point to a household or resident; upper floors are not known here by name
    "households.HouseholdLink": gettext_lazy("links with party members: %(n)s"),
    "households.Need": gettext_lazy("stated needs: %(n)s"),
    "households.Resident": gettext_lazy("residents who came to these households since: %(n)s"),
    "households.Household": gettext_lazy("households split off or joined since: %(n)s"),
    "": gettext_lazy("visits, cases and other records: %(n)s"),
}


def depending(row: RosterImport) -> list[str]:
    """What would lose its ground, in words; empty where the import can be taken back."""
    written = row.written
    found = _pointing(Household, written["new_homes"], written["new_people"])
    found += _pointing(Resident, written["new_people"], written["new_people"])
    for model, new, changed, last in (
        (Household, "new_homes", "changed_homes", "homes"), (Resident, "new_people", "changed_people", "people"),
    ):  # fmt: skip
        ids = [*written[new], *map(int, written[changed])]
        found += _edited(model, ids, written["last"][last])
        lost = sum(event is None for event in written[changed].values())
        if lost:
            found.append(_("%(n)s rows have no history from before.") % {"n": lost})
    return found


def _pointing(model, ids, own):
    """Rows of any table that belong to new ones: links, visits, cases, needs, whoever moved in since."""
    found = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        if not ids or not other._meta.managed or hasattr(other, "pgh_tracked_model"):
            continue
        rows = other._base_manager.filter(**{f"{relation.field.name}__in": ids})
        if other is Resident:
            rows = rows.exclude(pk__in=own)
        if count := rows.count():
            found.append(NAMES.get(other._meta.label, NAMES[""]) % {"n": count})
    return found


def _edited(model, ids, last):
    events = model.pgh_event_model.objects.filter(id__in=ids, pgh_id__gt=last)
    count = events.values("id").distinct().count() if ids else 0
    if not count:
        return []
    text = (
        ngettext("%(n)d household was changed since", "%(n)d households were changed since", count)
        if model is Household
        else ngettext("%(n)d resident was changed since", "%(n)d residents were changed since", count)
    )
    return [text % {"n": count}]


@transaction.atomic
def undo(*, row: RosterImport, by) -> RosterImport:
    """Takes the whole import back. ValidationError naming what depends on it."""
    access.require(by, "household.import", row)
    row = RosterImport.objects.select_for_update().get(pk=row.pk)
    if row.state != State.DONE:
        raise ValidationError(_("The import has gone on meanwhile. Look at it once more."), "state")
    villages = Area.objects.select_for_update(no_key=True).filter(pk__in=row.written["villages"]).order_by("pk")
    pairs = list(villages.values_list("town_id", "pk"))
    written = row.written
    homes = [*written["new_homes"], *map(int, written["changed_homes"])]
    list(Household.objects.select_for_update().filter(pk__in=homes).order_by("pk").values_list("pk"))
    if found := depending(row):
        raise ValidationError(_("It cannot be taken back: %(what)s."), "depends", {"what": "; ".join(found)})
    _restore(Household, written["changed_homes"])
    for model, new in ((Resident, "new_people"), (Household, "new_homes")):
        rows = model.objects.filter(pk__in=written[new])
        rows._raw_delete(rows.db)
    _restore(Resident, written["changed_people"])
    if written["new_homes"]:
        past.touch_villages(pairs, row.ended_at.astimezone(clock.SHANGHAI).date(), None, PLACE)
    row.state, row.undone_by, row.written = State.UNDONE, by, {}
    row.save()
    audit.record(by, "roster_undo", row=row, area_code=row.area.code)
    return row


def _restore(model, events):
    """Rows as the given entries of their history tell; who is no head any more goes first."""
    if not events:
        return
    table, history = model._meta.db_table, model.pgh_event_model._meta.db_table
    columns = RESTORED[model]
    sets = ", ".join(f"{name} = e.{name}" for name in columns)
    clauses = ["e.relation <> 'head'", "e.relation = 'head'"] if model is Resident else ["true"]
    renamed = f"""SELECT t.id, e.name FROM {table} t JOIN {history} e ON e.id = t.id AND e.pgh_id = ANY(%s)
        WHERE e.name <> t.name"""
    with connection.cursor() as cursor:
        cursor.execute(renamed, [list(events.values())])
        names = cursor.fetchall()
        for clause in clauses:
            cursor.execute(
                f"UPDATE {table} t SET {sets} FROM {history} e WHERE e.id = t.id AND e.pgh_id = ANY(%s) AND {clause}",
                [list(events.values())],
            )
        for pk, name in names:
            cursor.execute(
                f"UPDATE {table} SET pinyin = %s, initials = %s WHERE id = %s",
                [sounds.sound(name), sounds.initials(name), pk],
            )
