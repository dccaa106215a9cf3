"""Benchmark of taking over a province's list of divisions, against a bare COPY of the same rows."""

import csv
import io

from django.db import connection, transaction

from governance.bench.measure import Line, best, sql
from grids import divisions
from grids.divisions import Row

PREFECTURES, COUNTIES, TOWNS, VILLAGES = 11, 121, 1_352, 21_895  # of Shanxi, as the list of 2022 has them
SIZE = 1 + PREFECTURES + COUNTIES + TOWNS + VILLAGES


def province() -> list[Row]:
    """23,380 invented divisions in the shape of a real province; the code 99 is given to none."""
    rows = [Row("990000000000", "试验省", 1, "")]
    prefectures = [f"99{n:02}00000000" for n in range(1, PREFECTURES + 1)]
    counties = [f"{prefectures[n % PREFECTURES][:4]}{n // PREFECTURES + 1:02}000000" for n in range(COUNTIES)]
    towns = [f"{counties[n % COUNTIES][:6]}{n // COUNTIES + 100}000" for n in range(TOWNS)]
    rows += [Row(code, f"试验{n}市", 2, rows[0].code) for n, code in enumerate(prefectures)]
    rows += [Row(code, f"山{n}县", 3, f"{code[:4]}00000000") for n, code in enumerate(counties)]
    rows += [Row(code, f"河{n}镇", 4, f"{code[:6]}000000") for n, code in enumerate(towns)]
    for n in range(VILLAGES):
        town = towns[n % TOWNS]
        rows.append(Row(f"{town[:9]}{n // TOWNS + 200}", f"东庄{n}村委会", 5, town))
    return rows


def lines():
    """Nothing known before, and once more with all of it known."""
    rows, emptied = province(), sql("TRUNCATE grids_division")
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bench_division (code text, name text, level smallint, parent text)")

    def bare():
        text.seek(0)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE bench_division")
            cursor.copy_expert("COPY bench_division FROM STDIN (FORMAT csv)", text)

    cost, floor = best(lambda: divisions.take_over(rows), bare, before=emptied, rounds=3)
    yield Line(f"taking over a province's {SIZE:,} divisions / bare COPY", cost, floor, 12)
    divisions.take_over(rows)
    cost, floor = best(lambda: divisions.take_over(rows), bare, rounds=3)
    yield Line("the same once more, nothing new / bare COPY", cost, floor, 12)
    emptied()
