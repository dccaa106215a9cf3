"""The same world with and without what lies outside: the same random questions, and the answers compared byte by byte.

Nothing is built twice: the foreign rows are taken out of one world, so that one's own rows keep their numbers, and
everything counted is counted anew."""

import datetime as dt
import random
import zlib
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from grids import locating
from grids.models import Area, AreaAct
from ledgers import counting
from ledgers.models import Fact
from tests.access import TABLE, sampling, tally
from tests.access.asking import first_difference, rolled_back, send
from tests.access.rows import ANYBODY
from tests.access.world import SINCE, TODAY

DAYS = ["2026-10-01", "2026-11-02", "2026-11-09", "2026-11-17", "2026-11-18", "2026-12-01", "x"]
WORDS = [
    "ALFA",
    "BRAVO",
    "CHARLIE",
    "DELTA",
    "排水沟",
    "地界",
    "李",
    "吴",
    "第一",
    "MD-10",
    "104",
    "QWERTY",
    "",
    "%",
    "_",
]
SORTS = ["number", "place", "category", "state", "opened", "closed", "day", "name", "line", "severity", "area", "x"]
CODES = ["140429104000", "140429104201", "140429104201001", "14042910420100100001", "140429104202", "140429105201",
         "140429000000", "1"]  # fmt: skip
SAID = {
    "q": WORDS, "name": WORDS, "text": WORDS, "area": CODES, "page": ["1", "2", "999", "x"],
    "sort": [f"{sign}{key}" for key in SORTS for sign in ("", "-")],
    "state": ["registered", "mediating", "settled", "missing", "on_time", "excused", "x"],
    "category": ["01", "02", "09", "x"], "categories": ["02", "09"], "field": ["1", "3", "6"],
    "severity": ["01", "04"], "closed_as": ["settled", "duplicate"], "outcome": ["spot", "dispute", "order"],
    "linked": ["yes", "no"], "kind": ["ordinary", "x"], "role": ["10", "20"],
    "level": ["village", "micro_grid", "grid"],
    "zoom": ["8", "14"], "point": ["112.105,36.905", "112.205,36.905", "112.305,36.905", "1,1"],
    "people_from": ["1", "3"], "responsible": ["1", "20"], "week": DAYS, "month": ["2026-10", "2026-11"], "day": DAYS,
    **{f"{name}{end}": DAYS for name in ("", "found_", "settled_", "closed_") for end in ("from", "to")},
    "open_on": DAYS,
}  # fmt: skip


def questions(world, letters, n, seed):
    """`n` random GETs as (letter, address): every page and list, of any place, with allowed and invented words."""
    dice = random.Random(f"{seed}|{letters}")
    pages = [(name, row) for name, rows in TABLE.items() for row in rows if row.post is None and row.who != ANYBODY]
    for _n in range(n):
        name, row = dice.choice(pages)
        may = [letter for letter in letters if letter in row.who]
        letter = dice.choice(may if may and dice.random() < 0.9 else list(letters))
        corner = world.own if dice.random() < 0.9 else dice.choice(world.outside(world.people[letter]))
        address = reverse(name, args=row.args(corner))
        said = {key: dice.choice(SAID[key]) for key in dice.sample(sorted(SAID), dice.choice([0, 1, 1, 2, 3]))}
        query = row.query(corner) if dice.random() < 0.5 else ""
        more = urlencode(said)
        yield letter, address + (query + "&" * bool(query and more) or "?") + more


def answers(world, asked):
    """The answers, packed."""
    locating._held = None  # the index of outlines, which a process keeps
    for letter, address in asked:
        with rolled_back():
            answer = send(world.clients[world.people[letter].pk], "GET", address)
        yield answer.status, zlib.compress(answer.plain(), 1)


def differences(world, letters, foreign, n, seed) -> list[str]:
    """What the answers tell of the `foreign` corners: how they change when those are taken away."""
    asked = list(questions(world, letters, n, seed))
    before = list(answers(world, asked))
    found = []
    with transaction.atomic():
        take_out(world, foreign)
        after = list(answers(world, asked))
        transaction.set_rollback(True)
    locating._held = None
    for (letter, address), one, other in zip(asked, before, after, strict=True):
        tally.count("requests")
        part = first_difference(zlib.decompress(one[1]), zlib.decompress(other[1]))
        if one[0] != other[0] or part:
            if list(answers(world, [(letter, address)])) == [one]:  # a page that is new every time says nothing
                tally.count("differences")
                found.append(f"{letter} {address}: {one[0]}, without the others {other[0]}: {part!r}")
    return found


# --- taking the others away ----------------------------------------------------------------------


def take_out(world, corners):
    """Every row of these villages (and of their towns, where nothing of one's own lies in them), and what hangs on it.
    AssertionError where a word of them is left anywhere."""
    gone = {Area: set()}
    for corner in corners:
        top = corner.village if corner.town == world.own.town else corner.town
        gone[Area] |= set(Area.objects.filter(path__startswith=top.path).values_list("pk", flat=True))
        for model in stored():
            _mark(gone, model, _by_place(model, top))
        people = [corner.worker, corner.desk, corner.director, corner.town_desk, corner.member.user, corner.exempt.user]
        _mark(gone, type(corner.worker), Q(pk__in=[person.pk for person in people if _only_there(person, top)]))
    _mark(gone, AreaAct, Q(areas__overlap=list(gone[Area])))
    for corner in corners:  # a planned one names its places in its terms
        named = AreaAct.objects.annotate(said=Cast("terms", TextField())).filter(said__contains=corner.mark)
        _mark(gone, AreaAct, Q(pk__in=list(named.values_list("pk", flat=True))))
    _what_hangs_on(gone)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # rows that nobody may delete, too
        for model, pks in gone.items():
            model._base_manager.filter(pk__in=list(pks))._raw_delete("default")
        cursor.execute("SET LOCAL session_replication_role = origin")
    _count_anew(world)
    _nothing_is_left(corners, world)


def stored():
    """The models that have a table."""
    tables = set(connection.introspection.table_names())
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]


def _by_place(model, top):
    names = {field.name for field in model._meta.concrete_fields}
    found = Q(pk__in=[])
    if "area_path" in names:
        found |= Q(area_path__startswith=top.path)
    for name in {"area_code", "home_code"} & names:
        found |= Q(**{f"{name}__startswith": top.code[:9] if top.kind == "town" else top.code})
    return found


def _only_there(person, top):
    return all(post.area.path.startswith(top.path) for post in person.posts.select_related("area"))


def _mark(gone, model, which):
    pks = set(model._base_manager.filter(which).values_list("pk", flat=True))
    new = pks - gone.setdefault(model, set())
    gone[model] |= pks
    return bool(new)


def _what_hangs_on(gone):
    """Along every foreign key, until nothing more is found."""
    keys = [
        (model, field)
        for model in stored()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model
    ]
    more = True
    while more:
        more = False
        for model, key in keys:
            pks = list(gone.get(key.related_model, []))
            more |= _mark(gone, model, Q(**{f"{key.name}__in": pks}))


def _count_anew(world):
    last = TODAY + dt.timedelta(days=31)
    counting.rebuild([world.own.town], first=SINCE - dt.timedelta(days=31), last=last)
    assert Fact.objects.filter(area=world.own.village).exists()


def _nothing_is_left(corners, world):
    """The marks of the others stand in no table any more."""
    marks = [corner.mark for corner in corners] + [corner.village.code for corner in corners]
    with connection.cursor() as cursor:
        for model in stored():
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ~ %s", ["|".join(marks)])
            left = cursor.fetchone()[0]
            assert not left, f"{left} rows of others are left in {table}"


def number_of(short, whole):
    return whole if sampling.WHOLE else short
