"""Planted phones and ID numbers appear nowhere in the clear: not in a dump of the database, logs, Redis, what tasks are
told, exports without permission, error pages. Short in the suite; GOV_CANARIES=20000 before work is called done."""

import io
import logging
import os
import zipfile

import pytest
import redis
from django.conf import settings
from django.test import Client

from common import clock
from grids.roles import Role
from households import enrolling, id_numbers, identity
from households.models import Resident
from tests.households.conftest import TODAY, home_at, second_micro  # noqa: F401 (fixtures)
from tests.households.dumping import dumped

pytestmark = pytest.mark.django_db(transaction=True)
HOW_MANY = int(os.environ.get("GOV_CANARIES") or 500)
A_FORM = 5  # of them go through the screens


def numbers(n):
    digits = f"990000{1940 + n % 70}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
    digits = f"99{n:04d}"[:6] + digits[6:]
    return f"0007{n:07d}", digits + id_numbers.check_character(digits)


@pytest.fixture
def logged():
    """What the platform's own log says, from INFO on."""
    root = logging.getLogger()
    console = next(handler for handler in root.handlers if type(handler) is logging.StreamHandler)
    stream, level = io.StringIO(), root.level
    before = console.setStream(stream)
    root.setLevel(logging.INFO)
    yield stream
    root.setLevel(level)
    console.setStream(before)


@pytest.fixture
def planted(town, village, micro_grid, someone, home_at):  # noqa: F811
    desk = someone(Role.TOWN_DESK, town)
    with clock.standing_at(clock.at(TODAY, 9)):
        identity.switch_on(town=town, purpose="核对医保名单", by=desk)
        home = home_at(micro_grid, ("孙大", "head"))
        canaries = [numbers(n) for n in range(HOW_MANY)]
        rows = []
        for phone, number in canaries[A_FORM:]:
            row = Resident(
                household=home, area_path=home.area_path, name="王五", relation="other", from_day=home.from_day
            )
            row.phone, row.id_number = phone, number
            rows.append(row)
        Resident.objects.bulk_create(rows, batch_size=2000)
    return desk, home, canaries


def ask(client, home, canaries):
    """Screens, refused forms, searches, exports, and errors, each with the numbers in them."""
    pages = []
    for phone, number in canaries[:A_FORM]:
        said = {"came_as": "listed", "name": "赵一", "relation": "other", "here": "yes", "on": TODAY, "phone": phone,
                "id_number": number}  # fmt: skip
        assert client.post(f"/households/{home.code}/acts/person/", said).status_code == 302
        pages += [client.get("/households/", {"q": phone}), client.get(f"/households/{phone}/"),
                  client.get(f"/households/{number}/people/1/")]  # fmt: skip
    pages += [client.get("/households/export/", {"q": canaries[0][0]}), client.get(f"/households/{home.code}/")]
    pages += [
        client.get(f"/households/{home.code}/people/{row.pk}/") for row in home.residents.order_by("-pk")[:A_FORM]
    ]
    return pages


def text_of(answer):
    body = b"".join(answer) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return body.decode()


def in_redis():
    server = redis.Redis.from_url(settings.REDIS_URL)
    found = []
    for key in server.scan_iter():
        found += [key, *(server.lrange(key, 0, -1) if server.type(key) == b"list" else [server.dump(key) or b""])]
    return b" ".join(found).decode("utf-8", "replace")


def seen(text, canaries):
    return [number for pair in canaries for number in pair if number in text]


def test_planted_numbers_appear_nowhere(planted, logged, monkeypatch):
    desk, home, canaries = planted
    client = Client(raise_request_exception=False)
    client.force_login(desk)
    told = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async", lambda self, args=None, kwargs=None, **_: told.append((args, kwargs))
    )
    with clock.standing_at(clock.at(TODAY, 10)):
        pages = ask(client, home, canaries)
        monkeypatch.setattr(enrolling, "write_resident", lambda *args: 1 / 0)
        said = {"came_as": "listed", "name": "赵一", "relation": "other", "here": "yes", "on": TODAY}
        broken = client.post(
            f"/households/{home.code}/acts/person/", said | {"phone": canaries[9][0], "id_number": canaries[9][1]}
        )
    assert broken.status_code == 500

    assert Resident.objects.exclude(id_number="").count() == HOW_MANY
    dump = dumped()
    assert "households_residentevent" in dump
    assert seen(dump, canaries) == []
    assert "ZeroDivisionError" in logged.getvalue()
    assert seen(logged.getvalue(), canaries) == []
    assert seen(in_redis(), canaries) == []
    assert seen(repr(told), canaries) == []
    for answer in [*pages, broken]:
        shown = text_of(answer)
        own = {value for value in (answer.wsgi_request.GET.get("q"),) if value}  # what one typed stands in its field
        own |= set(answer.wsgi_request.path.split("/"))  # and the address, in the form that changes the language
        assert set(seen(shown, canaries)) <= own, answer.wsgi_request.path


def test_a_number_in_the_clear_would_be_found(planted):
    desk, home, canaries = planted
    Resident.objects.filter(household=home, relation="head").update(name=canaries[3][0])
    assert seen(dumped(), canaries) == [canaries[3][0]]
