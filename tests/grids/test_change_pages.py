"""Pages of acts on the tree: form, preview with what it touches, confirm once, withdraw, take back."""

import re
import uuid

import pytest
from django.urls import reverse

from grids.models import Area, AreaAct
from grids.roles import Role
from households.models import Household
from tests.grids.reshaping_town import DAY, FIRST, SECOND, TODAY

G1, G2 = f"{FIRST}001", f"{FIRST}002"


@pytest.fixture
def desk(client, ground):
    client.force_login(ground.desk)
    return client


def sent(**said):
    return {"on": TODAY.isoformat(), "client_id": str(uuid.uuid4())} | said


def address(code, kind):
    return reverse("grids:change", args=[code, kind])


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("kind", ["open", "move", "split", "merge", "end", "rename", "correct"])
def test_every_act_has_its_form(desk, kind):
    answer = desk.get(address(FIRST if kind == "open" else G1, kind))
    assert answer.status_code == 200
    assert 'name="on"' in text(answer)


@pytest.mark.parametrize(("code", "kind"), [(FIRST, "move"), (FIRST, "split"), ("140429104000", "end"), (G1, "fly")])
def test_an_act_that_makes_no_sense_there_is_not_found(desk, code, kind):
    assert desk.get(address(code, kind)).status_code == 404


def test_the_preview_names_what_is_touched_with_lists_as_long_as_its_numbers(desk, ground):
    ground.dispute(f"{G1}00001", TODAY)
    answer = desk.post(address(G1, "move"), sent(parent=ground.id(SECOND), code=""))
    page = text(answer)
    assert answer.status_code == 200
    assert f"{SECOND}002" in page
    assert not AreaAct.objects.exists()
    links = dict(re.findall(r'<a class="figure" href="([^"]+)" data-value="(\d+)"', page))
    assert sorted(links.values()) == ["1", "1", "4", "4"]  # dispute, worker, households, links
    for url, count in links.items():
        listed = text(desk.get(url.replace("&amp;", "&")))
        assert f'data-value="{count}"' in listed


def test_confirmed_it_is_done_once_however_often_it_is_sent(desk, ground):
    said = sent(parent=ground.id(SECOND), code="", confirm="1")
    first = desk.post(address(G1, "move"), said)
    assert first.url == reverse("grids:changes", args=[f"{SECOND}002"])
    again = desk.post(address(G1, "move"), said)
    assert (again.status_code, AreaAct.objects.count()) == (302, 1)


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(desk, ground):
    answer = desk.post(address(G1, "move"), sent(parent=ground.id(SECOND), code="12", look="1"))
    assert answer.status_code == 422
    assert 'value="12"' in text(answer)
    assert "id_code_error" in text(answer)


def test_going_back_from_the_preview_shows_the_filled_form(desk, ground):
    answer = desk.post(address(G1, "rename"), sent(name="新名字", code=G1, edit="1"))
    assert answer.status_code == 200
    assert 'value="新名字"' in text(answer)


def test_a_grid_is_split_on_the_page(desk, ground):
    one, other = ground.ids(f"{G1}00001", f"{G1}00002")
    worker = ground.worker[G1].posts.get()
    said = sent(keeps="no", name_1="东网格", name_2="西网格", rest="1", **{
        f"area_{one}": "1", f"area_{other}": "2", f"post_{worker.pk}": "2",
    })  # fmt: skip
    preview = text(desk.post(address(G1, "split"), said))
    assert f"{FIRST}003" in preview
    assert f"{FIRST}004" in preview
    assert desk.post(address(G1, "split"), said | {"confirm": "1"}).status_code == 302
    west = ground.at(f"{FIRST}004")
    assert (west.name, west.posts.get().user) == ("西网格", ground.worker[G1])


def test_a_micro_grid_is_split_by_households_whose_names_are_masked(desk, ground):
    home, _other = Household.objects.filter(area__code=f"{G1}00001").order_by("code")
    page = text(desk.get(address(f"{G1}00001", "split")))
    assert home.code in page
    assert home.name not in page
    desk.post(
        address(f"{G1}00001", "split"), sent(keeps="yes", name_1="新微网格", confirm="1", **{f"home_{home.pk}": "1"})
    )
    home.refresh_from_db()
    assert home.area.name == "新微网格"


def test_grids_are_merged_on_the_page(desk, ground):
    said = sent(areas=[str(ground.id(G2))], name="合并网格", code="", posts=[str(ground.worker[G2].posts.get().pk)])
    assert ground.worker[G2].name in text(desk.post(address(G1, "merge"), said))
    desk.post(address(G1, "merge"), said | {"confirm": "1"})
    assert ground.at(f"{FIRST}003").posts.get().user == ground.worker[G2]


def test_a_dedicated_grid_hangs_from_the_town_with_the_village_of_its_office(desk, ground):
    said = sent(kind="dedicated", name="集贸市场", basis="集贸市场", confirm="1")
    assert desk.post(address(ground.town.code, "open"), said).status_code == 422
    desk.post(address(ground.town.code, "open"), said | {"anchor": ground.id(FIRST)})
    market = ground.at(f"{FIRST}901")
    assert (market.basis, market.parent, market.village) == ("集贸市场", ground.town, market)


def test_a_micro_grid_opens_with_its_basis(desk, ground):
    said = sent(kind="micro_grid", name="三号微网格", basis="自然村", confirm="1")
    desk.post(address(G1, "open"), said)
    assert ground.at(f"{G1}00003").basis == "自然村"


def test_a_later_act_is_listed_and_withdrawn(desk, ground):
    desk.post(address(G1, "end"), sent(on=(TODAY + DAY).isoformat(), confirm="1"))
    assert not AreaAct.objects.exists()  # something lies there
    desk.post(address(G1, "rename"), sent(on=(TODAY + DAY).isoformat(), name="新名字", code=G1, confirm="1"))
    act = AreaAct.objects.get()
    page = text(desk.get(reverse("grids:changes", args=[ground.town.code])))
    undo = reverse("grids:withdraw_act", args=[ground.town.code, act.pk])
    assert undo in page
    desk.post(undo)
    act.refresh_from_db()
    assert (act.state, act.withdrawn_by) == ("withdrawn", ground.desk)


def test_an_act_is_taken_back_on_the_page_or_the_page_says_why_not(desk, ground):
    act = ground.take("merge", areas=ground.ids(G1, G2), name="合并网格")
    page = text(desk.get(reverse("grids:changes", args=[FIRST])))
    back = reverse("grids:reverse_act", args=[FIRST, act.pk])
    assert back in page
    ground.take("open", parent=ground.id(f"{FIRST}003"), kind="micro_grid", name="又一微网格")
    page = text(desk.get(reverse("grids:changes", args=[FIRST])))
    assert back not in page
    desk.post(back)
    assert Area.objects.get(code=G1).ended_on == TODAY


def test_the_page_of_a_place_tells_its_history_and_offers_acts_to_whom_they_are_given(client, desk, ground, someone):
    planned = {"name": "改名", "code": G1, "confirm": "1"}
    desk.post(address(G1, "rename"), sent(**planned))
    page = text(desk.get(reverse("grids:area", args=[G1])))
    assert ground.desk.name in page
    assert reverse("grids:changes", args=[G1]) in page
    client.force_login(someone(Role.VILLAGE_DESK, ground.at(FIRST)))
    page = text(client.get(reverse("grids:area", args=[G1])))
    assert reverse("grids:changes", args=[G1]) not in page
    assert "改名" in page


def test_whoever_may_not_change_places_is_refused(client, ground, someone):
    client.force_login(someone(Role.VILLAGE_DESK, ground.at(FIRST)))
    assert client.get(address(G1, "rename")).status_code == 403
    assert client.post(address(G1, "rename"), sent(name="改名", code=G1, confirm="1")).status_code == 403
    assert client.get(address(f"{SECOND}001", "rename")).status_code == 404
