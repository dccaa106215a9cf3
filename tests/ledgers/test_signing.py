"""Signing the weekly ledger: sealed once, by the right post, in order; accepted, or returned with a reason."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from common import canonical, clock
from grids.roles import Role
from ledgers import counting, drafting, signing
from ledgers.models import WeeklyLedger
from ledgers.signing import NotNow

pytestmark = pytest.mark.django_db
MON = dt.date(2026, 3, 2)
NEXT, THIRD = MON + dt.timedelta(days=7), MON + dt.timedelta(days=14)


@pytest.fixture
def draft(working_town, village, grid, dispute, close):
    """The unsigned ledger of the first week, with one open dispute."""
    dispute(grid, MON)
    close(NEXT)
    return WeeklyLedger.objects.get(village=village, week=MON)


@pytest.fixture
def director(someone, village):
    return someone(Role.VILLAGE_DIRECTOR, village)


@pytest.fixture
def town_desk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture(autouse=True)
def _on_monday_morning():
    with clock.standing_at(clock.at(NEXT, 9)):
        yield


def test_signing_seals_version_content_comment_and_signer(draft, director, someone, village):
    signing.comment(ledger=draft, by=someone(Role.VILLAGE_DESK, village), text=" 本周雨大，走访顺延。 ")

    signed = signing.sign(ledger=draft, by=director)

    stored = WeeklyLedger.objects.get(pk=draft.pk)
    assert (stored.state, stored.version, stored.signed_by) == ("signed", 1, director)
    assert stored.sha256 == signed.sha256 == canonical.digest(stored.content)
    assert stored.content["comment"] == "本周雨大，走访顺延。"
    assert (stored.content["signed_by"], stored.content["signed_on"]) == (director.pk, NEXT.isoformat())
    assert signing.seal_holds(stored)


def test_what_changed_since_drafting_is_in_the_seal(draft, director, grid, worker, report):
    report(worker, grid, MON + dt.timedelta(days=1), on=NEXT, hour=8)

    assert signing.sign(ledger=draft, by=director).content["figures"]["late"] == 1


def test_a_ledger_is_signed_once(draft, director):
    signing.sign(ledger=draft, by=director)

    with pytest.raises(NotNow):
        signing.sign(ledger=draft, by=director)


@pytest.mark.parametrize("role", [Role.VILLAGE_DESK, Role.MEDIATOR])
def test_no_other_post_of_the_village_signs(draft, someone, village, role):
    with pytest.raises(PermissionDenied):
        signing.sign(ledger=draft, by=someone(role, village))


def test_neither_the_town_nor_another_village_nor_a_former_director_signs(draft, someone, town, other_village, village):
    for signer in (
        someone(Role.TOWN_DESK, town),
        someone(Role.VILLAGE_DIRECTOR, other_village),
        someone(Role.VILLAGE_DIRECTOR, village, until_day=NEXT),
    ):
        with pytest.raises(PermissionDenied):
            signing.sign(ledger=draft, by=signer)

    assert WeeklyLedger.objects.get(pk=draft.pk).state == "draft"


def test_a_running_week_is_not_signed(draft, director):
    with clock.standing_at(clock.at(NEXT - dt.timedelta(days=1), 23)), pytest.raises(NotNow):
        signing.sign(ledger=draft, by=director)


def test_weeks_are_signed_in_order(draft, director, village, close):
    close(THIRD)
    second = WeeklyLedger.objects.get(village=village, week=NEXT)
    with clock.standing_at(clock.at(THIRD, 9)):
        with pytest.raises(NotNow, match="2026-W10"):
            signing.sign(ledger=second, by=director)
        first = signing.sign(ledger=draft, by=director)
        second = signing.sign(ledger=second, by=director)

    assert second.opened_from == first
    assert second.opening == first.closing


def test_tampering_with_content_or_totals_breaks_the_seal(draft, director):
    signing.sign(ledger=draft, by=director)
    stored = WeeklyLedger.objects.get(pk=draft.pk)
    assert signing.seal_holds(stored)

    stored.content["lines"][0]["category"] = "01"
    assert not signing.seal_holds(stored)
    stored = WeeklyLedger.objects.get(pk=draft.pk)
    stored.new, stored.closing = 0, 0
    assert not signing.seal_holds(stored)


def test_a_signed_row_cannot_lose_its_seal(draft, director):
    signing.sign(ledger=draft, by=director)
    stored = WeeklyLedger.objects.get(pk=draft.pk)
    stored.sha256 = ""

    assert not signing.seal_holds(stored)


def test_the_town_accepts_and_nothing_of_the_seal_changes(draft, director, town_desk):
    signed = signing.sign(ledger=draft, by=director)

    accepted = signing.accept(ledger=signed, by=town_desk)

    assert (accepted.state, accepted.sha256) == ("accepted", signed.sha256)
    assert drafting.in_force(draft.village_id, MON) == accepted
    with pytest.raises(NotNow):
        signing.send_back(ledger=accepted, by=town_desk, reason="晚了")


def test_a_returned_ledger_is_drafted_anew_for_that_village_alone(
    draft, director, town_desk, village, other_village, someone
):
    signed = signing.sign(ledger=draft, by=director)

    again = signing.send_back(ledger=signed, by=town_desk, reason="第一网格的走访没有写")

    stored = WeeklyLedger.objects.get(pk=draft.pk)
    assert (stored.state, stored.return_reason, stored.sha256) == (
        "returned", "第一网格的走访没有写", signed.sha256,
    )  # fmt: skip
    assert (again.village, again.version, again.state) == (village, 2, "draft")
    assert drafting.in_force(village.pk, MON) is None
    assert WeeklyLedger.objects.filter(village=other_village).count() == 1
    assert signing.sign(ledger=again, by=director).version == 2
    assert drafting.in_force(village.pk, MON) == again


def test_returning_needs_a_reason_and_the_town(draft, director, town_desk):
    signed = signing.sign(ledger=draft, by=director)

    with pytest.raises(ValidationError):
        signing.send_back(ledger=signed, by=town_desk, reason="  ")
    with pytest.raises(PermissionDenied):
        signing.send_back(ledger=signed, by=director, reason="不对")
    with pytest.raises(PermissionDenied):
        signing.accept(ledger=signed, by=director)
    assert WeeklyLedger.objects.get(pk=draft.pk).state == "signed"


def test_an_old_version_is_not_reviewed_once_a_newer_one_is_signed(
    draft, director, town_desk, village, grid, worker, report
):
    first = signing.sign(ledger=draft, by=director)
    report(worker, grid, MON, on=NEXT, hour=10)
    with clock.standing_at(clock.at(NEXT, 11)):
        counting.drain()
        second = WeeklyLedger.objects.get(village=village, week=MON, version=2)
        second = signing.sign(ledger=second, by=director)

    with pytest.raises(NotNow):
        signing.accept(ledger=first, by=town_desk)
    assert signing.accept(ledger=second, by=town_desk).state == "accepted"
    assert signing.seal_holds(WeeklyLedger.objects.get(pk=first.pk))


def test_a_remark_is_written_on_a_draft_only_and_holds_no_long_number(draft, director, someone, village):
    desk = someone(Role.VILLAGE_DESK, village)
    for text in ("联系 139 1234 5678", "身份证140429197001011234", "长" * 1001):
        with pytest.raises(ValidationError):
            signing.comment(ledger=draft, by=desk, text=text)
    signing.sign(ledger=draft, by=director)

    with pytest.raises(NotNow):
        signing.comment(ledger=draft, by=desk, text="补充")
    assert WeeklyLedger.objects.get(pk=draft.pk).comment == ""


def test_a_date_in_a_remark_is_not_taken_for_a_number(draft, someone, village):
    desk = someone(Role.VILLAGE_DESK, village)

    assert signing.comment(ledger=draft, by=desk, text="2026年3月5日停电").comment == "2026年3月5日停电"


@pytest.mark.parametrize("change", [{"content": {}}, {"closing": 9, "opening": 9}, {"sha256": ""}, {"comment": "改"}])
def test_the_database_refuses_to_change_what_is_under_seal(draft, director, change):
    signed = signing.sign(ledger=draft, by=director)

    with pytest.raises(DatabaseError), transaction.atomic():
        WeeklyLedger.objects.filter(pk=signed.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        WeeklyLedger.objects.filter(pk=signed.pk).delete()
