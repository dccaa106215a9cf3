"""An address with a former code leads on, for those who may look there; an ended place says where it went."""

import pytest
from django.test import Client

from common import clock
from grids import former
from grids.models import Area
from grids.roles import Role
from tests.grids.reshaping_town import DAY, FIRST, SECOND, TODAY, Ground

G1, G2 = f"{FIRST}001", f"{FIRST}002"
NEW = f"{FIRST}077"


@pytest.fixture
def ground(town, someone):
    return Ground(town, someone)


@pytest.fixture(autouse=True)
def wednesday():
    with clock.standing_at(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def desk(ground):
    client = Client()
    client.force_login(ground.desk)
    return client


@pytest.mark.parametrize("page", ["", "posts/", "boundary/", "changes/"])
def test_pages_of_a_place_lead_from_the_former_code_to_the_present_one(ground, desk, page):
    ground.take("rename", area=ground.id(G1), code=NEW)
    answer = desk.get(f"/areas/{G1}/{page}?page=2")
    assert (answer.status_code, answer["Location"]) == (302, f"/areas/{NEW}/{page}?page=2")
    below = desk.get(f"/areas/{G1}00001/")
    assert below["Location"] == f"/areas/{NEW}00001/"


def test_the_code_in_a_question_leads_on_too(ground, desk):
    ground.take("move", area=ground.id(G1), parent=ground.id(SECOND), code=f"{SECOND}009")
    answer = desk.get(f"/dashboard/?area={G1}&kind=W")
    assert (answer.status_code, answer["Location"]) == (302, f"/dashboard/?area={SECOND}009&kind=W")


def test_a_code_corrected_from_its_first_day_leads_on(ground, desk):
    ground.take("correct", ground.at(G1).opened_on, taken=TODAY, area=ground.id(G1), code=NEW)
    assert desk.get(f"/areas/{G1}/")["Location"] == f"/areas/{NEW}/"


def test_whoever_may_not_look_there_is_told_nothing(ground, someone):
    stranger = Client()
    stranger.force_login(someone(Role.GRID_WORKER, ground.at(f"{SECOND}001")))
    ground.take("rename", area=ground.id(G1), code=NEW)
    assert stranger.get(f"/areas/{G1}/").status_code == 404
    assert stranger.get(f"/areas/{FIRST}078/").status_code == 404
    assert Client().get(f"/areas/{G1}/")["Location"].startswith("/sign-in/")


def test_only_looking_leads_on_and_never_in_circles(ground, desk):
    ground.take("rename", area=ground.id(G1), code=NEW)
    assert desk.post(f"/areas/{G1}/changes/rename/", {}).status_code == 404
    with clock.standing_at(clock.at(TODAY + DAY, 12)):
        ground.take("rename", TODAY + DAY, area=ground.id(NEW), code=G1)
        desk.force_login(ground.desk)
        assert desk.get(f"/areas/{NEW}/")["Location"] == f"/areas/{G1}/"
        assert desk.get(f"/areas/{G1}/").status_code == 200


def test_the_notice_at_the_wall_leads_anybody_on(ground):
    ground.take("rename", area=ground.id(G1), code=NEW)
    answer = Client().get(f"/notices/{G1}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/notices/{NEW}/")
    assert Client().get(f"/notices/{FIRST}/").status_code == 404


def test_of_merged_grids_page_and_notice_name_the_new_one(ground, desk):
    ground.take("merge", areas=ground.ids(G1, G2), name="河东网格")
    new = Area.objects.get(name="河东网格")
    page = desk.get(f"/areas/{G1}/").content.decode()
    assert f'<a href="/areas/{new.code}/">河东网格</a>' in page
    notice = Client().get(f"/notices/{G2}/")
    assert f'href="/notices/{new.code}/"' in notice.content.decode()
    assert notice["X-Robots-Tag"] == "noindex"


def test_the_notice_follows_a_place_through_later_acts(ground):
    ground.take("merge", areas=ground.ids(G1, G2), name="河东网格")
    new = Area.objects.get(name="河东网格")
    below = list(new.children.order_by("code").values_list("pk", flat=True))
    later = TODAY + DAY
    parts = [{"name": "甲网格", "areas": below[:2]}, {"name": "乙网格", "areas": below[2:]}]
    ground.take("split", later, area=new.pk, keeps=False, parts=parts)
    with clock.standing_at(clock.at(later, 12)):
        assert [area.name for area in former.standing_heirs(ground.at(G1))] == ["甲网格", "乙网格"]
        assert "乙网格" in Client().get(f"/notices/{G1}/").content.decode()


def test_a_place_that_simply_ended_has_no_heir(ground):
    with clock.standing_at(clock.at(TODAY, 12)):
        ground.take("open", parent=ground.id(FIRST), kind="grid", name="空网格")
        empty = Area.objects.get(name="空网格")
    ground.take("end", TODAY + DAY, area=empty.pk)
    with clock.standing_at(clock.at(TODAY + DAY, 12)):
        assert former.heirs(ground.at(empty.code)) == []
        assert Client().get(f"/notices/{empty.code}/").status_code == 404
