"""Splitting and merging: who goes where is chosen, codes are new, posts go on as chosen, and it can be taken back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from casework.models import Case
from common import clock
from grids import checking, staffing
from grids.models import Area, Placement, Post
from grids.reshaping import reversing
from grids.roles import Role
from households.models import Household, HouseholdLink
from ledgers import checking as figures_checking
from ledgers import closing, counting
from tests.grids.reshaping_town import DAY, FIRST, TODAY

G1, G2 = f"{FIRST}001", f"{FIRST}002"


def nothing_is_wrong(after=2):
    with clock.standing_at(clock.at(TODAY + after * DAY, 2)):
        closing.close_owed()
        counting.drain()
        assert [str(one) for one in checking.check()] == []
        assert figures_checking.check().differences == []


def merged(ground, **more):
    return ground.take("merge", areas=ground.ids(G1, G2), name="合并网格", **more)


def split(ground, **more):
    first, second = ground.ids(f"{G1}00001", f"{G1}00002")
    terms = {"parts": [{"name": "东网格", "areas": [first]}, {"name": "西网格", "areas": [second]}]} | more
    return ground.take("split", area=ground.id(G1), **terms)


def test_merging_gives_a_new_code_and_closes_both_old_ones(ground):
    act = merged(ground)
    new = ground.at(f"{FIRST}003")
    assert act.outcome["opened"] == [new.pk]
    assert set(Area.objects.filter(ended_on=TODAY).values_list("code", flat=True)) == {G1, G2}
    codes = Area.objects.filter(parent=new).order_by("code").values_list("code", flat=True)
    assert list(codes) == [f"{new.code}0000{n}" for n in (1, 2, 3, 4)]
    assert Household.objects.filter(grid=new).count() == 8
    assert new.reports
    nothing_is_wrong()


def test_chosen_workers_go_on_at_the_new_grid_with_their_leave_and_the_others_end(ground):
    stays = ground.worker[G1].posts.get()
    days = {"from_day": TODAY - DAY, "until_day": TODAY + 5 * DAY}
    staffing.grant_leave(post=stays, reason="事假", stand_in=None, by=None, **days)
    merged(ground, posts=[stays.pk])
    new = ground.at(f"{FIRST}003")
    post = Post.objects.get(area=new)
    assert (post.user, post.from_day, post.until_day) == (ground.worker[G1], TODAY, None)
    leave = post.leaves.get()
    assert (leave.from_day, leave.until_day) == (TODAY, TODAY + 5 * DAY)
    assert Post.objects.filter(area__code__in=[G1, G2], until_day=TODAY).count() == 2


def test_open_cases_of_a_merged_grid_lie_at_the_new_one_and_count_where_they_were_found(ground):
    found = ground.dispute(G1, TODAY - DAY).case
    merged(ground)
    case = Case.objects.get(pk=found.pk)
    assert case.area_path == ground.at(f"{FIRST}003").path
    assert (case.area.code, case.grid.code) == (G1, G1)
    nothing_is_wrong()


def test_micro_grids_are_merged_with_their_households(ground):
    ground.take("merge", areas=ground.ids(f"{G1}00001", f"{G1}00002"), name="大微网格")
    new = ground.at(f"{G1}00003")
    assert Household.objects.filter(area=new, area_path=new.path, grid__code=G1).count() == 4
    assert new.basis == "村民小组"
    assert HouseholdLink.objects.filter(until_day=None).count() == 12
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("codes", "why"), [([G1], "few"), ([G1, f"{G2}00001"], "parents"), ([G1, G1], "gone"), ([FIRST], "few")]
)
def test_what_cannot_be_merged_is_refused(ground, codes, why):
    with pytest.raises(ValidationError) as refused:
        ground.take("merge", areas=ground.ids(*codes), name="合并网格")
    assert refused.value.code == why
    assert not Area.objects.filter(ended_on__isnull=False).exists()


def test_a_grid_that_has_reported_today_is_merged_from_tomorrow(ground):
    ground.report(G1, TODAY, "spot")
    with pytest.raises(ValidationError) as refused:
        merged(ground)
    assert refused.value.code == "reported"
    assert merged(ground, on=TODAY + DAY, taken=TODAY).state == "planned"


def test_a_grid_is_split_by_its_micro_grids(ground):
    worker = ground.worker[G1].posts.get()
    split(ground, posts={str(worker.pk): 1})
    east, west = ground.at(f"{FIRST}003"), ground.at(f"{FIRST}004")
    assert ground.at(G1).ended_on == TODAY
    assert [Area.objects.get(parent=part).code for part in (east, west)] == [f"{east.code}00001", f"{west.code}00002"]
    assert [Household.objects.filter(grid=part).count() for part in (east, west)] == [2, 2]
    assert Post.objects.get(area=west).user == ground.worker[G1]
    nothing_is_wrong()


def test_a_grid_that_keeps_its_code_gives_some_of_it_away(ground):
    part = {"name": "新网格", "areas": ground.ids(f"{G1}00002")}
    ground.take("split", area=ground.id(G1), keeps=True, parts=[part])
    assert ground.at(G1).ended_on is None
    assert Area.objects.filter(parent=ground.at(G1)).count() == 1
    assert Household.objects.filter(grid=ground.at(f"{FIRST}003")).count() == 2
    nothing_is_wrong()


def test_a_micro_grid_is_split_by_households(ground):
    one, other = Household.objects.filter(area__code=f"{G1}00001").order_by("code")
    parts = [{"name": "甲微网格", "households": [one.pk]}, {"name": "乙微网格"}]
    ground.take("split", area=ground.id(f"{G1}00001"), parts=parts, rest=1)
    assert Household.objects.get(pk=one.pk).area.code == f"{G1}00003"
    assert Household.objects.get(pk=other.pk).area.code == f"{G1}00004"
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([{"name": "东网格", "areas": []}, {"name": "西网格", "areas": []}], "left"),
        ([{"name": "东网格", "areas": []}], "few"),
        ([{"name": "东网格", "areas": []}, {"name": "东网格", "areas": []}], "name"),
        ([{"name": "", "areas": []}, {"name": "西网格", "areas": []}], "name"),
        ([{"name": "东网格", "areas": [1, 1]}, {"name": "西网格"}], "areas"),
    ],
)
def test_a_split_that_says_not_everything_is_refused(ground, parts, why):
    with pytest.raises(ValidationError) as refused:
        ground.take("split", area=ground.id(G1), parts=parts)
    assert refused.value.code == why


def everything_as_it_lies():
    areas = Area.objects.filter(ended_on=None).order_by("pk").values("pk", "code", "path", "parent", "village", "grid")
    homes = Household.objects.order_by("pk").values("pk", "area", "area_path", "village", "grid")
    posts = Post.objects.filter(until_day=None).order_by("user", "area").values_list("user", "area", "role")
    return [list(areas), list(homes), list(posts), list(Case.objects.values_list("pk", "area_path"))]


@pytest.mark.parametrize("later", [0, 3])
@pytest.mark.parametrize("act", [merged, split])
def test_taken_back_everything_lies_as_before(ground, act, later):
    ground.dispute(G1, TODAY - DAY)
    before = everything_as_it_lies()
    done = act(ground)
    with clock.standing_at(clock.at(TODAY + later * DAY, 9)):
        new = reversing.reverse(act=done, by=None)
        assert reversing.reverse(act=done, by=None) == new
    assert everything_as_it_lies() == before
    done.refresh_from_db()
    assert (done.state, new.kind) == ("reversed", "reverse")
    assert Placement.objects.filter(area__code=G1, until_day=None).count() == 1
    nothing_is_wrong(after=later + 2)


def test_an_act_on_whose_places_something_was_recorded_is_not_taken_back(ground):
    worker = ground.worker[G1].posts.get()
    done = merged(ground, posts=[worker.pk])
    ground.report(f"{FIRST}003", TODAY, "spot")
    assert "1" in reversing.why_not(done)
    with pytest.raises(ValidationError) as refused:
        reversing.reverse(act=done, by=None)
    assert refused.value.code == "recorded"


def test_an_act_on_which_a_later_one_stands_is_not_taken_back_first(ground):
    done = split(ground)
    later = ground.take("merge", areas=ground.ids(f"{FIRST}003", f"{FIRST}004"), name="又合", on=TODAY + DAY)
    with clock.standing_at(clock.at(TODAY + DAY, 13)):
        with pytest.raises(ValidationError) as refused:
            reversing.reverse(act=done, by=None)
        assert refused.value.code == "later"
        reversing.reverse(act=later, by=None)
        reversing.reverse(act=done, by=None)
    assert ground.at(G1).ended_on is None
    nothing_is_wrong(after=3)


def test_an_ended_place_is_there_again_when_the_end_is_taken_back(ground):
    ground.take("open", parent=ground.id(FIRST), kind="grid", name="空网格", on=TODAY - DAY)
    act = ground.take("end", area=ground.id(f"{FIRST}003"), on=TODAY + DAY)
    with clock.standing_at(clock.at(TODAY + DAY, 13)):
        reversing.reverse(act=act, by=None)
    assert ground.at(f"{FIRST}003").ended_on is None
    nothing_is_wrong(after=3)


def test_a_place_opened_by_mistake_was_never_there(ground):
    act = ground.take("open", parent=ground.id(FIRST), kind="grid", name="空网格")
    reversing.reverse(act=act, by=None)
    area = ground.at(f"{FIRST}003")
    assert (area.opened_on, area.ended_on) == (TODAY, TODAY)
    assert not Area.objects.open_on(TODAY).filter(pk=area.pk).exists()
    assert ground.take("open", parent=ground.id(FIRST), kind="grid", name="空网格").gives == [f"{FIRST}004"]
    nothing_is_wrong()


def test_who_may_not_change_places_takes_nothing_back(ground, someone):
    done = merged(ground)
    with pytest.raises(PermissionDenied):
        reversing.reverse(act=done, by=someone(Role.VILLAGE_DESK, ground.at(FIRST)))
