"""Pages of posts: appointing by name, handing over, ending with the next click, leave and its reason."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from common import clock
from grids import handing_over, places, staffing
from grids.models import Leave, Post
from grids.roles import Role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY, 10)):
        yield


@pytest.fixture
def visit():
    def enter(user):
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def newcomer(someone, town):
    """newcomer(): somebody the town has entered who holds no post yet."""

    def make():
        person = someone()
        person.home_code = town.code
        person.save()
        return person

    return make


@pytest.fixture
def worker(someone, grid):
    return someone(Role.GRID_WORKER, grid)


def new_post(**said):
    return {"role": int(Role.GRID_LEADER), "from_day": "2026-03-10", "full_time": "no"} | said


def test_a_person_found_by_name_is_appointed_part_time(visit, desk, newcomer, grid):
    heir = newcomer()
    User.objects.filter(pk=heir.pk).update(name="韩梅梅")
    page = visit(desk).get(f"/areas/{grid.code}/posts/new/?q=韩")
    assert "韩梅梅" in page.content.decode()
    answer = visit(desk).post(f"/areas/{grid.code}/posts/new/", new_post(person=heir.pk, origin="ranger"))
    post = heir.posts.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/posts/{post.pk}/")
    assert (post.role, post.area, post.full_time, post.origin, post.from_day) == (11, grid, False, "ranger", TODAY)


def test_a_new_person_is_entered_by_name_and_cannot_sign_in(visit, desk, grid):
    visit(desk).post(f"/areas/{grid.code}/posts/new/", new_post(new_name="新来的"))
    person = User.objects.get(name="新来的")
    assert person.posts.get().area == grid
    assert not person.has_usable_password()


@pytest.mark.parametrize("said", [{}, {"person": "1", "new_name": "两个都填"}, {"person": "999999"}])
def test_neither_and_both_and_strangers_are_refused_and_what_was_typed_stays(visit, desk, newcomer, grid, said):
    person = newcomer()
    said = said | ({"person": str(person.pk)} if said.get("person") == "1" else {})
    answer = visit(desk).post(f"/areas/{grid.code}/posts/new/", new_post(public_phone="0355-6381234", **said))
    assert answer.status_code == 422
    assert "0355-6381234" in answer.content.decode()
    assert not Post.objects.filter(role=Role.GRID_LEADER).exists()


def test_a_person_of_another_town_is_not_offered(visit, desk, someone, other_town, grid):
    stranger = someone(Role.TOWN_DESK, other_town)
    page = visit(desk).get(f"/areas/{grid.code}/posts/new/?q=person").content.decode()
    assert stranger.username not in page
    answer = visit(desk).post(f"/areas/{grid.code}/posts/new/", new_post(person=stranger.pk))
    assert answer.status_code == 422
    assert stranger.posts.count() == 1


def test_the_roles_offered_fit_the_place_and_the_right(visit, desk, someone, town, grid):
    def offered(user, place):
        page = visit(user).get(f"/areas/{place.code}/posts/new/")
        return {value for value, _label in page.context["form"].fields["role"].choices if value}

    assert Role.VILLAGE_DESK not in offered(desk, grid)
    assert not offered(desk, town) & {50, 51, 52}
    assert offered(someone(Role.SECURITY_ADMIN, town), town) >= {30, 50, 51, 52}


def test_an_ended_post_takes_effect_with_the_next_click_and_ends_the_sessions(visit, desk, worker):
    phone, other = visit(worker), visit(worker)
    assert phone.get("/today/").status_code == other.get("/today/").status_code == 200
    post = worker.posts.get()
    assert visit(desk).post(f"/posts/{post.pk}/end/", {"on": "2026-03-10"}).status_code == 302
    for browser in (phone, other):
        assert browser.get("/today/")["Location"].startswith("/sign-in/")


def test_the_end_of_a_place_ends_the_sessions_of_those_who_held_nothing_else(visit, someone, grid, micro_grid):
    alone = visit(someone(Role.MICRO_GRID_LEADER, micro_grid))
    both = someone(Role.MICRO_GRID_LEADER, micro_grid)
    staffing.appoint(user=both, area=grid, role=Role.VOLUNTEER, from_day=TODAY, by=None)
    stays = visit(both)
    places.end_area(area=micro_grid, on=TODAY, by=None)
    assert alone.get("/posts/mine/")["Location"].startswith("/sign-in/")
    assert stays.get("/posts/mine/").status_code == 200


def test_who_still_holds_another_post_stays_signed_in_without_the_ended_rights(visit, desk, worker, village):
    staffing.appoint(user=worker, area=village, role=Role.VOLUNTEER, from_day=TODAY, by=None)
    phone = visit(worker)
    visit(desk).post(f"/posts/{worker.posts.get(role=Role.GRID_WORKER).pk}/end/", {"on": "2026-03-10"})
    assert phone.get("/today/").status_code == 403
    assert phone.get("/posts/mine/").status_code == 200


def test_handing_over_shows_what_is_open_and_the_next_holder_continues_without_a_gap(visit, desk, newcomer, worker):
    post, heir = worker.posts.get(), newcomer()
    page = visit(desk).get(f"/posts/{post.pk}/hand-over/")
    assert page.context["work"] == []
    answer = visit(desk).post(f"/posts/{post.pk}/hand-over/", {"to": heir.pk, "on": "2026-03-09"})
    new = heir.posts.get()
    assert answer["Location"] == f"/posts/{new.pk}/"
    assert new.from_day == Post.objects.get(pk=post.pk).until_day == TODAY - DAY


def test_a_hand_over_of_tomorrow_is_refused_on_the_page(visit, desk, newcomer, worker):
    post = worker.posts.get()
    answer = visit(desk).post(f"/posts/{post.pk}/hand-over/", {"to": newcomer().pk, "on": "2026-03-11"})
    assert answer.status_code == 422
    assert Post.objects.get(pk=post.pk).until_day is None


def test_leave_is_granted_with_a_stand_in_and_taken_back_from_today_on(visit, desk, someone, worker, grid):
    post, helper = worker.posts.get(), someone(Role.GRID_LEADER, grid)
    said = {"first": "2026-03-09", "last": "2026-03-12", "reason": "家中有事", "stand_in": helper.pk}
    assert visit(desk).post(f"/posts/{post.pk}/leave/", said).status_code == 302
    leave = Leave.objects.get()
    assert (leave.from_day, leave.until_day, leave.stand_in) == (TODAY - DAY, TODAY + 3 * DAY, helper)
    assert visit(desk).post(f"/posts/{post.pk}/withdraw_leave/", {"leave": leave.pk}).status_code == 302
    assert Leave.objects.get().until_day == TODAY


def test_nobody_of_another_village_stands_in(visit, desk, someone, worker, other_grid):
    far = someone(Role.GRID_LEADER, other_grid)
    said = {"first": "2026-03-09", "last": "2026-03-12", "reason": "事假", "stand_in": far.pk}
    assert visit(desk).post(f"/posts/{worker.posts.get().pk}/leave/", said).status_code == 422


def test_the_reason_of_a_leave_is_read_by_those_who_grant_it_and_by_the_person(visit, someone, worker, village, town):
    post = worker.posts.get()
    staffing.grant_leave(post=post, from_day=TODAY, until_day=TODAY + DAY, reason="住院", stand_in=None, by=None)
    pages = [f"/posts/{post.pk}/", f"/posts/of/{worker.pk}/"]
    for role, place, reads in [
        (Role.VILLAGE_DESK, village, True), (Role.TOWN_DESK, town, True), (Role.AREA_CADRE, village, False),
        (Role.PARTY_COMMITTEE, town, False), (Role.SECURITY_ADMIN, town, False),
    ]:  # fmt: skip
        client = visit(someone(role, place))
        assert [("住院" in client.get(page).content.decode()) for page in pages] == [reads, reads], role
    assert "住院" in visit(worker).get("/posts/mine/").content.decode()


def test_a_post_entered_by_mistake_is_taken_back_on_the_same_day(visit, desk, someone, grid):
    wrong = someone()
    post = staffing.appoint(user=wrong, area=grid, role=Role.GRID_LEADER, from_day=TODAY, by=None)
    assert visit(desk).post(f"/posts/{post.pk}/withdraw/").status_code == 302
    assert not wrong.posts.exists()


def test_a_post_held_before_today_is_not_taken_back(visit, desk, worker):
    assert visit(desk).post(f"/posts/{worker.posts.get().pk}/withdraw/").status_code == 422
    assert worker.posts.exists()


def test_the_history_of_a_person_says_who_changed_what(visit, desk, someone, village, grid):
    person, second = someone(), someone(Role.TOWN_DESK, village.town)
    User.objects.filter(pk=second.pk).update(name="李四")
    post = staffing.appoint(user=person, area=grid, role=Role.GRID_WORKER, from_day=TODAY - DAY, by=desk)
    staffing.change_post(post=post, by=desk, full_time=False, origin="cleaner", public_phone="")
    staffing.end_post(post=post, on=TODAY, by=second)
    history = visit(someone(Role.VILLAGE_DESK, village)).get(f"/posts/of/{person.pk}/").context["career"].history
    assert [(line["event"].full_time, line["event"].until_day, line["by"]) for line in history] == [
        (False, TODAY, "李四"), (False, None, desk.name), (True, None, desk.name),
    ]  # fmt: skip


def test_the_list_of_posts_is_narrowed_by_role_name_and_place(visit, desk, worker, village, grid, someone):
    someone(Role.VILLAGE_DESK, village)

    def found(**query):
        rows = visit(desk).get(f"/areas/{village.code}/posts/", query).context["page_obj"]
        return [Role(post.role) for post in rows]

    assert found() == [Role.VILLAGE_DESK, Role.GRID_WORKER]
    assert found(only_here="on") == [Role.VILLAGE_DESK]
    assert found(role="10") == [Role.GRID_WORKER]
    assert found(q="没有这个人") == []


def test_what_moves_with_a_post_is_known():
    assert set(handing_over.on_hand_over) == {"links", "disputes", "orders"}


# --- the phone of somebody in post --------------------------------------------------------------


@pytest.fixture
def called(worker):
    """The worker with a number of his own."""
    worker.phone = "13912345678"
    worker.save()
    return worker


def test_a_phone_is_shown_in_part_and_in_full_for_a_reason_on_record(visit, called, someone, village):
    director = someone(Role.VILLAGE_DIRECTOR, village)
    page = visit(director)

    text = page.get(f"/posts/of/{called.pk}/").content.decode()
    assert "139****5678" in text
    assert "13912345678" not in text

    assert page.post(f"/posts/of/{called.pk}/phone/", {"reason": ""}).status_code == 422
    answer = page.post(f"/posts/of/{called.pk}/phone/", {"reason": "通知开会"})
    assert "13912345678" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    entry = AuditEntry.objects.get(act="reveal_phone")
    assert (entry.user, entry.row, entry.reason) == (director, str(called.pk), "通知开会")


@pytest.mark.parametrize("role", [Role.PARTY_COMMITTEE, Role.SECURITY_ADMIN, Role.GRID_LEADER])
def test_who_does_not_work_with_people_in_post_sees_no_number(visit, called, someone, town, grid, role):
    page = visit(someone(role, grid if role == Role.GRID_LEADER else town))

    assert "139****" not in page.get(f"/posts/of/{called.pk}/").content.decode()
    assert page.post(f"/posts/of/{called.pk}/phone/", {"reason": "通知开会"}).status_code == 403
    assert not AuditEntry.objects.filter(act="reveal_phone").exists()


def test_with_the_post_the_phone_goes_and_outside_nothing_is_found(visit, called, desk, someone, other_town):
    staffing.end_post(post=called.posts.get(), on=TODAY, by=None)

    assert "139****" not in visit(desk).get(f"/posts/of/{called.pk}/").content.decode()
    assert visit(desk).post(f"/posts/of/{called.pk}/phone/", {"reason": "通知开会"}).status_code == 403
    stranger = visit(someone(Role.TOWN_DESK, other_town))
    assert stranger.post(f"/posts/of/{called.pk}/phone/", {"reason": "通知开会"}).status_code == 404
