"""What a demo town is invented from, without a database: shares, shapes, families, the diary."""

import datetime as dt

import pytest
import shapely

from common import clock, periods
from governance.demo import families, gucheng, layout, shapes, shares
from governance.demo.diary import Diary
from governance.demo.plan import Plan
from tests.governance.demo_town import AS_OF


def test_the_same_seed_invents_the_same_town_and_another_seed_another():
    def invented(seed):
        plan = Plan(gucheng, AS_OF, 14, seed)
        people = families.families(plan.rng("families"), 300, 930, 480)
        namer = plan.namer("140429104218", "residents")
        reports = Diary(plan, 31, own_grid=4).reports
        return repr((plan.villages, people, [namer.person("F", 1970) for _ in range(50)], reports))

    assert invented(1) == invented(1)
    assert invented(1) != invented(2)


@pytest.mark.parametrize("seed", range(5))
def test_the_layout_keeps_the_totals_for_any_seed(seed):
    rng = Plan(gucheng, AS_OF, 0, seed).rng("layout")
    villages = layout.villages(gucheng, rng)
    grids = [grid for village in villages for grid in village.grids]
    assert (len(villages), len(grids), sum(map(len, grids)), sum(map(sum, grids))) == (25, 31, 550, 5969)
    assert [len(v.grids) for v in villages if v.division.name == "东良村"] == [2]
    assert max(home for grid in grids for home in grid) <= 30


@pytest.mark.parametrize("seed", range(5))
def test_cells_tile_for_any_seed(seed):
    rng = Plan(gucheng, AS_OF, 0, seed).rng("shapes")
    town = shapes.outline(rng, 160)
    parts = [cell for village in shapes.cells(town, 25, rng) for cell in shapes.cells(village, 20, rng)]
    exact = shapes.snapped([shapes.to_degrees(part, gucheng.MIDDLE) for part in parts])
    assert shapely.coverage_is_valid(exact)
    assert abs(town.area - 160) < 0.001


def test_shares_add_up():
    assert shares.split(10, [1, 1, 1]) == [4, 3, 3]
    assert shares.split(7, [0.1, 5], least=2) == [2, 5]
    assert shares.seats(5, [1, 9, 2]) == [1, 3, 1]
    with pytest.raises(ValueError, match="cannot be split"):
        shares.split(3, [1, 1], least=2)


def diary(as_of, history=120):
    with clock.standing_at(clock.at(as_of, 12)):
        return Diary(Plan(gucheng, as_of, history, 1), 31, own_grid=4)


@pytest.mark.parametrize(
    "as_of", [dt.date(2026, 11, 16), dt.date(2027, 1, 6), dt.date(2027, 1, 11), dt.date(2026, 3, 3)]
)
def test_fifty_two_are_settled_before_this_week_however_young_the_year(as_of):
    plan, monday = diary(as_of), periods.week_of(as_of).start
    cases = [
        (report.day, finding)
        for report in plan.reports + plan.morning
        for finding in report.findings
        if finding.outcome == "dispute" and report.day.year == as_of.year
    ]
    settled = [finding for _day, finding in cases if finding.ends]
    assert len(settled) == 52
    assert all(finding.ends < monday and finding.ends.year == as_of.year for finding in settled)
    assert 3 <= len(cases) - 52 <= 5
    assert all(day >= monday for day, finding in cases if not finding.ends)


def test_disputes_of_last_year_are_settled_in_it():
    old = [r for r in diary(dt.date(2027, 1, 20)).reports if r.day.year == 2026]
    ends = [finding.ends for report in old for finding in report.findings if finding.outcome == "dispute"]
    assert len(ends) > 20
    assert max(ends).year == 2026


def test_before_the_first_whole_day_of_the_year_nothing_is_forced_into_it():
    found = [f for r in diary(dt.date(2027, 1, 2)).reports if r.day.year == 2027 for f in r.findings if f.ends]
    assert not [finding for finding in found if finding.outcome == "dispute"]


def test_nothing_is_filed_before_its_time():
    with clock.standing_at(clock.at(AS_OF, 6, 30)):
        early = Diary(Plan(gucheng, AS_OF, 14, 1), 31, own_grid=4)
        assert {report.at for report in early.morning} == {clock.at(AS_OF, 6, 30)}
    assert all(report.at > clock.at(report.day, 0) for report in early.reports)
    assert all(report.late == (report.at > clock.at(report.day, 20)) for report in early.reports)
