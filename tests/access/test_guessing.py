"""The door tells nobody whether a name exists: the same answer, in the same time (requirements G9)."""

import random
import statistics
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client, override_settings

from accounts import signin
from accounts.models import User
from tests.access import sampling, tally
from tests.access.asking import first_difference, rolled_back, send

pytestmark = pytest.mark.django_db
TRIES = 2000 if sampling.WHOLE else 16
MEAN = 0.05 if sampling.WHOLE else 0.35  # by which the means may differ; few tries on a busy machine scatter
WRONG = {"username": "", "password": "something-Else-2"}


class LightArgon2(Argon2PasswordHasher):
    """A fifth of the work: so that two thousand tries end, and a difference beside the hash weighs more, not less."""

    time_cost, memory_cost, parallelism = 1, 51200, 1


@pytest.fixture(scope="module", autouse=True)
def light_passwords():
    with override_settings(PASSWORD_HASHERS=["tests.access.test_guessing.LightArgon2"]):
        yield


@pytest.fixture(scope="module")
def names(world):
    """What somebody may type: names that exist, in every way they can, and one that does not for each of them. Of the
    same length, so that the answers have it too."""
    rows = {
        "by name": User.objects.create_user("zhang01", "张", "a-Long-enough-1", phone="19900007001"),
        "closed": User.objects.create_user("zhang02", "张", "a-Long-enough-1"),
        "without password": User.objects.create_user("zhang03", "张"),
    }
    User.objects.filter(pk=rows["closed"].pk).update(is_active=False)
    known = {what: user.username for what, user in rows.items()} | {"by mobile number": "19900007001"}
    yield [(what, name, name[:-2] + "99") for what, name in known.items()]
    User.objects.filter(pk__in=[user.pk for user in rows.values()]).delete()


def tried(name):
    """(CPU seconds of this process, answer) of one wrong guess from a fresh browser; its failure is not kept."""
    with rolled_back(), connection.cursor():
        client = Client(raise_request_exception=False)
        began = time.process_time()
        answer = send(client, "POST", "/sign-in/", WRONG | {"username": name})
        return time.process_time() - began, answer


def told_apart(names, tries) -> list[str]:
    """By what a name that exists differs from one that does not: words, or the mean of the time."""
    spent, found = {True: [], False: []}, []
    dice = random.Random(sampling.SEED)
    for _n in range(tries // 2):
        what, known, unknown = dice.choice(names)
        answers = {}
        for name in dice.sample([known, unknown], 2):
            seconds, answers[name] = tried(name)
            spent[name == known].append(seconds)
            tally.count("guesses")
        one, other = answers[known], answers[unknown]
        part = first_difference(one.plain(known), other.plain(unknown))
        if one.status != other.status or part:
            found.append(f"{what}: {one.status}, {other.status}: {part}")
    ratio = statistics.fmean(spent[True]) / statistics.fmean(spent[False])
    if abs(ratio - 1) > MEAN:
        found.append(f"a known name takes {ratio:.2f} times as long")
    tally.count("told", len(found))
    return found


def test_a_guess_at_a_known_name_is_answered_like_one_at_an_unknown_one(names):
    assert told_apart(names, TRIES) == []


# --- planted faults are found -----------------------------------------------------------------


def test_an_unknown_name_that_costs_nothing_is_found(names, monkeypatch):
    monkeypatch.setattr(tally, "count", lambda key, n=1: None)
    monkeypatch.setattr(signin, "make_password", lambda password: None)

    assert "times as long" in "".join(told_apart(names, 10))


def test_another_answer_is_found(names, monkeypatch):
    monkeypatch.setattr(tally, "count", lambda key, n=1: None)
    (_what, known, unknown), *_more = names
    with rolled_back():
        for _n in range(4):
            send(Client(), "POST", "/sign-in/", WRONG | {"username": known})

        assert "200" in "".join(told_apart([("locked", known, unknown)], 2))
