"""Signing in: by user name or mobile number, five failures lock, and the answer never says which part was wrong."""

import datetime as dt

import pytest
from django.contrib.auth import authenticate

from accounts import signin
from accounts.models import AuditEntry, User
from common import clock

pytestmark = pytest.mark.django_db
NOON = clock.at(dt.date(2026, 3, 2), 12)
RIGHT, WRONG = "a-Long-enough-1", "something-Else-2"


@pytest.fixture
def zhang(db):
    return User.objects.create_user("zhang", "张三丰", RIGHT, phone="19900001234")


def sign_in(name, password, at=NOON):
    with clock.standing_at(at):
        return authenticate(None, username=name, password=password)


def test_by_user_name_and_by_mobile_number(zhang):
    assert sign_in("zhang", RIGHT) == zhang
    assert sign_in("199 0000 1234", RIGHT) == zhang
    assert sign_in("19900001235", RIGHT) is None


def test_the_password_is_kept_as_argon2(zhang):
    assert zhang.password.startswith("argon2")


def test_five_failures_lock_for_fifteen_minutes_and_the_right_password_does_not_help(zhang):
    for _ in range(signin.ATTEMPTS):
        assert sign_in("zhang", WRONG) is None

    assert sign_in("zhang", RIGHT) is None
    assert sign_in("zhang", RIGHT, at=NOON + dt.timedelta(minutes=14)) is None
    assert sign_in("zhang", RIGHT, at=NOON + dt.timedelta(minutes=16)) == zhang
    assert list(AuditEntry.objects.values_list("act", flat=True))[0] == "sign_in_locked"


def test_four_failures_and_a_success_begin_the_count_anew(zhang):
    for _ in range(2):
        for _ in range(signin.ATTEMPTS - 1):
            sign_in("zhang", WRONG)
        assert sign_in("zhang", RIGHT) == zhang


def test_who_has_no_password_or_has_left_cannot_sign_in(zhang):
    User.objects.create_user("member", "李四")

    assert sign_in("member", "") is None
    assert sign_in("member", "!") is None
    User.objects.filter(pk=zhang.pk).update(is_active=False)
    assert sign_in("zhang", RIGHT) is None


def test_an_unknown_name_takes_the_same_way(zhang):
    assert sign_in("nobody", RIGHT) is None
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_record_of_acts_refuses_change(zhang, act):
    from django.db import DatabaseError, transaction

    from accounts import audit

    entry = audit.record(zhang, "export", reason="月例会")
    rows = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(reason="其他") if act == "update" else rows.delete()


def test_the_sixth_guess_in_parallel_is_refused_too(zhang):
    User.objects.filter(pk=zhang.pk).update(failures=4)

    assert sign_in("zhang", WRONG) is None
    zhang.refresh_from_db()
    assert zhang.locked_until == NOON + signin.LOCKED_FOR
    assert zhang.failures == 0
