"""What ledgers say to acts on places: their drafts hang at villages, and what is signed may not be corrected."""

from django.utils.translation import gettext as _

from common.fields import subtree
from common.periods import WEEK, Period
from grids.changes import Hanging
from ledgers.models import WeeklyLedger


def until(area):
    """The last day of the last week in force of the area's village (of a town: of any of its villages), or None."""
    signed = WeeklyLedger.objects.filter(state__in=WeeklyLedger.IN_FORCE)
    signed = signed.filter(village=area.village_id) if area.village_id else signed.filter(town=area)
    week = signed.order_by("-week").values_list("week", flat=True).first()
    return Period(WEEK, week).last if week else None


def hanging(area) -> list[Hanging]:
    """Ledgers of a village that are drafted and not signed."""
    drafts = WeeklyLedger.objects.filter(subtree(area.path, "area_path"), state=WeeklyLedger.State.DRAFT)
    return [Hanging("drafts", _("ledgers not signed yet"), drafts.count())]
