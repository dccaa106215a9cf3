"""With Redis stopped every page answers: the table of test_access.py is walked by several roles and a stranger."""

import os
import time
from contextlib import contextmanager

import pytest
from django.core.cache import cache, caches
from django.test import Client, override_settings

from tests import test_access
from tests.access import TABLE
from tests.access.asking import ask
from tests.access.matrix import as_wanted, expected

pytestmark = pytest.mark.django_db
world, _django_db_helper = test_access.world, test_access._django_db_helper
DEAD = "unix:///tmp/nobody-listens-here.sock?db=0"
ROLES = "WDTCS" if os.environ.get("GOV_MATRIX") else "WT"  # all of them in the long form


@contextmanager
def no_redis(settings):
    dead = {"default": settings.CACHES["default"] | {"LOCATION": DEAD}}
    with override_settings(CACHES=dead, REDIS_URL=DEAD):
        try:
            yield
        finally:
            del caches["default"]


def test_every_page_answers_without_redis(world, settings):
    wrong, began, asked = [], time.monotonic(), 0
    with no_redis(settings):
        cache.set("doorbell", 1)
        assert cache.get("doorbell") is None
        for name, rows in TABLE.items():
            for row in rows:
                for letter in ROLES:
                    user = world.people[letter]
                    wanted = expected(row, letter, user, world.own)
                    answer = ask(world, world.clients[user.pk], name, row, world.own)
                    asked += 1
                    if not as_wanted(answer.status, wanted):
                        wrong.append(f"{letter} {answer.address}: {answer.status}, not {wanted}")
                answer = ask(world, Client(), name, row, world.own)
                if answer.status >= 500 and name != "readyz":
                    wrong.append(f"stranger {answer.address}: {answer.status}")
    assert not wrong, "\n".join(wrong)
    assert (time.monotonic() - began) / asked < 1  # a page waits for no time-out
