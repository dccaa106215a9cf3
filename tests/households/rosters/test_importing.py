"""An import of a roster from upload to taking back: what it writes, refuses, remembers and forgets."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, HeldFile
from common import clock, sealed
from common.reading import Unreadable
from grids.models import TouchedDay
from grids.roles import Role
from households import linking
from households.models import Household, PartyMember, PartyOrg, Resident, RosterImport
from households.rosters import columns, comparing, importing, opening, storing, undoing, working
from households.rosters.checking import Checked
from tests.households.rosters import made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
State = RosterImport.State


@pytest.fixture
def three():
    return made.families(3)


def file(some):
    return made.workbook([made.CLEAN, *made.clean_rows(some)])


def stored():
    """Every row of the roster and of its history."""
    return [
        sorted(map(str, model.objects.values_list())) for model in
        (Household, Resident, Household.pgh_event_model, Resident.pgh_event_model)
    ]  # fmt: skip


def test_the_same_file_once_more_changes_nothing_and_leaves_no_history(taken, checked, with_numbers, desk):
    taken(made.clean())
    before = stored()

    row, told = checked(made.clean())

    assert (row.counts["same"], row.counts["new"], row.counts["changed"]) == (len(made.clean_rows()), 0, 0)
    assert told["entries"] == []
    with pytest.raises(ValidationError, match="already|均已在册"):
        importing.confirm(row=row, by=desk)
    assert stored() == before


def test_the_same_roster_in_another_layout_changes_nothing_but_what_it_adds(taken, checked):
    taken(made.own_gbk())

    row, _told = checked(made.own_merged())

    assert (row.counts["new"], row.counts["changed"], row.counts["gone"]) == (0, 0, 0)


def test_only_what_differs_is_changed_and_shown_field_by_field(taken, checked, three, with_numbers, desk):
    taken(file(three))
    one, other = three[0].people[0], three[1].people[0]
    old = one.phone
    one.phone, other.away = "13900000001", "北京市"
    three[2].kind = "监测户"

    row, told = checked(file(three))

    assert (row.counts["changed"], row.counts["changed_homes"], row.counts["new"]) == (2, 1, 0)
    differences = {entry["name"]: entry["told"] for entry in told["entries"] if entry["name"]}
    masked = f"{old[:3]}****{old[-4:]}" if old else ""
    assert [line[1:] for line in differences[one.name]] == [[masked, "139****0001"]]
    importing.confirm(row=row, by=desk)
    working.work()
    person = Resident.objects.get(name=one.name)
    assert sealed.opened(person, "phone") == "13900000001"
    assert Resident.objects.get(name=other.name).away_to == "北京市"
    assert Household.objects.get(name=three[2].head).kind == "monitored"
    assert Resident.pgh_event_model.objects.filter(pgh_label="update").count() == 2


def test_a_household_on_a_list_needs_the_list(checked, taken, three):
    three[0].kind = "脱贫户"
    rows = made.clean_rows(three)
    for row in rows:
        row[made.COLUMN["认定来源"]] = ""

    row, told = checked(made.workbook([made.CLEAN, *rows]))

    assert row.state == State.WRONG
    assert [problem[:2] for problem in told["problems"]] == [[2, "户类型"]]


def test_an_empty_cell_changes_nothing(taken, checked, three, with_numbers):
    taken(file(three))
    for family in three:
        family.address = ""
        for one in family.people:
            one.phone = one.away = ""

    row, _told = checked(file(three))

    assert (row.counts["changed_homes"], row.counts["new"]) == (0, 0)
    assert all(home.address for home in Household.objects.all())


def test_who_is_not_in_the_file_is_listed_and_stays(taken, checked, three, desk):
    taken(file(three))
    gone = three[0].people.pop()

    row, told = checked(file(three))

    assert row.counts["gone"] == 1
    assert [entry["name"] for entry in told["entries"]] == [gone.name]
    assert Resident.objects.filter(name=gone.name, until_day=None).exists()


def test_a_child_that_was_born_joins_the_household(taken, three):
    taken(file(three))
    child = made.Member("王小宝", "孙女", "女", (2026, 3, 1), "")
    three[0].people.append(child)

    taken(file(three))

    assert Resident.objects.get(name="王小宝").household == Household.objects.get(name=three[0].head)


def test_a_new_head_takes_over_from_the_old_one(taken, three):
    family = next(family for family in made.families() if len(family.people) > 1)
    taken(file([family]))
    old, new = family.people[0], family.people[1]
    old.relation, new.relation = "配偶", "户主"
    family.people = [new, old, *family.people[2:]]

    taken(file([family]))

    home = Household.objects.get()
    assert home.name == new.name
    assert dict(home.residents.values_list("name", "relation"))[new.name] == "head"


def test_id_numbers_stay_out_where_the_town_has_not_switched_them_on(taken, three):
    row = taken(file(three))

    assert "id_number" in row.columns.values()
    assert not Resident.objects.exclude(id_number="").exists()


def test_somebody_known_by_id_number_does_not_go_over_by_an_import(taken, checked, three, with_numbers):
    taken(file(three))
    moved = three[0].people.pop()
    three[1].people.append(moved)
    moved.relation = "其他"

    row, told = checked(file(three))

    assert row.state == State.WRONG
    assert [problem[1] for problem in told["problems"]] == ["身份证号码"]


def test_a_roster_that_changed_since_the_preview_is_shown_anew_and_nothing_written(taken, checked, three, desk):
    taken(file(three))
    three[0].people[0].phone = "13900000001"
    row, _told = checked(file(three))
    importing.confirm(row=row, by=desk)
    Resident.objects.filter(name=three[1].people[0].name).update(away_to="", lives_here=False)
    before = stored()

    working.work()

    assert stored() == before
    row.refresh_from_db()
    assert (row.state, row.changed_meanwhile) == (State.CHECKING, True)
    working.work()
    row.refresh_from_db()
    assert row.state == State.READY


def test_the_file_is_sealed_while_it_waits_and_gone_afterwards(sent, taken, three, with_numbers, desk):
    number = three[0].people[0].number
    row = sent(file(three))
    assert number.encode() not in bytes(row.file.content)
    importing.cancel(row=row, by=desk)
    assert not HeldFile.objects.exists()

    row = taken(file(three))

    assert not HeldFile.objects.exists()
    assert number not in str(list(RosterImport.objects.values()))
    assert number not in str(list(AuditEntry.objects.values()))


def test_the_file_of_a_day_ago_cannot_be_taken_over(checked, three, desk):
    row, _told = checked(file(three))

    with clock.standing_at(clock.now() + importing.LASTS), pytest.raises(ValidationError, match="gone|删除"):
        importing.confirm(row=row, by=desk)


def test_only_who_uploaded_goes_on_with_it_and_only_desks_upload(checked, three, someone, village, town):
    row, _told = checked(file(three))

    with pytest.raises(PermissionDenied):
        importing.confirm(row=row, by=someone(Role.TOWN_DESK, town))
    worker = someone(Role.GRID_WORKER, village)
    with pytest.raises(PermissionDenied):
        importing.upload(area=village, name="x.xlsx", content=file(three), by=worker)


def test_columns_named_once_are_remembered_for_the_same_head(sent, desk, three):
    rows = made.clean_rows(three)
    strange = made.workbook([["户编号", "当家人", "人名字", *made.CLEAN[3:]], *rows])
    row = sent(strange)
    assert row.state == State.COLUMNS
    with pytest.raises(ValidationError):
        importing.name_columns(row=row, mapping=importing.mapping_of(row), by=desk)
    importing.name_columns(row=row, mapping=importing.mapping_of(row) | {1: "head", 2: "name"}, by=desk)

    assert sent(strange).state == State.CHECKING


def test_columns_named_before_the_town_kept_id_numbers_are_asked_for_once_more(sent, desk, three, request):
    row = sent(file(three))
    without = {place: key for place, key in importing.mapping_of(row).items() if key != "id_number"}
    importing.name_columns(row=row, mapping=without, by=desk)
    assert sent(file(three)).state == State.CHECKING

    request.getfixturevalue("with_numbers")

    assert sent(file(three)).state == State.COLUMNS


def test_samples_of_numbers_are_masked(sent, three):
    found = importing.opened(sent(file(three)))
    number = three[0].people[0].number

    samples = found.samples(made.COLUMN["身份证号码"])

    assert samples[0] == f"{number[0]}{'*' * 16}{number[-1]}"
    assert not any(one.number in str(samples) for family in three for one in family.people)


def test_cells_merged_over_people_are_refused(sent):
    rows = [made.CLEAN, *made.clean_rows(made.families(3))]
    content = made.workbook(rows, ["C2:C3"])

    with pytest.raises(Unreadable, match="C2:C3"):
        sent(content)


def test_an_import_is_taken_back_whole(taken, three, with_numbers, desk):
    taken(file(three))
    before = [stored()[0], stored()[1]]
    three[0].people[0].phone, three[1].people[0].away = "13900000001", "北京市"
    three[2].people.append(made.Member("王小宝", "孙女", "女", (2026, 3, 1), ""))
    row = taken(file([*three, *made.families(5)[3:]]))
    TouchedDay.objects.all().delete()

    assert undoing.depending(row) == []
    undoing.undo(row=row, by=desk)

    assert [stored()[0], stored()[1]] == before
    assert RosterImport.objects.get(pk=row.pk).state == State.UNDONE
    assert TouchedDay.objects.exists()


def test_an_import_on_which_something_depends_stays(taken, three, desk, town, village, someone, places):
    row = taken(file(three))
    home = Household.objects.get(name=three[0].head)
    org = PartyOrg.objects.create(name="支部", level="branch", area=village)
    member = PartyMember.objects.create(user=someone(), org=org, area_path=village.path)
    linking.link(household=home, member=member, from_day=clock.today(), by=None)
    Resident.objects.filter(name=three[1].people[0].name).update(away_to="", lives_here=False)

    assert len(undoing.depending(row)) == 2
    with pytest.raises(ValidationError):
        undoing.undo(row=row, by=desk)
    assert Household.objects.count() == 3


def test_as_many_statements_for_many_rows_as_for_few(taken, with_numbers, village):
    taken(file(made.families(3)))

    def statements(some):
        found = opening.opened(file(some))
        table = opening.table(found, columns.guess(found.heads))
        with CaptureQueriesContext(connection) as seen:
            storing.write(storing.ready(comparing.compare(Checked(table, village), village.town_id)))
        return len(seen)

    few = statements(made.families(5)[3:])
    assert statements(made.families(60)[10:]) == few
