"""The shell around the pages: languages, friendly answers, who sees which navigation, looks that may be missing."""

import pytest
from django.test import Client

from accounts import demo
from governance import navigation
from governance.static_storage import ForgivingStaticFilesStorage
from grids.roles import Role


def test_home_asks_strangers_to_sign_in_and_brings_them_back(client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.url == "/sign-in/?next=/"


def test_signing_in_never_leads_to_another_site(client, someone, settings):
    user = someone()
    user.set_password("a long enough password")
    user.save()

    answer = client.post(
        "/sign-in/",
        {"username": user.username, "password": "a long enough password", "next": "https://elsewhere.example/"},
    )

    assert answer.url == "/"


@pytest.mark.parametrize(("cookie", "heading"), [(None, "登录"), ("en", "Sign in"), ("xx", "登录")])
def test_the_language_is_the_chosen_one_else_chinese(client, db, cookie, heading):
    if cookie:
        client.cookies["language"] = cookie

    answer = client.get("/sign-in/", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert f">{heading}</h1>" in answer.content.decode()


def test_the_language_switch_refuses_to_lead_to_another_site(client, db):
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})

    assert answer.url == "/"
    assert answer.cookies["language"].value == "en"


@pytest.mark.parametrize("address", ["/areas/?q=%00", "/dashboard/?area=a%00b", "/areas/%00/", "/reports/?%00=1"])
def test_an_address_no_text_can_hold_is_refused_kindly(client, someone, town, address):
    client.force_login(someone(Role.TOWN_DESK, town))

    answer = client.get(address)

    assert answer.status_code == 400
    assert "</html>" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["/dashboard/", "/reports/", "/findings/", "/disputes/", "/disputes/new/", "/orders/", "/households/",
             "/ledgers/", "/desk/", "/town/month/"],
)  # fmt: skip
def test_who_asks_for_the_head_of_a_page_gets_it(client, someone, town, village, page):
    client.force_login(someone(Role.TOWN_DESK, town))

    assert client.head(page).status_code == 200


def test_a_form_without_its_token_is_answered_kindly(db):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "页面停留时间过长" in answer.content.decode()


def test_a_person_without_a_post_sees_no_navigation_and_reads_whom_to_ask(client, someone):
    client.force_login(someone())

    answer = client.get("/")

    assert answer.status_code == 200
    assert "side-nav" not in answer.content.decode()
    assert "系统管理员" in answer.content.decode()


def test_every_entry_of_the_navigation_is_for_somebody_and_everybody_has_one():
    assert all(entry.roles for entry in navigation.ENTRIES)
    assert set().union(*(entry.roles for entry in navigation.ENTRIES)) == set(Role)


def test_the_demo_note_stands_on_pages_of_an_invented_town_even_outside_demo_mode(client, someone, village, settings):
    settings.ROOT_URLCONF = "tests.browser.sample"
    settings.DEMO = False
    client.force_login(someone(Role.VILLAGE_DESK, village))
    assert "演示数据" not in client.get("/list/").content.decode()

    village.town.profile.is_demo = True
    village.town.profile.save()

    assert "演示数据·人员与案情均为虚构" in client.get("/list/").content.decode()


def test_a_page_asks_the_database_once_for_everything_in_its_shell(client, someone, village, django_assert_num_queries):
    """Session, user, posts, and the towns of the posts: four."""
    client.force_login(someone(Role.VILLAGE_DESK, village))

    with django_assert_num_queries(4):
        client.get("/nothing-here/")


def test_every_demo_sign_in_that_start_up_prints_is_offered_at_the_door(settings):
    assert list(demo.SIGN_INS) == settings.DEMO_USERS


def test_a_missing_front_end_package_costs_its_looks_and_never_the_page(tmp_path):
    storage = ForgivingStaticFilesStorage(location=tmp_path, base_url="/static/")

    assert storage.url("vendor/tabler.min.css") == "/static/vendor/tabler.min.css"
