"""The list of disputes is exactly as long as the figure that led to it, and shows nobody more than his post allows."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from casework.codes import Category
from common import clock
from disputes import workflow
from grids import staffing
from grids.roles import Role

pytestmark = pytest.mark.django_db
SECRET = "婚外情引起争吵"


def d(n):
    return dt.date(2026, 3, n)


@pytest.fixture
def march(dispute_in, take, grid, other_grid):
    """Three disputes: settled on the 4th and again on the 12th after reopening on the 10th; transferred; still open."""
    twice = dispute_in(grid, d(2), line="宅基地界墙")
    take("mediate", twice, d(3))
    take("settle", twice, d(4))
    take("reopen", twice, d(10))
    take("settle", twice, d(12))
    moved_on = dispute_in(other_grid, d(3), category="10", field="7", line="工钱没有结清")
    take("transfer", moved_on, d(5))
    still_open = dispute_in(grid, d(11), category="07", field="1", line="地边树遮阴")
    return {"twice": twice, "transferred": moved_on, "open": still_open}


def found(visit, user, **query):
    answer = visit(user).get("/disputes/", query)
    assert answer.status_code == 200
    rows = [row["number"] for row in answer.context["page_obj"].object_list]
    assert answer.context["page_obj"].paginator.count == len(rows)
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["open", "transferred", "twice"]),
        ({"found_from": "2026-03-02", "found_to": "2026-03-08"}, ["transferred", "twice"]),
        ({"found_from": "2026-03-09"}, ["open"]),
        ({"reopened_from": "2026-03-09", "reopened_to": "2026-03-15"}, ["twice"]),
        ({"reopened_to": "2026-03-09"}, []),
        ({"settled_from": "2026-03-01", "settled_to": "2026-03-31"}, ["twice", "twice"]),
        ({"settled_from": "2026-03-09", "settled_to": "2026-03-15"}, ["twice"]),
        ({"closed_from": "2026-03-05", "closed_to": "2026-03-05"}, ["transferred"]),
        ({"closed_as": "transferred"}, ["transferred"]),
        ({"closed_as": "settled", "closed_from": "2026-03-05"}, ["twice"]),
        ({"handled_from": "2026-03-03", "handled_to": "2026-03-03"}, ["twice"]),
        ({"handled_from": "2026-03-01", "handled_to": "2026-03-31"}, ["transferred", "twice", "twice"]),
        ({"open_on": "2026-03-01"}, []),
        ({"open_on": "2026-03-03"}, ["transferred", "twice"]),
        ({"open_on": "2026-03-04"}, ["transferred"]),
        ({"open_on": "2026-03-05"}, []),
        ({"open_on": "2026-03-11"}, ["open", "twice"]),
        ({"open_on": "2026-03-12"}, ["open"]),
        ({"category": "10"}, ["transferred"]),
        ({"field": "1"}, ["open"]),
        ({"state": "settled"}, ["twice"]),
        ({"q": "界墙"}, ["twice"]),
        ({"q": "20260311"}, ["open"]),
        ({"area": "140429104202"}, ["transferred"]),
        ({"area": "140429104201001"}, ["open", "twice"]),
        ({"area": "140429104000", "open_on": "2026-03-11"}, ["open", "twice"]),
    ],
)
def test_the_list_is_as_long_as_the_figure(query, expected, march, visit, desk):
    names = {dispute.case.number: name for name, dispute in march.items()}

    assert sorted(names[number] for number in found(visit, desk, **query)) == expected


def test_a_micro_grid_lists_what_lies_in_it(dispute_in, visit, desk, grid, micro_grid):
    dispute_in(grid)
    inside = dispute_in(micro_grid)

    assert found(visit, desk, area=micro_grid.code) == [inside.case.number]


def test_an_ended_spell_shows_how_it_ended_though_the_case_is_open_again(march, take, visit, desk):
    take("reopen", march["twice"], d(14))
    rows = visit(desk).get("/disputes/", {"settled_from": "2026-03-01"}).context["page_obj"].object_list
    now = visit(desk).get("/disputes/", {"q": "界墙"}).context["page_obj"].object_list

    assert [row["state"] for row in rows] == [workflow.State.SETTLED.label] * 2
    assert [row["state"] for row in now] == [workflow.State.REGISTERED.label]


def test_numbers_sort_both_ways(march, visit, desk):
    rows = found(visit, desk, sort="number")

    assert rows == sorted(rows)
    assert found(visit, desk, sort="-number") == rows[::-1]


@pytest.mark.parametrize(
    "query",
    [{"found_from": "gestern"}, {"sort": "case__registered_by__phone"}, {"state": "x"}, {"category": "77"},
     {"found_from": "2026-03-09", "found_to": "2026-03-01"}],
)  # fmt: skip
def test_a_query_that_means_nothing_is_refused_and_shows_nothing(query, march, visit, desk):
    answer = visit(desk).get("/disputes/", query)

    assert answer.status_code == 400
    assert not answer.context["page_obj"].object_list


def test_fifty_rows_a_page_and_the_same_number_of_queries(dispute_in, visit, desk, grid):
    for _turn in range(3):
        dispute_in(grid)
    few = queries(visit, desk)
    for _turn in range(58):
        dispute_in(grid)

    answer = visit(desk).get("/disputes/", {"page": 2})
    assert len(answer.context["page_obj"].object_list) == 11
    assert queries(visit, desk) == few <= 15


def queries(visit, user):
    browser = visit(user)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        browser.get("/disputes/")
    return len(seen)


def test_everybody_sees_the_disputes_of_his_own_area(march, visit, someone, village, other_village, other_town):
    assert len(found(visit, someone(Role.VILLAGE_DESK, village))) == 2
    assert len(found(visit, someone(Role.MEDIATOR, other_village))) == 1
    assert found(visit, someone(Role.TOWN_DESK, other_town)) == []


def test_an_area_outside_is_not_there(march, visit, someone, village):
    assert visit(someone(Role.VILLAGE_DESK, village)).get("/disputes/", {"area": "140429104202"}).status_code == 404


@pytest.mark.parametrize("role", [Role.LINKED_MEMBER, Role.SYSTEM_ADMIN, Role.MICRO_GRID_LEADER])
def test_posts_without_disputes_have_no_list(role, visit, someone, town):
    browser = visit(someone(role, town))

    assert browser.get("/disputes/").status_code == 403
    assert browser.get("/disputes/export/").status_code == 403


@pytest.mark.parametrize("role", [Role.PARTY_COMMITTEE, Role.DISCIPLINE_LIAISON])
def test_where_lists_end_at_figures_the_line_never_leaves_the_database(role, dispute_in, visit, someone, town, grid):
    number = dispute_in(grid, line=SECRET, parties=[{"name": "钱满仓", "phone": "13900001111"}]).case.number
    browser = visit(someone(role, town))

    with CaptureQueriesContext(connection) as seen:
        answers = [browser.get("/disputes/"), browser.get("/disputes/", {"q": "婚外情"})]
    table = browser.get("/disputes/export/").content

    sql = " ".join(query["sql"] for query in seen)
    assert "disputes_party" not in sql
    assert '"disputes_dispute"."line"' not in sql
    assert number in answers[0].content.decode()
    assert answers[1].context["page_obj"].paginator.count == 0
    for text in [SECRET, "钱满仓", "1390"]:
        assert all(text not in answer.content.decode() for answer in answers)
        assert text not in str(sheet_of(table))
    assert f"/disputes/{number}" not in answers[0].content.decode()
    assert 'class="case-number" href' not in answers[0].content.decode()


def test_a_sensitive_dispute_shows_number_and_category_only(dispute_in, visit, desk, grid):
    hidden = dispute_in(grid, d(2), line=SECRET, sensitive=True, category="01")
    browser = visit(desk)

    row = browser.get("/disputes/").context["page_obj"].object_list[0]
    assert row == {"pk": hidden.pk, "number": hidden.case.number, "category": row["category"], "sensitive": True}
    assert SECRET not in browser.get("/disputes/").content.decode()
    assert found(visit, desk, q="婚外情") == []
    exported = sheet_of(browser.get("/disputes/export/").content)[-1]
    assert [cell for cell in exported if cell] == [hidden.case.number, str(Category("01").label)]


def sheet_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_download_has_the_rows_of_the_list_and_is_recorded(march, visit, desk):
    browser = visit(desk)

    answer = browser.get("/disputes/export/", {"settled_from": "2026-03-01", "sort": "closed"})
    rows = sheet_of(answer.content)[-2:]

    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert [row[5:7] for row in rows] == [[d(2), d(4)], [d(10), d(12)]]
    assert {row[0] for row in rows} == {march["twice"].case.number}
    entry = AuditEntry.objects.get(act="disputes_export")
    assert entry.user == desk
    assert "settled_from=2026-03-01" in entry.reason


def test_a_line_that_looks_like_a_formula_stays_text_in_the_download(dispute_in, visit, desk, grid):
    dispute_in(grid, line='=HYPERLINK("http://example.org","看这里")')

    row = sheet_of(visit(desk).get("/disputes/export/").content)[-1]
    assert row[-1] == '=HYPERLINK("http://example.org","看这里")'


def test_today_is_the_day_of_the_download(march, visit, desk):
    with clock.standing_at(clock.at(d(20))):
        answer = visit(desk).get("/disputes/export/")

    assert 'filename="disputes-20260320.xlsx"' in answer.headers["Content-Disposition"]


def test_a_helper_reads_the_dispute_his_post_is_responsible_for_until_the_post_ends(visit, march, someone, village):
    lawyer = someone(Role.LEGAL_ADVISER, village)
    assert found(visit, lawyer) == []
    case = march["twice"].case
    case.responsible = lawyer.posts.get()
    case.save(update_fields=["responsible"])
    assert found(visit, lawyer) == [case.number]
    assert visit(lawyer).get(f"/disputes/{case.pk}/").status_code == 200
    assert visit(lawyer).get(f"/disputes/{march['open'].pk}/").status_code == 403

    staffing.end_post(post=case.responsible, on=clock.today(), by=None)
    assert visit(lawyer).get(f"/disputes/{case.pk}/").url.startswith("/sign-in/"), "the last post ends the session"
