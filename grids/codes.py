"""What the code of an area must look like: 12-digit division codes and the grid codes that continue them.

Division codes are the statistical ones (county 6, town 9, village 12 significant digits, padded with zeros). Below the
village there is no national code; ours is numbered per village as DB6101/T 3185-2024 does it (domain handbook 3.4).
"""

from collections import Counter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids.models import Area, AreaAct, FormerName

Kind = Area.Kind
State = AreaAct.State
SKIPPED = "00"  # stands for the small grid where a town has none


def stem(kind: str, parent_code: str) -> str:
    """With what the code of an area of that kind begins, given the code it hangs from (the anchor's for a
    dedicated grid)."""
    if kind == Kind.TOWN:
        return parent_code[:6]
    if kind == Kind.VILLAGE:
        return parent_code[:9]
    if kind == Kind.DEDICATED:
        return parent_code + "9"
    if kind == Kind.MICRO_GRID and len(parent_code) == 15:
        return parent_code + SKIPPED
    return parent_code


LENGTH = {
    Kind.COUNTY: 12,
    Kind.TOWN: 12,
    Kind.VILLAGE: 12,
    Kind.GRID: 15,
    Kind.GROUP: 15,
    Kind.DEDICATED: 15,
    Kind.SMALL_GRID: 17,
    Kind.MICRO_GRID: 20,
}


def check(kind: str, code: str, parent_code: str = "") -> None:
    """ValidationError unless the code fits the kind and the code it hangs from."""
    if not (code.isascii() and code.isdigit() and len(code) == LENGTH[kind]):
        raise ValidationError(_("The code %(code)s must have exactly %(n)s digits."), "length", {
            "code": code, "n": LENGTH[kind],
        })  # fmt: skip
    start = stem(kind, parent_code)
    if not code.startswith(start) or not _own_part_fits(kind, code, start):
        raise ValidationError(_("The code %(code)s does not fit the place it hangs from (%(parent)s)."), "prefix", {
            "code": code, "parent": parent_code,
        })  # fmt: skip


def _own_part_fits(kind, code, start):
    """The digits after the stem name something, and a county's or town's code ends in the zeros of its level."""
    if kind == Kind.COUNTY:
        return code.endswith("000000") and code[4:6] != "00"
    if kind == Kind.TOWN:
        return code.endswith("000") and code[6:9] != "000"
    if kind in (Kind.GRID, Kind.GROUP) and len(start) == 12:
        return code[12] != "9" and code[12:] != "000"
    return len(code) - len(start) in (2, 3) and set(code[len(start) :]) != {"0"}


def used_under(start: str) -> set[str]:
    """Every code that begins so and was ever given: to a place, formerly to one, or by an act that is planned or
    done. Sequence numbers are given once."""
    used = set(Area.objects.filter(code__startswith=start).values_list("code", flat=True))
    used |= set(FormerName.objects.filter(code__startswith=start).values_list("code", flat=True))
    acts = AreaAct.objects.filter(state__in=[State.PLANNED, State.DONE, State.REVERSED], gives__len__gt=0)
    return used | {code for given in acts.values_list("gives", flat=True) for code in given if code.startswith(start)}


def following(kind: str, hangs_from: str, count: int = 1, *, beside=()) -> list[str]:
    """The next codes of a kind under a code; `beside` are codes that are being given already. ValidationError when
    the numbers are used up."""
    start, length = stem(kind, hangs_from), LENGTH[kind]
    digits = length - len(start)
    known = {code for code in used_under(start) | set(beside) if len(code) == length and _is_of(kind, code, start)}
    last = max((int(code[len(start) :]) for code in known if code.startswith(start)), default=0)
    found = [f"{start}{number:0{digits}}" for number in range(last + 1, last + count + 1)]
    if found and not (len(found[-1]) == length and _own_part_fits(kind, found[-1], start)):
        raise ValidationError(_("All numbers below %(code)s are used up. Type a code."), "full", {"code": hangs_from})
    return found


def _is_of(kind, code, start):
    """Grids and dedicated grids share the length: the digit after the village tells them apart."""
    return kind not in (Kind.GRID, Kind.GROUP) or len(start) != 12 or code[12] != "9"


def refuse_given(codes, area_id=None) -> None:
    """ValidationError for a code that is given twice, or that a place has or had (other than the area itself)."""
    twice = {code for code, times in Counter(codes).items() if times > 1}
    there = set(Area.objects.filter(code__in=codes).exclude(pk=area_id).values_list("code", flat=True))
    there |= set(FormerName.objects.filter(code__in=codes).exclude(area=area_id).values_list("code", flat=True))
    if taken := sorted(twice | there):
        raise ValidationError(
            _("The code %(code)s is given already. A code is given once and never again."), "taken", {"code": taken[0]}
        )
