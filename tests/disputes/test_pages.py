"""One dispute's page, its acts and the register form, as people of different posts meet them."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from casework.models import Case
from disputes import workflow
from disputes.models import Dispute
from grids.roles import Role

pytestmark = pytest.mark.django_db
WORDS = {"line": "两家为一堵墙争吵", "category": "02", "field": "3", "severity": "04", "people_involved": "2"}


@pytest.fixture
def dispute(dispute_in, grid):
    return dispute_in(grid, parties=[{"name": "欧阳建国", "phone": "13812345678"}, {"name": "王二"}])


def page(dispute, act=""):
    return f"/disputes/{dispute.pk}/{act}"


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        (Role.GRID_WORKER, "grid", 200), (Role.GRID_LEADER, "grid", 200), (Role.VILLAGE_DESK, "village", 200),
        (Role.VILLAGE_DIRECTOR, "village", 200), (Role.MEDIATOR, "village", 200), (Role.TOWN_DESK, "town", 200),
        (Role.TOWN_LEADER, "town", 200),
        (Role.PARTY_COMMITTEE, "town", 403), (Role.COUNTY_DESK, "county", 403),
        (Role.DISCIPLINE_LIAISON, "village", 403), (Role.LINKED_MEMBER, "grid", 403), (Role.SYSTEM_ADMIN, "town", 403),
        (Role.VILLAGE_DESK, "other_village", 404), (Role.TOWN_DESK, "other_town", 404),
    ],
)  # fmt: skip
def test_who_may_open_a_dispute(role, where, status, dispute, visit, someone, request):
    answer = visit(someone(role, request.getfixturevalue(where))).get(page(dispute))

    assert answer.status_code == status
    if status != 200:
        assert all(text not in answer.content.decode() for text in ["一堵墙", "欧阳", "1381"])


def test_a_post_that_has_ended_opens_nothing(dispute, visit, someone, village):
    former = someone(Role.VILLAGE_DESK, village, until_day=dt.date(2020, 2, 1))

    assert visit(former).get(page(dispute)).status_code == 404


def test_parties_are_masked(dispute, visit, desk):
    text = visit(desk).get(page(dispute)).content.decode()

    assert "欧阳**" in text
    assert "138****5678" in text
    assert "建国" not in text
    assert "13812345678" not in text


def test_names_and_phones_are_shown_for_a_reason_which_is_recorded(dispute, visit, desk):
    browser = visit(desk)
    assert browser.post(page(dispute, "in-clear/"), {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.exists()

    answer = browser.post(page(dispute, "in-clear/"), {"reason": "约双方到场调解"})
    assert all(text in answer.content.decode() for text in ["欧阳建国", "13812345678", "王二"])
    assert "no-store" in answer.headers["Cache-Control"]
    entries = AuditEntry.objects.order_by("pk").values_list("act", "user", "reason", "area_code")
    place = dispute.case.area.code
    assert list(entries) == [
        ("reveal_parties", desk.pk, "约双方到场调解", place),
        ("reveal_phone", desk.pk, "约双方到场调解", place),
    ]


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [(Role.GRID_WORKER, "grid", 403), (Role.TOWN_LEADER, "town", 403), (Role.PARTY_COMMITTEE, "town", 403),
     (Role.MEDIATOR, "other_village", 404)],
)  # fmt: skip
def test_those_who_do_not_handle_it_see_no_name(role, where, status, dispute, visit, someone, request):
    browser = visit(someone(role, request.getfixturevalue(where)))
    answer = browser.post(page(dispute, "in-clear/"), {"reason": "想知道"})

    assert answer.status_code == status
    assert "欧阳建国" not in answer.content.decode()
    assert not AuditEntry.objects.exists()


def test_opening_a_sensitive_dispute_is_recorded(dispute_in, visit, desk, grid):
    hidden = dispute_in(grid, sensitive=True)
    visit(desk).get(page(hidden))

    entry = AuditEntry.objects.get(act="sensitive_dispute_read")
    assert (entry.user, entry.row, entry.area_code) == (desk, str(hidden.pk), grid.code)


def test_buttons_are_those_of_the_table(dispute, visit, desk, someone, village):
    def buttons(user):
        return [form.name for form in visit(user).get(page(dispute)).context["acts"]]

    assert buttons(desk) == [name for name, _action in workflow.available(dispute, desk)]
    assert buttons(someone(Role.GRID_WORKER, village)) == []


def test_an_act_goes_back_to_the_page_and_stands_in_the_history(dispute, visit, desk):
    browser = visit(desk)
    answer = browser.post(page(dispute, "mediate/"), {"note": "双方到场"}, follow=True)

    assert answer.redirect_chain == [(page(dispute), 302)]
    assert answer.context["steps"][-1]["note"] == "双方到场"
    assert Dispute.objects.get().case.state == "mediating"


def test_an_act_that_came_too_late_keeps_what_was_typed(dispute, visit, desk, take):
    take("settle", dispute, on=dispute.case.opened_on)
    answer = visit(desk).post(page(dispute, "settle/"), {"note": "已赔礼道歉，邻里和好"})

    assert answer.status_code == 409
    assert "已赔礼道歉，邻里和好" in answer.content.decode()
    assert dispute.case.steps.count() == 2


def test_a_missing_reason_is_asked_for_in_place(dispute, visit, desk):
    answer = visit(desk).post(page(dispute, "transfer/"), {"note": ""})

    assert answer.status_code == 422
    assert answer.context["bound"].errors["note"]
    assert Dispute.objects.get().case.state == "registered"


def test_a_duplicate_names_the_other_dispute(dispute, dispute_in, visit, desk, other_grid):
    other = dispute_in(other_grid)
    browser = visit(desk)

    for wrong in ["MD-104-20200101-001", dispute.case.number]:
        answer = browser.post(page(dispute, "mark_duplicate/"), {"of": wrong})
        assert answer.status_code == 422
        assert answer.context["bound"].errors["of"]
        assert wrong in answer.content.decode()
    browser.post(page(dispute, "mark_duplicate/"), {"of": other.case.number.lower()})
    dispute.refresh_from_db()
    assert dispute.duplicate_of == other
    assert dispute.case.number in browser.get(page(other)).content.decode()


def test_a_dispute_out_of_sight_cannot_be_named_as_the_other(dispute, dispute_in, visit, someone, village, other_grid):
    elsewhere = dispute_in(other_grid)
    answer = visit(someone(Role.VILLAGE_DESK, village)).post(
        page(dispute, "mark_duplicate/"), {"of": elsewhere.case.number}
    )

    assert answer.status_code == 422


def test_reopening_a_duplicate_forgets_the_other(dispute, dispute_in, take, other_grid):
    take("mark_duplicate", dispute, on=dispute.case.opened_on, of=dispute_in(other_grid))
    assert take("reopen", dispute, on=dispute.case.opened_on).duplicate_of is None


def test_the_category_is_corrected_with_a_reason(dispute, visit, desk):
    browser = visit(desk)
    answer = browser.post(page(dispute, "recategorise/"), {"category": "03", "field": "1", "note": "实为宅基地"})

    assert answer.status_code == 302
    case = Case.objects.get(pk=dispute.pk)
    assert (case.category, case.field) == ("03", "1")


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        (Role.GRID_WORKER, "grid", 403), (Role.VILLAGE_DIRECTOR, "village", 403), (Role.PARTY_COMMITTEE, "town", 403),
        (Role.TOWN_DESK, "other_town", 404),
    ],
)  # fmt: skip
def test_acts_of_others_are_refused(role, where, status, dispute, visit, someone, request):
    browser = visit(someone(role, request.getfixturevalue(where)))

    assert browser.post(page(dispute, "mediate/"), {"note": ""}).status_code == status
    assert Dispute.objects.get().case.state == "registered"


def test_acts_are_posted_and_unknown_ones_do_not_exist(dispute, visit, desk):
    browser = visit(desk)

    assert browser.get(page(dispute, "mediate/")).status_code == 405
    assert browser.post(page(dispute, "delete/")).status_code == 404


@pytest.mark.parametrize(
    ("role", "where"),
    [(Role.GRID_WORKER, "grid"), (Role.VILLAGE_DESK, "village"), (Role.MEDIATOR, "village"), (Role.TOWN_DESK, "town")],
)
def test_those_who_meet_disputes_register_them(role, where, visit, someone, request, grid):
    person = someone(role, request.getfixturevalue(where))
    said = WORDS | {
        "area": grid.pk,
        "source": "application",
        "name_1": "李四",
        "phone_1": "13900001111",
        "name_2": "赵五",
    }
    answer = visit(person).post("/disputes/new/", said, follow=True)

    dispute = Dispute.objects.get()
    assert answer.redirect_chain == [(page(dispute), 302)]
    assert (dispute.line, dispute.case.registered_by, dispute.case.area) == (WORDS["line"], person, grid)
    assert list(dispute.parties.order_by("pk").values_list("name", flat=True)) == ["李四", "赵五"]


@pytest.mark.parametrize("role", [Role.VILLAGE_DIRECTOR, Role.TOWN_LEADER, Role.PARTY_COMMITTEE, Role.LINKED_MEMBER])
def test_others_have_no_register_form(role, visit, someone, village):
    browser = visit(someone(role, village))

    assert browser.get("/disputes/new/").status_code == 403
    assert browser.post("/disputes/new/", WORDS).status_code == 403


def test_places_to_choose_from_end_at_the_own_area(visit, someone, village, grid, micro_grid, other_grid):
    form = visit(someone(Role.VILLAGE_DESK, village)).get("/disputes/new/").context["form"]

    assert list(form.fields["area"].queryset) == [village, grid, micro_grid]
    assert form["area"].value() == village.pk


def test_a_place_outside_is_refused_and_what_was_typed_stays(visit, someone, village, other_grid):
    said = WORDS | {"area": other_grid.pk, "source": "application", "name_1": "李四"}
    answer = visit(someone(Role.VILLAGE_DESK, village)).post("/disputes/new/", said)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"area"}
    assert all(text in answer.content.decode() for text in [WORDS["line"], "李四"])
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"line": " "}, {"category": ""}, {"people_involved": "0"}, {"phone_1": "13900001111"},
     {"name_1": "李四", "phone_1": "auf Anfrage"}],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_told(wrong, visit, desk, grid):
    answer = visit(desk).post("/disputes/new/", WORDS | {"area": grid.pk, "source": "application"} | wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Dispute.objects.exists()


def test_a_form_sent_twice_registers_one_dispute(visit, desk, grid):
    browser = visit(desk)
    typed = {"area": grid.pk, "line": "两家争水渠", "category": "02", "field": "3", "source": "application",
             "severity": "04", "people_involved": "2", "name_1": "张三",
             "client_id": str(browser.get("/disputes/new/").context["form"]["client_id"].value())}  # fmt: skip

    first, again = browser.post("/disputes/new/", typed), browser.post("/disputes/new/", typed)
    other = browser.post("/disputes/new/", typed | {"line": "又为树争吵"})

    assert first.status_code == 302
    assert again.url == first.url != other.url
    assert [d.case.number[-3:] for d in Dispute.objects.order_by("pk")] == ["001", "002"]
