"""Bad input through the screens it comes by: two seconds and 300 MB at most, one clear message, nothing changed.

GOV_BAD_INPUT=table prints what docs/measured/bad-input.md holds."""

import os
import uuid
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common import clock
from grids import places
from grids.models import Area
from grids.places import Opening
from grids.roles import Role
from tests.access.world import everything_written
from tests.common.bad_tables import bomb, xlsx
from tests.conftest import SINCE
from tests.governance import bad_files as bad
from tests.governance.spent import spending
from tests.grids.test_outline_files import bomb as bomb_of_outlines
from tests.grids.test_outline_files import many_points

pytestmark = pytest.mark.django_db
SECONDS, MEGABYTES = 2, 300  # for each request
KERNEL = 1  # until a child over its limit is killed, on a machine with other work; 0.03 on a quiet one
WAITING = {"accounts_heldfile", "grids_boundaryimport", "grids_townsetup"}  # uploads that are shown, not applied
GRID, MICRO = f"{bad.VILLAGE}001", f"{bad.VILLAGE}00100001"
WHOLE_LIST = [[f"{bad.TOWN[:9]}{n}", f"第{n}村", 5, bad.TOWN] for n in range(201, 999)]
COMBS = 25
HEAD = """

| case | requests | s here | s in the child | MB grown here | MB of the child | message |
| --- | ---: | ---: | ---: | ---: | ---: | --- |"""


@dataclass
class Case:
    """One bad thing: the screen it comes by, what is sent, words of the message (none: it is taken as it should be),
    and how many messages there are."""

    screen: str
    make: object
    says: str
    messages: int = 1
    name: str = "x.xlsx"
    grids: int = 2  # of the village
    micros: int = 0  # of these grids


def village(code, name="东良村", parent=bad.TOWN, level=5):
    return [code, name, level, parent]


def table(*rows, head=bad.GRIDS, **how):
    return lambda: xlsx(head, *rows, **how)


def of_many_points():
    one = many_points()
    return bad.of_outlines(one | {"properties": {"code": GRID}})


def combs():
    """Outlines of which every other one lies across the rest."""
    return bad.of_outlines(*[bad.outline(bad.comb(49, n % 2 == 0), f"{bad.VILLAGE}{n + 1:03}") for n in range(COMBS)])


MERGED = {"merged": ["A2:A3"]}
CASES = {
    "divisions: a code twice": Case(
        "list", lambda: bad.divisions(*[village("140429104201")] * 2), "不止一次", 2, "x.csv"),
    "divisions: a malformed code": Case(
        "list", lambda: bad.divisions(village("14042910420X")), "12 位代码", name="x.csv"),
    "divisions: parents in a circle": Case(
        "list", lambda: bad.divisions(village("140429104201", parent="140429104202"),
                                      village("140429104202", parent="140429104201")), "绕成了圈", 2, "x.csv"),
    "divisions: a level out of order": Case(
        "list", lambda: bad.divisions(village("140429104201", parent="140429000000")), "上一级", name="x.csv"),
    "divisions: 800 lines of an unknown town": Case(
        "list", lambda: bad.divisions(*[[*row[:3], "140429999000"] for row in WHOLE_LIST]), "没有", 20, "x.csv"),
    "tree: a place below itself": Case("move", lambda: MICRO, "选择一个有效的选项"),
    "tree: a level out of order": Case("move", lambda: f"{bad.VILLAGE}00200001", "选择一个有效的选项"),
    "grids: a code twice": Case(
        "grids", table(["东良村", "甲网格", "", f"{bad.VILLAGE}091"], ["东良村", "乙网格", "", f"{bad.VILLAGE}091"]),
        "第 2 行也用了"),
    "grids: a malformed code": Case("grids", table(["东良村", "甲网格", "", "12A"]), "12A"),
    "grids: a zip bomb": Case("grids", bomb, "大得不正常"),
    "grids: merged cells": Case("grids", table(["东良村", "甲网格"], ["", "乙网格"], **MERGED), "A2:A3"),
    "grids: a million blank rows": Case("grids", bad.million_blank_rows, ""),
    "grids: eight sheets of a million blank rows": Case("grids", lambda: bad.million_blank_rows(8), "太大"),
    "grids: GBK text": Case(
        "grids", lambda: "村,网格名称\n东良村,甲网格\n".encode("gbk"), "", name="x.csv"),
    "grids: GBK text cut off in a character": Case(
        "grids", lambda: "村,网格名称\n东良村,甲网\n".encode("gbk")[:-2] + b"\xff\n", "GBK", name="x.csv"),
    "people: days written in words": Case(
        "people", table(["王五", "网格员", "东良村", "第一网格", "三月二日"], head=bad.PEOPLE), "三月二日"),
    "outline: 200,000 points in a file": Case(
        "boundary", lambda: of_many_points(), "200,000", name="x.geojson"),
    "outline: 100,000 points pasted": Case("pasted", lambda: bad.pasted(100_000), "100,000"),
    "outline: 200,000 points pasted": Case("pasted", lambda: bad.pasted(200_000), "2.5 MB"),
    "outline: a bow-tie": Case(
        "boundary", lambda: bad.of_outlines(bad.outline(bad.bow_tie(), GRID)), "自相交", name="x.geojson"),
    "outline: a zip bomb": Case("boundary", bomb_of_outlines, "解开后超过", name="x.zip"),
    "outlines: one with 200,000 points": Case(
        "outlines", lambda: of_many_points(), "200,000", name="x.geojson"),
    "outlines: a zip bomb": Case("outlines", bomb_of_outlines, "解开后超过", name="x.zip"),
    "outlines: rings without end": Case("outlines", bad.rings_without_end, "时间过长", name="x.zip"),
    "outlines: 25 combs across each other": Case("outlines", combs, "耗时过长", name="x.geojson", grids=COMBS),
}  # fmt: skip


LONG = bool(os.environ.get("GOV_BAD_INPUT"))
ELSEWHERE = {  # in the suite these are tried where the files are read: test_reading, test_outline_files, test_drawing
    "divisions: 800 lines of an unknown town", "grids: a zip bomb", "grids: a million blank rows",
    "grids: eight sheets of a million blank rows", "outline: 100,000 points pasted", "outline: a zip bomb",
    "outlines: one with 200,000 points", "outlines: a zip bomb", "outlines: 25 combs across each other",
}  # fmt: skip
if LONG:
    CASES["outlines: the most that is allowed, 1,998 with 98,000 points"] = Case(
        "outlines", bad.most_outlines, "", name="x.geojson", micros=1_998
    )


@pytest.fixture
def screens(client, someone, county, town, village, grid, open_area):
    """screens[name](what is made): the answers to it."""
    open_area("micro_grid", grid, MICRO, "第一微网格")
    second = open_area("grid", village, f"{bad.VILLAGE}002", "东良村第二网格")
    open_area("micro_grid", second, f"{bad.VILLAGE}00200001", "第二微网格")
    client.force_login(someone(Role.SYSTEM_ADMIN, county))
    desk = Client()
    desk.force_login(someone(Role.TOWN_DESK, town))
    day = clock.today().isoformat()

    def send(address, said, browser=client, confirm=None):
        """The answers: to what is sent, to the preview it leads to, and to its button, pressed all the same."""
        answers = [browser.post(address, said)]
        if answers[0].status_code == 302:
            answers.append(browser.get(answers[0].url))
            answers.append(browser.post(confirm or answers[0].url, {"reason": "照此执行"}))
        return answers

    def people(file):
        return send(reverse("people:import"), {"area": town.code, "file": file}, desk)

    def grids(file):
        confirm = reverse("set_up_confirm_grids", args=[town.code])
        return send(reverse("set_up_grids", args=[town.code]), {"file": file}, confirm=confirm)

    def move(to):
        said = {"parent": Area.objects.get(code=to).pk, "on": day, "client_id": str(uuid.uuid4()), "confirm": "yes"}
        return send(reverse("grids:change", args=[GRID, "move"]), said)

    outline = reverse("grids:boundary", args=[GRID])
    outlines = reverse("grids:boundary_import", args=[town.code])
    return {
        "list": lambda file: send(reverse("set_up_list"), {"file": file}), "move": move,
        "grids": grids, "people": people,
        "boundary": lambda file: send(outline, {"file": file, "from_day": day}),
        "pasted": lambda text: send(outline, {"outline": text, "from_day": day}),
        "outlines": lambda file: send(outlines, {"file": file, "from_day": day}),
    }  # fmt: skip


def told(answer) -> list[str]:
    """What the page says is wrong: at its fields, in its list of problems, about its outlines."""
    page = answer.context or {}
    forms = [page[name] for name in ("form",) if name in page]
    found = [error for form in forms for errors in form.errors.values() for error in errors]
    found += [str(problem) for problem in page.get("problems", [])]
    found += [remark.text for remark in page.get("remarks", [])]
    preview = page.get("preview")
    found += [remark.text for line in getattr(preview, "lines", []) for remark in line.remarks]
    found += ["2.5 MB"] if "2.5 MB" in answer.content.decode() and answer.status_code == 400 else []
    return [str(one) for one in dict.fromkeys(found)]


@pytest.fixture(scope="module")
def printed():
    rows = []
    yield rows
    if LONG:
        print(HEAD, *rows, sep="\n")  # noqa: T201


@pytest.mark.parametrize("name", [name for name in CASES if LONG or name not in ELSEWHERE])
def test_bad_input_costs_little_is_told_in_one_message_and_changes_nothing(screens, printed, name):
    case = CASES[name]
    made = case.make()
    openings = [Opening("grid", f"{bad.VILLAGE}{n:03}", f"第{n}网格", bad.VILLAGE) for n in range(3, case.grids + 1)]
    for code in [bad.micro_code(n) for n in range(case.micros) if n % 999]:
        openings.append(Opening("micro_grid", code, f"微网格{code[12:]}", code[:15]))
    with clock.standing_at(clock.at(SINCE)):
        places.open_areas(openings=openings, on=SINCE, by=None)
    before = {table: digest for table, digest in everything_written().items() if table not in WAITING}
    sent = SimpleUploadedFile(case.name, made) if isinstance(made, bytes) else made

    with spending() as spent:
        answers = screens[case.screen](sent)

    answer = answers[min(1, len(answers) - 1)]
    said = told(answer)
    figures = f"{spent.seconds:.2f} | {spent.of_child:.2f} | {spent.grown:.0f} | {spent.child:.0f}"
    printed.append(f"| {name} | {len(answers)} | {figures} | {said[0] if said else '(taken)'} |")
    if case.says:
        assert {one.status_code for one in answers} <= {200, 302, 400, 422}
        assert len(said) == case.messages, said
        assert case.says in said[0]
        after = everything_written()
        assert {table for table in before if after[table] != before[table]} == set()
    else:
        assert said == []
    assert spent.seconds <= SECONDS * len(answers) or case.micros  # that much is work, and no bad input
    assert spent.of_child <= SECONDS * len(answers) + KERNEL
    assert spent.grown <= MEGABYTES
    assert spent.child <= MEGABYTES
