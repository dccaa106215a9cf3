"""Sign-in slips: a code on paper, once, for fourteen days, and the first password."""

import datetime as dt
import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts import guesses, people, slips
from accounts.models import Slip, User
from common import clock
from tests.accounts.conftest import RIGHT, inside

pytestmark = pytest.mark.django_db
NEW = "brand-New-word-7"


@pytest.fixture
def li(db):
    return User.objects.create_user("lisi", "李四", phone="19900005678")


@pytest.fixture
def first():
    """first("lisi", code): a browser that typed name and code, and then chose NEW as password."""

    def go(name, code, password=NEW, **more):
        browser = Client()
        browser.answer = browser.post("/first/", {"username": name, "code": code})
        if browser.answer.status_code == 302:
            browser.answer = browser.post(
                "/first/password/", {"new_password": password, "again": password} | more, follow=True
            )
        return browser

    return go


def test_a_code_has_forty_nine_bits_and_nothing_that_is_misread(zhang, li):
    codes = {slips.make(user=li, by=zhang) for _ in range(50)}

    assert len(codes) == 50
    assert len(slips.SIGNS) ** slips.LENGTH > 2**48
    assert not set("".join(codes)) & set("ILO01")


@pytest.mark.parametrize("name", ["lisi", "199 0000 5678"])
def test_the_code_leads_through_the_notice_to_a_password_and_in(zhang, li, first, name):
    code = slips.make(user=li, by=zhang)
    halfway = Client()
    halfway.post("/first/", {"username": name, "code": code.lower().replace("-", " ")})
    notice = halfway.get("/first/password/").content.decode()
    assert "199****5678" in notice
    assert not inside(halfway)

    assert inside(first(name, code))
    li.refresh_from_db()
    assert li.check_password(NEW)


def test_a_code_works_once(zhang, li, first):
    code = slips.make(user=li, by=zhang)
    assert inside(first("lisi", code))

    again = first("lisi", code, password="another-Word-99")

    assert again.answer.status_code == 422
    assert not inside(again)


def test_of_two_who_typed_the_code_one_sets_the_password(zhang, li):
    code = slips.make(user=li, by=zhang)
    browsers = [Client(), Client()]
    for browser in browsers:
        assert browser.post("/first/", {"username": "lisi", "code": code}).status_code == 302
    for browser in browsers:
        browser.post("/first/password/", {"new_password": NEW, "again": NEW})

    assert [inside(browser) for browser in browsers] == [True, False]


def test_a_new_slip_voids_the_old_one_and_fourteen_days_end_it(zhang, li, guess):
    old, new = slips.make(user=li, by=zhang), slips.make(user=li, by=zhang)

    assert guess("lisi", old, by_slip=True) == (None, False)
    assert guess("lisi", new, by_slip=True) == (li, False)
    with clock.standing_at(clock.now() + dt.timedelta(days=14, minutes=1)):
        assert guess("lisi", new, by_slip=True) == (None, False)


def test_guesses_at_codes_count_like_those_at_passwords_and_a_new_slip_opens_the_name(zhang, li, guess):
    code = slips.make(user=li, by=zhang)
    for _ in range(guesses.ATTEMPTS):
        guess("lisi", "AAAAA-AAAAA", by_slip=True)

    assert guess("lisi", code, by_slip=True) == (None, True)
    assert guess("lisi", people.reset(user=li, by=zhang), by_slip=True) == (li, False)


def test_a_slip_of_one_person_is_none_of_another(zhang, li, guess):
    assert guess("zhang", slips.make(user=li, by=zhang), by_slip=True) == (None, False)


def test_the_code_is_no_password_and_the_password_no_code(zhang, li, guess):
    code = slips.make(user=zhang, by=li)

    assert guess("zhang", code) == (None, False)
    assert guess("zhang", RIGHT, by_slip=True) == (None, False)


def test_the_code_stands_neither_in_the_database_nor_in_the_log(zhang, li, first, caplog):
    with caplog.at_level(logging.DEBUG):
        code = slips.make(user=li, by=zhang)
        first("lisi", code, password="short")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM accounts_slip s")
        written = cursor.fetchone()[0]

    for form in (code, code.replace("-", "")):
        assert form not in written + caplog.text


def test_a_password_that_is_refused_leaves_the_slip_in_force(zhang, li, first):
    code = slips.make(user=li, by=zhang)
    refused = first("lisi", code, password="short")

    assert refused.answer.status_code == 422
    assert "太短" in refused.answer.content.decode()
    assert inside(first("lisi", code))


def test_nobody_gets_to_the_password_without_a_code_or_half_an_hour_later(zhang, li):
    browser = Client()
    assert browser.get("/first/password/").url == "/first/"
    browser.post("/first/", {"username": "lisi", "code": slips.make(user=li, by=zhang)})
    with clock.standing_at(clock.now() + dt.timedelta(minutes=31)):
        assert browser.get("/first/password/").url == "/first/"


def test_a_reset_ends_password_sessions_phones_and_the_old_slip(zhang, li, at_the_door, guess):
    desk, phone = at_the_door(), at_the_door(own_phone="on")
    old = slips.make(user=zhang, by=li)
    people.reset(user=zhang, by=li)

    assert [inside(desk), inside(phone)] == [False, False]
    assert not zhang.devices.filter(revoked_at=None).exists()
    assert guess("zhang", RIGHT) == guess("zhang", old, by_slip=True) == (None, False)


def test_a_closed_account_gets_no_slip_and_lets_nobody_in(zhang, li, at_the_door):
    desk = at_the_door()
    people.close(user=zhang, reason="离职", by=li)

    assert not inside(desk)
    with pytest.raises(ValidationError, match="停用"):
        slips.make(user=zhang, by=li)
    people.reopen(user=zhang, by=li)
    assert slips.make(user=zhang, by=li)


def test_a_person_has_one_slip_in_force(zhang, li):
    for _ in range(3):
        slips.make(user=li, by=zhang)

    assert Slip.objects.filter(user=li, ended_at=None).count() == 1


@pytest.mark.parametrize("phone", ["12345678901", "1990000567", "0351-2023456"])
def test_a_number_that_is_no_mobile_number_is_refused(zhang, phone):
    with pytest.raises(ValidationError) as refused:
        people.admit(name="王五", phone=phone, by=zhang)

    assert "phone" in refused.value.message_dict


def test_user_names_are_made_of_the_sound_and_numbered(zhang, li):
    made = [people.admit(name="单雄信", by=zhang).username for _ in range(3)]

    assert made[1:] == [f"{made[0]}2", f"{made[0]}3"]
    assert made[0].isalpha()


def test_a_number_belongs_to_one_person_and_may_stay_when_the_name_is_corrected(zhang, li):
    with pytest.raises(ValidationError, match="已属于"):
        people.admit(name="王五", phone="199 0000 5678", by=zhang)

    people.correct(user=li, name="李肆", phone="19900005678", by=zhang)
    assert User.objects.get(pk=li.pk).pinyin == "li si"
