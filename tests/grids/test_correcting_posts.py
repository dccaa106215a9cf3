"""Posts corrected backwards: role, place and days, up to the last signed ledger, with reason, trace and figures."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import AuditEntry
from common import clock
from common.periods import DAY, Period
from grids import access, correcting
from grids.models import Post, PostEvent
from grids.roles import Role
from ledgers import closing, counting, figures, signing
from ledgers.checking import check
from ledgers.models import Fact, WeeklyLedger
from tests.grids.reshaping_town import BEGAN, FIRST, SECOND, SINCE, TODAY
from tests.grids.reshaping_town import DAY as ONE

G1, G2, OTHER = f"{FIRST}001", f"{FIRST}002", f"{SECOND}001"
MONDAY = dt.date(2026, 3, 9)


@pytest.fixture
def post(ground):
    return ground.worker[G1].posts.get()


@pytest.fixture
def signed(ground, someone):
    """The ledger of the first week of 东良村, signed on Monday."""
    with clock.standing_at(clock.at(MONDAY, 9)):
        closing.close_owed()
        draft = WeeklyLedger.objects.get(village=ground.at(FIRST), week=BEGAN)
        return signing.sign(ledger=draft, by=someone(Role.VILLAGE_DIRECTOR, ground.at(FIRST)))


def correct(post, by=None, reason="登记时填错", **said):
    held = {name: getattr(post, name) for name in ("role", "area", "from_day", "until_day")}
    return correcting.correct_post(post=post, by=by, reason=reason, **held | said)


def excused(ground, code, day):
    area = ground.at(code)
    return figures.read([(area, Period(DAY, day))])[area.pk, Period(DAY, day)].counts["excused"]


def test_a_first_day_entered_too_early_is_put_right_and_the_days_before_are_excused(ground, post):
    closing.close_owed()
    assert Fact.objects.get(area__code=FIRST, kind=DAY, start=MONDAY).excused == 0
    correct(post, from_day=TODAY)
    assert excused(ground, FIRST, MONDAY) == 1  # read live
    counting.drain()
    day = Fact.objects.get(area__code=FIRST, kind=DAY, start=MONDAY)
    assert (day.expected, day.excused, day.missing) == (2, 1, 1)
    assert check().differences == []


def test_a_post_at_the_wrong_grid_is_put_where_it_was_and_both_grids_count_anew(ground, post, someone):
    closing.close_owed()
    new = correct(post, area=ground.at(OTHER))
    counting.drain()
    assert (new.pk, new.area.code) == (post.pk, OTHER)
    assert Fact.objects.get(area__code=FIRST, kind=DAY, start=BEGAN).excused == 1
    assert Fact.objects.get(area__code=SECOND, kind=DAY, start=BEGAN).excused == 0
    assert check().differences == []


def test_a_wrong_role_is_put_right_and_rights_follow_at_once(ground, post):
    correct(post, role=Role.GRID_LEADER)
    worker = type(post.user).objects.get(pk=post.user_id)
    assert Post.objects.get(pk=post.pk).role == Role.GRID_LEADER
    assert access.may(worker, "report.view", ground.at(G1).path)
    assert not access.may(worker, "report.file", ground.at(G1).path)


def test_beyond_the_last_signed_ledger_it_is_refused_and_the_day_is_named(ground, post, signed, in_english):
    for said in ({"from_day": MONDAY - ONE}, {"role": Role.GRID_LEADER}, {"until_day": MONDAY - ONE}):
        with pytest.raises(ValidationError) as refused:
            correct(post, **said)
        assert refused.value.code == "signed"
        assert "signed up to 2026-03-08" in refused.value.messages[0]
    assert correct(post, until_day=MONDAY).until_day == MONDAY
    counting.drain()
    assert WeeklyLedger.objects.filter(village=signed.village_id, week=BEGAN).count() == 1


def test_a_signed_ledger_of_the_other_place_binds_too(ground, signed):
    there = ground.worker[OTHER].posts.get()
    with pytest.raises(ValidationError) as refused:
        correct(there, area=ground.at(G1))
    assert refused.value.code == "signed"
    assert correct(there, from_day=MONDAY).from_day == MONDAY  # 南沟村 has signed nothing


@pytest.mark.parametrize(
    ("said", "why"),
    [({"reason": " "}, "reason"), ({}, "same"), ({"until_day": SINCE}, "day"), ({"from_day": SINCE - ONE}, "day"),
     ({"role": Role.VILLAGE_DESK}, "place"), ({"role": Role.LINKED_MEMBER}, "role"),
     ({"role": Role.SYSTEM_ADMIN}, "role")],
)  # fmt: skip
def test_what_cannot_have_been_is_refused_with_one_reason_and_nothing_changes(ground, post, said, why):
    with pytest.raises(ValidationError) as refused:
        correct(post, **{"role": post.role} | said)
    assert refused.value.code == why
    assert Post.objects.get(pk=post.pk).from_day == SINCE


def test_a_post_in_another_town_is_no_correction(ground, post, other_town, open_area):
    village = open_area("village", other_town, "140429105201", "外村")
    with pytest.raises(ValidationError) as refused:
        correct(post, area=open_area("grid", village, "140429105201001", "外村网格"))
    assert refused.value.code == "place"


def test_the_same_post_is_not_held_twice(ground, post):
    twice = Post.objects.create(user=post.user, area=ground.at(G2), role=Role.GRID_WORKER, from_day=TODAY)
    with pytest.raises(ValidationError) as refused:
        correct(twice, area=ground.at(G1))
    assert refused.value.code == "held"


def test_open_work_is_handed_over_first(ground, someone):
    with clock.standing_at(clock.at(TODAY, 9)):
        mediator = someone(Role.MEDIATOR, ground.at(FIRST))
        case = ground.dispute(f"{G1}00001", TODAY).case
    case.responsible = mediator.posts.get()
    case.save()
    with pytest.raises(ValidationError) as refused:
        correct(mediator.posts.get(), role=Role.DISCIPLINE_LIAISON)
    assert refused.value.code == "work"


def test_leave_is_cut_to_the_days_that_remain(ground, post):
    post.leaves.create(reason="病假", from_day=BEGAN, until_day=MONDAY)
    post.leaves.create(reason="事假", from_day=TODAY, until_day=TODAY + 3 * ONE)
    correct(post, from_day=BEGAN + ONE, until_day=TODAY + ONE)
    days = list(post.leaves.order_by("from_day").values_list("from_day", "until_day"))
    assert days == [(BEGAN + ONE, MONDAY), (TODAY, TODAY + ONE)]


def test_who_wrote_it_and_why_stays_in_record_and_history(ground, post):
    correct(post, by=ground.desk, from_day=BEGAN, reason="三月才到岗")
    entry = AuditEntry.objects.get(act="post_correct")
    assert (entry.user, entry.reason, entry.area_code) == (ground.desk, "三月才到岗", G1)
    event = PostEvent.objects.filter(pgh_obj_id=post.pk).order_by("-pk").first()
    assert event.pgh_context.metadata["reason"] == "三月才到岗"
    client = Client()
    client.force_login(ground.desk)
    assert "三月才到岗" in client.get(f"/posts/of/{post.user_id}/").content.decode()


def test_whoever_may_not_appoint_may_not_correct(ground, post, someone):
    with pytest.raises(PermissionDenied):
        correct(post, by=someone(Role.VILLAGE_DIRECTOR, ground.at(FIRST)), from_day=BEGAN)


def test_the_page_of_a_post_corrects_it_and_keeps_what_was_typed_when_refused(ground, post, signed):
    client = Client()
    client.force_login(ground.desk)
    said = {"role": int(Role.GRID_WORKER), "area": post.area_id, "from_day": "2026-03-04", "reason": "记错了一周"}
    refused = client.post(f"/posts/{post.pk}/correct/", said)
    assert refused.status_code == 422
    assert "记错了一周" in refused.content.decode()
    assert "2026-03-08" in refused.content.decode()
    done = client.post(f"/posts/{post.pk}/correct/", said | {"from_day": str(SINCE), "until_day": "2026-03-10"})
    assert done.status_code == 302
    assert Post.objects.get(pk=post.pk).until_day == dt.date(2026, 3, 10)
