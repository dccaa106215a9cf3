"""Pages of household links: numbers lead to as many rows, acts tell what they free, the notice names members only."""

import datetime as dt
import re

import pytest
from django.test import Client

from households import linking, proposals
from households.models import HouseholdLink, LinkProposal, PartyMember

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(autouse=True)
def days(tenth_of_march):
    pass


@pytest.fixture
def desk(clerk):
    client = Client()
    client.force_login(clerk)
    return client


@pytest.fixture
def shared(some_homes, a_member):
    """Five households, three of them with the first of two members; one more member is exempt."""
    homes, members = some_homes(5), [a_member(), a_member(), a_member()]
    for home in homes[:3]:
        linking.link(household=home, member=members[0], from_day=TODAY, by=None)
    members[2].exemptions.create(reason="away", from_day=TODAY)
    return homes, members


def figures(html):
    """Every figure of a page that leads somewhere: (number, address)"""
    found = re.findall(r'<a class="figure" href="([^"]+)" data-value="([\d.]+)"', html)
    return [(number, address.replace("&amp;", "&")) for address, number in found]


def test_every_number_of_coverage_leads_to_as_many_rows(desk, shared, village):
    page = desk.get("/links/", {"area": village.code}).content.decode()
    assert "60.00 %" in page
    assert "(3/5)" in page
    counted = {address: number for number, address in figures(page) if "." not in number}
    assert sorted(counted.values()) == ["1", "2", "2", "3", "5"] or len(counted) >= 5
    for address, number in counted.items():
        listed = desk.get(address)
        assert listed.context["page_obj"].paginator.count == int(number), address


def test_the_notice_names_members_and_house_numbers_and_nobody_else(desk, shared, village):
    homes, members = shared
    type(homes[0]).objects.filter(pk=homes[0].pk).update(name="胡家明", address="东街3号")
    page = desk.get(f"/links/notice/{village.code}/").content.decode()
    assert members[0].user.name in page
    assert "东街3号" in page
    assert homes[1].code in page
    assert "胡家明" not in page


def test_a_proposal_is_asked_for_looked_at_edited_and_applied(desk, shared, village, clerk):
    homes, members = shared
    answer = desk.post("/links/proposals/", {"area": village.code, "way": "fill", "on": TODAY.isoformat()})
    proposal = LinkProposal.objects.get()
    assert answer.url == f"/links/proposals/{proposal.pk}/"
    assert "hx-get" in desk.get(answer.url).content.decode()
    proposals.compute_waiting()
    assert "hx-get=" not in desk.get(answer.url).content.decode().split('id="proposal"')[1]
    one_village = f"{answer.url}{village.code}/"
    assert desk.get(one_village).status_code == 200
    refused = desk.post(one_village, {"give": [f"{homes[4].pk}-{members[2].pk}"]})
    assert refused.status_code == 422
    assert desk.post(one_village, {"give": [f"{homes[4].pk}-{members[0].pk}"]}).status_code == 302
    desk.post(f"{answer.url}apply/")
    assert HouseholdLink.objects.get(household=homes[4]).member == members[0]
    assert HouseholdLink.objects.count() == 5


def test_an_act_on_a_member_says_what_it_frees(desk, shared):
    _homes, members = shared
    address = f"/party/members/{members[0].pk}/"
    said = {"reason": "elderly", "from_day": TODAY.isoformat(), "until_day": ""}
    page = desk.post(f"{address}exempt/", said, follow=True).content.decode()
    assert "3户" in page
    assert desk.post(f"{address}exempt/", said).status_code == 422


def test_a_household_is_given_handed_over_and_ended_on_its_page(desk, shared):
    homes, members = shared
    address = f"/links/households/{homes[0].code}/"
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    assert desk.post(address, {"act": "give", "member": members[1].pk, "on": tomorrow}).status_code == 302
    assert desk.post(address, {"act": "end", "on": "2026-03-20"}).status_code == 302
    spans = homes[0].links.order_by("from_day").values_list("member", "from_day", "until_day")
    assert list(spans) == [
        (members[0].pk, TODAY, dt.date(2026, 3, 11)), (members[1].pk, dt.date(2026, 3, 11), dt.date(2026, 3, 20)),
    ]  # fmt: skip


def test_the_own_household_is_on_the_members_side_only(desk, shared, village):
    homes, members = shared
    type(members[1].user).objects.filter(pk=members[1].pk).update(name="呼延灼")
    desk.post(f"/party/members/{members[1].pk}/own/", {"household": homes[4].code})
    assert PartyMember.objects.get(pk=members[1].pk).own_household == homes[4]
    listed = desk.get("/households/", {"area": village.code, "q": homes[4].code}).content.decode()
    assert homes[4].code in listed
    assert "呼延灼" not in listed


def test_the_town_sets_its_limits(desk, town):
    limits = {"least": 5, "most": 3, "cadre_grids": 1, "cadre_homes": 10, "chain": "grid"}
    assert desk.post(f"/links/rule/{town.code}/", limits).status_code == 422
    assert desk.post(f"/links/rule/{town.code}/", limits | {"most": 12}).status_code == 302


def test_an_organisation_says_how_many_members_its_list_has(desk, shared, branch, a_member, village):
    group = type(branch).objects.create(name="第一党小组", level="group", parent=branch, area=village)
    a_member(group)
    page = desk.get(f"/party/orgs/{branch.pk}/").content.decode()
    ((number, address),) = figures(page)
    assert number == "4"
    assert desk.get(address).context["page_obj"].paginator.count == 4
    assert "第一党小组" in desk.get("/party/", {"area": village.code}).content.decode()
