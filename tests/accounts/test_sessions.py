"""How long a session lasts, what ends it, and that nothing typed is lost with it."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import devices, passwords, signin
from accounts.models import Device, User
from common import clock
from grids.roles import Role
from tests.accounts.conftest import RIGHT, WRONG, inside

pytestmark = pytest.mark.django_db
NEW = "brand-New-word-7"


def after(**span):
    return clock.standing_at(clock.now() + dt.timedelta(**span))


def test_a_desk_is_signed_out_after_fifteen_minutes_without_a_request(zhang, at_the_door):
    desk = at_the_door()
    with after(minutes=14):
        assert inside(desk)
    with after(minutes=28):
        assert inside(desk)
    with after(minutes=44):
        answer = desk.get("/me/", follow=True)

    assert answer.redirect_chain == [("/sign-in/?next=/me/", 302)]
    assert "已自动退出" in answer.content.decode()


def test_a_desk_is_signed_out_after_eight_hours_however_busy(zhang, at_the_door):
    desk = at_the_door()
    for minutes in range(10, 480, 10):
        with after(minutes=minutes):
            assert inside(desk), minutes
    with after(minutes=481):
        assert not inside(desk)


def test_an_own_phone_stays_signed_in_for_thirty_days_of_silence(zhang, at_the_door):
    phone = at_the_door(own_phone="on")
    with after(days=29):
        assert inside(phone)
    with after(days=31):
        assert not inside(phone)


def test_the_device_cookie_is_kept_from_scripts_and_the_token_from_the_database(zhang, at_the_door):
    cookie = at_the_door(own_phone="on").cookies["device"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert len(cookie.value) >= 43
    assert cookie.value not in Device.objects.get().token_hash


def test_signing_in_again_on_a_known_phone_needs_no_tick_and_adds_no_phone(zhang, at_the_door):
    phone = at_the_door(own_phone="on")
    phone.post("/sign-out/")
    assert not inside(phone)
    at_the_door(browser=phone)

    assert Device.objects.count() == 1
    with after(days=2):
        assert inside(phone)


def test_the_idle_mark_is_written_once_a_minute_and_never_on_an_own_phone(zhang, at_the_door):
    def writes(browser, **span):
        with after(**span), CaptureQueriesContext(connection) as seen:
            browser.get("/me/")
        return sum("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in seen)

    desk, phone = at_the_door(), at_the_door(own_phone="on")
    assert [writes(desk, seconds=30), writes(desk, seconds=70), writes(desk, seconds=100)] == [0, 1, 0]
    assert writes(phone, hours=2) == 0


def ended_by_a_new_password(user, phone):
    passwords.change(user=user, password=NEW, by=user)


def ended_by_a_closed_account(user, phone):
    User.objects.filter(pk=user.pk).update(is_active=False)


def ended_by_the_person(user, phone):
    phone.post("/me/sign-out-everywhere/")


def ended_from_outside(user, phone):
    signin.end_sessions(user)


@pytest.mark.parametrize(
    "end", [ended_by_a_new_password, ended_by_a_closed_account, ended_by_the_person, ended_from_outside]
)
def test_of_a_hundred_requests_after_the_end_none_gets_in(zhang, at_the_door, end):
    browsers = [at_the_door(), at_the_door(), at_the_door(own_phone="on")]
    assert all(inside(browser) for browser in browsers)

    end(zhang, browsers[2])

    assert sum(inside(browser) for browser in browsers for _ in range(34)) == 0


def test_a_revoked_phone_is_out_at_its_next_request_and_the_others_stay(zhang, at_the_door):
    desk, phone, lost = at_the_door(), at_the_door(own_phone="on"), at_the_door(own_phone="on")
    device = Device.objects.latest("pk")

    desk.post(f"/me/phones/{device.pk}/revoke/")

    assert [inside(desk), inside(phone), inside(lost)] == [True, True, False]
    at_the_door(browser=lost)
    with after(minutes=20):
        assert not inside(lost)  # it is a strange browser now


def test_somebody_elses_phone_is_not_there(zhang, at_the_door):
    device, _token = devices.remember(user=User.objects.create_user("li", "李四"), agent="")

    assert at_the_door().post(f"/me/phones/{device.pk}/revoke/").status_code == 404


def test_a_sixth_phone_puts_out_the_first(zhang):
    made = [devices.remember(user=zhang, agent="")[0] for _ in range(devices.AT_MOST + 1)]

    assert set(zhang.devices.filter(revoked_at=None)) == set(made[1:])


def test_changing_the_password_here_keeps_this_screen_and_puts_out_the_rest(zhang, at_the_door):
    here, there = at_the_door(), at_the_door()
    before = here.cookies["sessionid"].value
    answer = here.post("/me/password/", {"password": RIGHT, "new_password": NEW, "again": NEW})

    assert answer.status_code == 302
    assert [inside(here), inside(there)] == [True, False]
    assert here.cookies["sessionid"].value != before
    assert inside(at_the_door(password=NEW))


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"password": WRONG}, "当前密码不正确"),
        ({"new_password": "short-A1", "again": "short-A1"}, "至少"),
        ({"new_password": "onlysmallletters", "again": "onlysmallletters"}, "四类中的三类"),
        ({"again": "another-Word-12"}, "两次输入不一致"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(zhang, at_the_door, sent, word):
    here = at_the_door()
    answer = here.post("/me/password/", {"password": RIGHT, "new_password": NEW, "again": NEW} | sent)

    assert answer.status_code == 422
    assert word in re.sub(r"(?s)<div class=\"form-hint.*?</div>", "", answer.content.decode())


def test_a_form_sent_too_late_is_offered_again_after_signing_in(zhang, village, at_the_door, someone):
    desk_user = someone(Role.VILLAGE_DESK, village)
    desk_user.set_password(RIGHT)
    desk_user.save()
    desk = at_the_door(desk_user.username)
    typed = {"line": "两家\n争水 <b>", "people_involved": "2"}
    with after(minutes=20):
        answer = desk.post("/disputes/new/", typed)
        assert answer.status_code == 403
        kept = answer.context["kept"]
        assert "争水" not in answer.content.decode()

        other = at_the_door("zhang", kept=kept)
        assert "争水" not in other.answer.content.decode()
        again = at_the_door(desk_user.username, browser=desk, kept=kept).answer.content.decode()

    assert 'action="/disputes/new/"' in again
    assert "两家\n争水 &lt;b&gt;</textarea>" in again


def test_a_form_with_a_password_in_it_is_not_kept(zhang, at_the_door):
    desk = at_the_door()
    with after(minutes=20):
        assert desk.post("/me/password/", {"password": RIGHT}).status_code == 302


def test_the_api_knows_the_same_limits(at_the_door, someone, grid):
    worker = someone(Role.GRID_WORKER, grid)
    worker.set_password(RIGHT)
    worker.save()
    desk, phone = at_the_door(worker.username), at_the_door(worker.username, own_phone="on")

    def file(browser):
        nil = {"client_id": str(uuid.uuid4()), "area": grid.code, "day": clock.today().isoformat()}
        return browser.post("/api/v1/reports/", nil, content_type="application/json").status_code

    with after(minutes=16):
        assert [file(desk), file(phone)] == [403, 201]


def test_the_door_and_the_health_check_ask_no_session(zhang):
    assert Client().get("/healthz").status_code == 200
