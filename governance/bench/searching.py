"""Benchmarks of the search in the roster: as people type, among 20,000 residents, against SQL written by hand."""

from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock, sealed
from governance.bench.county import LAST, run
from governance.bench.measure import Line, best, sql
from grids.models import Area, Post
from grids.roles import Role
from households.lists import HouseholdFilters

RESIDENTS = 20_000
A_PAGE = 50
TYPED = ["张三7", "zhangsan", "zs", "0042"]
PEOPLE = """INSERT INTO households_resident (sealing_id, household_id, area_path, name, pinyin, initials, relation, sex,
        lives_here, away_to, phone, phone_index, phone_tail, id_number, id_number_index, id_number_tail, from_day,
        came_as, left_as)
    SELECT gen_random_uuid(), h.id, h.area_path, s.name || n, s.pinyin || n, s.initials || n, 'other', '', true, '',
        'x', md5(n::text), CASE WHEN n %% 9999 = 42 THEN %(tail)s ELSE md5((n %% 9999)::text) END, '', '', '',
        '2020-01-01', 'listed', ''
    FROM generate_series(1, %(n)s) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS all_of_them
          FROM households_household WHERE town_id = %(town)s) h ON h.k = n %% h.all_of_them
    JOIN (VALUES (0, '张三', 'zhang san', 'zs'), (1, '李四', 'li si', 'ls'), (2, '王五', 'wang wu', 'ww'),
          (3, '赵六', 'zhao liu', 'zl')) s(k, name, pinyin, initials) ON s.k = n %% 4"""
BY_HAND = """FROM households_household h WHERE h.area_path >= %(path)s AND h.area_path < %(path)s || '~'
    AND h.from_day <= %(day)s AND (h.until_day IS NULL OR h.until_day > %(day)s)
    AND (h.code LIKE %(like)s OR h.name LIKE %(like)s OR h.address LIKE %(like)s OR h.id IN (
        SELECT r.household_id FROM households_resident r WHERE r.until_day IS NULL AND r.area_path >= %(path)s
        AND r.area_path < %(path)s || '~' AND {people}))"""


def lines(size):
    """What the list does for each thing typed (its number and its first page) against the same asked by hand."""
    with transaction.atomic(), clock.standing_at(clock.at(LAST, 12)):
        town = Area.objects.filter(kind="town", profile__isnull=False).order_by("pk").first()
        run("ALTER TABLE households_resident DISABLE TRIGGER USER")
        tail = sealed.blind_tail("0042", purpose="phone")
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, {"n": RESIDENTS, "town": town.pk, "tail": tail})
        run("ANALYZE households_resident")
        user = User.objects.create_user("searcher", "查找")
        Post.objects.create(user=user, area=town, role=Role.TOWN_DESK, from_day=LAST)
        costs = [best(lambda typed=typed: _listed(user, typed), _by_hand(town, typed)) for typed in TYPED]
        with CaptureQueriesContext(connection) as asked:
            found = _listed(user, TYPED[0])
        note = f"{len(asked)} queries, {found} found for the first of {len(TYPED)}"
        product, bare = (sum(column) for column in zip(*costs, strict=True))
        yield Line(f"search among {RESIDENTS:,} residents", product / len(TYPED), bare / len(TYPED), 3, note)
        transaction.set_rollback(True)


def _listed(user, typed):
    said = QueryDict(mutable=True)
    said["q"] = typed
    user.__dict__.pop("_posts", None)
    filters = HouseholdFilters(said, user=user)
    assert filters.is_valid(), filters.errors
    rows = filters.rows()
    number = rows.count()
    list(rows[:A_PAGE])
    return number


def _by_hand(town, typed):
    people = "(r.name LIKE %(like)s OR r.pinyin LIKE %(start)s OR r.initials LIKE %(start)s)"
    if typed.isdigit():
        people = "r.phone_tail = %(tail)s"
    text = BY_HAND.format(people=people)
    values = {"path": town.path, "day": LAST, "like": f"%{typed}%", "start": f"{typed}%",
              "tail": sealed.blind_tail(typed, purpose="phone")}  # fmt: skip
    count = sql(f"SELECT count(*) {text}", values)
    page = sql(f"SELECT h.id, h.code, h.name, h.kind {text} ORDER BY h.area_path, h.code LIMIT {A_PAGE}", values)

    def work():
        count()
        page()

    return work
