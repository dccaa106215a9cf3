"""What the roster itself keeps of a person: his stays, needs, and who looked at him; told and erased on request."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from common import histories, sealed
from common.blotting import ERASED, blot
from households.models import Household, Need, Resident

EMPTY = {
    "name": ERASED, "sex": "", "birth_year": None, "away_to": "", "away_since": None, "phone": "", "phone_index": "",
    "phone_tail": "", "id_number": "", "id_number_index": "", "id_number_tail": "",
}  # fmt: skip


def tell(subject):
    """His rows with everything in them, what was asked for him, and every look that was taken at him in clear."""
    yield _("Roster"), [_stay(row) for row in subject.rows]
    needs = Need.objects.filter(resident__in=subject.rows).select_related("kind")
    yield _("Needs the family stated"), [f"{need.from_day} {need.kind} {need.stated_by}" for need in needs]
    seen = _entries(subject).select_related("user").order_by("at")
    looks = [f"{one.at:%Y-%m-%d %H:%M} {one.user or ''} {one.act} {one.reason}" for one in seen]
    yield _("Who saw or changed it"), looks


def _stay(row):
    said = [
        row.household.code, row.household.address, row.name, row.get_relation_display(), row.get_sex_display(),
        str(row.birth_year or ""), f"{row.from_day} – {row.until_day or ''}", row.away_to,
        sealed.opened(row, "phone") if row.phone else "", sealed.opened(row, "id_number") if row.id_number else "",
    ]  # fmt: skip
    return " ".join(word for word in said if word)


def erase(subject):
    """Rows and history are emptied; the household goes on under another name, the counted rows stay."""
    person = subject.rows[0].sealing_id
    rows = Resident.objects.filter(sealing_id=person)
    homes = Household.objects.filter(pk__in=subject.homes)
    with histories.silent_for(Resident, Household, Need), histories.open_for(Resident, Household, Need):
        Need.pgh_event_model.objects.filter(resident__in=subject.rows).delete()
        Need.objects.filter(resident__in=subject.rows).delete()
        for needs in (Need.objects, Need.pgh_event_model.objects):
            blot(needs.filter(household__in=subject.homes), subject.words, "stated_by")
        anonymous = EMPTY | {"sealing_id": uuid.uuid4()}
        Resident.pgh_event_model.objects.filter(sealing_id=person).update(**anonymous)
        rows.update(**anonymous, pinyin="", initials="")
        homes.filter(name__in=subject.names).update(name=ERASED, pinyin="", initials="")
        homes.filter(contact__in=subject.rows).update(contact=None)
        events = Household.pgh_event_model.objects.filter(pgh_obj__in=subject.homes)
        events.filter(name__in=subject.names).update(name=ERASED)
        for found in (homes, events):
            blot(found, subject.words, "address")
    with histories.opened("accounts.AuditEntry:append_only"):
        blot(_entries(subject), subject.words, "reason")
    return []


def _entries(subject):
    people = Q(table=Resident._meta.label, row__in=[str(row.pk) for row in subject.rows])
    homes = Q(table=Household._meta.label, row__in=[str(pk) for pk in subject.homes])
    return AuditEntry.objects.filter(people | homes)
