"""Files that wait sealed in the database for their owner, and are gone when their time is up."""

import datetime as dt

from django.http import Http404

from accounts.models import HeldFile, User
from common import clock, sealed


def keep(*, owner: User, purpose: str, name: str, content: bytes, lasts: dt.timedelta) -> HeldFile:
    """Seals a file; from `lasts` on it does not open any more. What has run out goes at this occasion."""
    forget()
    row = HeldFile(owner=owner, purpose=purpose, name=name[:120], until=clock.now() + lasts)
    row.content = sealed.seal_bytes(content, place=place_of(row))
    row.save()
    return row


def fetch(*, owner: User, purpose: str, sealing_id) -> HeldFile:
    """The owner's file; Http404 for everybody else and when its time is up."""
    found = HeldFile.objects.filter(owner=owner, purpose=purpose, sealing_id=sealing_id, until__gt=clock.now()).first()
    if found is None:
        raise Http404
    return found


def opened(row: HeldFile) -> bytes:
    return sealed.unseal_bytes(row.content, place=place_of(row))


def forget() -> int:
    """Deletes what has run out."""
    return HeldFile.objects.filter(until__lte=clock.now()).delete()[0]


def place_of(row):
    return f"accounts.heldfile:{row.owner_id}:{row.sealing_id}"
