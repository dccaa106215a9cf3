"""A new name or code from a day on, and the correction of a wrong one backwards, up to the last signed ledger."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from grids import changes, codes, names
from grids.models import Area, AreaAct
from grids.reshaping import ground, naming
from grids.reshaping.acts import Act, Refused, Result


class Rename(Act):
    """terms: area (id), name, official_name, code (empty: as it is). Codes below that continue it change with it."""

    kind = AreaAct.Kind.RENAME
    audited = "area_rename"

    def read(self):
        area = ground.place(self.terms["area"])
        self.changed = [area]
        ground.standing(area, self.on)
        self.name = (self.terms.get("name") or "").strip() or area.name
        self.official_name = (self.terms.get("official_name") or "").strip() or self._official(area)
        self.code = (self.terms.get("code") or "").strip() or area.code
        self._check(area)
        self.terms |= {"name": self.name, "official_name": self.official_name, "code": self.code}

    def _official(self, area):
        return self.name if area.official_name in ("", area.name) else area.official_name

    def _check(self, area):
        if (self.name, self.official_name, self.code) == (area.name, area.official_name, area.code):
            raise Refused(_("Nothing is changed by this."), "same")
        if self.code == area.code:
            return
        hangs_from = area.anchor or area.parent
        codes.check(area.kind, self.code, hangs_from.code if hangs_from else "")
        codes.refuse_given([self.code], area.pk)

    @property
    def gives(self):
        return [self.code] if self.code != self.changed[0].code else []

    def do(self):
        (area,) = self.changed
        result = Result(renamed=[area.pk, area.code, area.name, area.official_name])
        rename(area, self.on, self.name, self.official_name, self.code)
        return result


class Correct(Rename):
    """The same for a mistake: from a past day on, or from the very beginning; never within days that a signed ledger
    holds. Asks for a reason."""

    kind = AreaAct.Kind.CORRECT
    audited = "area_correct"

    def read(self):
        super().read()
        (area,) = self.changed
        if self.on > clock.today():
            raise Refused(_("A correction takes effect today or earlier."), "day")
        settled = changes.last_settled_day(area)
        if settled and self.on <= settled:
            raise Refused(
                _("A ledger is signed up to %(day)s; it stays as it was signed. Correct from the day after."), "signed",
                {"day": settled.isoformat()},
            )  # fmt: skip
        last = area.former_names.order_by("-until_day").first()
        if last and self.on < last.until_day:
            raise Refused(
                _("The name or code was changed on %(day)s already. Correct from that day on."), "former",
                {"day": last.until_day.isoformat()},
            )  # fmt: skip


def rename(area: Area, on: dt.date, name: str, official_name: str, code: str) -> None:
    """Writes the new name and code; the old ones stay as former names of the days before."""
    continuing = [] if code == area.code else list(_continuing(area))
    naming.former([area, *continuing], on)
    Area.objects.filter(pk=area.pk).update(
        name=name, official_name=official_name, code=code, pinyin=names.sound(name), initials=names.initials(name)
    )
    for other in continuing:
        Area.objects.filter(pk=other.pk).update(code=code + other.code[len(area.code) :])


def _continuing(area):
    """Open places whose code continues the area's: those below it, and dedicated grids that have their office there."""
    start = area.code
    if area.kind == Area.Kind.TOWN:
        return Area.objects.none()  # a division code of the bureau; the villages' own are corrected one by one
    mine = Q(path__startswith=area.path) | Q(anchor=area)
    return Area.objects.filter(mine, code__startswith=start, ended_on__isnull=True).exclude(pk=area.pk)
