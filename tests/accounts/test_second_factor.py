"""The second factor: set up with an app, asked for at the door, demanded of administrators."""

import base64
import datetime as dt
import logging
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django_otp.oath import hotp

from accounts import second_factor
from accounts.models import AuditEntry, Authenticator
from common import clock, sealed
from grids.roles import Role
from tests.accounts.conftest import RIGHT, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(zhang):
    """phone(steps): the code of an app that zhang has set up."""
    secret = second_factor.secret_of(second_factor.begin(user=zhang))
    second_factor.confirm(user=zhang, code=code_at(secret))
    return lambda steps=1: code_at(secret, steps)


def code_at(secret, steps=0):
    """What an app with the secret shows now, or some half minutes later."""
    return f"{hotp(base64.b32decode(secret), int(clock.now().timestamp()) // 30 + steps):06d}"


def test_the_square_the_first_code_and_ten_codes_on_paper(zhang, at_the_door):
    desk = at_the_door()
    page = desk.get("/me/second-factor/")
    secret = page.context["secret"].replace(" ", "")
    assert "<svg" in page.content.decode()
    assert desk.post("/me/second-factor/", {"code": "000000"}).status_code == 422
    assert desk.get("/me/second-factor/").context["secret"].replace(" ", "") == secret

    paper = desk.post("/me/second-factor/", {"code": code_at(secret)}).content.decode()

    assert len(set(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", paper))) == 10
    assert second_factor.of(zhang)


def test_the_password_alone_does_not_open_and_the_code_does(zhang, phone, at_the_door):
    browser = at_the_door(next="/me/password/")
    assert browser.answer.url == "/sign-in/code/"
    assert not inside(browser)

    assert browser.post("/sign-in/code/", {"code": phone()}).url == "/me/password/"
    assert inside(browser)


@pytest.mark.parametrize("code", ["000000", "", "abcdef", "１２３４５６", "12345678901234567"])
def test_a_wrong_code_does_not_open(zhang, phone, at_the_door, code):
    browser = at_the_door()

    assert browser.post("/sign-in/code/", {"code": code}).status_code == 422
    assert not inside(browser)


def test_a_code_is_taken_once_and_an_old_one_never(zhang, phone):
    code = phone()

    assert second_factor.verify(user=zhang, code=code)
    assert not second_factor.verify(user=zhang, code=code)
    Authenticator.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert not second_factor.verify(user=zhang, code=phone(-2))


def test_a_clock_half_a_minute_off_does_no_harm(zhang, phone):
    with clock.standing_at(clock.now() + dt.timedelta(minutes=5)):
        assert second_factor.verify(user=zhang, code=phone(-1))


def test_guessing_is_slowed_down_more_and_more(zhang, phone):
    for _ in range(4):
        second_factor.verify(user=zhang, code="000000")

    assert not second_factor.verify(user=zhang, code=phone())  # right, but too soon


def test_a_recovery_code_replaces_the_app_once(zhang, phone, at_the_door):
    code = second_factor.new_codes(user=zhang)[3]
    first, again = at_the_door(), at_the_door()

    assert first.post("/sign-in/code/", {"code": code.lower()}).status_code == 302
    assert again.post("/sign-in/code/", {"code": code}).status_code == 422
    assert AuditEntry.objects.filter(act="recovery_code_used", user=zhang).exists()


def test_new_recovery_codes_void_the_old_and_ask_for_a_fresh_code(zhang, phone, at_the_door):
    desk = at_the_door()
    desk.post("/sign-in/code/", {"code": phone()})
    old = second_factor.new_codes(user=zhang)
    assert desk.post("/me/second-factor/codes/", {"code": "000000"}).status_code == 302
    Authenticator.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    with clock.standing_at(clock.now() + dt.timedelta(minutes=1)):
        assert desk.post("/me/second-factor/codes/", {"code": phone(0)}).status_code == 200

    assert not second_factor.verify(user=zhang, code=old[0])


def test_ten_minutes_after_the_password_one_begins_anew(zhang, phone, at_the_door):
    browser = at_the_door()
    with clock.standing_at(clock.now() + dt.timedelta(minutes=11)):
        assert browser.post("/sign-in/code/", {"code": phone()}).url == "/sign-in/"


def test_the_secret_is_sealed_and_never_in_the_log(zhang, at_the_door, caplog):
    with caplog.at_level(logging.DEBUG):
        desk = at_the_door()
        secret = desk.get("/me/second-factor/").context["secret"].replace(" ", "")
        desk.post("/me/second-factor/", {"code": "000000"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM accounts_authenticator a")
        written = cursor.fetchone()[0]

    assert secret not in written + caplog.text
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(Authenticator.objects.get().secret, place="accounts.authenticator.secret:other")


def test_a_second_app_is_refused_while_one_is_in_use(zhang, phone):
    with pytest.raises(ValidationError, match="先解除"):
        second_factor.begin(user=zhang)


# --- administrators ---------------------------------------------------------------------


@pytest.fixture
def admin(someone, town, settings):
    """A system administrator outside demo mode."""
    settings.SECOND_FACTOR_ENFORCED = True
    user = someone(Role.SYSTEM_ADMIN, town)
    user.set_password(RIGHT)
    user.save()
    return user


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_need_it_outside_demo_mode_and_nobody_else(settings, someone, town, role):
    settings.SECOND_FACTOR_ENFORCED = True
    assert second_factor.is_required(someone(role, town))
    assert not second_factor.is_required(someone(Role.TOWN_DESK, town))
    settings.SECOND_FACTOR_ENFORCED = False
    assert not second_factor.is_required(someone(role, town))


def test_an_administrator_without_it_is_led_to_it_and_gets_nothing_else(admin, at_the_door):
    desk = at_the_door(admin.username)
    for address in ("/", "/system/", "/people/", "/me/", "/me/password/", "/areas/"):
        assert desk.get(address).url == "/me/second-factor/", address
    secret = desk.get("/me/second-factor/").context["secret"].replace(" ", "")

    desk.post("/me/second-factor/", {"code": code_at(secret)})

    assert desk.get("/system/").status_code == 200


def test_a_session_from_before_the_post_is_asked_for_the_code(admin):
    second_factor.begin(user=admin)
    secret = second_factor.secret_of(Authenticator.objects.get())
    second_factor.confirm(user=admin, code=code_at(secret))
    browser = Client()
    browser.force_login(admin)
    assert browser.get("/system/").url == "/sign-in/code/"

    browser.post("/sign-in/code/", {"code": code_at(secret, 1)})

    assert browser.get("/system/").status_code == 200


def test_an_administrator_has_no_long_session_on_any_phone(admin, at_the_door):
    phone = at_the_door(admin.username, own_phone="on")

    assert "device" not in phone.session


def test_the_security_administrator_takes_it_from_another_and_never_from_himself(admin, someone, town, client):
    security = someone(Role.SECURITY_ADMIN, town)
    for person in (admin, security):
        secret = second_factor.secret_of(second_factor.begin(user=person))
        second_factor.confirm(user=person, code=code_at(secret))
    client.force_login(security)
    session = client.session
    session["second"] = True
    session.save()
    for person in (admin, security):
        client.post(f"/people/{person.pk}/second-factor/", {"second-reason": "手机丢失"})

    assert second_factor.of(admin) is None
    assert second_factor.of(security)
    assert AuditEntry.objects.get(act="second_factor_remove").reason == "手机丢失"


def test_at_the_console_it_is_taken_away_with_a_reason(zhang, phone, at_the_door, capsys):
    from django.core.management import CommandError, call_command

    call_command("remove_second_factor", "zhang", reason="手机和恢复码都丢失，当面核实")

    assert second_factor.of(zhang) is None
    assert inside(at_the_door())
    assert AuditEntry.objects.get(act="second_factor_remove").user is None
    with pytest.raises(CommandError, match="nobody"):
        call_command("remove_second_factor", "nobody", reason="…")
