"""Where a place is found that bears another code today, or that ended because others took its place."""

from grids.models import Area, AreaAct, FormerName

DONE = AreaAct.State.DONE


def bearer(code: str) -> Area | None:
    """The place that bore the code formerly and bears another today; None where a place bears it, or none ever did. A
    code that was corrected from its first day on left no former name; the correction itself tells it."""
    if not code.isdecimal() or Area.objects.filter(code=code).exists():
        return None
    found = FormerName.objects.filter(code=code).values_list("area", flat=True).first()
    if found is None:
        acts = AreaAct.objects.filter(outcome__renamed__1=code, state=DONE).order_by("-pk")
        found = acts.values_list("outcome__renamed__0", flat=True).first()
    return Area.objects.filter(pk=found).first() if found else None


def heirs(area: Area) -> list[Area]:
    """The places opened by the merger or split that ended this one; empty for any other place."""
    if area.ended_on is None:
        return []
    acts = AreaAct.objects.filter(areas__contains=[area.pk], state=DONE, outcome__closed__contains=area.pk)
    act = acts.order_by("-pk").first()
    return list(Area.objects.filter(pk__in=act.outcome.get("opened", [])).order_by("code")) if act else []


def standing_heirs(area: Area) -> list[Area]:
    """Those places that are there in its stead today, however often it was merged and split since."""
    found, waiting, seen = [], heirs(area), set()
    while waiting:
        one = waiting.pop(0)
        if one.pk in seen:
            continue
        seen.add(one.pk)
        if one.ended_on is None:
            found.append(one)
        else:
            waiting += heirs(one)
    return found
