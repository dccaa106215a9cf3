"""Benchmarks of reading and filing: a subtree's count, the dashboard's figures, one nil report through the endpoint."""

import uuid

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from casework.models import Case
from common import clock
from common.periods import WEEK, day_of, month_of, week_of
from governance.bench.county import LAST, places
from governance.bench.measure import Line, best, sql
from grids.models import Area
from households.models import Household
from ledgers import figures
from screening.models import DailyReport

NOON = clock.at(LAST, 12)


def subtree_lines(size):
    """Counting in a subtree against raw range SQL, at three levels, and again with ten times the tree."""
    before = {}
    for kind in ("village", "town", "county"):
        area = Area.objects.filter(kind=kind).order_by("pk").first()
        cost, bare = best(*_counts(area, 200 if kind == "village" else 20))
        before[kind] = cost
        yield Line(f"households in the subtree of a {kind}", cost, bare, 1.5)
    with transaction.atomic():
        places(size, 9, first_county=50, at_work=False)
        sql("ANALYZE grids_area")()
        village = Area.objects.filter(kind="village").order_by("pk").first()
        bigger = best(_areas_below(village, 200))[0]
        transaction.set_rollback(True)
    sql("ANALYZE grids_area")()
    village = Area.objects.filter(kind="village").order_by("pk").first()
    yield Line("areas of a village, ten times the tree", bigger, best(_areas_below(village, 200))[0], 1.5)


def _areas_below(area, times):
    return lambda: [Area.objects.in_subtree(area).count() for _ in range(times)]


def _counts(area, times):
    query = Household.objects.filter(area_path__gte=area.path, area_path__lt=area.path + "~")
    text, values = query.values("pk").query.sql_with_params()

    def product():
        for _ in range(times):
            Household.objects.filter(figures_scope(area)).count()

    def raw():
        with connection.cursor() as cursor:
            for _ in range(times):
                cursor.execute(f"SELECT count(*) FROM ({text}) x", values)
                cursor.fetchone()

    return product, raw


def figures_scope(area):
    from common.fields import subtree

    return subtree(area.path, "area_path")


def dashboard_lines(size):
    """What a committee's dashboard reads: its town this week and month, twelve weeks, every village; and the same from
    raw rows."""
    town = Area.objects.filter(kind="town").order_by("pk").first()
    villages = list(Area.objects.filter(parent=town, kind="village"))
    week = week_of(LAST)
    wants = [(town, week), (town, month_of(LAST)), (town, day_of(LAST))]
    wants += [(town, week.shift(-n)) for n in range(1, 13)] + [(village, week) for village in villages]

    def product():
        figures.read(wants, now=NOON)

    with CaptureQueriesContext(connection) as seen:
        product()
    cost, raw = best(product, _raw(town, wants))
    note = f"{len(seen)} queries"
    yield Line("dashboard figures against the same from raw rows", cost, raw, 1 / 50, note)
    yield Line("queries of the dashboard's figures", len(seen), 8, 1)


def _raw(town, wants):
    """The dashboard's figures from raw rows: one count per figure, area and period, as a page without facts would."""

    def work():
        for area, period in wants:
            span = (period.start, min(period.last, LAST))
            column = "town" if area.kind == "town" else "village"
            reports = DailyReport.objects.filter(day__range=span, voided_at__isnull=True, **{column: area})
            reports.count()
            reports.filter(late=True).count()
            reports.filter(nil=True).count()
            _group("screening_finding", "field", column, area, "day", span)
            _group("screening_finding", "category", column, area, "day", span)
            cases = Case.objects.filter(kind="dispute", **{column: area})
            cases.filter(spells__opened_on__range=span).count()
            cases.filter(spells__closed_on__range=span, spells__closed_as="settled").count()
            cases.filter(spells__opened_on__lte=span[1], spells__closed_on__isnull=True).count()
            homes = Household.objects.filter(until_day__isnull=True, **{column: area})
            homes.count()
            homes.filter(links__until_day__isnull=True, links__isnull=False).count()

    return work


def _group(table, by, column, area, day, span):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by}, count(*) FROM {table} WHERE {column}_id = %s AND {day} BETWEEN %s AND %s GROUP BY 1",
            [area.pk, *span],
        )
        cursor.fetchall()


def filing_lines(size):
    """A nil report through the real endpoint, against a raw INSERT of the same row."""
    clients = _signed_in(30)
    grids = {client: area for client, area in clients}

    def product():
        day = clock.today()
        for client, area in clients:
            body = {"client_id": str(uuid.uuid4()), "area": area.code, "day": day.isoformat(), "findings": []}
            answer = client.post("/api/v1/reports/", body, content_type="application/json")
            assert answer.status_code == 201, answer.content
        sql("DELETE FROM screening_submission WHERE received_at > now() - interval '1 hour'")()
        sql("DELETE FROM screening_dailyreport WHERE day = %s", [day])()

    with CaptureQueriesContext(connection) as seen:
        client, area = clients[0]
        body = {"client_id": str(uuid.uuid4()), "area": area.code, "day": clock.today().isoformat(), "findings": []}
        client.post("/api/v1/reports/", body, content_type="application/json")
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    statements = [query for query in seen if not query["sql"].startswith(words)]
    sql("DELETE FROM screening_submission WHERE received_at > now() - interval '1 hour'")()
    sql("DELETE FROM screening_dailyreport WHERE day = %s", [clock.today()])()
    cost, raw = best(product, _raw_inserts(list(grids.values())))
    yield Line("nil report through the endpoint against a raw INSERT", cost, raw, 25, f"{len(statements)} statements")
    yield Line("statements of a nil report", len(statements), 8, 1)


def _signed_in(count):
    workers = User.objects.filter(username__startswith="worker", posts__until_day__isnull=True).order_by("pk")[:count]
    found = []
    for user in workers:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        found.append((client, user.posts.select_related("area").get().area))
    return found


def _raw_inserts(areas):
    def work():
        with connection.cursor() as cursor:
            for area in areas:
                cursor.execute(
                    """INSERT INTO screening_dailyreport (area_id, area_path, day, town_id, village_id, worker_id,
                        received_at, due_by, late, nil, void_reason)
                    VALUES (%s, %s, '2099-01-01', %s, %s, (SELECT min(id) FROM accounts_user),
                        now(), '2099-01-01', false, true, '')""",
                    [area.pk, area.path, area.town_id, area.village_id],
                )
            cursor.execute("DELETE FROM screening_dailyreport WHERE day = '2099-01-01'")

    return work


def weeks_back(count):
    """Mondays of the last `count` weeks, for pages that show a trend."""
    return [week_of(LAST).shift(-n).start for n in range(count)] if WEEK else []
