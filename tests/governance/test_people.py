"""Pages of people: who finds whom, what is masked, and what becomes of an account."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts import devices
from accounts.models import AuditEntry, User
from grids import people
from grids.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def as_person(client):
    """as_person(user): the test's browser, signed in."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def worker(someone, grid):
    user = someone(Role.GRID_WORKER, grid)
    user.name, user.phone = "欧阳建国", "13912345678"
    user.save()
    return user


def names(answer):
    return re.findall(r'<a href="/people/\d+/">([^<]+)</a>', answer.content.decode())


@pytest.mark.parametrize("word", ["欧阳", "ouyang", "ou yang", "oyjg", "139 1234 5678", "person"])
def test_people_are_found_by_name_sound_initials_number_and_user_name(as_person, clerk, worker, word):
    assert "欧阳建国" in names(as_person(clerk).get("/people/", {"q": word}))
    assert names(as_person(clerk).get("/people/", {"q": "nobody-like-this"})) == []


def test_the_list_narrows_by_post_area_and_account(as_person, clerk, worker, village, other_village):
    page = as_person(clerk)

    assert names(page.get("/people/", {"role": Role.GRID_WORKER})) == ["欧阳建国"]
    assert names(page.get("/people/", {"area": village.code})) == ["欧阳建国"]
    assert names(page.get("/people/", {"area": other_village.code})) == []
    assert "欧阳建国" in names(page.get("/people/", {"state": "none"}))
    assert names(page.get("/people/", {"state": "closed"})) == []


def test_only_people_of_ones_own_places_are_there(as_person, someone, clerk, worker, other_town, county):
    stranger, above = someone(Role.TOWN_DESK, other_town), someone(Role.COUNTY_DESK, county)
    page = as_person(clerk)

    for person in (stranger, above):
        assert page.get(f"/people/{person.pk}/").status_code == 404
    assert len(names(page.get("/people/"))) == 2


def test_numbers_are_masked_everywhere_and_shown_once_for_a_reason_on_record(as_person, clerk, worker):
    page = as_person(clerk)
    for address in ("/people/", f"/people/{worker.pk}/"):
        text = page.get(address).content.decode()
        assert "139****5678" in text
        assert "13912345678" not in text
    assert page.post(f"/people/{worker.pk}/reveal/", {"reason": ""}).status_code == 422

    shown = page.post(f"/people/{worker.pk}/reveal/", {"reason": "通知开会"})

    assert "13912345678" in shown.content.decode()
    entry = AuditEntry.objects.get(act="reveal_phone")
    assert (entry.user, entry.row, entry.reason) == (clerk, str(worker.pk), "通知开会")


def test_a_person_is_entered_and_belongs_to_the_town_before_any_post(as_person, clerk, town):
    answer = as_person(clerk).post("/people/new/", {"name": "钱七", "phone": "13800001111", "area": town.code})
    person = User.objects.get(name="钱七")

    assert answer.url == f"/people/{person.pk}/"
    assert person.username == "qianqi"
    assert "钱七" in names(as_person(clerk).get("/people/"))


def test_nobody_is_entered_for_another_town(as_person, clerk, other_town):
    answer = as_person(clerk).post("/people/new/", {"name": "钱七", "area": other_town.code})

    assert answer.status_code == 422
    assert not User.objects.filter(name="钱七").exists()


def test_what_was_typed_stays_when_the_number_is_taken(as_person, clerk, worker, town):
    answer = as_person(clerk).post("/people/new/", {"name": "钱七", "phone": "13912345678", "area": town.code})

    assert answer.status_code == 422
    assert 'value="钱七"' in answer.content.decode()
    assert "已属于" in answer.content.decode()


def test_slips_are_printed_for_those_chosen_and_lead_in(as_person, clerk, worker):
    sheet = as_person(clerk).post("/people/slips/", {"person": [worker.pk]})
    text = sheet.content.decode()
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", text)[0]

    assert "no-store" in sheet.headers["Cache-Control"]
    assert "http://testserver/first/" in text
    assert "<svg" in text
    assert " style=" not in text
    assert Client().post("/first/", {"username": worker.username, "code": code}).status_code == 302


def test_slips_for_all_leave_out_who_signed_in_or_holds_one_and_go_by_place(as_person, clerk, someone, village, grid):
    page = as_person(clerk)
    new = [someone(Role.GRID_WORKER, grid), someone(Role.VILLAGE_DESK, village)]
    inside = someone(Role.GRID_WORKER, grid)
    inside.set_password("correct horse battery staple")
    inside.save()
    held = someone(Role.MEDIATOR, village)
    page.post("/people/slips/", {"person": [held.pk]})

    assert page.get(f"/people/?area={village.code}").context["waiting"] == 2
    sheet = page.post(f"/people/slips/?area={village.code}", {"all": "1"})

    assert [row["person"] for row in sheet.context["slips"]] == [new[1], new[0]]
    assert User.objects.get(pk=inside.pk).has_usable_password()
    assert held.slips.filter(ended_at=None).count() == 1
    assert page.get(f"/people/?area={village.code}").context["waiting"] == 0


def test_many_slips_cost_as_many_statements_as_one(clerk, someone, grid, django_assert_max_num_queries):
    workers = [someone(Role.GRID_WORKER, grid) for _number in range(30)]
    with django_assert_max_num_queries(25):
        assert len(people.hand_out_slips(persons=workers, by=clerk)) == 30


def test_whoever_appoints_goes_on_from_the_person_to_the_post(as_person, clerk, someone, town):
    person = people.admit(name="许文静", area=town, by=clerk)
    page = as_person(someone(Role.SECURITY_ADMIN, town)).get(f"/people/{person.pk}/").content.decode()
    assert f'href="/areas/{town.code}/posts/new/?q={person.username}"' in page

    page = as_person(someone(Role.SYSTEM_ADMIN, town)).get(f"/people/{person.pk}/").content.decode()
    assert "/posts/new/" not in page


def test_slips_of_people_outside_are_not_made(as_person, clerk, someone, other_town):
    stranger = someone(Role.GRID_WORKER, other_town)

    assert as_person(clerk).post("/people/slips/", {"person": [stranger.pk]}).status_code == 302
    assert not stranger.slips.exists()


def test_the_account_of_an_administrator_is_not_the_town_desks_to_take_over(as_person, clerk, someone, town):
    security = someone(Role.SECURITY_ADMIN, town)
    page = as_person(clerk)

    assert page.post(f"/people/{security.pk}/close/", {"close-reason": "试试"}).status_code == 403
    assert page.post("/people/slips/", {"person": [security.pk]}).status_code == 403
    assert not security.slips.exists()
    people.require(someone(Role.SYSTEM_ADMIN, town), "person.change", security)


def test_who_also_holds_a_post_above_is_not_changed_from_below(clerk, someone, worker, county):
    from grids.models import Post

    Post.objects.create(user=worker, area=county, role=Role.COUNTY_DESK, from_day="2020-01-01")
    with pytest.raises(PermissionDenied):
        people.require(clerk, "person.change", worker)


def test_an_account_is_closed_with_a_reason_and_opened_again(as_person, clerk, worker):
    page = as_person(clerk)
    assert page.post(f"/people/{worker.pk}/close/", {"close-reason": ""}).status_code == 422

    page.post(f"/people/{worker.pk}/close/", {"close-reason": "调离"})
    assert not User.objects.get(pk=worker.pk).is_active
    page.post(f"/people/{worker.pk}/reopen/")
    assert User.objects.get(pk=worker.pk).is_active
    acts = AuditEntry.objects.filter(row=str(worker.pk)).values_list("act", "reason")
    assert ("person_close", "调离") in acts


def test_nobody_closes_or_resets_himself(as_person, clerk):
    page = as_person(clerk)
    page.post(f"/people/{clerk.pk}/close/", {"close-reason": "试试"})
    page.post("/people/slips/", {"person": [clerk.pk]})

    assert User.objects.get(pk=clerk.pk).is_active
    assert not clerk.slips.exists()


def test_the_security_administrator_signs_a_lost_phone_out(as_person, someone, town, worker):
    device, _token = devices.remember(user=worker, agent="Android Chrome")
    page = as_person(someone(Role.SECURITY_ADMIN, town))
    assert "Android · Chrome" in page.get(f"/people/{worker.pk}/").content.decode()

    page.post(f"/people/phones/{device.pk}/revoke/")

    device.refresh_from_db()
    assert device.revoked_at is not None


def test_the_table_holds_masked_numbers(as_person, clerk, worker):
    answer = as_person(clerk).get("/people/export.xlsx")

    assert answer.status_code == 200
    assert AuditEntry.objects.filter(act="people_export", user=clerk).exists()


def test_the_list_asks_as_much_for_fifty_people_as_for_two(
    as_person, clerk, someone, grid, django_assert_max_num_queries
):
    page = as_person(clerk)
    for _ in range(48):
        someone(Role.GRID_LEADER, grid)
    with django_assert_max_num_queries(16):
        page.get("/people/")
