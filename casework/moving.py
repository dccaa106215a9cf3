"""What an act on the tree of places does to cases: where they lie today follows the place; where they were found, and
so where they count, never changes (requirements C9)."""

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from casework.models import Case, Spell
from common import clock
from common.fields import subtree
from grids.changes import Hanging, Upheaval, rewrite_paths

paths = rewrite_paths(Case)
OPEN = "EXISTS (SELECT 1 FROM casework_spell s WHERE s.case_id = k.id AND s.closed_on IS NULL)"
# found on or after the day of the act: counts where the place lay on that day
FOUND_SINCE = """UPDATE casework_case k SET town_id = a.town_id, village_id = a.village_id, grid_id = a.grid_id
    FROM grids_area a WHERE a.id = k.area_id AND a.path = k.area_path AND a.id = ANY(%(areas)s::bigint[])
    AND k.opened_on >= %(on)s
    AND (k.town_id, k.village_id, k.grid_id) IS DISTINCT FROM (a.town_id, a.village_id, a.grid_id)"""
INHERITED = f"""UPDATE casework_case k SET area_path = a.path
    FROM unnest(%(ended)s::bigint[], %(heirs)s::bigint[]) u(ended, heir) JOIN grids_area e ON e.id = u.ended
    JOIN grids_area a ON a.id = u.heir WHERE k.area_path = e.path AND {OPEN}"""
COME_BACK = f"""UPDATE casework_case k SET area_path = a.path FROM grids_area a
    WHERE a.id = k.area_id AND a.id = ANY(%(reopened)s::bigint[]) AND k.area_path <> a.path AND {OPEN}"""


def carry(upheaval: Upheaval) -> None:
    """Carries cases along; open ones of a place that ended lie at its heir."""
    paths(upheaval)
    values = {
        "on": upheaval.on, "areas": upheaval.areas, "reopened": upheaval.reopened,
        "ended": list(upheaval.heirs), "heirs": [area.pk for area in upheaval.heirs.values()],
    }  # fmt: skip
    with connection.cursor() as cursor:
        for sql, wanted in ((FOUND_SINCE, "areas"), (INHERITED, "ended"), (COME_BACK, "reopened")):
            if values[wanted]:
                cursor.execute(sql, values)
    for old, new in upheaval.posts.items():
        Case.objects.filter(responsible=old).filter(spells__closed_on__isnull=True).update(responsible=new)


def hanging(kind: str, label: str, list_name: str):
    """The entry of one kind of case: how many open ones lie at a place, with their list."""

    def entry(area):
        lying = Spell.objects.filter(subtree(area.path, "case__area_path"), case__kind=kind)
        found = lying.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=clock.today()))
        url = f"{reverse(list_name)}?area={area.code}&lying=on&open_on={clock.today().isoformat()}"
        return [Hanging(kind, label, found.count(), url, holds=True)]

    return entry


def recorded(areas, since, _kept) -> list[str]:
    """Cases opened at these places since."""
    opened = Case.objects.filter(area__in=areas, opened_on__gte=since).count()
    return [ngettext("%(n)d case", "%(n)d cases", opened) % {"n": opened}] if opened else []
