"""A person asks for his data, and to be erased: told from every floor, and gone from a whole dump of the database."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from casework.models import Case
from common import clock, sealed
from disputes import workflow as disputes
from disputes.models import Party
from grids.roles import Role
from households import answering, disclosing, enrolling, identity, linking, needs, regrouping
from households.models import Household, PartyMember, PartyOrg, Resident
from orders import workflow as orders
from screening import reporting, visiting
from tests.households.dumping import dumped

NAME, PHONE, NUMBER = "暴翰霖", "00017654321", "990000197001010018"
DAY = dt.date(2026, 11, 16)
SINCE = dt.date(2020, 1, 1)


class Life:
    """A person whose name stands wherever a name can stand."""

    def __init__(self, town, village, grid, micro, someone):
        self.town, self.village, self.grid = town, village, grid
        self.desk, self.worker = someone(Role.TOWN_DESK, town), someone(Role.GRID_WORKER, grid)
        self.village_desk = someone(Role.VILLAGE_DESK, village)
        with clock.standing_at(clock.at(DAY, 10)):
            identity.switch_on(town=town, purpose="核对医保名单", by=self.desk)
            head = {"name": NAME, "phone": PHONE, "id_number": NUMBER, "lives_here": False, "away_to": "暴家湾镇"}
            self.home = enrolling.enter_household(area=micro, head=head, on=SINCE, by=self.desk, address=f"{NAME}旧宅")
            person = self.home.residents.get()
            wife = enrolling.enter_resident(
                household=self.home, name="李小芳", relation="spouse", on=SINCE, came_as="listed", by=self.desk
            )
            self.homes = [self.home]
            enrolling.correct_resident(resident=person, name=NAME, phone="00019999999", by=self.desk)
            enrolling.correct_resident(resident=person, name=NAME, phone=PHONE, by=self.desk)
            needs.state(household=self.home, resident=person, kind=needs.kinds(town.pk)[0], stated_by=NAME, on=DAY,
                        by=self.desk)  # fmt: skip
            disclosing.reveal(resident=person, by=self.desk, reason=f"联系{NAME}")
            other = enrolling.enter_household(area=micro, head={"name": "孙大"}, on=SINCE, by=self.desk)
            regrouping.join(resident=person, household=other, relation="other", on=DAY - dt.timedelta(days=30),
                            new_head=wife, by=self.desk)  # fmt: skip
            self.person = Resident.objects.get(sealing_id=person.sealing_id, until_day=None)
            self._cases()
            self._visit()

    def _cases(self):
        matter = {"field": "3", "category": "02", "severity": "04", "line": f"{NAME}家与邻居为水渠争执",
                  "outcome": "dispute", "household": self.home, "parties": [{"name": NAME, "phone": ""}]}  # fmt: skip
        reporting.file_report(by=self.worker, area=self.grid, day=DAY, client_id=uuid.uuid4(), findings=[matter])
        case = Case.objects.get()
        self.dispute = case.dispute
        order = orders.place(by=self.desk, area=self.grid, category="02", field="3", line=f"{NAME}要修路灯",
                             requester=NAME, phone=PHONE)  # fmt: skip
        self.order = order

    def _visit(self):
        org = PartyOrg.objects.create(name="支部", level="branch", area=self.village)
        member = PartyMember.objects.create(user=self.worker, org=org, area_path=self.village.path)
        linking.link(household=self.home, member=member, from_day=SINCE, by=None)
        visiting.record(by=self.worker, client_id=uuid.uuid4(), day=DAY, household=self.home, result="met",
                        line=f"{NAME}想办老年证", follow_up=f"替{NAME}问镇上")  # fmt: skip

    def close_cases(self):
        with clock.standing_at(clock.at(DAY, 15)):
            disputes.take("settle", dispute=self.dispute, by=self.village_desk, note=f"{NAME}同意")
            orders.take("done", order=self.order, by=self.village_desk, note=f"{NAME}满意")


@pytest.fixture
def life(town, village, grid, micro_grid, someone):
    return Life(town, village, grid, micro_grid, someone)


def erase(life, **more):
    with clock.standing_at(clock.at(DAY, 16)):
        return answering.erase(**{"resident": life.person, "by": life.desk, "reason": f"{NAME}本人申请"} | more)


@pytest.mark.django_db
def test_everything_kept_of_a_person_is_told_from_every_floor(life):
    with clock.standing_at(clock.at(DAY, 16)):
        told = answering.tell(resident=life.person, by=life.desk, reason="本人申请")
    text = "\n".join(line for _heading, lines in told for line in lines)

    for word in (NAME, PHONE, NUMBER, "水渠", "路灯", "老年证", f"联系{NAME}", life.dispute.case.number):
        assert word in text
    assert "李小芳" not in text


@pytest.mark.django_db
def test_only_the_town_desk_of_the_place_answers(life, someone, other_town):
    for user in (life.village_desk, life.worker, someone(Role.TOWN_DESK, other_town)):
        with pytest.raises(PermissionDenied):
            erase(life, by=user)


@pytest.mark.django_db
def test_what_is_open_stays_and_is_named(life):
    kept = erase(life)
    assert len(kept) == 2
    assert life.dispute.case.number in kept[0]
    assert Party.objects.get().name == NAME


@pytest.mark.django_db
def test_the_household_and_its_counts_go_on(life):
    life.close_cases()
    before = list(Household.objects.order_by("pk").values_list("pk", "from_day", "until_day", "village"))
    erase(life)
    assert list(Household.objects.order_by("pk").values_list("pk", "from_day", "until_day", "village")) == before
    assert Resident.objects.filter(household=life.home, until_day=None).get().name == "李小芳"
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_after_erasing_a_whole_dump_knows_nothing_of_the_person(life, capsys):
    life.close_cases()
    traces = [
        NAME, PHONE, NUMBER, "bao han lin", "暴家湾", "00019999999", str(life.person.sealing_id),
        str(life.person.phone), str(life.person.id_number), sealed.blind(PHONE, purpose="phone"),
        sealed.blind_tail(NUMBER, purpose="id_number"),
    ]  # fmt: skip
    before = dumped()
    assert [trace for trace in traces if trace in before] == [
        t for t in traces if t not in (PHONE, NUMBER, "00019999999")
    ]

    with clock.standing_at(clock.at(DAY, 16)):
        call_command("answer_person", life.home.code, str(life.person.pk), "--erase", "--reason", f"{NAME}本人申请")

    after = dumped()
    assert [trace for trace in traces if trace in after] == []
    assert len(after) > len(before) / 2
