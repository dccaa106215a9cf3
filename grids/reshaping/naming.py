"""Names and codes in time: a new one from a day on, and the old one kept as a former name."""

import datetime as dt

from django.db import connection

from grids.models import Area


def keep(changed, on: dt.date) -> None:
    """Keeps name and code as they were until the day, for each (area as it was, new code) whose code changes."""
    former([area for area, code in changed if code != area.code], on)


def former(areas: list[Area], on: dt.date) -> None:
    """Writes what the places bear now as former names, until the day. A name that was borne for no whole day leaves no
    row; its code stays taken by the act that gave it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO grids_formername (area_id, code, name, official_name, from_day, until_day)
            SELECT a.id, a.code, a.name, a.official_name, coalesce(f.last, a.opened_on), %(on)s FROM grids_area a
            LEFT JOIN (SELECT area_id, max(until_day) AS last FROM grids_formername WHERE area_id = ANY(%(ids)s)
                GROUP BY area_id) f ON f.area_id = a.id
            WHERE a.id = ANY(%(ids)s) AND coalesce(f.last, a.opened_on) < %(on)s""",
            {"on": on, "ids": [area.pk for area in areas]},
        )
