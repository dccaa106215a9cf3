"""The list of households: as long as the figures of linked and unlinked, names masked, less for readers of figures."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from common import clock, periods
from grids.roles import Role
from households.models import Household, HouseholdLink, PartyMember, PartyOrg
from ledgers import figures

TODAY = dt.date(2026, 11, 16)
LIST = "/households/"
NAMES = ["欧阳小明", "李四光", "王五"]


@pytest.fixture(autouse=True)
def on_monday():
    with clock.standing_at(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def member(someone, village):
    org = PartyOrg.objects.create(name="东良村党支部", level="branch", area=village)
    return PartyMember.objects.create(user=someone(Role.LINKED_MEMBER, village), org=org, area_path=village.path)


@pytest.fixture
def homes(grid, micro_grid, member):
    """Three households; the first is linked since October, the second was until the day before yesterday."""
    rows = [
        Household.objects.create(
            code=f"{micro_grid.code}-00{n}", name=name, area=micro_grid, area_path=micro_grid.path, town=grid.town,
            village=grid.village, grid=grid, from_day=dt.date(2020, 1, 1),
        )
        for n, name in enumerate(NAMES, start=1)
    ]  # fmt: skip
    for row, until in [(rows[0], None), (rows[1], dt.date(2026, 11, 15))]:
        HouseholdLink.objects.create(
            household=row, member=member, area_path=row.area_path, town=row.town, village=row.village, grid=row.grid,
            from_day=dt.date(2026, 10, 1), until_day=until,
        )  # fmt: skip
    return rows


@pytest.fixture
def read(client, someone, homes):
    def get(role, where, address=LIST, /, **query):
        client.force_login(someone(role, where))
        return client.get(address, query)

    return get


def codes(page):
    return [row["code"][-3:] for row in page.context["page_obj"].object_list]


@pytest.mark.parametrize(
    ("query", "rows"),
    [({}, ["001", "002", "003"]), ({"linked": "yes"}, ["001"]), ({"linked": "no"}, ["002", "003"]),
     ({"linked": "yes", "on": "2026-11-14"}, ["001", "002"]), ({"on": "2019-12-31"}, []), ({"q": "李四"}, ["002"]),
     ({"q": "-003"}, ["003"]), ({"sort": "-code"}, ["003", "002", "001"])],
)  # fmt: skip
def test_what_is_asked_for_is_listed(read, village, query, rows):
    assert codes(read(Role.VILLAGE_DESK, village, **query)) == rows


def test_the_list_is_as_long_as_the_figures(read, town, village):
    period = periods.day_of(TODAY)
    figure = figures.read([(town, period)])[town.pk, period]

    told = [len(codes(read(Role.TOWN_DESK, town, linked=linked))) for linked in ("", "yes", "no")]

    assert told == [3, 1, 2] == [figure.households, figure.linked, figure.unlinked]


def test_each_area_lists_its_own(read, county, town, village, grid, micro_grid, other_village):
    told = [
        len(codes(read(Role.COUNTY_DESK, county, area=area.code)))
        for area in (county, town, village, grid, micro_grid, other_village)
    ]

    assert told == [3, 3, 3, 3, 3, 0]


def test_names_are_masked(read, village):
    text = read(Role.VILLAGE_DESK, village).content.decode()

    assert "欧阳**" in text
    assert not any(name in text for name in NAMES)


def test_readers_of_figures_see_neither_name_nor_member(read, town):
    page = read(Role.PARTY_COMMITTEE, town)

    assert len(codes(page)) == 3
    assert set(page.context["page_obj"].object_list[0]) == {
        "pk", "code", "linked", "linked_label", "place", "village_name",
    }  # fmt: skip
    assert codes(read(Role.PARTY_COMMITTEE, town, q="李四")) == []


def test_a_linked_member_sees_the_households_given_to_him(client, homes, member):
    client.force_login(member.user)

    assert codes(client.get(LIST)) == ["001"]


@pytest.mark.parametrize("address", [LIST, LIST + "export/"])
def test_the_list_ends_at_the_borders_of_the_post(read, address, village, other_village):
    assert read(Role.VILLAGE_DESK, village, address, area=other_village.code).status_code == 404
    assert read(Role.MEDIATOR, village, address).status_code == 403
    assert read(Role.MEDIATOR, village, address, area=village.code).status_code == 403


def test_a_day_that_is_none_is_refused(read, village):
    assert read(Role.VILLAGE_DESK, village, on="2026-02-30").status_code == 400


def test_the_download_is_masked_too(read, village, town):
    def sheet(role, area):
        answer = read(role, area, LIST + "export/")
        return str(list(load_workbook(io.BytesIO(answer.content)).active.values))

    full, less = sheet(Role.VILLAGE_DESK, village), sheet(Role.PARTY_COMMITTEE, town)

    assert "李**" in full
    assert not any(name in full for name in NAMES)
    assert "李" not in less
