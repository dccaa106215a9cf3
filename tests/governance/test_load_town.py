"""The demo town: published figures exactly, invented parts plausible and repeatable, outlines that tile."""

import datetime as dt
import hashlib
from collections import Counter
from io import StringIO

import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from accounts.models import User
from common import sealed
from governance import divisions
from governance.demo import families, gucheng, layout, names, shapes, shares
from governance.demo.plan import Plan
from grids.models import Area, Boundary, LevelScheme, Post, TownProfile
from grids.roles import Role
from households.models import Household, HouseholdLink, PartyMember, Resident

AS_OF = dt.date(2026, 11, 18)  # a Wednesday


def load(*, history=0, as_of=AS_OF, seed=1):
    told = StringIO()
    call_command("load_town", "gucheng", history=history, as_of=as_of, seed=seed, stdout=told)
    return told.getvalue()


def empty_tables():
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT exists (SELECT FROM {table})")
            counts[table] = cursor.fetchone()[0]
    return [table for table, filled in counts.items() if not filled]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The town without history, loaded once for this module and taken away afterwards."""
    with django_db_blocker.unblock():
        empty = empty_tables()
        yield load()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(empty)} RESTART IDENTITY")


@pytest.fixture
def town(loaded, db):
    return Area.objects.get(code=gucheng.TOWN_CODE)


def digest(*tables):
    """A hash over all rows as text, without ids given by the server, sealed tokens and unusable passwords."""
    left_out = {"password", "phone", "created_at", "drafted_at", "at"}
    seen = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in tables:
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            kept = ", ".join(f'"{name}"' for name in columns if name not in left_out)
            cursor.execute(f"SELECT string_agg(t::text, '\n' ORDER BY t::text) FROM (SELECT {kept} FROM {table}) t")
            seen.update(cursor.fetchone()[0].encode())
    return seen.hexdigest()


def test_the_published_figures_are_exact(town):
    assert dict(Area.objects.filter(town=town).values_list("kind").annotate(Count("pk"))) == {
        "town": 1, "village": 25, "grid": 31, "micro_grid": 550,
    }  # fmt: skip
    assert Household.objects.count() == 5969
    assert (Resident.objects.count(), Resident.objects.filter(lives_here=True).count()) == (18526, 9600)
    assert (PartyMember.objects.count(), PartyMember.objects.filter(exempt="").count()) == (747, 411)
    workers = Post.objects.filter(role=Role.GRID_WORKER)
    assert workers.count() == workers.values("area").distinct().count() == 31


def test_every_household_has_one_active_link_within_its_village(town):
    links = HouseholdLink.objects.filter(until_day__isnull=True)
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


@pytest.mark.parametrize(
    ("name", "villages"), [("gucheng", 25), ("yuwang", 12), ("xiawa", 62), ("jingming", 12), ("minle", 191)]
)
def test_the_codes_of_all_five_towns_come_with_their_ancestors(name, villages):
    rows = divisions.read(name)
    codes = {row.code for row in rows}
    assert sum(row.level == divisions.VILLAGE for row in rows) == villages
    assert all(row.parent in codes for row in rows if row.level > 1)
    assert not [row.name for row in rows if row.name.endswith("委会")]


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
    assert Counter(row[1] for row in people)["户主"] == 5969
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
    assert (profile.is_demo, profile.in_use_from, profile.scheme) == (True, AS_OF, LevelScheme.objects.get())
    assert [item["digit"] for item in profile.framework["items"]] == ["1", "3", "3", "3"]
    assert town.opened_on == dt.date(2024, 1, 1)


def test_loading_twice_changes_nothing_and_says_so(town):
    before = digest("grids_area", "accounts_user", "households_resident", "pghistory_context")
    assert "nothing was changed" in load(seed=2)
    assert digest("grids_area", "accounts_user", "households_resident", "pghistory_context") == before


def test_a_real_town_is_never_written_over(town):
    TownProfile.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="real town"):
        load()


def test_outside_demo_mode_nothing_is_loaded(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        load()


def test_the_same_seed_invents_the_same_town_and_another_seed_another():
    def invented(seed):
        plan = Plan(gucheng, AS_OF, 0, seed)
        people = families.families(plan.rng("families"), 300, 930, 480)
        namer = plan.namer("140429104218", "residents")
        return repr((plan.villages, people, [namer.person("F", 1970) for _ in range(50)]))

    assert invented(1) == invented(1)
    assert invented(1) != invented(2)


@pytest.mark.parametrize("seed", range(5))
def test_the_layout_keeps_the_totals_for_any_seed(seed):
    rng = Plan(gucheng, AS_OF, 0, seed).rng("layout")
    villages = layout.villages(gucheng, rng)
    grids = [grid for village in villages for grid in village.grids]
    assert (len(villages), len(grids), sum(map(len, grids)), sum(map(sum, grids))) == (25, 31, 550, 5969)
    assert [len(v.grids) for v in villages if v.division.name == "东良村"] == [2]
    assert max(home for grid in grids for home in grid) <= 30


@pytest.mark.parametrize("seed", range(5))
def test_cells_tile_for_any_seed(seed):
    rng = Plan(gucheng, AS_OF, 0, seed).rng("shapes")
    town = shapes.outline(rng, 160)
    parts = [cell for village in shapes.cells(town, 25, rng) for cell in shapes.cells(village, 20, rng)]
    exact = shapes.snapped([shapes.to_degrees(part, gucheng.MIDDLE) for part in parts])
    assert shapely.coverage_is_valid(exact)
    assert abs(town.area - 160) < 0.001


def test_shares_add_up():
    assert shares.split(10, [1, 1, 1]) == [4, 3, 3]
    assert shares.split(7, [0.1, 5], least=2) == [2, 5]
    assert shares.seats(5, [1, 9, 2]) == [1, 3, 1]
    with pytest.raises(ValueError, match="cannot be split"):
        shares.split(3, [1, 1], least=2)
