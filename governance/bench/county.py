"""A made-up county of a chosen size, written by generate_series: places, posts, a year of reports, cases, links."""

import contextlib
import datetime as dt
from dataclasses import dataclass

from django.db import connection

from accounts.models import User
from grids import schemes
from grids.models import Area, Post, TownProfile
from grids.roles import Role
from screening.models import DutyRule, VisitRule

LAST = dt.date(2026, 6, 30)


@dataclass(frozen=True)
class Size:
    """How much: towns, villages a town, grids a village, micro-grids a grid, households a micro-grid, days."""

    towns: int
    villages: int
    grids: int
    micro: int
    homes: float
    days: int
    counties: int = 1

    @property
    def units(self):
        """Places of the first county that report."""
        return self.towns * self.villages * self.grids

    @property
    def first(self) -> dt.date:
        return LAST - dt.timedelta(days=self.days - 1)


SIZES = {
    "small": Size(towns=3, villages=12, grids=25, micro=5, homes=2, days=181),
    "county": Size(towns=10, villages=25, grids=15, micro=13, homes=1.25, days=365),  # 3,750 units (民乐县: 3,752)
    # one county of it works, the others are only there
    "prefecture": Size(towns=10, villages=25, grids=15, micro=13, homes=1.25, days=365, counties=10),
}
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEP = " || ".join(f"substr('{DIGITS}', (({{id}} / {36**n}) %% 36)::int + 1, 1)" for n in range(5, -1, -1))


def run(text, **values):
    with connection.cursor() as cursor:
        cursor.execute(text, values or {"_": None})


def step(column):
    """SQL of one path step: an id in base 36, six characters."""
    return "(" + STEP.format(id=column) + ")"


def build(size: Size, say) -> list[Area]:
    """Writes the first county into an empty database and returns its towns."""
    places(size, 1)
    say(f"{Area.objects.count():,} areas, {size.units:,} of them report")
    with _without_history():
        for fill in (people, reports, cases, homes, links):
            run("ANALYZE")  # or the joins of the next step are planned for empty tables
            fill(size)
    run("ANALYZE")
    towns = list(Area.objects.filter(kind="town", profile__isnull=False).order_by("pk"))
    say(f"{size.units * size.days:,} reports of {size.days} days in {len(towns)} towns")
    return towns


@contextlib.contextmanager
def _without_history():
    """A made-up county has no past: its rows are written without the triggers that keep one."""
    tables = ["accounts_user", "grids_post", "grids_leave", "households_household", "households_householdlink"]
    run("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
    yield
    run("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))


def places(size, counties, first_county=1, at_work=True):
    """Counties with everything below; ids are taken from the sequence's present end."""
    for number in range(first_county, first_county + counties):
        county = level("county", "NULL::bigint", 1, f"'99{number:02d}21000000'", "own")
        towns = level("town", county, size.towns, "substr(y.code, 1, 6) || 99 + n || '000'", "own")
        villages = level("village", towns, size.villages, "substr(y.code, 1, 9) || 199 + n", "own")
        grids = level("grid", villages, size.grids, "y.code || lpad(n::text, 3, '0')", "own", reports=True)
        level("micro_grid", grids, size.micro, "y.code || lpad(n::text, 5, '0')", None)
    run(f"""INSERT INTO grids_placement (area_id, grid_id, village_id, town_id, county_id, reports, from_day)
        SELECT a.id, a.grid_id, a.village_id, a.town_id, a.county_id, a.reports, a.opened_on FROM grids_area a
        WHERE NOT EXISTS (SELECT 1 FROM grids_placement p WHERE p.area_id = a.id) AND {at_work}""")
    if at_work:
        scheme = schemes.preset("grid-micro")
        for town in Area.objects.filter(kind="town", profile__isnull=True):
            TownProfile.objects.create(town=town, scheme=scheme, in_use_from=size.first)
            DutyRule.objects.create(town=town, from_day=size.first)
            VisitRule.objects.create(town=town, every=VisitRule.Every.NONE, from_day=size.first)  # nobody visits here


def level(kind, parents, each, code, own, reports=False):
    """`each` new areas of a kind below every parent; returns the condition that finds them again."""
    above = {"county": [], "town": ["county"], "village": ["county", "town"]}.get(kind, ["county", "town", "village"])
    above = [*above, "grid"] if kind == "micro_grid" else above
    mine = {name: f"y.{name}_id" for name in above} | ({kind: "y.new_id"} if own else {})
    source = "(SELECT NULL::bigint AS id, ''::text AS code, ''::text AS path) p"
    if kind != "county":
        source = f"(SELECT * FROM grids_area p WHERE {parents}) p"
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM grids_area")
        top = cursor.fetchone()[0]
    run(f"""INSERT INTO grids_area (id, parent_id, path, kind, code, name, official_name, pinyin, initials, short,
            basis, reports, opened_on, {", ".join(f"{name}_id" for name in mine)})
        SELECT y.new_id, y.id, y.path || {step("y.new_id")}, '{kind}', {code}, '{kind} ' || n, '', '', '', '', '',
            {reports}, '2020-01-01', {", ".join(mine.values())}
        FROM (SELECT p.*, n, {top} + row_number() OVER () AS new_id
              FROM {source}, generate_series(1, {each}) n) y""")
    run("SELECT setval(pg_get_serial_sequence('grids_area', 'id'), (SELECT max(id) FROM grids_area))")
    return f"p.kind = '{kind}' AND p.id > {top}"


def people(size):
    """One worker for every grid; each fiftieth grid vacant for a month, each twentieth worker on leave for a week."""
    units = Area.objects.filter(reports=True).values_list("pk", flat=True)
    users = (User(username=f"worker{pk}", name="网格员", password="!") for pk in units.iterator())
    User.objects.bulk_create(users, batch_size=5000)
    vacant = LAST - dt.timedelta(days=30)
    posts = (
        Post(user=user, area_id=pk, role=Role.GRID_WORKER, from_day=dt.date(2020, 1, 1),
             until_day=None if pk % 50 else vacant)
        for user in User.objects.iterator() for pk in [int(user.username.removeprefix("worker"))]
    )  # fmt: skip
    Post.objects.bulk_create(posts, batch_size=5000)
    run("""INSERT INTO grids_leave (post_id, reason, from_day, until_day)
        SELECT id, '年休', %(day)s::date, %(day)s::date + 7 FROM grids_post WHERE id %% 20 = 0""",
        day=LAST - dt.timedelta(days=45))  # fmt: skip


def reports(size):
    """A report a day and unit, 3 % missing, 5 % late; every tenth with one finding."""
    run("""INSERT INTO screening_dailyreport (area_id, area_path, day, town_id, village_id, worker_id, received_at,
            due_by, late, nil, void_reason)
        SELECT a.id, a.path, d::date, a.town_id, a.village_id, u.id,
            d + CASE WHEN mix %% 20 = 0 THEN interval '21 hours' ELSE interval '18 hours' END,
            d + interval '20 hours', mix %% 20 = 0, mix %% 10 <> 3, ''
        FROM generate_series(%(first)s::timestamptz, %(last)s::timestamptz, '1 day') d
        CROSS JOIN grids_area a JOIN accounts_user u ON u.username = 'worker' || a.id
        CROSS JOIN LATERAL (SELECT abs(hashint8(a.id * 1000 + extract(doy FROM d)::bigint)) AS mix) m
        WHERE a.reports AND mix %% 33 <> 1""", first=f"{size.first} 00:00+08", last=f"{LAST} 00:00+08")  # fmt: skip
    run("""INSERT INTO screening_submission (client_id, report_id, kind, by_id, proxy, received_at, content, digest)
        SELECT gen_random_uuid(), id, 'first', worker_id, false, received_at, '{}', '' FROM screening_dailyreport
        WHERE NOT nil""")
    run("""INSERT INTO screening_finding (report_id, submission_id, day, area_id, area_path, town_id, village_id,
            grid_id, field, category, severity, line, outcome)
        SELECT r.id, s.id, r.day, r.area_id, r.area_path, r.town_id, r.village_id, r.area_id,
            (1 + r.id %% 7)::text, lpad((1 + r.id %% 17)::text, 2, '0'), '04', '排查发现', 'spot'
        FROM screening_dailyreport r JOIN screening_submission s ON s.report_id = r.id""")


def cases(size):
    """One dispute per grid and quarter, settled after ten days but for every eighth."""
    run("""INSERT INTO casework_case (number, kind, area_id, area_path, town_id, village_id, grid_id, category, field,
            state, opened_on, registered_by_id)
        SELECT 'B' || a.id || '-' || d::date, 'dispute', a.id, a.path, a.town_id, a.village_id, a.id, '02', '3',
            'settled', d::date + (a.id %% 80)::int, u.id
        FROM generate_series(%(first)s::date, %(last)s::date - 90, '91 days') d CROSS JOIN grids_area a
        JOIN accounts_user u ON u.username = 'worker' || a.id WHERE a.reports""",
        first=size.first, last=LAST)  # fmt: skip
    run("""INSERT INTO casework_spell (case_id, round, opened_on, handled_on, closed_on, closed_as)
        SELECT id, 1, opened_on, opened_on, CASE WHEN id %% 8 > 0 THEN opened_on + 10 END,
            CASE WHEN id %% 8 > 0 THEN 'settled' ELSE '' END FROM casework_case""")


def homes(size):
    """Households in every micro-grid."""
    run("""INSERT INTO households_household (code, name, pinyin, initials, kind, kind_source, address, lives_here,
            ended_as, area_id, area_path, town_id, village_id, grid_id, from_day)
        SELECT a.code || '-' || n, '户', 'hu', 'h', 'ordinary', '', '', true, '',
            a.id, a.path, a.town_id, a.village_id, a.grid_id, '2020-01-01'
        FROM grids_area a, generate_series(1, ceil(%(homes)s + (a.id %% 4) / 4.0 - 0.75)::int) n
        WHERE a.kind = 'micro_grid' AND a.grid_id IN (SELECT id FROM grids_area WHERE reports)""",
        homes=size.homes)  # fmt: skip


def links(_size):
    """A party member for every worker, and one link for all households but every fiftieth."""
    run("""INSERT INTO households_partyorg (name, level, area_id) SELECT '支部', 'branch', id FROM grids_area
        WHERE kind = 'county' LIMIT 1""")
    run("""INSERT INTO households_partymember (user_id, org_id, area_path)
        SELECT u.id, o.id, '' FROM accounts_user u, households_partyorg o""")
    run("""INSERT INTO households_householdlink (household_id, member_id, area_path, town_id, village_id, grid_id,
            from_day, reason)
        SELECT h.id, u.id, h.area_path, h.town_id, h.village_id, h.grid_id, '2020-01-01', ''
        FROM households_household h JOIN accounts_user u ON u.username = 'worker' || h.grid_id WHERE h.id %% 50 > 0""")
