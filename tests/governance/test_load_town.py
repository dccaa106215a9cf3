"""The demo town: published figures exactly, invented parts plausible, outlines that tile, a history of own acts."""

import datetime as dt
from collections import Counter

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError
from django.db.models import Count, F, Q

from accounts.models import User
from casework.models import Case, Spell, Step
from common import clock, periods, sealed
from governance import divisions
from governance.demo import gucheng, names
from grids.models import Area, Boundary, Leave, LevelScheme, Post, TownProfile
from grids.roles import Role
from households.models import Household, HouseholdLink, PartyMember, Resident
from ledgers import checking
from ledgers.models import Fact, OwedPeriod, WeeklyLedger
from ledgers.signing import seal_holds
from screening.models import DailyReport, Finding
from tests.governance.demo_town import AS_OF, digest, load, loaded_for_module

DAYS = 28
MONDAY = dt.date(2026, 11, 16)
CHANGEABLE = ["grids_area", "accounts_user", "households_resident", "screening_submission", "ledgers_fact"]
SINCE = AS_OF - dt.timedelta(days=DAYS)
loaded = loaded_for_module(history=DAYS)


@pytest.fixture
def town(loaded, db):
    return Area.objects.get(code=gucheng.TOWN_CODE)


def test_the_published_figures_are_exact(town):
    assert dict(Area.objects.filter(town=town).values_list("kind").annotate(Count("pk"))) == {
        "town": 1, "village": 25, "grid": 31, "micro_grid": 550,
    }  # fmt: skip
    assert Household.objects.count() == 5969
    assert (Resident.objects.count(), Resident.objects.filter(lives_here=True).count()) == (18526, 9600)
    assert (PartyMember.objects.count(), PartyMember.objects.filter(exemptions=None).count()) == (747, 411)
    workers = Post.objects.filter(role=Role.GRID_WORKER)
    assert workers.count() == workers.values("area").distinct().count() == 31


def test_every_household_has_one_active_link_within_its_village(town):
    links = HouseholdLink.objects.of_members().filter(until_day__isnull=True)
    assert links.count() == links.values("household").distinct().count() == 5969
    load = Counter(links.values_list("member", flat=True))
    assert len(load) == 411
    assert max(load.values()) <= 20
    assert round(5969 / len(load), 1) == 14.5
    for link in links.select_related("member", "household__village"):
        assert link.member.area_path == link.household.village.path


def test_the_villages_are_the_real_ones_with_their_official_names_kept(town):
    listed = {row.code: row.official for row in divisions.read("gucheng") if row.level == divisions.VILLAGE}
    assert dict(Area.objects.filter(kind="village").values_list("code", "official_name")) == listed
    assert {"东良村", "南沟村", "故城村"} <= set(Area.objects.filter(kind="village").values_list("name", flat=True))
    assert (town.name, town.parent.name, town.parent.code) == ("故城镇", "武乡县", "140429000000")


def test_outlines_tile_exactly_and_say_that_they_are_invented(town):
    shape = {
        row.area_id: shapely.from_geojson(shapely.to_geojson(shapely.geometry.shape(row.geometry)))
        for row in Boundary.objects.all()
    }
    assert len(shape) == 1 + 25 + 31 + 550
    assert not Boundary.objects.filter(invented=False).exists()
    for kind in ("village", "grid", "micro_grid"):
        assert shapely.coverage_is_valid([shape[area.pk] for area in Area.objects.filter(kind=kind)])
    for parent in Area.objects.filter(pk__in=shape).exclude(kind="micro_grid"):
        parts = [shape[child.pk] for child in parent.children.all()]
        assert shapely.coverage_union_all(parts).normalize().equals(shape[parent.pk])
    west, south, east, north = shape[town.pk].bounds
    assert west < 112.7 < east
    assert south < 36.9 < north


def test_outlines_are_written_with_six_decimals_and_a_true_box(town):
    row = Boundary.objects.get(area=town)
    ring = row.geometry["coordinates"][0]
    assert all(value == round(value, 6) for point in ring for value in point)
    assert (row.west, row.north) == (min(x for x, _ in ring), max(y for _, y in ring))


def test_micro_grids_hold_a_handful_of_households_each(town):
    sizes = Household.objects.values_list("area").annotate(n=Count("pk")).values_list("n", flat=True)
    assert len(sizes) == 550
    assert 5 <= min(sizes) <= max(sizes) <= 30


def test_households_and_ages_are_plausible(town):
    people = list(Resident.objects.values_list("household", "relation", "birth_year", "lives_here"))
    sizes = Counter(Counter(row[0] for row in people).values())
    assert max(sizes) <= 7
    assert all(0 <= 2026 - row[2] <= 100 for row in people)
    assert Counter(row[1] for row in people)["head"] == 5969
    young = [row[3] for row in people if 23 <= 2026 - row[2] < 46]
    old = [row[3] for row in people if 2026 - row[2] >= 60]
    assert sum(young) / len(young) < 0.5 < 0.85 < sum(old) / len(old)
    alone = {home for home, _, born, here in people if here and 2026 - born < 18}
    assert alone <= {home for home, _, born, here in people if here and 2026 - born >= 18}


def test_names_have_two_or_three_characters_and_common_surnames_lead(town):
    full = list(Resident.objects.values_list("name", flat=True))
    assert {len(name) for name in full} == {2, 3}
    assert 0.1 < sum(len(name) == 2 for name in full) / len(full) < 0.4
    assert Counter(name[0] for name in full).most_common(8)[0][0] in "王李张刘陈杨"
    assert len(names.SURNAMES) >= 100


def test_no_phone_of_the_demo_can_ring_anywhere(town):
    for row in [*Resident.objects.exclude(phone="")[:200], *User.objects.exclude(phone="")[:200]]:
        number = sealed.opened(row, "phone")
        assert len(number) == 11
        assert number.startswith("000")


def test_the_printed_sign_ins_work_and_nobody_else_can_sign_in(town):
    usable = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert usable == set(settings.DEMO_USERS)
    worker = User.objects.get(username="worker")
    assert worker.check_password(settings.DEMO_PASSWORD)
    assert [post.area.name for post in worker.posts.all()] == ["东良村第一网格"]
    assert [post.area.name for post in User.objects.get(username="director").posts.all()] == ["东良村"]


def test_the_profile_says_demo_since_when_and_by_which_method(town):
    profile = TownProfile.objects.get()
    assert (profile.is_demo, profile.in_use_from, profile.scheme) == (True, SINCE, LevelScheme.objects.get())
    assert [item["digit"] for item in profile.framework["items"]] == ["1", "3", "3", "3"]
    assert town.opened_on == dt.date(2024, 1, 1)


def test_loading_twice_changes_nothing_and_says_so(town):
    before = digest(*CHANGEABLE)
    assert "nothing was changed" in load(seed=2)
    assert digest(*CHANGEABLE) == before


def test_a_real_town_is_never_written_over(town):
    TownProfile.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="real town"):
        load()


def test_outside_demo_mode_nothing_is_loaded(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        load()


def test_the_year_reads_fifty_two_and_this_weeks_found_fifty_two_settled(town):
    found = Case.objects.filter(kind="dispute", town=town, opened_on__year=2026)
    settled = found.filter(spells__closed_as="settled", spells__closed_on__lt=MONDAY)
    live = found.filter(opened_on__gte=MONDAY)
    assert settled.count() == 52
    assert live.count() >= 3
    assert found.count() == 52 + live.count()
    assert not Spell.objects.filter(case__in=live, closed_on__isnull=False).exists()


def test_every_case_was_registered_by_a_report_and_settled_by_steps(town):
    for case in Case.objects.all():
        steps = list(case.steps.order_by("no").values_list("action", "after"))
        assert steps[0][0] in {"register", "place"}
        assert steps[-1][1] == case.state
        assert case.finding.day == case.opened_on
    assert not Step.objects.exclude(day=F("at__date")).exists()


def test_reports_are_late_or_missing_now_and_then(town):
    filed, late = DailyReport.objects.filter(day__lt=AS_OF).count(), DailyReport.objects.filter(late=True).count()
    facts = Fact.objects.filter(area=town, kind="D")
    expected, missing, excused = (
        sum(facts.values_list(name, flat=True)) for name in ("expected", "missing", "excused")
    )
    assert expected == 31 * DAYS == filed + missing + excused
    assert 0.015 < missing / expected < 0.05
    assert 0.03 < late / expected < 0.08
    with_finding = DailyReport.objects.filter(nil=False).count()
    assert 0.06 < (with_finding - 52) / filed < 0.14
    spots = Finding.objects.filter(outcome="spot").count()
    assert spots > 0.5 * Finding.objects.count()


def test_the_demo_workers_own_grid_is_still_due_today(town):
    today = set(DailyReport.objects.filter(day=AS_OF).values_list("area__name", flat=True))
    assert len(today) == 10
    assert "东良村第一网格" not in today


def test_leave_without_stand_in_is_excused_and_with_one_is_filed_by_it(town):
    for leave in Leave.objects.select_related("post"):
        days = periods.days(leave.from_day, leave.until_day - dt.timedelta(days=1))
        reports = DailyReport.objects.filter(area=leave.post.area, day__in=days)
        if leave.stand_in:
            on_the_day = reports.filter(received_at__date=F("day"))
            assert set(on_the_day.values_list("worker", flat=True)) <= {leave.stand_in_id}
        else:
            assert not reports.exists()
    assert Leave.objects.count() == 1


def test_every_past_week_has_signed_and_accepted_ledgers_with_seals_that_hold(town):
    weeks = periods.between("W", SINCE, MONDAY - dt.timedelta(days=1))
    latest = {}
    for ledger in WeeklyLedger.objects.order_by("version"):
        assert seal_holds(ledger)
        latest[ledger.village_id, ledger.week] = ledger
    assert len(latest) == 25 * len(weeks)
    states = Counter(ledger.state for ledger in latest.values())
    assert states == {"accepted": 25 * len(weeks) - 1, "draft": 1}


def test_one_ledger_came_back_and_one_has_a_second_version_by_late_truth(town):
    came_back = WeeklyLedger.objects.get(state="returned")
    assert (came_back.village.name, came_back.week) == ("东良村", MONDAY - dt.timedelta(days=7))
    assert came_back.return_reason
    renewed = WeeklyLedger.objects.get(version=2, state="accepted")
    first = WeeklyLedger.objects.get(village=renewed.village, week=renewed.week, version=1)
    assert first.state == "accepted"
    late = DailyReport.objects.get(
        village=renewed.village, received_at__gt=first.signed_at, day__lt=renewed.week + dt.timedelta(7)
    )
    assert late.late
    assert renewed.content["figures"]["late"] == first.content["figures"]["late"] + 1
    assert renewed.content["figures"]["missing"] == first.content["figures"]["missing"] - 1


def test_everything_owed_was_counted_and_nothing_is_left_to_recount(town):
    assert not OwedPeriod.objects.filter(Q(done_at__isnull=True) | Q(parked_at__isnull=False)).exists()
    kinds = dict(OwedPeriod.objects.values_list("kind").annotate(n=Count("pk")))
    assert kinds == {"D": DAYS, "W": 4, "L": 4, "M": 1}


def test_the_check_recounts_the_whole_town_and_finds_no_difference(town):
    with clock.standing_at(clock.at(AS_OF, 12)):
        found = checking.check()

    assert found.differences == []
    assert found.waiting == 0
    assert found.facts > DAYS * 26


def test_what_the_command_says_tells_the_progress_and_the_time(town, loaded):
    assert "##########" in loaded
    assert "Loaded gucheng in" in loaded
