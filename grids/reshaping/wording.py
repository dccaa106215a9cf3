"""Acts on the tree in plain words, for the history of a place and the list of a town."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from grids.models import Area, AreaAct
from grids.reshaping import reversing

State = AreaAct.State
TONES = {State.PLANNED: "warn", State.DONE: "good", State.FAILED: "bad"}


@dataclass
class Told:
    """One act in words; `why_not` says why it cannot be taken back, where that was asked."""

    act: AreaAct
    words: str
    reversed_on: object = None
    reversed_by: str = ""
    why_not: str | None = None

    @property
    def tone(self):
        return TONES.get(self.act.state, "calm")


def of_place(area: Area, limit=20) -> list[Told]:
    """The last acts that changed a place or what lies directly below it, newest first."""
    ids = [area.pk, *area.children.values_list("pk", flat=True)]
    mine = Q(areas__overlap=ids) | Q(kind="open", terms__parent=area.pk) | Q(kind="move", terms__parent=area.pk)
    return tell(AreaAct.objects.filter(mine, town=area.town_id or area.pk), limit)


def of_town(town: Area, limit=100) -> list[Told]:
    """The acts of a town: the planned ones by their day, then the others, newest first."""
    return tell(AreaAct.objects.filter(town=town), limit)


def tell(acts, limit) -> list[Told]:
    """Acts in words, newest first; acts that took others back stand with those."""
    rows = acts.exclude(kind=AreaAct.Kind.REVERSE).select_related("by", "withdrawn_by", "reversal__by")
    rows = list(rows.order_by("-on", "-pk")[:limit])
    named = _names(rows)
    found = []
    for row in rows:
        told = Told(row, _SAID[row.kind](row, named))
        if row.state == State.REVERSED:
            told.reversed_on = row.reversal.on
            told.reversed_by = row.reversal.by.name if row.reversal.by else ""
        found.append(told)
    return found


def with_reasons(found: list[Told]) -> list[Told]:
    """Asks of every act that was carried out whether it could be taken back."""
    for told in found:
        if told.act.state == State.DONE:
            told.why_not = reversing.why_not(told.act)
    return found


def _names(rows):
    """Area id -> 东良村第一网格 (code), of every place the acts speak of."""
    ids = set()
    for row in rows:
        ids |= {*row.areas, *row.outcome.get("opened", [])}
        ids |= {value for key in ("area", "parent") if (value := row.terms.get(key))} | set(row.terms.get("areas", []))
        ids |= {pk for part in row.terms.get("parts", []) for pk in part.get("areas") or []}
    return dict(Area.objects.filter(pk__in=ids).values_list("pk", "name"))


def _list(names):
    return _(", ").join(names)


def _opened(row, named):
    words = {"name": row.terms["name"], "code": row.terms["code"], "parent": named.get(row.terms["parent"], "")}
    return _("%(name)s (%(code)s) opened below %(parent)s") % words


def _moved(row, named):
    words = {"area": named.get(row.terms["area"], ""), "parent": named.get(row.terms["parent"], ""),
             "code": row.terms["code"]}  # fmt: skip
    return _("%(area)s moved below %(parent)s, code %(code)s") % words


def _merged(row, named):
    names = _list(named.get(pk, "") for pk in row.terms["areas"])
    words = {"names": names, "name": row.terms["name"], "code": row.terms["code"]}
    return _("%(names)s merged into %(name)s (%(code)s)") % words


def _split(row, named):
    parts = _list(f"{part['name']} ({part['code']})" for part in row.terms["parts"])
    words = {"area": named.get(row.terms["area"], ""), "parts": parts}
    if row.terms.get("keeps"):
        return _("%(area)s gave away to %(parts)s") % words
    return _("%(area)s split into %(parts)s") % words


def _ended(row, named):
    return _("%(area)s ended") % {"area": named.get(row.terms["area"], "")}


def _renamed(row, named):
    area, code, name, official = row.outcome.get("renamed") or [0, "", named.get(row.terms["area"], ""), ""]
    words = {"was": name, "code_was": code, "name": row.terms["name"], "code": row.terms["code"]}
    correct = row.kind == AreaAct.Kind.CORRECT
    if name != row.terms["name"]:
        return (_("name corrected: %(was)s → %(name)s") if correct else _("renamed: %(was)s → %(name)s")) % words
    if code and code != row.terms["code"]:
        text = _("code corrected: %(code_was)s → %(code)s") if correct else _("new code: %(code_was)s → %(code)s")
        return text % words
    return _("official name of %(name)s changed") % words


_SAID = {
    "open": _opened, "move": _moved, "merge": _merged, "split": _split, "end": _ended, "rename": _renamed,
    "correct": _renamed,
}  # fmt: skip
