"""A village with four micro-grids, its desk, and rosters carried from upload to preview by the worker."""

import pytest

from grids.roles import Role
from households import identity
from households.models import RosterImport
from households.rosters import importing, working
from tests.households.rosters import made


@pytest.fixture
def places(open_area, grid):
    return [
        open_area("micro_grid", grid, f"140429104201001{n:05d}", name) for n, name in enumerate(made.PLACES, start=1)
    ]


@pytest.fixture
def desk(someone, village, places):
    return someone(Role.VILLAGE_DESK, village)


@pytest.fixture
def with_numbers(town, someone):
    """The town keeps ID numbers."""
    identity.switch_on(town=town, purpose="核对惠农补贴名单", by=someone(Role.TOWN_DESK, town))


@pytest.fixture
def sent(desk, village):
    """sent(bytes): the import after its upload."""
    return lambda content, name="花名册.xlsx": importing.upload(area=village, name=name, content=content, by=desk)


@pytest.fixture
def checked(sent, desk):
    """checked(bytes): the import after the worker checked it, columns as recognised; and what its preview says."""

    def make(content):
        row = sent(content)
        if row.state == RosterImport.State.COLUMNS:
            importing.name_columns(row=row, mapping=importing.mapping_of(row), by=desk)
        working.work()
        row = RosterImport.objects.get(pk=row.pk)
        return row, working.preview_of(row)

    return make


@pytest.fixture
def taken(checked, desk):
    """taken(bytes): the import after it was confirmed and written."""

    def make(content):
        row, told = checked(content)
        assert row.state == RosterImport.State.READY, told["problems"][:5]
        importing.confirm(row=row, by=desk)
        working.work()
        return RosterImport.objects.get(pk=row.pk)

    return make
