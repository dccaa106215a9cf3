"""Residents' orders: placing, listing, doing them, and what each post sees of them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from casework.models import Case
from grids.roles import Role
from orders import workflow
from orders.models import Order

pytestmark = pytest.mark.django_db
SAID = {"category": "99", "field": "6", "line": "村口路灯不亮"}


@pytest.fixture
def desk(someone, village):
    return someone(Role.VILLAGE_DESK, village)


@pytest.fixture
def order(desk, grid):
    return workflow.place(by=desk, area=grid, **SAID, requester="孙桂花", phone="13800138000")


@pytest.fixture
def visit(client):
    def enter(user):
        client.force_login(user, backend="accounts.signin.NameOrMobileBackend")
        return client

    return enter


def test_an_order_has_its_own_numbers_and_seals_the_phone(order):
    assert order.case.number == f"DD-104-{order.case.opened_on:%Y%m%d}-001"
    assert order.case.kind == Case.Kind.ORDER
    assert "13800138000" not in Order.objects.values_list("phone", flat=True).get()


@pytest.mark.parametrize("wrong", [{"line": " "}, {"line": "长" * 201}, {"category": "55"}, {"field": ""}])
def test_what_is_wrong_places_no_order(wrong, desk, grid):
    with pytest.raises(ValidationError):
        workflow.place(by=desk, area=grid, **(SAID | wrong))
    assert not Case.objects.exists()


def test_the_neighbouring_desk_places_nothing_here(someone, other_village, grid):
    with pytest.raises(PermissionDenied):
        workflow.place(by=someone(Role.VILLAGE_DESK, other_village), area=grid, **SAID)


def test_the_form_places_and_the_button_ends(visit, someone, village, grid):
    browser = visit(someone(Role.VILLAGE_DESK, village))
    browser.post("/orders/new/", SAID | {"area": grid.pk, "requester": "孙桂花", "phone": "13800138000"})
    order = Order.objects.get()
    page = browser.get(f"/orders/{order.pk}/")

    assert [form.name for form in page.context["acts"]] == ["done"]
    assert "孙**" in page.content.decode()
    assert "138****8000" in page.content.decode()
    browser.post(f"/orders/{order.pk}/done/", {"note": "已更换灯泡"})
    assert Case.objects.get().state == "done"
    assert browser.post(f"/orders/{order.pk}/done/", {"note": "又换了一次"}).status_code == 409


def test_a_form_with_errors_keeps_what_was_typed(visit, desk, grid):
    answer = visit(desk).post("/orders/new/", SAID | {"area": grid.pk, "category": "", "requester": "孙桂花"})

    assert answer.status_code == 422
    assert all(text in answer.content.decode() for text in ["村口路灯不亮", "孙桂花"])


@pytest.mark.parametrize(
    ("role", "where", "listed", "opened", "new"),
    [
        (Role.GRID_WORKER, "grid", 200, 200, 200),
        (Role.TOWN_DESK, "town", 200, 200, 200),
        (Role.VILLAGE_DIRECTOR, "village", 200, 200, 403),
        (Role.DISCIPLINE_LIAISON, "village", 200, 200, 403),
        (Role.PARTY_COMMITTEE, "town", 200, 403, 403),
        (Role.MEDIATOR, "village", 403, 403, 403),
        (Role.SYSTEM_ADMIN, "town", 403, 403, 403),
        (Role.VILLAGE_DESK, "other_village", 200, 404, 200),
    ],
)
def test_who_sees_orders(role, where, listed, opened, new, order, visit, someone, request):
    browser = visit(someone(role, request.getfixturevalue(where)))
    answers = [browser.get(f"/orders/{address}") for address in ("", "export/", f"{order.pk}/", "new/")]

    assert [answer.status_code for answer in answers] == [listed, listed, opened, new]
    if opened != 200:
        assert all(text not in answers[0].content.decode() for text in ["路灯", "孙桂花"])


@pytest.mark.parametrize(
    ("query", "length"), [({}, 1), ({"state": "done"}, 0), ({"q": "路灯"}, 1), ({"q": "孙桂花"}, 0)]
)
def test_the_list_is_filtered(query, length, order, visit, desk):
    assert visit(desk).get("/orders/", query).context["page_obj"].paginator.count == length


def test_disputes_and_orders_are_different_lists(order, visit, desk):
    browser = visit(desk)

    assert browser.get("/disputes/").context["page_obj"].paginator.count == 0
    assert browser.get(f"/disputes/{order.pk}/").status_code == 404


def test_who_asks_is_shown_for_a_reason_which_is_recorded(order, visit, desk, someone, grid):
    answer = visit(desk).post(f"/orders/{order.pk}/in-clear/", {"reason": "约上门时间"})
    assert all(text in answer.content.decode() for text in ["孙桂花", "13800138000"])
    assert list(AuditEntry.objects.values_list("act", flat=True)) == ["reveal_requester", "reveal_phone"]

    answer = visit(someone(Role.GRID_WORKER, grid)).post(f"/orders/{order.pk}/in-clear/", {"reason": "想知道"})
    assert answer.status_code == 403
    assert AuditEntry.objects.count() == 2


def test_a_form_sent_twice_places_one_order(visit, desk, grid):
    browser = visit(desk)
    asked = browser.get("/orders/new/").context["form"]["client_id"].value()

    first = browser.post("/orders/new/", SAID | {"area": grid.pk, "client_id": str(asked)})
    again = browser.post("/orders/new/", SAID | {"area": grid.pk, "client_id": str(asked)})

    assert again.url == first.url
    assert Order.objects.count() == 1
