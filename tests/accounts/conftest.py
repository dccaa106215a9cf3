"""Somebody with a password, and requests as they come through the door."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, RequestFactory

from accounts import signin
from accounts.models import User

RIGHT, WRONG = "a-Long-enough-1", "something-Else-2"


class QuickArgon2(Argon2PasswordHasher):
    """The same work, less of it: what takes long on purpose takes long once for each of a hundred guesses."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture(autouse=True)
def quick_passwords(settings, request):
    if "real_passwords" not in request.keywords:
        settings.PASSWORD_HASHERS = ["tests.accounts.conftest.QuickArgon2"]


@pytest.fixture
def zhang(db):
    return User.objects.create_user("zhang", "张三丰", RIGHT, phone="19900001234")


@pytest.fixture
def guess(db):
    """guess("zhang", WRONG, address="10.0.0.1", phone=token): (the person or None, whether it is locked now)."""

    def once(name, password, address="10.0.0.1", phone="", **how):
        request = RequestFactory().post("/sign-in/", REMOTE_ADDR=address)
        request.COOKIES["device"] = phone
        return signin.attempt(request, name, password, **how)

    return once


@pytest.fixture
def at_the_door():
    """at_the_door("zhang", own_phone=True): a browser after it sent the sign-in form."""

    def send(name="zhang", password=RIGHT, browser=None, address="10.0.0.1", **more):
        browser = browser or Client(REMOTE_ADDR=address)
        browser.answer = browser.post("/sign-in/", {"username": name, "password": password} | more)
        return browser

    return send


def inside(browser) -> bool:
    """Whether the browser's next request is answered as somebody's."""
    return browser.get("/me/").status_code == 200
