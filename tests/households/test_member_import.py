"""Importing party members: what a row means, every error by row and column, all or nothing, twice is once."""

import io

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from common import clock, reading
from households.member_import import COLUMNS, Plan, take_over
from households.models import Exemption, PartyMember
from tests.grids.conftest import in_english  # noqa: F401 (fixture)

HEAD = ["党员姓名", "所在党支部", "手机号", "免除原因", "免除起始日", "本人户编码"]


@pytest.fixture(autouse=True)
def days(tenth_of_march):
    pass


def table(*rows):
    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return reading.read(io.BytesIO(stream.getvalue()), COLUMNS)


def test_a_table_is_taken_over_once(town, branch, secretary, some_homes):
    (home,) = some_homes(1)
    rows = [
        ["赵来顺", "东良村党支部", "", "", "", home.code],
        ["钱富贵", "东良村 党支部", "", "因病", "2026-03-01", ""],
    ]
    assert take_over(table=table(*rows), town=town, by=secretary) == 2
    assert PartyMember.objects.get(user__name="赵来顺").own_household == home
    exempt = Exemption.objects.get()
    assert (exempt.member.user.name, exempt.reason, str(exempt.from_day)) == ("钱富贵", "unable", "2026-03-01")
    assert [one.user.name for one in PartyMember.objects.able(clock.today())] == ["赵来顺"]

    assert take_over(table=table(*rows), town=town, by=secretary) == 0
    assert PartyMember.objects.count() == 2


def test_every_error_is_told_by_row_and_column_and_nothing_is_taken(
    town,
    branch,
    other_branch,
    secretary,
    in_english,  # noqa: F811
):
    rows = [
        ["赵来顺", "东良村党支部", "", "", "", ""],
        ["赵来顺", "东良村党支部", "", "", "", ""],
        ["", "东良村党支部", "", "", "", ""],
        ["孙有田", "南沟村党支部", "", "", "", ""],
        ["李四", "东良村党支部", "12345", "", "", ""],
        ["王五", "东良村党支部", "", "太忙", "", "H-不存在"],
    ]
    read = table(*rows)
    Plan(read, town, secretary)
    told = [(problem.row, problem.column) for problem in read.in_order]
    assert told == [
        (3, ""), (4, "Name"), (5, "Organisation"), (6, "Mobile number"), (7, "Exempt because"),
        (7, "Code of the own household"),
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        take_over(table=table(*rows), town=town, by=secretary)
    assert not PartyMember.objects.exists()


def test_two_of_one_name_need_the_number(town, branch, secretary, a_member):
    for _ in range(2):
        member = a_member()
        type(member.user).objects.filter(pk=member.user_id).update(name="赵来顺")
    read = table(["赵来顺", "东良村党支部", "", "年老", "", ""])
    Plan(read, town, secretary)
    assert len(read.problems) == 1
