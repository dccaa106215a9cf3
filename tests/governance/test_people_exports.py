"""Exports with telephone numbers: a reason, a code, a second person, one day, one reader; pages of the import."""

import base64
import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django_otp.oath import hotp

from accounts import second_factor, slips
from accounts.models import AuditEntry, HeldFile, Release, User
from common import clock
from grids import releases
from grids.roles import Role
from tests.grids.test_people_import import HEAD, WANG

pytestmark = pytest.mark.django_db
NUMBER = "13912345678"


def code_of(user, steps=0):
    secret = second_factor.secret_of(second_factor.Authenticator.objects.get(user=user))
    return f"{hotp(base64.b32decode(secret), int(clock.now().timestamp()) // 30 + steps):06d}"


@pytest.fixture
def clerk(someone, town):
    user = someone(Role.TOWN_DESK, town)
    second_factor.begin(user=user)
    second_factor.confirm(user=user, code=code_of(user))
    return user


@pytest.fixture
def leader(someone, town):
    return someone(Role.TOWN_LEADER, town)


@pytest.fixture
def worker(someone, grid):
    user = someone(Role.GRID_WORKER, grid)
    user.name, user.phone = "欧阳建国", NUMBER
    user.save()
    return user


@pytest.fixture
def ask(clerk, town, worker):
    return lambda **said: releases.ask(
        **{"area": town, "reason": "防汛值班通知", "code": code_of(clerk, 1), "by": clerk} | said
    )


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist()).decode()


def test_two_people_a_reason_and_a_code_lead_to_the_numbers(clerk, leader, worker, town):
    asking, deciding = browser_of(clerk), browser_of(leader)
    asking.post("/people/exports/", {"area": town.code, "reason": "防汛值班通知", "code": code_of(clerk, 1)})
    row = Release.objects.get()
    assert "防汛值班通知" in deciding.get("/people/exports/").content.decode()

    deciding.post(f"/people/exports/{row.pk}/decide/", {"answer": "release"})
    answer = asking.get(f"/people/exports/{row.pk}/download/")

    text = unpacked(answer.content)
    assert NUMBER in text
    assert "防汛值班通知" in text
    acts = AuditEntry.objects.filter(table="accounts.Release").order_by("pk").values_list("act", "user", "reason")
    assert list(acts) == [
        ("export_ask", clerk.pk, "防汛值班通知"),
        ("export_release", leader.pk, "1 people"),
        ("export_download", clerk.pk, "1 people"),
    ]


@pytest.mark.parametrize("code", ["000000", ""])
def test_without_a_fresh_code_nothing_is_asked(clerk, town, worker, code):
    answer = browser_of(clerk).post("/people/exports/", {"area": town.code, "reason": "防汛值班通知", "code": code})

    assert answer.status_code == 422
    assert not Release.objects.exists()


def test_a_recovery_code_from_the_drawer_is_no_fresh_code(ask, clerk):
    with pytest.raises(ValidationError):
        ask(code=second_factor.new_codes(user=clerk)[0])


def test_who_has_no_second_factor_is_led_to_it(someone, town, worker):
    page = browser_of(someone(Role.TOWN_DESK, town)).get("/people/exports/").content.decode()

    assert "/me/second-factor/" in page
    assert 'name="reason"' not in page


def test_nobody_releases_the_own_request_whatever_posts_he_holds(ask, clerk, town):
    from grids.models import Post

    row = ask()
    Post.objects.create(user=clerk, area=town, role=Role.TOWN_LEADER, from_day="2020-01-01")
    clerk = User.objects.get(pk=clerk.pk)
    with pytest.raises(PermissionDenied):
        releases.release(request=row, by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=row.pk).update(decided_by=clerk)


def test_whose_slip_the_asking_person_printed_lately_does_not_decide(ask, clerk, leader):
    slips.make(user=leader, by=clerk)
    with pytest.raises(ValidationError, match="另由他人"):
        releases.release(request=ask(), by=leader)
    with clock.standing_at(clock.now() + dt.timedelta(days=31)):
        releases.release(request=ask(code=code_of(clerk)), by=leader)


def test_others_cannot_download_it_nor_the_one_who_lost_the_right(ask, clerk, leader, someone, town):
    row = releases.release(request=ask(), by=leader)
    with pytest.raises(Http404):
        releases.download(request=row, by=leader)
    other = browser_of(someone(Role.TOWN_DESK, town))
    assert other.get(f"/people/exports/{row.pk}/download/").status_code == 404

    clerk.posts.update(until_day=clock.today())
    assert browser_of(clerk).get(f"/people/exports/{row.pk}/download/").status_code == 403


def test_a_day_later_it_is_gone_and_a_request_cannot_be_decided(ask, clerk, leader):
    row = releases.release(request=ask(), by=leader)
    with clock.standing_at(clock.now() + dt.timedelta(hours=24, minutes=1)):
        with pytest.raises(Http404):
            releases.download(request=row, by=clerk)
        from accounts import held

        assert held.forget() == 1
        assert not releases.waiting_for(leader).exists()


def test_it_is_decided_once_and_a_refusal_says_why(ask, leader):
    row = ask()
    page = browser_of(leader)
    page.post(f"/people/exports/{row.pk}/decide/", {"answer": "refuse", "reason": ""})
    row.refresh_from_db()
    assert row.state == "asked"
    page.post(f"/people/exports/{row.pk}/decide/", {"answer": "refuse", "reason": "用途不明"})
    row.refresh_from_db()

    assert (row.state, row.note) == ("refused", "用途不明")
    assert page.post(f"/people/exports/{row.pk}/decide/", {"answer": "release"}).status_code == 404


def test_the_file_lies_sealed(ask, leader):
    releases.release(request=ask(), by=leader)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM accounts_heldfile")
        content = bytes(cursor.fetchone()[0])

    assert not content.startswith(b"PK")
    assert b"PK\x03\x04" not in content


def test_another_towns_leader_sees_no_request(ask, someone, other_town):
    ask()

    assert not releases.waiting_for(someone(Role.TOWN_LEADER, other_town)).exists()


# --- the pages of the import ------------------------------------------------------------


def uploaded(*rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("人员.xlsx", stream.getvalue())


def test_a_table_is_previewed_then_taken_over_and_slips_are_offered(clerk, town, grid):
    page = browser_of(clerk)
    at = page.post("/people/import/", {"area": town.code, "file": uploaded(WANG)}).url
    assert "新增人员" in page.get(at).content.decode()
    assert not User.objects.filter(name="王五").exists()

    done = page.post(at)

    person = User.objects.get(name="王五")
    assert f'name="person" value="{person.pk}"' in done.content.decode()
    assert not HeldFile.objects.exists()
    assert page.post(at).status_code == 404


def test_a_table_with_errors_cannot_be_taken_over_and_comes_back_marked(clerk, town, grid):
    page = browser_of(clerk)
    at = page.post("/people/import/", {"area": town.code, "file": uploaded(WANG, ["李四", "", "皇帝"])}).url
    shown = page.get(at)
    assert shown.status_code == 422
    assert "“皇帝”不是岗位名称" in shown.content.decode()

    assert page.post(at).status_code == 422
    assert not User.objects.filter(name="王五").exists()
    assert "皇帝" in unpacked(page.get(at.replace("/?", "/marked.xlsx?")).content)


def test_somebody_elses_upload_is_not_there(clerk, town, grid, someone):
    at = browser_of(clerk).post("/people/import/", {"area": town.code, "file": uploaded(WANG)}).url

    assert browser_of(someone(Role.TOWN_DESK, town)).get(at).status_code == 404


def test_what_is_no_table_is_refused_beside_the_field(clerk, town):
    answer = browser_of(clerk).post(
        "/people/import/", {"area": town.code, "file": SimpleUploadedFile("x.xlsx", b"hello")}
    )

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
