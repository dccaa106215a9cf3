"""Posts and leave: who holds what from when, and which past days a change touches."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from common import clock
from grids import access, staffing
from grids.models import Post, TouchedDay
from grids.roles import Role

MARCH = [dt.date(2026, 3, day) for day in range(1, 32)]
TODAY = MARCH[9]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY)):
        yield


@pytest.fixture
def post(own_grid, someone):
    made = staffing.appoint(user=someone(), area=own_grid, role=Role.GRID_WORKER, from_day=MARCH[0], by=None)
    TouchedDay.objects.all().delete()
    return made


def touched():
    return sorted(TouchedDay.objects.values_list("day", flat=True))


def test_a_worker_appointed_in_the_past_touches_the_days_since(own_grid, someone):
    TouchedDay.objects.all().delete()
    staffing.appoint(user=someone(), area=own_grid, role=Role.GRID_WORKER, from_day=MARCH[7], by=None)
    assert touched() == MARCH[7:10]


def test_a_post_that_does_not_report_touches_nothing(own_village, someone):
    staffing.appoint(user=someone(), area=own_village, role=Role.VILLAGE_DESK, from_day=MARCH[0], by=None)
    assert touched() == []


def test_nobody_holds_the_same_post_twice(post):
    with pytest.raises(ValidationError):
        staffing.appoint(user=post.user, area=post.area, role=post.role, from_day=MARCH[5], by=None)


def test_a_post_handed_over_has_no_gap(post, someone):
    heir = someone()
    new = staffing.hand_over(post=post, to=heir, on=MARCH[8], by=None)
    assert Post.objects.get(pk=post.pk).until_day == new.from_day == MARCH[8]
    assert [held.user for held in Post.objects.held_on(MARCH[8]).filter(area=post.area)] == [heir]
    assert set(touched()) == set(MARCH[8:10])


def test_ending_a_post_cuts_the_leave_that_reaches_beyond(post):
    staffing.grant_leave(post=post, from_day=MARCH[5], until_day=MARCH[20], reason="事假", stand_in=None, by=None)
    staffing.end_post(post=post, on=MARCH[9], by=None)
    assert post.leaves.get().until_day == MARCH[9]


def test_leave_touches_its_past_days_and_its_stand_in_may_report(post, someone):
    helper = someone()
    staffing.grant_leave(post=post, from_day=MARCH[8], until_day=MARCH[12], reason="病假", stand_in=helper, by=None)
    assert touched() == MARCH[8:10]
    assert access.may(helper, "report.file", post.area.path)


@pytest.mark.parametrize("days", [(MARCH[5], MARCH[5]), (dt.date(2026, 2, 20), MARCH[3]), (MARCH[6], MARCH[8])])
def test_leave_outside_the_post_or_on_top_of_other_leave_is_refused(post, days):
    staffing.grant_leave(post=post, from_day=MARCH[7], until_day=MARCH[10], reason="事假", stand_in=None, by=None)
    with pytest.raises(ValidationError):
        staffing.grant_leave(post=post, from_day=days[0], until_day=days[1], reason="事假", stand_in=None, by=None)


def test_nobody_stands_in_for_himself(post):
    with pytest.raises(ValidationError):
        staffing.grant_leave(
            post=post, from_day=MARCH[7], until_day=MARCH[8], reason="事假", stand_in=post.user, by=None
        )  # fmt: skip


def test_the_village_desk_grants_leave_but_appoints_nobody(post, own_village, someone):
    desk = someone(Role.VILLAGE_DESK, own_village)
    staffing.grant_leave(post=post, from_day=MARCH[8], until_day=MARCH[9], reason="事假", stand_in=None, by=desk)
    with pytest.raises(PermissionDenied):
        staffing.appoint(user=desk, area=post.area, role=Role.GRID_WORKER, from_day=TODAY, by=desk)


def test_the_town_desk_appoints_everybody_but_administrators(own_town, own_grid, someone):
    desk, security = someone(Role.TOWN_DESK, own_town), someone(Role.SECURITY_ADMIN, own_town)
    staffing.appoint(user=someone(), area=own_grid, role=Role.GRID_WORKER, from_day=TODAY, by=desk)
    new = {"user": someone(), "area": own_town, "role": Role.AUDIT_ADMIN, "from_day": TODAY}
    with pytest.raises(PermissionDenied):
        staffing.appoint(**new, by=desk)
    post = staffing.appoint(**new, by=security)
    with pytest.raises(PermissionDenied):
        staffing.end_post(post=post, on=TODAY + DAY, by=desk)
    staffing.end_post(post=post, on=TODAY + DAY, by=security)


@pytest.mark.parametrize("other", [Role.SYSTEM_ADMIN, Role.TOWN_DESK])
def test_an_administrator_holds_no_second_post_and_stands_in_for_nobody(own_town, post, someone, other):
    audit = someone(Role.AUDIT_ADMIN, own_town)
    with pytest.raises(ValidationError, match="审计管理员"):
        staffing.appoint(user=audit, area=own_town, role=other, from_day=TODAY, by=None)
    busy = someone(other, own_town)
    with pytest.raises(ValidationError):
        staffing.appoint(user=busy, area=own_town, role=Role.SECURITY_ADMIN, from_day=TODAY, by=None)
    with pytest.raises(ValidationError):
        staffing.grant_leave(post=post, from_day=TODAY, until_day=TODAY + DAY, reason="", stand_in=audit, by=None)


def test_the_database_itself_refuses_two_administrators_in_one_person(own_town, someone):
    admin = someone(Role.SYSTEM_ADMIN, own_town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=admin, area=own_town, role=Role.AUDIT_ADMIN, from_day=TODAY)
    staffing.end_post(post=admin.posts.get(), on=TODAY, by=None)
    Post.objects.create(user=admin, area=own_town, role=Role.AUDIT_ADMIN, from_day=TODAY)


def test_leave_taken_back_is_due_again_from_today_on(post):
    leave = staffing.grant_leave(
        post=post, from_day=MARCH[7], until_day=MARCH[20], reason="事假", stand_in=None, by=None
    )  # fmt: skip
    TouchedDay.objects.all().delete()
    staffing.withdraw_leave(leave=leave, by=None)
    assert post.leaves.get().until_day == TODAY
    assert touched() == [TODAY]
    with pytest.raises(ValidationError):
        staffing.withdraw_leave(leave=leave, by=None)


def test_leave_that_has_not_begun_disappears(post):
    leave = staffing.grant_leave(
        post=post, from_day=TODAY + DAY, until_day=MARCH[20], reason="事假", stand_in=None, by=None
    )  # fmt: skip
    staffing.withdraw_leave(leave=leave, by=None)
    assert not post.leaves.exists()


def test_there_is_no_village_desk_at_a_grid(own_grid, someone):
    with pytest.raises(ValidationError):
        staffing.appoint(user=someone(), area=own_grid, role=Role.VILLAGE_DESK, from_day=TODAY, by=None)


def test_an_area_cadre_looks_after_several_villages(own_town, own_village, open_area, someone):
    second = open_area("village", own_town, "140429104219", "南沟村")
    cadre, desk = someone(Role.AREA_CADRE, own_village), someone(Role.TOWN_DESK, own_town)
    posts = {"user": cadre, "areas": [own_village, second], "role": Role.AREA_CADRE, "from_day": TODAY}
    [new] = staffing.appoint_at_several(**posts, by=desk)
    assert new.area == second
    assert access.may(cadre, "report.view", second.path)
    assert not access.may(cadre, "report.view", own_town.path)
