"""A post that was given an end beforehand: at midnight the session of who held it is over, at the next request."""

import datetime as dt

import pytest
from django.test import Client

from common import clock
from grids import staffing
from grids.roles import Role
from screening.models import DailyReport

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)
EVENING, MORNING = clock.at(TODAY, 23, 55), clock.at(TODAY + DAY, 0, 5)


@pytest.fixture
def worker(someone, grid):
    return someone(Role.GRID_WORKER, grid)


@pytest.fixture
def evening_session(worker):
    """The worker's browser: signed in at five to midnight, when the post still runs for five minutes."""
    browser = Client()
    with clock.standing_at(EVENING):
        staffing.end_post(post=worker.posts.get(), on=TODAY + DAY, by=None)
        browser.force_login(worker)
        assert browser.get("/today/").status_code == 200
    return browser


def test_the_next_request_after_midnight_leads_to_the_door_and_says_why(evening_session):
    with clock.standing_at(MORNING):
        answer = evening_session.get("/today/", follow=True)

    assert answer.redirect_chain == [("/sign-in/?next=/today/", 302)]
    assert "岗位已结束" in answer.content.decode()
    assert "_auth_user_id" not in evening_session.session


def test_what_is_sent_after_midnight_is_not_written(evening_session, grid):
    said = {"client_id": "6f0f2c86-0d0c-4a5c-9c3d-2b4a58b5a9d1", "area": grid.code, "day": TODAY.isoformat()}
    with clock.standing_at(MORNING):
        answer = evening_session.post("/today/nil/", said)
    assert answer.headers["Location"].startswith("/sign-in/")
    assert not DailyReport.objects.exists()


def test_who_holds_another_post_works_on(evening_session, worker, village):
    with clock.standing_at(EVENING):
        staffing.appoint(user=worker, area=village, role=Role.MEDIATOR, from_day=TODAY, by=None)
    with clock.standing_at(MORNING):
        assert evening_session.get("/disputes/").status_code == 200


def test_who_signs_in_afterwards_reads_whom_to_ask(evening_session, worker):
    with clock.standing_at(MORNING):
        evening_session.force_login(worker)
        assert "系统管理员" in evening_session.get("/").content.decode()
        assert evening_session.get("/me/").status_code == 200


def test_a_stand_in_without_a_post_is_out_when_the_leave_is_over(worker, someone):
    stand_in, browser = someone(), Client()
    with clock.standing_at(EVENING):
        staffing.grant_leave(post=worker.posts.get(), from_day=TODAY, until_day=TODAY + DAY, reason="事假",
                             stand_in=stand_in, by=None)  # fmt: skip
        browser.force_login(stand_in)
        assert browser.get("/today/").status_code == 200
    with clock.standing_at(MORNING):
        assert browser.get("/today/").headers["Location"] == "/sign-in/?next=/today/"


def test_at_no_other_post_anything_is_asked_of_the_database(worker, client, django_assert_num_queries):
    """Whoever holds a post pays nothing for this."""
    from grids import access

    access.posts(worker)
    with django_assert_num_queries(0):
        assert access.ran_out(worker, TODAY) == ""
