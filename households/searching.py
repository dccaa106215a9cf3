"""Finding households as people type: a name, its sound or initials, a house number, a code, the tail of a phone."""

import re

from django.db.models import Q

from common import sealed
from households.models import Resident

TAIL, WHOLE = 4, 7  # digits: the last four of a phone, or all of it
LATIN = re.compile(r"[a-z][a-z ']*", re.IGNORECASE)


def matching(text: str, *, area_path: str) -> Q:
    """The households that answer to what was typed. People are looked for only below `area_path`, so that the search
    stays in the index of the place."""
    text = " ".join(text.split())
    said = Q(code__icontains=text)
    if text.isdigit():
        said |= Q(address__istartswith=text)
    else:
        said |= Q(name__icontains=text) | Q(address__icontains=text) | _sounds(text)
    people = _people(text)
    if people is not None:
        rows = Resident.objects.current().filter(people, area_path__gte=area_path, area_path__lt=area_path + "~")
        said |= Q(pk__in=rows.values("household"))
    return said


def _people(text):
    digits = text.replace(" ", "").replace("-", "")
    if digits.isdigit():
        if len(digits) == TAIL:
            return Q(phone_tail=sealed.blind_tail(digits, purpose="phone"))
        return Q(phone_index=sealed.blind(digits, purpose="phone")) if len(digits) >= WHOLE else None
    return Q(name__icontains=text) | _sounds(text)


def _sounds(text):
    """zhangsan, zhang san, zs."""
    if not LATIN.fullmatch(text):
        return Q()
    heard = text.lower().replace("'", " ")
    joined = heard.replace(" ", "")
    syllables = r"\s?".join(re.escape(letter) for letter in joined)
    return Q(initials__startswith=joined) | Q(pinyin__regex=rf"^{syllables}")
