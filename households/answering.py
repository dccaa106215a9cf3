"""What a person may ask of whoever keeps his data (PIPL art. 44 to 47): to see all of it, and to have it erased.

Each floor enters its own part. Erasing empties rows and their history and keeps what counts: facts, ledgers and seals
hold no names. What the law makes the town keep is not erased but named."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from accounts import audit
from common import sealed
from grids import access
from grids.changes import Register
from households.models import Resident


@dataclass
class Subject:
    """The person who asks, as the floors can find him: the rows of all his stays, his names, the blind indexes and the
    clear numbers that may stand in texts, the households he belonged to, the cases known to be about these."""

    rows: list[Resident]
    names: set[str]
    phone_indexes: set[str]
    numbers: set[str]
    homes: set[int]
    villages: set[int]
    cases: set[int] = field(default_factory=set)

    @property
    def words(self) -> list[str]:
        """What is taken out of texts, the longest first."""
        return sorted(self.names | self.numbers, key=len, reverse=True)


@dataclass(frozen=True)
class Part:
    """What a floor knows of a person. `tell(subject)` gives (heading, lines of text) pairs; `erase(subject)` empties it
    and returns in words what has to stay, and why."""

    tell: Callable
    erase: Callable
    cases: Callable = lambda subject: set()


parts = Register()


def subject_of(resident: Resident) -> Subject:
    """Everything by which the person is found."""
    stays = Resident.objects.filter(sealing_id=resident.sealing_id).order_by("from_day")
    rows = list(stays.select_related("household"))
    history = Resident.pgh_event_model.objects.filter(sealing_id=resident.sealing_id)
    names = {row.name for row in rows} | set(history.values_list("name", flat=True))
    indexes = {row.phone_index for row in rows} | set(history.values_list("phone_index", flat=True))
    subject = Subject(
        rows=rows, names=names, phone_indexes=indexes - {""},
        numbers={sealed.opened(row, name) for row in rows for name in ("phone", "id_number") if getattr(row, name)},
        homes={row.household_id for row in rows}, villages={row.household.village_id for row in rows},
    )  # fmt: skip
    subject.cases = {case for part in parts.values() for case in part.cases(subject)}
    return subject


@transaction.atomic
def tell(*, resident: Resident, by, reason: str) -> list[tuple[str, list[str]]]:
    """All that is kept of the person, floor by floor; on record."""
    _allow(resident, by)
    place = resident.household.village.code
    audit.record(by, "person_tell", row=resident, area_code=place, reason=reason)
    subject = subject_of(resident)
    return [told for part in parts.values() for told in part.tell(subject) if told[1]]


@transaction.atomic
def erase(*, resident: Resident, by, reason: str) -> list[str]:
    """Erases the person everywhere it may be; returns in words what has to stay. `reason` must not name the person:
    it is blotted out where it does."""
    _allow(resident, by)
    subject = subject_of(resident)
    kept = [words for part in parts.values() for words in part.erase(subject)]
    for word in subject.words:
        reason = reason.replace(word, "")
    place = resident.household.village.code
    audit.record(by, "person_erase", row=resident, area_code=place, reason=reason)
    return kept


def _allow(resident, by):
    if by is not None:
        access.require(by, "roster.answer", resident.household)
