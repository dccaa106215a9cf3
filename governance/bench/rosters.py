"""Benchmark of importing a town's roster: 18,526 residents of 5,969 households, as 故城镇 has them, from one file."""

import json
import os
import random
import resource
import subprocess
import sys

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from common import clock, spreadsheets
from governance.bench.measure import Line, best, cpu, sql
from grids.models import Area
from households.id_numbers import check_character
from households.models import Household, IdNumberUse, Resident
from households.relations import relation_of
from households.rosters import columns, comparing, copying, opening, storing
from households.rosters.checking import Checked

HOMES, PEOPLE, MEGABYTES = 5_969, 18_526, 300
HEAD = ["村", "网格", "微网格", "户编号", "姓名", "与户主关系", "身份证号", "联系电话", "住址"]
RELATIONS = ["户主", "配偶", "子", "女", "母亲", "父亲", "孙子"]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲建华红"
SAMPLE = 1000  # residents saved one by one
ROUNDS = 1


def rows(town) -> list[list]:
    """The lines of the file: invented people with right numbers of the district 990000, which there is not."""
    rng, found = random.Random(18_526), []
    micro = list(Area.objects.filter(town=town, kind="micro_grid").select_related("village", "parent").order_by("path"))
    sizes = [PEOPLE // HOMES] * HOMES
    for n in range(PEOPLE - sum(sizes)):
        sizes[n] += 1
    for number, size in enumerate(sizes):
        place = micro[number % len(micro)]
        for relation in RELATIONS[:size]:
            n = len(found)
            first = f"990000{1930 + n % 90}{n // 90 % 12 + 1:02d}{n // 1080 % 28 + 1:02d}{n % 1000:03d}"
            name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=2))
            found.append([place.village.code, place.parent.code, place.code, f"{number + 1}", name, relation,
                          first + check_character(first), f"13{n:09d}", f"{number + 1}号"])  # fmt: skip
    return found


def lines():
    town = Area.objects.filter(kind="town").order_by("pk").first()
    IdNumberUse.objects.create(town=town, purpose="试验", from_day=clock.today())
    said = rows(town)
    content = spreadsheets.written([spreadsheets.Sheet("花名册", HEAD, said)])
    parts = Parts(town, content)
    read, checked, sealed = (min(part() for _ in range(ROUNDS)) for part in (parts.read, parts.check, parts.seal))
    slow = min(_row_by_row(said) for _ in range(ROUNDS))
    write, bare = best(parts.write, parts.bare(), rounds=1)
    whole = read + checked + sealed + write
    told = f"row by row: {slow * PEOPLE / SAMPLE / 1000:.0f} s, from {SAMPLE:,} residents"
    one_by_one = slow * PEOPLE / SAMPLE
    yield Line(
        f"importing {PEOPLE:,} residents against saving row by row", whole, one_by_one, 1 / 20, told, proposed=1 / 14
    )
    for what, cost in (
        ("reading the file, in its child too", read), ("checking and comparing", checked),
        ("sealing numbers, how names sound", sealed),
    ):  # fmt: skip
        yield Line(f"  of it: {what} / bare COPY", cost, bare, None)
    told = f"with {parts.history:,} rows of history"
    yield Line(f"  of it: writing, {HOMES:,} households too / bare COPY", write, bare, 12, told, proposed=16)
    yield Line("statements of 18,526 residents against those of 100", parts.statements(), _few(town, said), 1)
    yield Line("MB of memory of the whole import", _memory(content), MEGABYTES, 1)
    with transaction.atomic():
        storing.write(parts.made)
        again = Parts(town, content)
        again.read()
        cost = again.check()
        note = "nothing to write" if not again.plan.changes_something else "NOT UNCHANGED"
        transaction.set_rollback(True)
    yield Line("the same file once more, without reading / bare COPY", cost, bare, None, note)


class Parts:
    """One import by its parts, each measured by itself (CPU milliseconds)."""

    def __init__(self, town, content):
        self.town, self.content = town, content

    def read(self):
        def work():
            found = opening.opened(self.content)
            self.table = opening.table(found, columns.guess(found.heads))

        before = _children()
        return cpu(work) + _children() - before

    def check(self):
        def work():
            self.plan = comparing.compare(Checked(self.table, self.town), self.town.pk)

        cost = cpu(work)
        assert not self.table.problems, self.table.problems[:3]
        return cost

    def seal(self):
        def work():
            self.made = storing.ready(self.plan)

        return cpu(work)

    def write(self):
        """With every constraint looked at, and rolled back."""
        with transaction.atomic():
            storing.write(self.made)
            sql("SET CONSTRAINTS ALL IMMEDIATE")()
            self.history = Resident.pgh_event_model.objects.filter(id__gte=self.made.people_ids[0]).count()
            transaction.set_rollback(True)

    def statements(self):
        with CaptureQueriesContext(connection) as seen, transaction.atomic():
            storing.write(self.made)
            transaction.set_rollback(True)
        return len(seen)

    def bare(self):
        """The same rows, as stored, into tables without index, key or history."""
        told = {
            "bench_home": ("household", storing.HOME, self.made.homes),
            "bench_person": ("resident", storing.PERSON, self.made.people),
        }
        for table, (model, names, _text) in told.items():
            said = ", ".join(names)
            sql(f"CREATE UNLOGGED TABLE {table} AS SELECT {said} FROM households_{model} LIMIT 0")()

        def work():
            with transaction.atomic(), connection.cursor() as cursor:
                for table, (_model, names, text) in told.items():
                    cursor.execute(f"TRUNCATE {table}")
                    copying.copy(table, names, text)

        return work


def _children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1e3


def _few(town, said):
    parts = Parts(town, spreadsheets.written([spreadsheets.Sheet("花名册", HEAD, said[:100])]))
    parts.read(), parts.check(), parts.seal()
    return parts.statements()


def _row_by_row(said):
    """As a plain Django project takes a table over: for each row the household is looked for or made, then its person
    saved, with the same sealing, sounds and history."""

    def work():
        with transaction.atomic():
            known, places = {}, {}
            for row in said[:SAMPLE]:
                place = places.get(row[2]) or Area.objects.select_related("village").get(code=row[2])
                places[row[2]] = place
                home = known.get(row[3])
                if home is None:
                    home = known[row[3]] = Household.objects.create(
                        code=f"{place.village.code}H{row[3]}", name=row[4], area=place, area_path=place.path,
                        town_id=place.town_id, village_id=place.village_id, grid_id=place.grid_id, address=row[8],
                        from_day=clock.today(),
                    )  # fmt: skip
                Resident.objects.filter(household=home, name=row[4]).first()
                Resident.objects.create(
                    household=home, area_path=place.path, name=row[4], relation=relation_of(row[5]), phone=row[7],
                    id_number=row[6], sex="M", birth_year=int(row[6][6:10]), from_day=clock.today(),
                )  # fmt: skip
            transaction.set_rollback(True)

    return cpu(work)


def _memory(content) -> float:
    """The most memory a process of its own has while it takes the file over, in MB."""
    told = {key: connection.settings_dict[key] for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    environment = os.environ | {"BENCH_DATABASE": json.dumps(told)}
    ended = subprocess.run(
        [sys.executable, "-c", "from governance.bench import alone; alone.run()"],
        input=content, capture_output=True, check=True, env=environment,
    )  # fmt: skip
    return int(ended.stdout) / 1024
