"""What an act on the tree of places does to reports, findings and visits: where they lie today follows the place, where
they counted on their day stays."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from grids.changes import Upheaval, rewrite_paths
from screening.models import DailyReport, Finding, Visit

TABLES = [rewrite_paths(model) for model in (DailyReport, Finding, Visit)]
# filed for the day of the act or later, before it was carried out: counts where the place lay on that day
FILED_SINCE = """UPDATE screening_dailyreport r SET town_id = a.town_id, village_id = a.village_id FROM grids_area a
    WHERE a.id = r.area_id AND a.path = r.area_path AND a.id = ANY(%(areas)s::bigint[]) AND r.day >= %(on)s
    AND (r.town_id, r.village_id) IS DISTINCT FROM (a.town_id, a.village_id)"""
FOUND_SINCE = """UPDATE screening_finding f SET town_id = r.town_id, village_id = r.village_id
    FROM screening_dailyreport r JOIN grids_area a ON a.path = r.area_path
    WHERE r.id = f.report_id AND a.id = r.area_id AND a.id = ANY(%(areas)s::bigint[]) AND r.day >= %(on)s
    AND (r.town_id, r.village_id) IS DISTINCT FROM (f.town_id, f.village_id)"""
VISITED_SINCE = """UPDATE screening_visit v SET town_id = a.town_id, village_id = a.village_id, grid_id = a.grid_id
    FROM grids_area a WHERE a.path = v.area_path AND a.id = ANY(%(areas)s::bigint[]) AND v.day >= %(on)s
    AND (v.town_id, v.village_id, v.grid_id) IS DISTINCT FROM (a.town_id, a.village_id, a.grid_id)"""
RAISED_SINCE = """UPDATE screening_finding f SET town_id = v.town_id, village_id = v.village_id,
        grid_id = coalesce(v.grid_id, v.village_id)
    FROM screening_visit v JOIN grids_area a ON a.path = v.area_path
    WHERE v.finding_id = f.id AND f.report_id IS NULL AND a.id = ANY(%(areas)s::bigint[]) AND v.day >= %(on)s"""


def carry(upheaval: Upheaval) -> None:
    """Carries reports, findings and visits along."""
    for rewrite in TABLES:
        rewrite(upheaval)
    if upheaval.areas:
        with connection.cursor() as cursor:
            for sql in (FILED_SINCE, FOUND_SINCE, VISITED_SINCE, RAISED_SINCE):
                cursor.execute(sql, {"areas": upheaval.areas, "on": upheaval.on})


def recorded(areas, since, _kept) -> list[str]:
    """Daily reports filed for these places since, and visits paid there."""
    filed = DailyReport.objects.filter(area__in=areas, day__gte=since).count()
    paid = Visit.objects.filter(area__in=areas, day__gte=since).count()
    found = [ngettext("%(n)d daily report", "%(n)d daily reports", filed) % {"n": filed}] if filed else []
    return found + ([ngettext("%(n)d visit", "%(n)d visits", paid) % {"n": paid}] if paid else [])


def keeps_open(areas, on) -> list[str]:
    """A place for which the report of the day has come in stays until the next one: its report counts."""
    filed = DailyReport.objects.filter(area__in=areas, day__gte=on, voided_at__isnull=True).select_related("area")
    last = filed.order_by("-day").first()
    if last is None:
        return []
    words = {"area": last.area, "day": last.day.isoformat()}
    if last.day == clock.today():
        return [_("The report of %(area)s for today has come in. Let the change take effect from tomorrow.") % words]
    return [_("%(area)s has reported for %(day)s, so it was still there. Choose a later day.") % words]
