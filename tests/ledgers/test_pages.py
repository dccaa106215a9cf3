"""Pages of the weekly ledger: who sees which, every number with its list, acts that say what went wrong."""

import datetime as dt
import io
import re

import openpyxl
import pgtrigger
import pytest
from django.urls import reverse

from common import clock
from grids.roles import Role
from ledgers import counting
from ledgers.models import WeeklyLedger

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 3, 2)
NEXT, THIRD = MON + dt.timedelta(days=7), MON + dt.timedelta(days=14)
VILLAGE = "140429104201"
WEEK = f"/ledgers/{VILLAGE}/2026-03-02/"


@pytest.fixture
def site(client, working_town, someone, village):
    """site(Role.VILLAGE_DESK) signs in; then site.get(address) and site.post(address, …) on Monday 9 March, 9:00."""

    class Site:
        now = clock.at(NEXT, 9)

        def __call__(self, role, area=None):
            client.force_login(someone(role, area or village))
            return self

        def get(self, address):
            with clock.standing_at(self.now):
                return client.get(address)

        def post(self, address, **asked):
            with clock.standing_at(self.now):
                return client.post(address, asked)

    return Site()


@pytest.fixture
def busy_week(working_town, village, grid, worker, report, dispute, take, close):
    """A week with reports on time, late and missing, with disputes of every ending, drafted on Monday."""
    report(worker, grid, MON, "spot", "spot")
    report(worker, grid, MON + dt.timedelta(days=1), hour=21)
    ended = [dispute(grid, MON + dt.timedelta(days=n)) for n in range(5)]
    take("settle", ended[0], MON + dt.timedelta(days=2))
    take("transfer", ended[1], MON + dt.timedelta(days=3))
    take("close_unsettled", ended[2], MON + dt.timedelta(days=4))
    take("mark_duplicate", ended[3], MON + dt.timedelta(days=5), of=ended[0])
    close(NEXT)
    return ended


def only(village, **which):
    return WeeklyLedger.objects.get(village=village, week=MON, **which)


def test_every_number_of_a_ledger_leads_to_a_list_of_that_length(site, busy_week, village):
    page = site(Role.VILLAGE_DESK).get(WEEK)
    figures = re.findall(r'<a class="figure" href="([^"]+)" data-value="(-?\d+)"', page.content.decode())
    assert len(figures) > 30
    assert sum(value != "0" for _, value in figures) > 10

    for address, value in figures:
        shown = site.get(address.replace("&amp;", "&")).context["shown"]
        assert len(shown.rows) == int(value), address


def test_a_signed_ledgers_numbers_lead_to_its_own_frozen_lists(site, busy_week, village, sign, report, worker, grid):
    sign(village, MON)
    report(worker, grid, MON + dt.timedelta(days=4), on=NEXT, hour=8)

    page = site(Role.TOWN_DESK, village.town).get(f"{WEEK}?version=1&show=missing")

    assert len(page.context["shown"].rows) == 5
    assert page.context["sheet"].content["figures"]["missing"] == 5


def test_a_report_that_came_a_moment_ago_is_on_the_draft_with_the_worker_stopped(
    site, busy_week, village, report, worker, grid
):
    stored = only(village).content["figures"]["late"]
    report(worker, grid, MON + dt.timedelta(days=4), on=NEXT, hour=8)

    page = site(Role.VILLAGE_DESK).get(WEEK)

    assert page.context["sheet"].content["figures"]["late"] == stored + 1
    assert only(village).content["figures"]["late"] == stored


def test_the_running_week_is_shown_as_it_will_be_and_nothing_is_stored(site, busy_week, grid, dispute, village):
    dispute(grid, NEXT)
    site.now = clock.at(NEXT, 12)

    page = site(Role.VILLAGE_DESK).get(f"/ledgers/{VILLAGE}/2026-03-09/")

    assert page.context["sheet"].said["totals"]["new"] == 1
    assert page.context["acts"] == []
    assert not WeeklyLedger.objects.filter(week=NEXT).exists()


def test_what_came_late_stands_on_the_next_ledger(site, busy_week, village, sign, report, worker, grid):
    sign(village, MON)
    report(worker, grid, MON + dt.timedelta(days=4), on=NEXT, hour=8)

    page = site(Role.VILLAGE_DESK).get(f"/ledgers/{VILLAGE}/2026-03-09/")

    assert "补报（以前各周）" in page.content.decode()
    assert [row["late"] for row in page.context["sheet"].late] == ["report"]


def test_versions_show_what_changed(site, busy_week, village, sign, take):
    sign(village, MON)
    take("recategorise", busy_week[4], NEXT, category="03", field="1")
    with clock.standing_at(clock.at(NEXT, 16)):
        counting.drain()
    site.now = clock.at(NEXT, 17)

    text = site(Role.VILLAGE_DIRECTOR).get(WEEK).content.decode()

    assert "第 2 版的变化" in text
    assert "房屋宅基地纠纷" in text
    assert only(village, version=1).sha256 in text


def test_desk_writes_director_signs_town_accepts(site, busy_week, village, town):
    assert site(Role.VILLAGE_DESK).post(f"{WEEK}comment/", note="本周平稳", version=1).status_code == 302
    assert site(Role.VILLAGE_DIRECTOR).post(f"{WEEK}sign/", version=1).url == WEEK
    assert site(Role.TOWN_DESK, town).post(f"{WEEK}accept/", version=1).status_code == 302

    ledger = only(village)
    assert (ledger.state, ledger.comment) == ("accepted", "本周平稳")


def test_the_town_returns_with_a_reason_and_the_village_reads_it(site, busy_week, village, town, sign):
    sign(village, MON)

    refused = site(Role.TOWN_DESK, town).post(f"{WEEK}return/", note=" ", version=1)
    assert refused.status_code == 422
    assert only(village).state == "signed"
    site.post(f"{WEEK}return/", note="请补写第一网格走访", version=1)

    assert "请补写第一网格走访" in site(Role.VILLAGE_DIRECTOR).get(WEEK).content.decode()
    assert only(village, version=2).state == "draft"


def test_a_refused_act_keeps_what_was_typed(site, busy_week, village, sign):
    kept = site(Role.VILLAGE_DESK).post(f"{WEEK}comment/", note="联系 13912345678", version=1)
    assert kept.status_code == 422
    assert "联系 13912345678" in kept.content.decode()

    sign(village, MON)
    late = site.post(f"{WEEK}comment/", note="迟到的备注", version=1)
    assert late.status_code == 409
    assert "迟到的备注" in late.content.decode()


def test_signing_twice_or_without_the_post_is_refused(site, busy_week, village):
    assert site(Role.VILLAGE_DESK).post(f"{WEEK}sign/", version=1).status_code == 403
    assert "签发本期台账" not in site.get(WEEK).content.decode()
    site(Role.VILLAGE_DIRECTOR).post(f"{WEEK}sign/", version=1)

    assert site.post(f"{WEEK}sign/", version=1).status_code == 409


def test_a_page_says_when_a_seal_does_not_hold(site, busy_week, village, sign):
    signed = sign(village, MON)
    with pgtrigger.ignore("ledgers.WeeklyLedger:sealed"):
        WeeklyLedger.objects.filter(pk=signed.pk).update(content=signed.content | {"week": "2026-W09"})

    assert "封存校验不符" in site(Role.VILLAGE_DIRECTOR).get(WEEK).content.decode()


def test_who_may_read_a_ledger(site, busy_week, village, other_village, grid, town, county, other_town):
    for role, area, status in [
        (Role.VILLAGE_DESK, village, 200), (Role.PARTY_COMMITTEE, town, 200), (Role.MEDIATOR, village, 403),
        (Role.COUNTY_DESK, county, 403), (Role.GRID_WORKER, grid, 404), (Role.VILLAGE_DIRECTOR, other_village, 404),
        (Role.TOWN_DESK, other_town, 404),
    ]:  # fmt: skip
        for address in (WEEK, f"{WEEK}print/", f"{WEEK}xlsx/"):
            assert site(role, area).get(address).status_code == status, (role, address)
    assert site(Role.GRID_WORKER, grid).get("/ledgers/").status_code == 403


def test_the_committee_reads_numbers_of_disputes_but_opens_none(site, busy_week, town):
    text = site(Role.PARTY_COMMITTEE, town).get(WEEK).content.decode()

    assert busy_week[0].case.number in text
    assert reverse("disputes:detail", args=[busy_week[0].pk]) not in text


@pytest.mark.parametrize("address", ["2026-03-03", "2026-03-16", "2026-02-23", "monday"])
def test_what_is_no_week_of_the_town_is_not_there(site, working_town, address):
    assert site(Role.VILLAGE_DESK).get(f"/ledgers/{VILLAGE}/{address}/").status_code == 404


@pytest.mark.parametrize("query", ["?version=7", "?version=x", "?show=everything", "?show=all&category=88"])
def test_what_a_ledger_does_not_have_is_not_there(site, busy_week, query):
    assert site(Role.VILLAGE_DESK).get(f"{WEEK}{query}").status_code == 404


def test_the_town_sees_all_villages_with_state_and_who_has_not_signed_since_when(
    site, busy_week, village, other_village, town, sign, someone
):
    sign(village, MON)
    someone(Role.VILLAGE_DIRECTOR, other_village)

    page = site(Role.TOWN_DESK, town).get("/ledgers/")

    assert [row.village.name for row in page.context["rows"]] == ["南沟村", "东良村"]
    rows = {row.village.name: row for row in page.context["rows"]}
    assert page.context["week"].start == MON
    assert (rows["东良村"].state, rows["东良村"].since) == ("signed", None)
    assert (rows["南沟村"].state, rows["南沟村"].since, rows["南沟村"].directors) == ("unsigned", NEXT, ["张三丰"])
    assert [row.village.name for row in site.get("/ledgers/?state=unsigned").context["rows"]] == ["南沟村"]


def test_the_numbers_of_the_list_are_those_of_the_ledgers(site, busy_week, town):
    page = site(Role.TOWN_DESK, town).get("/ledgers/?week=2026-W10")

    for row in page.context["rows"]:
        for number in row.numbers:
            assert len(site.get(number.url).context["shown"].rows) == number.value


def test_a_village_sees_its_own_weeks_the_running_one_first(site, busy_week):
    page = site(Role.VILLAGE_DIRECTOR).get("/ledgers/")

    assert [row.week.iso_label for row in page.context["rows"]] == ["2026-W11", "2026-W10"]
    with clock.standing_at(site.now):
        assert [row.state for row in page.context["rows"]] == ["running", "unsigned"]


def test_a_village_outside_the_area_is_not_offered(site, busy_week, other_village):
    assert site(Role.VILLAGE_DIRECTOR).get(f"/ledgers/?village={other_village.code}").status_code == 404


@pytest.mark.parametrize("week", ["2026-W12", "2026-W60", "later", "0001-W01"])
def test_a_week_that_has_not_come_is_not_there(site, town, working_town, week):
    assert site(Role.TOWN_DESK, town).get(f"/ledgers/?week={week}").status_code == 404


def test_the_paper_carries_signer_seal_and_carry_over(site, busy_week, village, sign):
    signed = sign(village, MON)

    text = site(Role.VILLAGE_DESK).get(f"{WEEK}print/").content.decode()

    for words in ("村周汇总台账", signed.sha256, "张三丰", "盖章", busy_week[0].case.number):
        assert words in text


def test_the_table_file_lists_what_the_page_lists(site, busy_week):
    answer = site(Role.VILLAGE_DESK).get(f"{WEEK}xlsx/")

    sheets = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    numbers = [row[0].value for row in sheets[0].iter_rows() if str(row[0].value).startswith("MD-")]
    assert numbers == [made.case.number for made in busy_week]
    assert sum(row[2].value == "未报" for row in sheets[1].iter_rows() if len(row) > 2) == 5


def test_no_name_phone_or_line_stands_on_a_ledger(site, working_town, village, grid, dispute, town, close):
    dispute(grid, MON, parties=[{"name": "金丝雀", "phone": "13912345678"}])
    close(NEXT)
    for role, area in ((Role.PARTY_COMMITTEE, town), (Role.VILLAGE_DESK, village)):
        for address in (WEEK, f"{WEEK}?show=new", f"{WEEK}print/"):
            text = site(role, area).get(address).content.decode()
            assert not any(canary in text for canary in ("金丝雀", "13912345678", "宅基地边界"))


def test_a_list_of_ledgers_costs_no_more_for_more_villages(
    site, busy_week, town, open_area, django_assert_max_num_queries
):
    for n in range(3, 8):
        open_area("village", town, f"14042910420{n}", f"第{n}村")
    site(Role.TOWN_DESK, town).get("/ledgers/")

    with django_assert_max_num_queries(20):
        site.get("/ledgers/")


def test_a_dispute_settled_on_monday_leaves_the_signed_week_alone(site, busy_week, village, sign, take):
    sign(village, MON)
    take("settle", busy_week[4], NEXT)
    site.now = clock.at(NEXT, 16)

    assert site(Role.VILLAGE_DESK).get(WEEK).context["sheet"].said["totals"]["closing"] == 1
    running = site.get(f"/ledgers/{VILLAGE}/2026-03-09/").context["sheet"].said["totals"]
    assert (running["opening"], running["settled"], running["closing"]) == (1, 1, 0)


def test_a_town_without_villages_reads_an_empty_list(client, someone, other_town):
    client.force_login(someone(Role.TOWN_DESK, other_town))

    answer = client.get("/ledgers/")

    assert answer.status_code == 200
    assert "没有" in answer.content.decode()
