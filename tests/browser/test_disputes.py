"""Disputes in a real browser: usable on a phone and at a desk, by everybody, with and without JavaScript."""

import time

import pytest
from playwright.sync_api import expect

from disputes import workflow
from disputes.models import Dispute
from grids.roles import Role
from orders import workflow as orders
from tests.browser.conftest import DESK, PHONE, wider_than_screen

LONG = "因宅基地滴水檐与排水沟走向发生争执，双方亲属到场，已劝离现场"


@pytest.fixture
def mediator(someone, village):
    return someone(Role.MEDIATOR, village)


@pytest.fixture
def dispute(mediator, grid):
    parties = [{"name": "欧阳建国", "phone": "13812345678"}, {"name": "王二"}]
    return workflow.register(
        by=mediator, area=grid, category="03", field="1", line=LONG, source="application", parties=parties
    )


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_disputes(width, sign_in, barriers, mediator, dispute):
    page = sign_in(mediator, "/disputes/", width=width)

    for address in ["", "?settled_from=2026-01-01&category=03", "new/", f"{dispute.pk}/"]:
        page.goto(f"/disputes/{address}")
        assert barriers(page) == []
        assert wider_than_screen(page) == 0


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_nobody_is_kept_from_orders(width, sign_in, barriers, someone, village, grid):
    desk = someone(Role.VILLAGE_DESK, village)
    order = orders.place(by=desk, area=grid, category="99", field="6", line="村口路灯不亮", requester="孙桂花")
    page = sign_in(desk, "/orders/", width=width)

    for address in ["/orders/", "/orders/new/", f"/orders/{order.pk}/"]:
        page.goto(address)
        assert barriers(page) == []
        assert wider_than_screen(page) == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_a_dispute_is_registered_and_settled_on_a_phone(javascript, sign_in, mediator, village):
    page = sign_in(mediator, "/disputes/", width=PHONE, javascript=javascript)
    began = time.monotonic()

    page.click("text=登记纠纷")
    page.fill("#id_line", LONG)
    page.select_option("#id_category", "03")
    page.fill("#id_name_1", "李四")
    page.click("form.form-narrow button")
    expect(page.locator("h1")).to_contain_text("MD-104-")
    assert time.monotonic() - began < 90

    page.click("details.act summary:text-is('化解结案')")
    page.fill("#id_settle_note", "当场握手言和")
    page.click("details.act[open] button")
    expect(page.locator(".history")).to_contain_text("当场握手言和")
    assert Dispute.objects.get().case.state == "settled"


def test_what_came_too_late_is_kept_on_the_page(sign_in, mediator, dispute):
    page = sign_in(mediator, f"/disputes/{dispute.pk}/", width=PHONE, expected=(409,))
    workflow.take("settle", dispute=dispute, by=mediator)

    page.click("details.act summary:text-is('移送其他途径')")
    page.fill("#id_transfer_note", "已移送镇司法所")
    page.click("details.act[open] button")

    expect(page.locator("[role=alert]")).to_contain_text("已化解")
    assert page.input_value("#kept-note") == "已移送镇司法所"
