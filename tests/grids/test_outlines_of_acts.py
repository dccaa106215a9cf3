"""Outlines after merging and splitting: joined where all parts have one, drawn next where not, back when taken back."""

import pytest
from django.test import Client
from shapely.geometry import shape

from common import clock
from grids.models import Area, Boundary
from grids.outlines import drawing
from grids.reshaping import planning, preview, reversing
from households.models import Household
from tests.grids.outlines import draw, square
from tests.grids.reshaping_town import DAY, FIRST, SECOND, SINCE, TODAY

G1, G2 = f"{FIRST}001", f"{FIRST}002"
LATER = TODAY + DAY


@pytest.fixture
def drawn(ground):
    """Both grids beside each other, with two micro-grids each, as strips from west to east, 500 m wide."""
    for place, (x, side) in {FIRST: (0, 2000), G1: (0, 1000), G2: (1000, 1000)}.items():
        draw(ground.at(place), square(x, 0, side), SINCE, surveyed=True)
    for n, code in enumerate([f"{G1}00001", f"{G1}00002", f"{G2}00001", f"{G2}00002"]):
        draw(ground.at(code), square(500 * n, 0, 500), SINCE)
    return ground


def outline(area, day=TODAY):
    return drawing.in_force([area.pk], day).get(area.pk)


def shapes_of(*codes):
    return [shape(outline(Area.objects.get(code=code), TODAY - DAY).geometry) for code in codes]


def test_merged_places_have_the_outline_of_both_together(drawn):
    one, other = shapes_of(G1, G2)
    drawn.take("merge", areas=drawn.ids(G1, G2), name="河东网格")
    new = outline(Area.objects.get(name="河东网格"))
    assert (new.source, new.surveyed, new.from_day, new.until_day) == ("computed", True, TODAY, None)
    assert shape(new.geometry).geom_type == "Polygon"
    assert shape(new.geometry).symmetric_difference(one.union(other)).area < one.area / 1e6
    assert outline(drawn.at(G1)) is None


def test_where_one_has_none_the_preview_says_so_and_the_new_place_waits_to_be_drawn(drawn, in_english):
    Boundary.objects.filter(area__code=G2).delete()
    terms = {"areas": drawn.ids(G1, G2), "name": "河东网格"}
    shown = preview.of(planning.look("merge", terms, TODAY, by=None))
    assert "Draw the outline of 河东网格 afterwards: 第2网格 have none." in shown.warnings
    drawn.take("merge", **terms)
    new = Area.objects.get(name="河东网格")
    assert outline(new) is None
    client = Client()
    client.force_login(drawn.desk)
    page = client.get(f"/areas/{FIRST}/changes/").content.decode()
    assert f'href="/areas/{new.code}/boundary/"' in page


@pytest.mark.parametrize("taken_back_on", [TODAY, LATER])
def test_a_merger_taken_back_brings_the_old_outlines_back(drawn, taken_back_on):
    act = drawn.take("merge", areas=drawn.ids(G1, G2), name="河东网格")
    with clock.standing_at(clock.at(taken_back_on, 13)):
        reversing.reverse(act=act, by=None)
        assert shape(outline(drawn.at(G1), taken_back_on).geometry).equals(*shapes_of(G1))
        assert outline(Area.objects.get(name="河东网格"), taken_back_on) is None
        assert outline(drawn.at(G1), taken_back_on).source == "drawn"


def test_parts_of_a_split_are_joined_from_the_places_they_take(drawn):
    one, other = drawn.ids(f"{G1}00001", f"{G1}00002")
    west, east = shapes_of(f"{G1}00001", f"{G1}00002")
    parts = [{"name": "西网格", "areas": [one]}, {"name": "东网格", "areas": [other]}]
    drawn.take("split", area=drawn.id(G1), keeps=False, parts=parts)
    found = [outline(Area.objects.get(name=name)) for name in ("西网格", "东网格")]
    assert [shape(row.geometry).equals(part) for row, part in zip(found, (west, east), strict=True)] == [True, True]
    assert [row.surveyed for row in found] == [False, False]  # the micro-grids are sketches


@pytest.mark.parametrize("taken_back_on", [TODAY, LATER])
def test_a_place_that_gives_some_away_is_cut_and_whole_again_when_that_is_taken_back(drawn, taken_back_on):
    (whole,) = shapes_of(G1)
    (given,) = shapes_of(f"{G1}00002")
    parts = [{"name": "新网格", "areas": drawn.ids(f"{G1}00002")}]
    act = drawn.take("split", area=drawn.id(G1), keeps=True, parts=parts)
    left = outline(drawn.at(G1))
    assert (left.source, left.surveyed) == ("computed", False)
    assert shape(left.geometry).symmetric_difference(whole.difference(given)).area < whole.area / 1e6
    with clock.standing_at(clock.at(taken_back_on, 13)):
        reversing.reverse(act=act, by=None)
        back = outline(drawn.at(G1), taken_back_on)
        assert (back.source, back.surveyed) == ("drawn", True)
        assert shape(back.geometry).equals(whole)


def test_what_was_drawn_since_is_not_undone(drawn):
    parts = [{"name": "新网格", "areas": drawn.ids(f"{G1}00002")}]
    act = drawn.take("split", area=drawn.id(G1), keeps=True, parts=parts)
    with clock.standing_at(clock.at(LATER, 13)):
        draw(drawn.at(G1), square(0, 0, 700), LATER, reason="实测")
        reversing.reverse(act=act, by=None)
        assert outline(drawn.at(G1), LATER).reason == "实测"


def test_a_split_by_households_offers_drawing_and_proposing(drawn, in_english):
    homes = list(Household.objects.filter(area__code=f"{G1}00001").order_by("pk"))
    Household.objects.filter(pk=homes[0].pk).update(longitude=112.701, latitude=36.901)
    parts = [{"name": "三号微网格", "households": [homes[0].pk]}]
    terms = {"area": drawn.id(f"{G1}00001"), "keeps": True, "parts": parts}
    shown = preview.of(planning.look("split", terms, TODAY, by=None))
    assert shown.warnings == ["Draw the outline of 三号微网格 afterwards, or have it proposed."]
    drawn.take("split", **terms)
    new = Area.objects.get(name="三号微网格")
    client = Client()
    client.force_login(drawn.desk)
    page = client.get(f"/areas/{G1}00001/changes/").content.decode()
    assert f'href="/areas/{new.code}/boundary/"' in page
    assert f'href="/areas/{G1}/boundary/proposal/?level=micro_grid"' in page
    draw(new, square(0, 0, 200), TODAY, reason="从一号微网格划出")
    assert "Still to be drawn" not in client.get(f"/areas/{G1}00001/changes/").content.decode()


def test_of_a_grid_that_changes_its_village_the_preview_reminds_of_the_villages_boundaries(drawn, in_english):
    reminder = "The boundaries of the villages stay as they are. Draw them anew afterwards."
    terms = {"area": drawn.id(G2), "parent": drawn.id(SECOND)}
    assert reminder in preview.of(planning.look("move", terms, TODAY, by=None)).warnings
    Boundary.objects.filter(area__code=FIRST).delete()
    assert reminder not in preview.of(planning.look("move", terms, TODAY, by=None)).warnings
