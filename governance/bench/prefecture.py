"""Benchmarks of a whole prefecture's tree: does a village cost more in ten counties than in one, what does a move cost
against the bare UPDATE, and do pages ask more often where more hangs from a place."""

import logging

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common import clock
from common.fields import step, subtree
from governance.bench.county import LAST, level, places
from governance.bench.measure import Line, best, sql, wall
from grids import changes, codes
from grids.models import Area, Post
from grids.reshaping import planning, replanting
from grids.reshaping.replanting import Replanted
from grids.roles import Role
from screening.models import DailyReport

TIMES = 200
MOST_QUERIES = 25
CHILDREN = (10, 100, 2_000)
TOPS = 200  # posts of somebody whose tree begins in as many places
NOON = clock.at(LAST, 12)


def lines(size, say):
    """The rows of the table. All counties but the first, which works, are added on the way."""
    village = Area.objects.filter(kind="village").order_by("pk").first()
    alone = [best(work)[0] for work in _asked_of(village)]
    places(size, size.counties - 1, first_county=2)
    sql("ANALYZE grids_area, grids_placement")()
    say(f"{Area.objects.count():,} areas in {size.counties} counties")
    for what, work, before in zip(("areas", "reports"), _asked_of(village), alone, strict=True):
        name = f"{what} of a village, {size.counties} counties against one"
        yield Line(name, best(work)[0] / TIMES, before / TIMES, 1.5)
    with clock.standing_at(NOON):
        yield from _moves(village)
        yield from _pages(village.parent)


def _asked_of(village):
    """What lies in the village, and what was reported there."""
    reports = DailyReport.objects.filter(subtree(village.path, "area_path"))
    return (
        lambda: [Area.objects.in_subtree(village).count() for _ in range(TIMES)],
        lambda: [reports.count() for _ in range(TIMES)],
    )


# --- moving ---------------------------------------------------------------------------------


def _moves(village):
    """By one bare UPDATE of the path for every table that has one; and as the product does it: a village carried to
    another town with its history, and the whole act for a grid, whose reading and checking is the same however much
    lies there. All is taken back."""
    towns = Area.objects.filter(kind="town", parent=village.parent.parent).exclude(pk=village.parent_id)
    yield from _carried("a village carried to another town", *_with_all_above(village, towns.order_by("pk").first()))
    grid = village.children.order_by("pk").first()
    target = village.parent.children.exclude(pk=village.pk).order_by("pk").first()

    def act():
        planning.take("move", {"area": grid.pk, "parent": target.pk}, LAST, by=None)

    yield from _acted("a grid moved, the whole act", grid, target, act)


def _with_all_above(*areas):
    return [Area.objects.select_related("parent", "county", "town", "village", "grid").get(pk=one.pk) for one in areas]


def _carried(name, place, target):
    code = codes.following(place.kind, target.code)[0]

    def carry():
        changes.tell(replanting.replant([Replanted(place, target, code)], LAST))

    yield from _acted(name, place, target, carry, bound=2)


def _acted(name, place, target, act, bound=None):
    tables = _tables_with_path()
    rows = sum(model.objects.filter(subtree(place.path, column)).count() for model, column in tables)
    new = target.path + step(place.pk)
    cost, bare = best(_taken_back(act), _taken_back(lambda: _replaced(tables, place.path, new)))
    with CaptureQueriesContext(connection) as seen:
        _taken_back(act)()
    note = f"{rows:,} rows in {len(tables)} tables, {len(seen)} statements"
    yield Line(f"{name} / bare UPDATEs", cost, bare, bound, note)


def _taken_back(work):
    def done():
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return done


def _tables_with_path():
    """(model, column) of every table whose rows say where they lie today."""
    kept = [
        model for model in apps.get_models()
        if any(one.name == "area_path" for one in model._meta.local_fields) and not hasattr(model, "pgh_tracked_model")
    ]  # fmt: skip
    return [(Area, "path"), *((model, "area_path") for model in kept)]


def _replaced(tables, old, new):
    with connection.cursor() as cursor:
        for model, column in tables:
            cursor.execute(
                f"""UPDATE {model._meta.db_table} SET {column} = %s || substr({column}, %s)
                WHERE {column} >= %s AND {column} < %s""",
                [new, len(old) + 1, old, old + "~"],
            )


# --- pages ----------------------------------------------------------------------------------


def _pages(town):
    """The area page and the tree browser, as the town's desk opens them, with more and more below a village; and the
    browser of somebody whose posts lie in many villages. Every child reports and has somebody in post."""
    worker, desk = (User.objects.create_user(name, name) for name in ("everywhere", "desk"))
    Post.objects.create(user=desk, area=town, role=Role.TOWN_DESK, from_day="2020-01-01")
    for number, count in enumerate(CHILDREN):
        village = _village(town, number, count, worker)
        code = reverse("grids:area", args=[village.code])
        browser = reverse("grids:areas")
        for name, address in (
            ("the area page", code),
            ("the tree browser", f"{browser}?at={village.code}"),
            ("a branch of the tree", reverse("grids:branch", args=[village.code])),
            ("the list of places", f"{browser}?kind=grid"),
        ):
            yield _asked(f"queries of {name}, {count:,} below", desk, address)
    cadre = User.objects.create_user("cadre", "cadre")
    villages = Area.objects.filter(kind="village").order_by("pk")[:TOPS]
    Post.objects.bulk_create(
        Post(user=cadre, area=one, role=Role.AREA_CADRE, from_day="2020-01-01") for one in villages
    )  # fmt: skip
    yield _asked(f"queries of the tree browser, posts in {TOPS} villages", cadre, reverse("grids:areas"))


def _village(town, number, count, worker):
    """A new village with so many grids below it, each with its worker."""
    below = level("village", f"p.id = {town.pk}", 1, f"substr(y.code, 1, 9) || {900 + number}", "own")
    level("grid", below, count, "y.code || lpad(n::text, 4, '0')", "own", reports=True)
    village = Area.objects.get(code=f"{town.code[:9]}{900 + number}")
    sql("""INSERT INTO grids_placement (area_id, grid_id, village_id, town_id, county_id, reports, from_day)
        SELECT id, grid_id, village_id, town_id, county_id, reports, opened_on FROM grids_area
        WHERE path >= %s AND path < %s""", [village.path, village.path + "~"])()  # fmt: skip
    Post.objects.bulk_create(
        Post(user=worker, area=grid, role=Role.GRID_WORKER, from_day="2020-01-01") for grid in village.children.all()
    )
    sql("ANALYZE grids_area, grids_placement, grids_post")()
    return village


def _asked(name, user, address):
    logging.getLogger("axes").setLevel(logging.ERROR)  # it tells of every sign-in
    client = Client()
    client.force_login(user)
    answer = client.get(address)  # the first request of a process fills what is kept from then on
    assert answer.status_code == 200, (address, answer.status_code)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    count = len(seen)  # now: the next request clears the log
    felt = wall(lambda: client.get(address))
    return Line(name, count, MOST_QUERIES, 1, f"{felt:.2f} s on the wall, {len(answer.content) >> 10} KB")
