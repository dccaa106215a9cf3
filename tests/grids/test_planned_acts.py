"""Acts planned for a day: owed from that day on, carried out in order with their own date, withdrawn before it."""

import datetime as dt
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, transaction

from common import clock
from grids import changes, checking
from grids.models import Area, AreaAct, Placement
from grids.reshaping import planning
from grids.tasks import carry_out_due
from households.models import Household
from ledgers import checking as figures_checking
from ledgers import closing
from ledgers.models import Fact
from screening.models import DailyReport
from tests.grids.reshaping_town import DAY, FIRST, SECOND, TODAY

G1, G2 = f"{FIRST}001", f"{FIRST}002"


def plan_move(ground, on=TODAY + 3 * DAY):
    return ground.take("move", on, taken=TODAY, area=ground.id(G1), parent=ground.id(SECOND))


def test_a_later_act_changes_nothing_before_its_day(ground):
    before = list(Area.objects.order_by("pk").values())
    act = plan_move(ground)
    assert (act.state, act.on, act.gives) == ("planned", TODAY + 3 * DAY, [f"{SECOND}002"])
    with clock.standing_at(clock.at(TODAY + 2 * DAY, 23, 59)):
        assert planning.carry_out_due() == 0
    assert list(Area.objects.order_by("pk").values()) == before


def test_it_is_carried_out_on_its_day_by_the_worker(ground):
    act = plan_move(ground)
    with clock.standing_at(clock.at(TODAY + 3 * DAY, 0, 0, 5)):
        carry_out_due()
    act.refresh_from_db()
    assert act.state == "done"
    assert ground.at(f"{SECOND}002").village.code == SECOND


def test_ten_days_without_power_carry_everything_out_in_order_with_its_own_date(ground):
    plan_move(ground, TODAY + 2 * DAY)
    merge = ground.take("merge", TODAY + 5 * DAY, taken=TODAY, areas=ground.ids(f"{G2}00001", f"{G2}00002"), name="合")
    with clock.standing_at(clock.at(TODAY + 10 * DAY, 9)):
        closing.close_owed()
        assert [str(one) for one in checking.check()] == []
        assert figures_checking.check().differences == []
    grid = ground.at(f"{SECOND}002")
    assert Placement.objects.get(area=grid, until_day=None).from_day == TODAY + 2 * DAY
    assert Area.objects.get(pk__in=AreaAct.objects.get(pk=merge.pk).outcome["opened"]).opened_on == TODAY + 5 * DAY
    villages = Fact.objects.filter(kind="D", area__code=SECOND).order_by("start").values_list("start", "households")
    assert dict(villages)[TODAY + DAY] == 4
    assert dict(villages)[TODAY + 2 * DAY] == 8


def test_no_day_is_counted_before_its_acts(ground):
    """The day after an act is counted by the worker that slept over it: it carries the act out first."""
    plan_move(ground, TODAY + DAY)
    with clock.standing_at(clock.at(TODAY + 2 * DAY, 0, 5)):
        closing.close_owed()
        expected = dict(Fact.objects.filter(kind="D", start=TODAY + DAY).values_list("area__code", "expected"))
    assert (expected[FIRST], expected[SECOND]) == (1, 2)


def test_reports_filed_before_a_late_carrying_out_count_where_the_grid_lay(ground):
    plan_move(ground, TODAY + DAY)
    report = ground.report(G1, TODAY + DAY, "spot")
    with clock.standing_at(clock.at(TODAY + 3 * DAY, 1)):
        closing.close_owed()
        assert DailyReport.objects.get(pk=report.pk).village.code == SECOND
        assert figures_checking.check().differences == []


def test_an_act_that_can_no_longer_be_done_is_marked_with_the_reason_and_the_next_goes_on(ground):
    act = ground.take("merge", TODAY + DAY, taken=TODAY, areas=ground.ids(G1, G2), name="合并网格")
    ground.report(G1, TODAY + DAY)  # the worker filed before the act was carried out
    other = ground.take("rename", TODAY + DAY, taken=TODAY, area=ground.id(SECOND), name="南沟新村")
    with clock.standing_at(clock.at(TODAY + DAY, 20)):
        assert planning.carry_out_due() == 1
    act.refresh_from_db()
    other.refresh_from_db()
    assert (act.state, other.state) == ("failed", "done")
    assert act.error
    assert not Area.objects.filter(name="合并网格").exists()
    with clock.standing_at(clock.at(TODAY + DAY, 21)):
        assert checking.check() == []


def test_a_planned_act_is_withdrawn_until_its_day(ground):
    act = planning.withdraw(act=plan_move(ground), by=None)
    with clock.standing_at(clock.at(TODAY + 4 * DAY, 1)):
        assert planning.carry_out_due() == 0
    assert act.state == "withdrawn"
    with pytest.raises(ValidationError):
        planning.withdraw(act=act, by=None)


def test_a_second_act_on_the_same_place_is_refused_while_one_is_planned(ground):
    plan_move(ground)
    with pytest.raises(ValidationError) as refused:
        ground.take("merge", areas=ground.ids(G1, G2), name="合并网格")
    assert refused.value.code == "planned"


@pytest.mark.parametrize("on", [TODAY - DAY, TODAY + dt.timedelta(days=800)])
def test_the_day_is_today_or_later_and_not_beyond_sight(ground, on):
    with pytest.raises(ValidationError) as refused:
        ground.take("move", on, taken=TODAY, area=ground.id(G1), parent=ground.id(SECOND))
    assert refused.value.code == "day"


def test_a_form_sent_twice_is_one_act(ground):
    client_id = uuid.uuid4()
    terms = {"parent": ground.id(FIRST), "kind": "grid", "name": "新网格"}
    acts = [planning.take("open", terms, TODAY, by=None, client_id=client_id) for _ in range(2)]
    assert acts[0] == acts[1]
    assert Area.objects.filter(name="新网格").count() == 1


def test_a_report_written_with_the_old_path_while_its_grid_moved_is_gathered_in(ground):
    grid = ground.at(G1)
    act = ground.take("move", area=grid.pk, parent=ground.id(SECOND))
    report = ground.report(f"{SECOND}002", TODAY, "spot")
    DailyReport.objects.filter(pk=report.pk).update(area_path=grid.path, village=grid.village)  # as if begun before
    assert any("DailyReport" in str(one) or "2026" in str(one) or grid.path in str(one) for one in checking.check())
    with clock.standing_at(clock.at(TODAY, 12, 1)):
        planning.carry_out_due()
    report.refresh_from_db()
    assert (report.area_path, report.village.code) == (Area.objects.get(pk=act.areas[0]).path, SECOND)


# --- at the same time, with real connections ---------------------------------------------


def at_once(*calls):
    """Runs the calls in threads of their own, each on a connection of its own; returns results or exceptions."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            with clock.standing_at(clock.at(TODAY, 12)):
                barrier.wait(timeout=20)
                answers[number] = call()
        except Exception as failure:
            answers[number] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    close_old_connections()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_acts_one_is_done(ground):
    merge = {"areas": ground.ids(G1, G2), "name": "合并网格"}
    move = {"area": ground.id(G1), "parent": ground.id(SECOND)}
    answers = at_once(
        lambda: planning.take("merge", merge, TODAY, by=None), lambda: planning.take("move", move, TODAY, by=None)
    )
    refused = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(refused) == 1, answers
    assert AreaAct.objects.filter(state="done").count() == 1
    assert checking.check() == []


@pytest.mark.django_db(transaction=True)
def test_a_micro_grid_opened_while_its_grid_moves_lies_below_it(ground):
    move = {"area": ground.id(G1), "parent": ground.id(SECOND)}
    opening = {"parent": ground.id(G1), "kind": "micro_grid", "name": "新微网格"}
    at_once(lambda: planning.take("move", move, TODAY, by=None), lambda: planning.take("open", opening, TODAY, by=None))
    assert [str(one) for one in checking.check()] == []


@pytest.mark.django_db(transaction=True)
def test_filing_a_report_does_not_wait_for_an_act(ground):
    """While an act holds its locks, not yet committed, a report of the grid comes in."""
    held, filed = threading.Event(), threading.Event()

    def act():
        with transaction.atomic():
            planning.take("move", {"area": ground.id(G1), "parent": ground.id(SECOND)}, TODAY, by=None)
            held.set()
            assert filed.wait(timeout=20)

    def file():
        assert held.wait(timeout=20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        report = ground.report(G1, TODAY, "spot")
        filed.set()
        return report

    answers = at_once(act, file)
    assert isinstance(answers[1], DailyReport), answers
    with clock.standing_at(clock.at(TODAY, 12, 1)):
        planning.carry_out_due()
        assert [str(one) for one in checking.check()] == []
    assert DailyReport.objects.get().village.code == SECOND


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_the_same_time_is_one_act(ground):
    client_id = uuid.uuid4()
    terms = {"area": ground.id(G1), "parent": ground.id(SECOND)}
    answers = at_once(*[lambda: planning.take("move", terms, TODAY, by=None, client_id=client_id)] * 3)
    assert len({getattr(answer, "pk", answer) for answer in answers}) == 1
    assert Household.objects.filter(village__code=SECOND).count() == 8
    assert changes.where(answers[0].areas[0], TODAY).village_id == ground.id(SECOND)
