"""Moving and ending places: what lies there goes along, what counted before stays, what does not fit is refused."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case
from common import clock
from grids import checking
from grids.models import Area, AreaAct, FormerName, Placement
from grids.reshaping import planning, reversing
from grids.roles import Role
from households import linking
from households.models import Household, HouseholdLink, PartyMember, Resident
from ledgers import checking as figures_checking
from ledgers import closing, counting
from ledgers.models import Fact
from screening.models import DailyReport, Finding
from tests.grids.reshaping_town import DAY, FIRST, SECOND, TODAY

G1, G2, OTHER = f"{FIRST}001", f"{FIRST}002", f"{SECOND}001"


def faults():
    return [str(one) for one in checking.check()]


def test_a_grid_moves_with_everything_below_it_and_gets_a_code_of_the_new_village(ground):
    ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    grid = ground.at(f"{SECOND}002")
    micros = Area.objects.filter(parent=grid).order_by("code")
    assert (grid.name, grid.village.code, grid.parent.code) == ("第1网格", SECOND, SECOND)
    assert [micro.code for micro in micros] == [f"{SECOND}0020000{n}" for n in (1, 2)]
    assert all(micro.path == grid.path + micro.path[-6:] and micro.village == grid.village for micro in micros)
    assert set(FormerName.objects.values_list("code", "until_day")) == {
        (code, TODAY) for code in (G1, f"{G1}00001", f"{G1}00002")
    }
    assert faults() == []


def test_every_table_with_an_area_path_is_carried_along_in_one_statement(ground):
    """A new table with an area path that is entered nowhere is found here."""
    carried = [model for model in apps.get_models() if any(f.name == "area_path" for f in model._meta.local_fields)]
    carried = [model._meta.db_table for model in carried if not hasattr(model, "pgh_tracked_model")]
    with CaptureQueriesContext(connection) as written:
        ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    updates = [query["sql"].lstrip() for query in written if query["sql"].lstrip().startswith("UPDATE")]
    times = {
        table: sum(sql.startswith(f"UPDATE {table} ") and "SET area_path" in sql for sql in updates)
        for table in carried
    }
    assert len(carried) >= 8
    assert {table for table, number in times.items() if number != 1} == set()


def test_a_move_is_a_handful_of_statements_however_much_lies_there(ground):
    with CaptureQueriesContext(connection) as few:
        ground.take("move", area=ground.id(G2), parent=ground.id(SECOND))
    for n in range(3, 11):
        home = ground.household(ground.at(f"{G1}00001"), n)
        linking.link(household=home, member=PartyMember.objects.first(), from_day=TODAY - DAY, by=None)
    for n in range(5):
        ground.report(G1, TODAY - n * DAY, "spot", "spot")
    with CaptureQueriesContext(connection) as many:
        ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    written = [[query["sql"][:6] for query in found].count for found in (few, many)]
    first, second = (count("UPDATE") + count("INSERT") for count in written)
    assert first == second <= 26


def test_where_it_counted_before_the_day_stays_and_from_the_day_on_it_counts_anew(ground):
    grid, old, new = ground.at(G1), ground.at(FIRST), ground.at(SECOND)
    ground.take("move", area=grid.pk, parent=new.pk)
    spans = Placement.objects.filter(area=grid).order_by("from_day").values_list("village", "from_day", "until_day")
    assert list(spans) == [(old.pk, dt.date(2020, 1, 1), TODAY), (new.pk, TODAY, None)]


def test_rows_of_every_floor_lie_there_today_and_count_where_they_did(ground):
    report = ground.report(G1, TODAY - DAY, "spot", "dispute", micro="00001")
    old, new = ground.at(FIRST), ground.at(SECOND)
    ground.take("move", area=ground.id(G1), parent=new.pk)
    grid = ground.at(f"{SECOND}002")
    report = DailyReport.objects.get(pk=report.pk)
    assert (report.area_path, report.village_id) == (grid.path, old.pk)
    for row in [*Finding.objects.all(), *Case.objects.all()]:
        assert (row.area_path, row.village_id) == (row.area.path, old.pk)
        assert row.area_path.startswith(new.path)
    assert {r.area_path for r in Resident.objects.filter(household__grid=grid)} == {
        m.path for m in Area.objects.filter(parent=grid)
    }


def test_households_and_links_count_there_from_the_day_on(ground):
    grid, old, new = ground.at(G1), ground.at(FIRST), ground.at(SECOND)
    ground.take("move", area=grid.pk, parent=new.pk)
    homes = Household.objects.filter(grid=grid)
    assert {(home.village_id, home.here_since) for home in homes} == {(new.pk, TODAY)}
    assert {(f.village_id, f.until_day) for home in homes for f in home.former_places.all()} == {(old.pk, TODAY)}
    links = HouseholdLink.objects.filter(household__in=homes).order_by("household", "from_day")
    assert [(link.village_id, link.until_day) for link in links] == [(old.pk, TODAY), (new.pk, None)] * 4
    assert {link.area_path for link in links} == {home.area_path for home in homes}


def test_figures_of_the_days_before_stay_and_later_ones_are_the_new_villages(ground):
    for n in range(9):
        ground.report(G1, TODAY - n * DAY, *["spot"] * (n % 2))
    with clock.standing_at(clock.at(TODAY, 1)):
        closing.close_owed()
    before = list(Fact.objects.filter(start__lt=TODAY).order_by("pk").values())
    ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    with clock.standing_at(clock.at(TODAY + 2 * DAY, 1)):
        counting.drain()
        closing.close_owed()
        assert list(Fact.objects.filter(start__lt=TODAY).order_by("pk").values()) == before
        day = {f.area.code: f for f in Fact.objects.filter(kind="D", start=TODAY).select_related("area")}
        assert (day[FIRST].expected, day[SECOND].expected, day[SECOND].on_time) == (1, 2, 1)
        assert (day[FIRST].households, day[SECOND].households, day[SECOND].linked) == (4, 8, 8)
        assert figures_checking.check().differences == []


def test_a_micro_grid_moves_to_another_grid_under_a_number_of_its_own(ground):
    ground.take("move", area=ground.id(f"{G1}00002"), parent=ground.id(G2))
    micro = ground.at(f"{G2}00003")
    assert (micro.name, micro.grid.code) == ("2号微网格", G2)
    assert Household.objects.filter(grid=ground.at(G2)).count() == 6
    assert faults() == []


@pytest.mark.parametrize(
    ("area", "parent", "why"),
    [
        (G1, f"{G1}00001", "cycle"),
        (FIRST, SECOND, "kind"),
        (G1, FIRST, "same"),
        (G1, G2, "level"),
        (f"{G1}00001", SECOND, "level"),
    ],
)
def test_what_does_not_fit_is_refused_with_one_message_and_changes_nothing(ground, area, parent, why):
    before = list(Area.objects.order_by("pk").values())
    with pytest.raises(ValidationError) as refused:
        ground.take("move", area=ground.id(area), parent=ground.id(parent))
    assert (refused.value.code, len(refused.value.messages)) == (why, 1)
    assert list(Area.objects.order_by("pk").values()) == before
    assert not AreaAct.objects.exists()


@pytest.mark.parametrize(("code", "why"), [(OTHER, "taken"), (f"{SECOND}1", "length"), (f"{FIRST}007", "prefix")])
def test_a_code_that_is_taken_or_malformed_is_refused(ground, code, why):
    with pytest.raises(ValidationError) as refused:
        ground.take("move", area=ground.id(G1), parent=ground.id(SECOND), code=code)
    assert refused.value.code == why


def test_a_code_is_never_given_again(ground):
    ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    act = ground.take("open", parent=ground.id(FIRST), kind="grid", name="新网格")
    assert act.gives == [f"{FIRST}003"]
    with pytest.raises(ValidationError):
        ground.take("open", parent=ground.id(FIRST), kind="grid", name="新网格", code=G1)


def test_a_report_filed_on_the_morning_of_the_move_counts_where_the_grid_lies_that_day(ground):
    report = ground.report(G1, TODAY, "spot")
    ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    assert DailyReport.objects.get(pk=report.pk).village.code == SECOND
    assert Finding.objects.get().village.code == SECOND


def test_a_move_back_takes_back_codes_too(ground):
    before = dict(Area.objects.values_list("pk", "code"))
    act = ground.take("move", area=ground.id(G1), parent=ground.id(SECOND))
    with clock.standing_at(clock.at(TODAY + DAY, 9)):
        reversing.reverse(act=act, by=None)
        closing.close_owed()
        counting.drain()
        assert dict(Area.objects.values_list("pk", "code")) == before
        assert faults() == []
        assert figures_checking.check().differences == []
    assert set(Household.objects.values_list("village__code", flat=True)) == {FIRST, SECOND}


def test_a_place_on_which_something_lies_does_not_end_and_the_refusal_lists_it(ground):
    ground.dispute(G1, TODAY)
    with pytest.raises(ValidationError) as refused:
        ground.take("end", area=ground.id(G1))
    (message,) = refused.value.messages
    assert refused.value.code == "held"
    assert all(words in message for words in ("1号微网格", "2号微网格", " 4", " 1"))


def test_an_empty_place_ends_with_its_posts(ground):
    ground.take("open", parent=ground.id(FIRST), kind="grid", name="空网格", on=TODAY - DAY, taken=TODAY - DAY)
    grid = ground.at(f"{FIRST}003")
    worker = ground.someone(Role.GRID_WORKER, grid, from_day=TODAY)
    later = ground.someone(Role.GRID_LEADER, grid, from_day=TODAY + 5 * DAY)
    ground.take("end", area=grid.pk, on=TODAY + DAY)
    grid.refresh_from_db()
    assert (grid.ended_on, worker.posts.get().until_day) == (TODAY + DAY, TODAY + DAY)
    assert not later.posts.exists()
    with clock.standing_at(clock.at(TODAY + DAY, 10)):
        assert faults() == []


def test_only_who_may_change_places_may_act(ground, someone):
    terms = {"area": ground.id(G1), "parent": ground.id(SECOND)}
    with pytest.raises(PermissionDenied):
        planning.take("move", terms, TODAY, by=someone(Role.VILLAGE_DESK, ground.at(FIRST)))
    act = planning.take("move", terms, TODAY, by=someone(Role.SYSTEM_ADMIN, ground.town))
    assert act.state == "done"


def test_a_move_is_not_taken_back_below_a_place_that_has_ended(ground):
    moved = ground.take("move", area=ground.id(f"{FIRST}00100001"), parent=ground.id(f"{SECOND}001"))
    ground.take("merge", areas=ground.ids(f"{FIRST}001", f"{FIRST}002"), name="河东网格")
    with clock.standing_at(clock.at(TODAY, 13)):
        assert reversing.why_not(moved) != ""
        with pytest.raises(ValidationError) as refused:
            reversing.reverse(act=moved, by=None)
        assert refused.value.code == "ended"
        assert checking.check() == []
