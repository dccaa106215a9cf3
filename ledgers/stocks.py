"""How many there are at the end of a day: open disputes, households, links; and of the linked households those that are
due to be visited, were visited in the running week or month, are overdue.

Every figure is a set of spans of days; what is counted are their first days and the first days after them."""

# a household counts where it lies since its place was changed, and in its former places before
HOMES = """(SELECT town_id, village_id, grid_id, coalesce(here_since, from_day) AS from_day, until_day
        FROM households_household
    UNION ALL SELECT town_id, village_id, grid_id, from_day, until_day FROM households_formerplace) t"""
LINKS = "(SELECT * FROM households_householdlink WHERE cadre_id IS NULL) t"  # of party members
SPELLS = "casework_spell t JOIN casework_case k ON k.id = t.case_id AND k.kind = 'dispute'"
STOCKED = {  # figure: the rows counted, the alias that says where, the first day, the first day after
    "open": (SPELLS, "k", "opened_on", "closed_on"),
    "households": (HOMES, "t", "from_day", "until_day"),
    "linked": (LINKS, "t", "from_day", "until_day"),
}
PLANNED = {
    "to_visit": ("tasks t", "t", "from_day", "until_day"),
    "visited": ("done t", "t", "from_day", "until_day"),
    "overdue": ("behind t", "t", "from_day", "until_day"),
}


def standing(sources, unit, only, before="") -> str:
    """How many there are of each figure at the end of each bucket: those there on the first day, and every change
    since, added up from one end of a bucket to the next. `before` opens the WITH that the sources name."""
    moves = " UNION ALL ".join(_moves(sources, figure, unit, only) for figure in sources)
    sums = ", ".join(f"sum({figure})::int AS {figure}" for figure in sources)
    so_far = ", ".join(f"(sum(moved.{figure}) OVER up_to)::int AS {figure}" for figure in sources)
    return f"""WITH {before} moved AS MATERIALIZED (SELECT unit, e.last, {sums} FROM ({moves}) each
            JOIN unnest(%(end_days)s::date[], %(ends)s::date[]) AS e(day, last) USING (day) GROUP BY 1, 2)
        SELECT stood.unit, b.bucket, {", ".join(f"stood.{figure}" for figure in sources)}
        FROM (SELECT u.unit, e.last, {so_far}
            FROM (SELECT DISTINCT unit FROM moved) u CROSS JOIN (SELECT DISTINCT last FROM buckets) e
            LEFT JOIN moved ON moved.unit = u.unit AND moved.last = e.last
            WINDOW up_to AS (PARTITION BY u.unit ORDER BY e.last)) stood JOIN buckets b ON b.last = stood.last"""


def _moves(sources, figure, unit, only):
    """Rows of one figure as +1 on the day they begin (or were there) and -1 on the first day they are gone."""
    source, owner, begins, ends = sources[figure]

    def columns(count):
        return ", ".join(f"{count if name == figure else 'NULL::int'} AS {name}" for name in sources)

    return f"""SELECT {owner}.{unit} AS unit, greatest(t.{begins}, %(first)s) AS day, {columns("count(*)::int")}
            FROM {source} WHERE {only(owner)} AND t.{begins} <= %(last)s
            AND (t.{ends} IS NULL OR t.{ends} >= %(first)s) GROUP BY 1, 2
        UNION ALL SELECT {owner}.{unit}, t.{ends}, {columns("-count(*)::int")} FROM {source}
            WHERE {only(owner)} AND t.{ends} BETWEEN %(first)s AND %(last)s GROUP BY 1, 2"""


def planned(only) -> str:
    """The sets of spans behind PLANNED, for a WITH.

    `tasks`: a link as long as one rule of visiting holds. `paid`: the visits in it, each with the end of its week or
    month (`done_until`) and of the one after (`good_until`), up to which nobody is overdue; a visit before the task
    began counts from its first day. Only visits of the last two periods before the first day matter, so that years of
    visits cost nothing. A task itself is good until the end of the first whole period in it."""
    reach = "CASE WHEN EXISTS (SELECT 1 FROM rules WHERE every = 'month') THEN 62 ELSE 14 END"
    owner = "t.village_id, t.grid_id, t.town_id"
    return f"""rules AS MATERIALIZED (SELECT r.town_id, r.every, r.from_day, r.until_day FROM screening_visitrule r
            WHERE r.town_id = ANY(%(towns)s::bigint[]) AND r.every <> 'none'
        UNION ALL SELECT u.town, 'week', '-infinity'::date, NULL FROM unnest(%(towns)s::bigint[]) u(town)
            WHERE NOT EXISTS (SELECT 1 FROM screening_visitrule r WHERE r.town_id = u.town)),
    tasks AS MATERIALIZED (SELECT l.id, l.household_id, l.town_id, l.village_id, l.grid_id, r.every,
            greatest(l.from_day, r.from_day) AS from_day, least(l.until_day, r.until_day) AS until_day,
            %(first)s::date - {reach} AS since
        FROM households_householdlink l JOIN rules r ON r.town_id = l.town_id
            AND (r.until_day IS NULL OR r.until_day > l.from_day) AND (l.until_day IS NULL OR l.until_day > r.from_day)
        WHERE l.cadre_id IS NULL AND {only("l")} AND l.from_day <= %(last)s AND r.from_day <= %(last)s
            AND coalesce(least(l.until_day, r.until_day), %(first)s) >= %(first)s),
    paid AS MATERIALIZED (SELECT t.id, t.from_day AS begun, t.until_day, {owner}, greatest(v.day, t.from_day) AS day,
            (date_trunc(t.every, v.day::timestamp) + ('1 ' || t.every)::interval)::date AS done_until,
            (date_trunc(t.every, v.day::timestamp) + ('2 ' || t.every)::interval)::date AS good_until
        FROM tasks t JOIN (SELECT v.household_id, v.day FROM screening_visit v
            WHERE v.day BETWEEN %(first)s::date - {reach} AND %(last)s AND v.kind = 'home' AND v.withdrawn_at IS NULL) v
            ON v.household_id = t.household_id AND (t.until_day IS NULL OR v.day < t.until_day)),
    done AS (SELECT {owner}, t.day AS from_day, least(t.next, t.done_until, t.until_day) AS until_day
        FROM (SELECT t.*, lead(t.day) OVER (PARTITION BY t.id, t.begun ORDER BY t.day, t.done_until) AS next
            FROM paid t) t WHERE least(t.next, t.done_until, t.until_day) > t.day),
    behind AS (SELECT {owner}, greatest(t.good_until, t.day) AS from_day, least(t.next, t.until_day) AS until_day
        FROM (SELECT t.*, lead(t.day) OVER (PARTITION BY t.id, t.begun ORDER BY t.day, t.good_until) AS next
            FROM (SELECT t.id, t.begun, t.until_day, {owner}, t.day, t.good_until FROM paid t
                UNION ALL SELECT t.id, t.from_day, t.until_day, {owner}, greatest(t.from_day, t.since),
                    CASE WHEN t.from_day <= t.since THEN t.since ELSE
                        (date_trunc(t.every, (t.from_day - 1)::timestamp) + ('2 ' || t.every)::interval)::date END
                FROM tasks t) t) t
        WHERE greatest(t.good_until, t.day) < coalesce(least(t.next, t.until_day), 'infinity')),"""
