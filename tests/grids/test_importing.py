"""Many outlines from one file: matched by code or name, shown first, in force all at once or not at all."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from common import clock
from grids import access
from grids.models import Boundary, BoundaryImport
from grids.outlines import files, importing
from grids.outlines.drawing import OutlineRefused
from grids.roles import Role
from tests.conftest import SINCE
from tests.grids.outlines import at, draw, feature, geojson, square, zipped_shapefile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def admin(someone, town):
    return someone(Role.SYSTEM_ADMIN, town)


@pytest.fixture
def second_grid(open_area, village):
    return open_area("grid", village, "140429104201002", "东良村第二网格")


@pytest.fixture
def take_in(town, admin):
    """take_in(upload): what was read, as its preview."""

    def read(upload, by=admin, area=town, surveyed=False):
        row = importing.take_in(
            area=area, upload=upload, datum="", surveyed=surveyed, from_day=clock.today(), by=by
        )  # fmt: skip
        return importing.Preview(row, by)

    return read


def states(preview):
    return [(line.number, line.area and line.area.name, line.state) for line in preview.lines]


def test_outlines_are_matched_by_code_then_by_name(take_in, village, grid, second_grid):
    preview = take_in(geojson(
        feature(square(0, 0), code=grid.code, name="别的写法"),
        feature(square(1000, 0), name=second_grid.name),
        feature(square(0, 0, 3000), code=village.code, name=village.name),
    ))  # fmt: skip

    assert states(preview) == [(1, grid.name, "new"), (2, second_grid.name, "new"), (3, village.name, "new")]
    assert preview.lines[0].square_m.startswith(("1,000,", "999,"))
    assert not Boundary.objects.exists()


def test_confirming_puts_all_in_force_and_doing_it_again_changes_nothing(take_in, admin, grid, second_grid):
    draw(grid, square(0, 0, 900), SINCE)
    upload = [(grid.code, "", square(0, 0)), ("", second_grid.name, square(1000, 0))]
    preview = take_in(zipped_shapefile(upload), surveyed=True)
    assert [line.state for line in preview.lines] == ["changed", "new"]

    rows = importing.apply(row=preview.row, reason="", by=admin)

    assert {(row.area, row.source, row.surveyed, row.by) for row in rows} == {
        (grid, "file", True, admin), (second_grid, "file", True, admin),
    }  # fmt: skip
    assert importing.apply(row=preview.row, reason="", by=admin) == []
    assert AuditEntry.objects.get(act="boundary_import").area_code == preview.row.area.code
    again = take_in(zipped_shapefile(upload), surveyed=True)
    assert [line.state for line in again.lines] == ["same", "same"]
    assert importing.apply(row=again.row, reason="", by=admin) == []
    assert Boundary.objects.count() == 3


def test_what_matches_nothing_or_several_is_told_by_number_and_left_out(take_in, admin, open_area, grid, other_grid):
    for code, parent in [("140429104201003", grid.parent), ("140429104202003", other_grid.parent)]:
        open_area("grid", parent, code, "市场网格")
    preview = take_in(geojson(
        feature(square(0, 0), name="市场网格"), feature(square(2000, 0), code="999"),
        feature(square(4000, 0), code=grid.code),
    ))  # fmt: skip

    assert states(preview) == [(1, None, "left_out"), (2, None, "left_out"), (3, grid.name, "new")]
    assert "2 places are called 市场网格" in preview.lines[0].remarks[0].text
    assert "No place here" in preview.lines[1].remarks[0].text
    assert [row.area for row in importing.apply(row=preview.row, reason="", by=admin)] == [grid]


@pytest.mark.parametrize("fault", ["bow tie", "twice", "code and name", "too many points", "a line"])
def test_one_wrong_outline_keeps_the_whole_file_out(take_in, admin, grid, second_grid, fault):
    bow_tie = [[[at(0, 0), at(100, 100), at(100, 0), at(0, 100), at(0, 0)]]]
    line = {"type": "Feature", "properties": {"code": second_grid.code},
            "geometry": {"type": "LineString", "coordinates": [at(0, 0), at(1, 1)]}}  # fmt: skip
    wrong = {
        "bow tie": feature(bow_tie, code=second_grid.code),
        "twice": feature(square(5000, 0), code=grid.code),
        "code and name": feature(square(5000, 0), code=second_grid.code, name=grid.name),
        "too many points": feature([[[at(n / 100, n % 2) for n in range(10_001)]]], code=second_grid.code),
        "a line": line,
    }[fault]
    preview = take_in(geojson(feature(square(0, 0), code=grid.code), wrong))

    assert preview.blocked
    assert preview.lines[1].state == "wrong"
    assert preview.lines[1].remarks
    with pytest.raises(OutlineRefused):
        importing.apply(row=preview.row, reason="不管", by=admin)
    assert not Boundary.objects.exists()
    assert BoundaryImport.objects.get().applied_at is None


def test_overlaps_within_a_file_need_a_reason(take_in, admin, grid, second_grid):
    preview = take_in(
        geojson(feature(square(0, 0), code=grid.code), feature(square(900, 0), code=second_grid.code))
    )  # fmt: skip

    assert preview.needs_reason
    with pytest.raises(OutlineRefused):
        importing.apply(row=preview.row, reason="", by=admin)
    assert not Boundary.objects.exists()
    assert {row.reason for row in importing.apply(row=preview.row, reason="争议地段", by=admin)} == {"争议地段"}


def test_places_the_file_says_nothing_about_are_listed(take_in, grid, second_grid, other_grid):
    preview = take_in(geojson(feature(square(0, 0), code=grid.code)))

    assert preview.without == [second_grid, other_grid]


def test_a_file_is_matched_only_within_the_place_it_is_sent_for(take_in, village, grid, other_grid):
    preview = take_in(geojson(feature(square(0, 0), code=other_grid.code), feature(square(0, 0), code=grid.code)),
                      area=village)  # fmt: skip

    assert states(preview) == [(1, None, "left_out"), (2, grid.name, "new")]


def test_only_who_may_change_places_imports(take_in, someone, village, grid):
    with pytest.raises(PermissionDenied):
        take_in(geojson(feature(square(0, 0), code=grid.code)), by=someone(Role.VILLAGE_DESK, village))
    assert not BoundaryImport.objects.exists()


def test_a_file_that_cannot_be_read_leaves_nothing(take_in):
    with pytest.raises(files.FileRefused):
        take_in(geojson())
    assert not BoundaryImport.objects.exists()


def test_what_nobody_confirmed_within_a_week_is_forgotten(take_in, grid):
    with clock.standing_at(clock.now() - dt.timedelta(days=8)):
        old = take_in(geojson(feature(square(0, 0), code=grid.code))).row
    take_in(geojson(feature(square(0, 0), code=grid.code)))

    assert not BoundaryImport.objects.filter(pk=old.pk).exists()


def test_a_whole_town_is_checked_and_put_in_force_in_a_few_statements(
    take_in, admin, town, open_area, village, grid, django_assert_max_num_queries
):
    """The statements do not grow with the outlines, but for one line of the audit each."""
    areas = [open_area("micro_grid", grid, f"{grid.code}00{n:03d}", f"{n}号微网格") for n in range(1, 41)]
    outlines = [feature(square(n % 8 * 1000, n // 8 * 1000), code=area.code) for n, area in enumerate(areas)]
    row = take_in(geojson(*outlines)).row
    access.posts(admin)

    with django_assert_max_num_queries(25 + 40):
        assert len(importing.apply(row=row, reason="", by=admin)) == 40
