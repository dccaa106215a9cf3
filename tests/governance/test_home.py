"""Home takes everybody to the page their post works with."""

import pytest
from django.urls import reverse

from governance import navigation
from grids.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place", "page"),
    [
        (Role.GRID_WORKER, "grid", "screening:today"),
        (Role.GRID_LEADER, "grid", "dashboard"),
        (Role.VILLAGE_DESK, "village", "screening:desk"),
        (Role.VILLAGE_DIRECTOR, "village", "screening:desk"),
        (Role.MEDIATOR, "village", "disputes:list"),
        (Role.DISCIPLINE_LIAISON, "town", "orders:list"),
        (Role.TOWN_DESK, "town", "dashboard"),
        (Role.TOWN_LEADER, "town", "dashboard"),
        (Role.PARTY_COMMITTEE, "town", "dashboard"),
        (Role.COUNTY_DESK, "county", "dashboard"),
        (Role.SYSTEM_ADMIN, "town", "system"),
        (Role.LINKED_MEMBER, "village", "screening:round"),
        (Role.MICRO_GRID_LEADER, "micro_grid", "grids:areas"),
    ],
)
def test_every_post_has_a_page_to_begin_with_and_its_navigation_opens(
    client, someone, request, village, role, place, page
):
    user = someone(role, request.getfixturevalue(place))
    someone(Role.GRID_WORKER, village)  # the town works already
    client.force_login(user)

    answer = client.get("/")

    assert answer.url == reverse(page)
    assert client.get(answer.url).status_code == 200
    offered = navigation.items_for(user)
    assert offered
    assert [item.url for item in offered if client.get(item.url, follow=True).status_code != 200] == []


def test_who_holds_several_posts_begins_where_most_is_to_be_done(client, someone, village, grid):
    from grids.models import Post

    user = someone(Role.PARTY_COMMITTEE, village.town)
    Post.objects.create(user=user, area=grid, role=Role.GRID_WORKER, from_day="2020-01-01")
    client.force_login(user)

    assert client.get("/").url == reverse("screening:today")


def test_where_a_town_is_still_to_be_set_up_one_begins_there(client, someone, open_area, town):
    bare = open_area("county", None, "371603000000", "沾化区")
    client.force_login(someone(Role.SYSTEM_ADMIN, bare))
    assert client.get("/").url == reverse("set_up")

    client.force_login(someone(Role.TOWN_DESK, town))
    assert client.get("/").url == reverse("set_up_next", args=[town.code])


def test_without_a_post_one_reads_whom_to_ask(client, someone):
    client.force_login(someone())

    assert "系统管理员" in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.SYSTEM_ADMIN, 200), (Role.TOWN_DESK, 200), (Role.MEDIATOR, 403)])
def test_the_system_page_is_for_those_who_keep_the_system_running(client, someone, town, role, status):
    client.force_login(someone(role, town))

    assert client.get(reverse("system")).status_code == status


def test_the_system_page_names_what_is_owed_and_what_waits(client, someone, town, village):
    import datetime as dt

    from common import clock
    from grids.models import TouchedDay
    from ledgers.models import Heartbeat, OwedPeriod

    TouchedDay.objects.all().delete()
    TouchedDay.objects.create(town=town, village=village, day=dt.date(2026, 3, 2), kind="report")
    late = {"due_at": clock.at(dt.date(2026, 3, 3)), "town": town}
    OwedPeriod.objects.create(kind="D", start=dt.date(2026, 3, 2), **late)
    OwedPeriod.objects.create(
        kind="L", start=dt.date(2026, 2, 23), parked_at=clock.now(), attempts=5, error="DataError: kaputt", **late
    )
    Heartbeat.objects.create(name="worker")
    client.force_login(someone(Role.SYSTEM_ADMIN, town))

    page = client.get(reverse("system"))

    assert [page.context[name] for name in ["owed_count", "parked_count", "touched_count"]] == [1, 1, 1]
    assert "DataError: kaputt" in page.content.decode()
    assert [ok for _label, ok, _seen in page.context["parts"]][3:] == [True, False]
