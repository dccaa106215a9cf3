"""Names and codes in time: a new one from a day on, and the old one kept as a former name."""

import datetime as dt

from django.db.models import Max

from grids.models import Area, FormerName


def keep(changed, on: dt.date) -> None:
    """Keeps name and code as they were until the day, for each (area as it was, new code) whose code changes."""
    former([area for area, code in changed if code != area.code], on)


def former(areas: list[Area], on: dt.date) -> None:
    """Writes what the places bear now as former names, until the day. A name that was borne for no whole day leaves no
    row; its code stays taken by the act that gave it."""
    last = FormerName.objects.filter(area__in=areas).values_list("area").annotate(last=Max("until_day"))
    since = dict(last.values_list("area", "last"))
    rows = [
        FormerName(
            area=area, code=area.code, name=area.name, official_name=area.official_name, until_day=on,
            from_day=since.get(area.pk, area.opened_on),
        )
        for area in areas
    ]  # fmt: skip
    FormerName.objects.bulk_create(row for row in rows if row.from_day < row.until_day)
