"""Outlines come in force by the day, checked against the place above, the neighbours and what lies below."""

import datetime as dt
import math
import resource
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import translation
from shapely.geometry import shape as shape_of

from accounts.models import AuditEntry
from common import clock
from grids.models import Boundary, GeometryVersion
from grids.outlines import drawing, rules, shapes
from grids.outlines.drawing import Drawing, Origin, OutlineRefused
from grids.roles import Role
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, square

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def second_grid(open_area, village):
    return open_area("grid", village, "140429104201002", "东良村第二网格")


@pytest.fixture
def admin(someone, town):
    return someone(Role.SYSTEM_ADMIN, town)


def refused(*args, **kwargs):
    with pytest.raises(OutlineRefused) as caught:
        draw(*args, **kwargs)
    (said,) = caught.value.remarks.values()
    return said


def test_an_outline_is_in_force_from_its_day_with_where_it_came_from(grid, admin, today):
    row = draw(grid, square(0, 0), today, admin, source="typed", datum="CGCS2000", surveyed=True)

    assert (row.area, row.from_day, row.until_day, row.by) == (grid, today, None, admin)
    assert (row.source, row.datum, row.surveyed, row.invented) == ("typed", "CGCS2000", True, False)
    assert [row.west, row.south] == pytest.approx(at(0, 0), abs=1e-7)
    assert [row.east, row.north] == pytest.approx(at(1000, 1000), abs=1e-7)
    entry = AuditEntry.objects.get(act="boundary_draw")
    assert (entry.user, entry.area_code, entry.row) == (admin, grid.code, str(row.pk))


def test_the_old_outline_stays_in_force_for_the_days_before(grid, today):
    old = draw(grid, square(0, 0), SINCE)
    draw(grid, square(0, 0, 900), today)

    old.refresh_from_db()
    assert (old.from_day, old.until_day) == (SINCE, today)
    assert Boundary.objects.filter(area=grid).count() == 2


def test_drawing_the_same_again_writes_nothing(grid, today):
    row = draw(grid, square(0, 0), SINCE)
    before = GeometryVersion.objects.get().mark
    turned = square(0, 0)[0][0]
    turned = [[turned[2], turned[3], turned[0], turned[1], turned[2]]]

    assert draw(grid, [turned], today) is None
    assert list(Boundary.objects.filter(area=grid)) == [row]
    assert GeometryVersion.objects.get().mark == before


def test_a_mistake_of_today_is_put_right_today_but_the_past_is_not_rewritten(grid, today):
    draw(grid, square(0, 0), today)
    draw(grid, square(0, 0, 900), today)
    assert Boundary.objects.filter(area=grid).count() == 1

    draw(grid, square(0, 0, 800), today + 5 * DAY)
    (remark,) = refused(grid, square(0, 0, 700), today + DAY)
    assert (today + 5 * DAY).isoformat() in remark.text


def test_an_outline_lies_within_the_days_of_its_place(grid, today):
    (remark,) = refused(grid, square(0, 0), SINCE - DAY)
    assert "is not open on this day" in remark.text
    (remark,) = refused(grid, square(0, 0), today + 400 * DAY)
    assert "one year" in remark.text


def test_leaving_the_village_is_told_with_square_metres_and_spot_and_needs_a_reason(village, grid, today):
    draw(village, square(0, 0, 2000), SINCE)

    (remark,) = refused(grid, square(1600, 0, 1000), today)
    assert remark.level == "error"  # half of it is not outside by chance
    (remark,) = refused(grid, square(1100, 0, 1000), today)
    assert remark.level == "warning"
    assert "Leaves 东良村 by 100,0" in remark.text.replace("99,9", "100,0")
    assert shape_of({"type": "Point", "coordinates": remark.spot}).x > at(2000, 0)[0]

    row = draw(grid, square(1100, 0, 1000), today, reason="2019年勘界成果如此")
    assert row.reason == "2019年勘界成果如此"


def test_a_place_wholly_elsewhere_is_an_error_no_reason_overrides(village, grid, today):
    draw(village, square(0, 0, 2000), SINCE)

    (remark,) = refused(grid, square(6000, 0), today, reason="就是这样")
    assert remark.level == "error"
    assert "Check the coordinate system" in remark.text


def test_overlap_with_a_neighbour_is_told_by_name_with_square_metres(grid, second_grid, today):
    draw(second_grid, square(0, 0), SINCE)

    (remark,) = refused(grid, square(998, 0), today)
    assert "Overlaps 东良村第二网格 by 2,00" in remark.text.replace("1,99", "2,00")
    assert at(998, 0)[0] < remark.spot[0] < at(1000, 0)[0]
    assert draw(grid, square(998, 0), today, reason="争议地段，待镇裁决").reason


def comb(count, upright):
    """A comb with that many teeth over a square kilometre, its teeth pointing north or east."""
    step, ring = 1000 / count, []
    for n in range(count):
        ring += [(n * step, 100), (n * step, 1000), (n * step + step / 2, 1000), (n * step + step / 2, 100)]
    ring += [(1000, 100), (1000, 0), (0, 0)]
    return [[[at(x, y) if upright else at(y, x) for x, y in [*ring, ring[0]]]]]


def test_outlines_made_to_cross_a_million_times_are_refused_at_once(grid, second_grid, today):
    draw(second_grid, comb(2400, upright=True), SINCE)
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    (remark,) = refused(grid, comb(2400, upright=False), today, reason="不管")

    assert "Crosses the boundary of 东良村第二网格 thousands of times" in remark.text
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 << 10


def test_a_border_of_thousands_of_points_shared_with_a_neighbour_is_no_tangle(grid, second_grid, today):
    wave = [at(1000 + 30 * math.sin(n), n / 5) for n in range(5001)]
    draw(second_grid, [[[*wave, at(2000, 1000), at(2000, 0)]]], SINCE)

    assert draw(grid, [[[*wave, at(0, 1000), at(0, 0)]]], today).reason == ""


def test_a_sliver_narrower_than_a_metre_is_no_quarrel(grid, second_grid, today):
    draw(second_grid, square(0, 0), SINCE)

    assert draw(grid, square(999.2, 0), today).reason == ""


def test_a_micro_grid_inside_its_grid_overlaps_nobody(village, grid, micro_grid, today):
    for area, side in [(village, 3000), (grid, 2000), (micro_grid, 1000)]:
        assert draw(area, square(0, 0, side), today)


def test_cutting_off_a_part_below_is_told(village, grid, today):
    draw(village, square(0, 0, 2000), SINCE)
    draw(grid, square(1000, 0), SINCE)

    (remark,) = refused(village, square(0, 0, 1900), today)
    assert "of 东良村第一网格 here" in remark.text


def test_neighbours_drawn_together_are_checked_against_each_other_as_they_will_be(grid, second_grid, today):
    draw(grid, square(0, 0), SINCE)
    draw(second_grid, square(1000, 0), SINCE)
    swap = [Drawing(grid, square(1000, 0)), Drawing(second_grid, square(0, 0))]

    assert len(drawing.draw(drawings=swap, on=today, by=None, origin=Origin())) == 2


def test_one_wrong_outline_keeps_all_of_them_out(grid, second_grid, today):
    bow_tie = [[[at(0, 0), at(100, 100), at(100, 0), at(0, 100)]]]

    with pytest.raises(OutlineRefused):
        drawing.draw(
            drawings=[Drawing(grid, square(0, 0)), Drawing(second_grid, bow_tie)], on=today, by=None, origin=Origin()
        )
    assert not Boundary.objects.exists()


def test_names_outside_ones_area_are_not_told(grid, other_grid, village, someone, monkeypatch, today):
    from grids import access

    desk = someone(Role.VILLAGE_DESK, village)
    monkeypatch.setitem(access.MAY, "area.change", {Role.VILLAGE_DESK: access.AREA})
    draw(other_grid, square(0, 0), SINCE)

    (remark,) = refused(grid, square(500, 0), today, desk)
    assert "Overlaps a place outside your area" in remark.text


def test_only_who_may_change_places_draws(grid, someone, village, other_village, today):
    for user in (someone(Role.VILLAGE_DESK, village), someone(Role.SYSTEM_ADMIN, other_village)):
        with pytest.raises(PermissionDenied):
            draw(grid, square(0, 0), today, user)
    assert not Boundary.objects.exists()


def test_an_outline_is_taken_out_of_force_with_a_reason(grid, admin, today):
    old = draw(grid, square(0, 0), SINCE)

    drawing.erase(area=grid, on=today, by=admin, reason="界线争议，暂停使用")

    old.refresh_from_db()
    assert old.until_day == today
    assert AuditEntry.objects.get(act="boundary_erase").reason == "界线争议，暂停使用"
    with pytest.raises(ValidationError):
        drawing.erase(area=grid, on=today, by=admin, reason="再来一次")


def test_a_gap_is_told_once_every_part_has_an_outline(village, grid, second_grid, today):
    draw(village, square(0, 0, 2000), SINCE)
    draw(grid, square(0, 0), SINCE)
    assert rules.gap(village, today) is None

    draw(second_grid, square(0, 1000), SINCE)

    remark = rules.gap(village, today)
    assert remark.level == shapes.NOTE
    assert remark.text.startswith(("2,000,", "1,999,", "2,001,"))


@pytest.mark.django_db(transaction=True)
def test_of_two_neighbours_drawn_at_the_same_moment_the_second_sees_the_first(grid, second_grid, today):
    """Each waits at the village's row: whoever comes second is told of the overlap."""
    both_are_ready, ends = threading.Barrier(2), []

    def act(area):
        with translation.override("en"):
            both_are_ready.wait()
            try:
                draw(area, square(0, 0), today)
                ends.append("drawn")
            except OutlineRefused as refusal:
                ends.append(str(refusal.messages[0]))
            finally:
                connection.close()

    threads = [threading.Thread(target=act, args=[area]) for area in (grid, second_grid)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    first, second = sorted(ends, key=lambda end: end != "drawn")
    assert first == "drawn"
    assert "Overlaps" in second
    assert Boundary.objects.count() == 1
