"""Handing a post over: open cases and, on wish, linked households go along; what is closed stays with the old post."""

import datetime as dt

import pytest

from casework.models import Case
from common import clock
from disputes import workflow as disputes
from grids import handing_over, staffing
from grids.roles import Role
from households import linking
from households.models import Household, HouseholdLink, PartyMember, PartyOrg
from orders import workflow as orders

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def tenth_of_march():
    with clock.standing_at(clock.at(TODAY, 10)):
        yield


@pytest.fixture
def mediator(someone, village):
    return someone(Role.MEDIATOR, village)


def dispute_of(mediator, grid):
    said = {"category": "02", "field": "3", "line": "界墙", "source": "application"}
    dispute = disputes.register(by=mediator, area=grid, **said)
    Case.objects.filter(pk=dispute.pk).update(responsible=mediator.posts.get())
    return dispute


def test_open_cases_move_with_a_step_and_closed_ones_stay(client, mediator, someone, village, grid):
    open_one, closed = dispute_of(mediator, grid), dispute_of(mediator, grid)
    disputes.take("settle", dispute=closed, by=mediator, note="握手言和")
    order = orders.place(by=someone(Role.VILLAGE_DESK, village), area=grid, category="99", field="6", line="路灯")
    post = mediator.posts.get()
    Case.objects.filter(pk=order.pk).update(responsible=post)
    assert [(name, number) for name, _work, number in handing_over.open_work(post)] == [("disputes", 1), ("orders", 1)]
    client.force_login(someone(Role.TOWN_DESK, village.town))
    for _name, work, number in handing_over.open_work(post):
        assert client.get(work.url(post)).context["page_obj"].paginator.count == number

    desk, heir = someone(Role.TOWN_DESK, village.town), someone()
    new = staffing.hand_over(post=post, to=heir, on=TODAY, by=desk)
    held = dict(Case.objects.values_list("pk", "responsible"))
    assert held == {open_one.pk: new.pk, order.pk: new.pk, closed.pk: post.pk}
    step = open_one.case.steps.latest("no")
    assert (step.action, step.by, step.before, step.after) == ("hand_over", desk, "registered", "registered")
    page = client.get(f"/disputes/{open_one.pk}/")
    assert "责任岗位交接" in page.content.decode()


@pytest.fixture
def linked(someone, village, grid, micro_grid):
    org = PartyOrg.objects.create(name="东良村支部", level="branch", area=village)
    members = []
    for _n in range(2):
        user = someone()
        members.append(PartyMember.objects.create(user=user, org=org, area_path=village.path))
    staffing.appoint(user=members[0].user, area=village, role=Role.LINKED_MEMBER, from_day=dt.date(2026, 1, 1), by=None)
    home = Household.objects.create(
        code="H1", name="一户", area=micro_grid, area_path=micro_grid.path, town=village.town, village=village,
        grid=grid, from_day=dt.date(2026, 1, 1),
    )  # fmt: skip
    linking.link(household=home, member=members[0], from_day=dt.date(2026, 1, 1), by=None)
    return members


@pytest.mark.parametrize(("along", "looked_after_by"), [(["links"], 1), ([], 0)])
def test_linked_households_move_only_on_wish(client, linked, someone, village, along, looked_after_by):
    desk, post = someone(Role.TOWN_DESK, village.town), linked[0].user.posts.get()
    [(name, work, number)] = handing_over.open_work(post)
    client.force_login(desk)
    assert (name, number) == ("links", client.get(work.url(post)).context["page_obj"].paginator.count)
    staffing.hand_over(post=post, to=linked[1].user, on=TODAY, by=desk, along=along)
    now = HouseholdLink.objects.get(until_day__isnull=True)
    assert now.member == linked[looked_after_by]
    assert now.from_day == (TODAY if along else dt.date(2026, 1, 1))


def test_households_do_not_go_to_somebody_who_is_no_member_and_nothing_is_half_done(linked, someone):
    post = linked[0].user.posts.get()
    with pytest.raises(staffing.ValidationError, match="党员"):
        staffing.hand_over(post=post, to=someone(), on=TODAY, by=None, along=["links"])
    post.refresh_from_db()
    assert post.until_day is None
