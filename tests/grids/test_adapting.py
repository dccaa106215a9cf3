"""A town's own rows of its staffing template: what may be changed, what follows for the vacancies, and the way back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from grids import adapting, establishment, people_lists
from grids.models import TownProfile
from grids.roles import Role

pytestmark = pytest.mark.django_db
LEADERS = {"preset": None, "role": Role.MICRO_GRID_LEADER, "where": "micro_grid", "label": "", "least": 1, "most": 1,
           "time": ""}  # fmt: skip


@pytest.fixture
def clerk(someone, town):
    return someone(Role.TOWN_DESK, town)


@pytest.fixture
def rows(town):
    """The rows of 下洼镇's template, which the town chose, to be changed."""
    TownProfile.objects.filter(town=town).update(staffing="1-4")
    return adapting.preset_rows(establishment.TEMPLATES["1-4"])


@pytest.fixture
def vacant(town):
    """vacant(): (place, role, how many are missing) by the town's template as it is now."""

    def told():
        gaps = establishment.gaps(town, establishment.template_of(town))
        return [(gap.area.kind, gap.role, gap.missing) for gap in gaps]

    return told


def test_other_numbers_and_a_further_row_change_the_vacancies_at_once(town, rows, clerk, grid, micro_grid, vacant):
    assert vacant() == [("grid", Role.GRID_WORKER, 1), ("grid", Role.GRID_WORKER, 4)]

    rows[1]["least"] = 2
    adapting.adapt(town=town, rows=[*rows, LEADERS], by=clerk)

    assert vacant() == [
        ("grid", Role.GRID_WORKER, 1), ("grid", Role.GRID_WORKER, 2), ("micro_grid", Role.MICRO_GRID_LEADER, 1)
    ]  # fmt: skip
    wanted = list(people_lists.template(town)[0].rows)
    assert [row[-5:-3] for row in wanted[-1:]] == [[micro_grid.name, ""]]


def test_a_row_left_out_is_asked_for_no_more_and_the_preset_stays_as_origin(town, rows, clerk, grid, vacant):
    adapting.adapt(town=town, rows=rows[:1], by=clerk)

    assert vacant() == [("grid", Role.GRID_WORKER, 1)]
    template = establishment.template_of(town)
    assert (template.code, template.adapted, len(template.slots)) == ("1-4", True, 1)

    adapting.adapt(town=town, rows=None, by=clerk)
    assert establishment.template_of(town) == establishment.TEMPLATES["1-4"]
    assert AuditEntry.objects.filter(act="staffing_adapt", user=clerk).count() == 2


def test_the_preset_written_down_unchanged_is_no_change(town, rows, clerk):
    adapting.adapt(town=town, rows=rows, by=clerk)

    assert not establishment.template_of(town).adapted


def test_another_template_begins_without_the_rows_of_the_one_before(town, rows, clerk):
    adapting.adapt(town=town, rows=rows[:1], by=clerk)
    establishment.choose(town=town, staffing="1-4", supervision_phone="0355-6380000", by=clerk)
    assert establishment.template_of(town).adapted

    establishment.choose(town=town, staffing="one-worker", supervision_phone="", by=clerk)
    assert establishment.template_of(town) == establishment.TEMPLATES["one-worker"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda rows: [], "至少要留一行"),
        (lambda rows: [rows[0] | {"least": 3, "most": 2}], "不能小于"),
        (lambda rows: [rows[0] | {"least": 0, "most": 0}], "不能小于"),
        (lambda rows: [rows[0] | {"least": 100}], "0 到 99"),
        (lambda rows: [LEADERS | {"where": "village"}], "没有这个岗位"),
        (lambda rows: [LEADERS, LEADERS | {"least": 0}], "请合并"),
        (lambda rows: rows * 16, "最多"),
    ],
)
def test_what_makes_no_sense_is_refused_in_plain_words(town, rows, clerk, change, word):
    with pytest.raises(ValidationError, match=word):
        adapting.adapt(town=town, rows=change(rows), by=clerk)
    assert not establishment.template_of(town).adapted


def test_who_may_not_appoint_changes_no_template(town, rows, village, other_town, someone):
    for user in (
        someone(Role.TOWN_LEADER, town),
        someone(Role.SYSTEM_ADMIN, town),
        someone(Role.TOWN_DESK, other_town),
    ):
        with pytest.raises(PermissionDenied):
            adapting.adapt(town=town, rows=rows[:1], by=user)


def test_the_page_changes_adds_leaves_out_and_goes_back(client, town, rows, clerk, grid, micro_grid, vacant):
    client.force_login(clerk)
    address = reverse("grids:staffing_rows", args=[town.code])
    form = client.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}

    answer = client.post(address, sent | {"p1_least": "5", "p1_most": "4"})
    assert answer.status_code == 422
    assert 'value="5"' in answer.content.decode()

    sent |= {"p1_least": "1", "p0_label": "片区专职网格员", "post": f"micro_grid:{int(Role.MICRO_GRID_LEADER)}"}
    assert client.post(address, sent).status_code == 302
    assert [missing for _kind, _role, missing in vacant()] == [1, 1, 1]
    page = client.get(address)
    assert "片区专职网格员" in page.content.decode()
    assert [bool(fields["keep"].value()) for _slot, _origin, fields in page.context["form"].lines()] == [True] * 3
    vacancies = client.get(reverse("grids:vacancies", args=[town.code])).content.decode()
    assert "本镇已调整" in vacancies

    del sent["p1_keep"], sent["post"]
    sent |= {"o0_keep": "on", "o0_least": "1", "o0_most": "2"}
    client.post(address, sent)
    assert [role for _kind, role, _missing in vacant()] == [Role.GRID_WORKER, Role.MICRO_GRID_LEADER]

    client.post(address, {"preset": "1"})
    assert [missing for _kind, _role, missing in vacant()] == [1, 4]


def test_without_a_template_there_are_no_rows_to_change(client, town, clerk):
    TownProfile.objects.filter(town=town).update(staffing="")
    client.force_login(clerk)

    answer = client.get(reverse("grids:staffing_rows", args=[town.code]))
    assert answer.url == reverse("grids:staffing", args=[town.code])
