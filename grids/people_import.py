"""A table of people and their posts: one row a post; previewed whole, taken over in one transaction or not at all.

A person is known by the mobile number; without one by the name, among the people of the place the row names. Taking the
same table over again changes nothing. A mistake is undone by ending the posts and closing the accounts.
"""

import datetime as dt
import enum
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts import people as accounts
from accounts.models import User
from common import clock, sealed
from common.fields import subtree
from common.reading import Table
from grids import access, people, staffing
from grids.models import Area, Post
from grids.people_lists import FULL, PART, STEPS, called
from grids.post_forms import a_phone
from grids.roles import ADMINISTRATORS, PLACES, Origin, Role

SAID_ALSO = {
    "专职网格员": Role.GRID_WORKER, "兼职网格员": Role.GRID_WORKER, "村主任": Role.VILLAGE_DIRECTOR,
    "村委会主任": Role.VILLAGE_DIRECTOR, "调解员": Role.MEDIATOR, "村综治专干": Role.VILLAGE_DESK,
    "综治专干": Role.VILLAGE_DESK, "联户党员": Role.LINKED_MEMBER, "网格长": Role.GRID_LEADER,
}  # fmt: skip
MOST_ROWS = 1000


class What(enum.StrEnum):
    """What taking a row over would do."""

    NEW = "new"  # a person who is not there yet, with the post
    POST = "post"  # a further post of somebody who is there
    CHANGED = "changed"  # working time, origin, public phone, or a number that was missing
    SAME = "same"


@dataclass
class Entry:
    """One row, understood."""

    line: object
    what: What = What.SAME
    person: User | None = None
    area: Area | None = None
    role: int | None = None
    full_time: bool = True
    origin: str = ""
    public_phone: str = ""
    since: dt.date | None = None
    post: Post | None = None
    key: tuple = field(default=())  # who the person of the row is, also when not there yet

    def told_of(self, post) -> dict:
        """What the row says otherwise than the post; an empty cell says nothing."""
        said = {"full_time": self.full_time}
        said |= {name: text for name in ("origin", "public_phone") if (text := getattr(self, name))}
        return {name: value for name, value in said.items() if getattr(post, name) != value}


class Plan:
    """A table against what is there: its entries, and the problems in the table."""

    def __init__(self, table: Table, town: Area):
        self.table, self.town = table, town
        self.areas = called(town)
        self.held, self.by_name = {}, {}
        for post in Post.objects.filter(subtree(town.path, "area__path"), user__is_active=True).select_related("user"):
            if post.until_day is None or post.until_day > clock.today():
                self.held.setdefault((post.user_id, post.role, post.area_id), post)
                self.by_name.setdefault(post.user.name, []).append(post)
        self.roles, self.origins = SAID_ALSO | _words_of(Role), _words_of(Origin)
        self.entries, self.seen, self.unfilled = [], {}, 0
        if len(table.lines) > MOST_ROWS:
            table.add(table.lines[MOST_ROWS], "", _("At most %(n)s rows at once. Split the table.") % {"n": MOST_ROWS})
            return
        self.owners = self._owners()
        wrong = {problem.row for problem in table.problems}
        for line in table.lines:
            if not line["name"] and not line["phone"]:
                self.unfilled += 1  # a post of the template that nobody was found for yet
            elif line.number not in wrong:
                self._take(line)

    def _owners(self):
        """{keyed hash of a number: its owner} of all numbers in the table, in one look-up."""
        hashes = {_hashed(line["phone"]) for line in self.table.lines if line["phone"]}
        return {user.phone_index: user for user in User.objects.filter(phone_index__in=hashes)}

    def count(self, what) -> int:
        return sum(entry.what == what for entry in self.entries)

    @property
    def new_people(self) -> int:
        return len({entry.key for entry in self.entries if entry.what == What.NEW})

    @property
    def full_timers(self) -> int:
        return sum(entry.full_time for entry in self.entries)

    @property
    def part_timers(self) -> int:
        return len(self.entries) - self.full_timers

    def _take(self, line):
        entry = Entry(line)
        before = len(self.table.problems)
        entry.role = self._role(line)
        entry.area = self._area(line, entry.role)
        entry.full_time = self._full_time(line)
        entry.origin, entry.public_phone = self._origin(line), self._public_phone(line)
        entry.since = line["since"] or clock.today()
        entry.person, entry.key = self._person(line, entry.area)
        if len(self.table.problems) > before:
            return
        if entry.since < entry.area.opened_on:
            self.table.add(line, "since", _("%(area)s is not open on this day.") % {"area": entry.area})
        same = (*entry.key, entry.role, entry.area.pk)
        if same in self.seen:
            self.table.add(line, "", _("says the same as row %(row)s.") % {"row": self.seen[same]})
        self.seen[same] = line.number
        self._judge(entry)
        self.entries.append(entry)

    def _judge(self, entry):
        if entry.person is None:
            entry.what = What.NEW
            return
        entry.post = self.held.get((entry.person.pk, entry.role, entry.area.pk))
        if entry.post is None:
            entry.what = What.POST
        elif entry.told_of(entry.post) or (entry.line["phone"] and not entry.person.phone_index):
            entry.what = What.CHANGED

    def _role(self, line):
        role = self.roles.get("".join(line["role"].split()))
        if role is None:
            self.table.add(
                line, "role", _("“%(role)s” is no post. Write it as in the template.") % {"role": line["role"]}
            )
        elif role in ADMINISTRATORS or role == Role.COUNTY_DESK:
            self.table.add(line, "role", _("is not given by import. The security administrator appoints one by one."))
            return None
        return role

    def _area(self, line, role):
        """The place of the row: the lowest that is named, else the town."""
        place = self.town
        for key, kinds in STEPS.items():
            if not (name := "".join(line[key].split())):
                continue
            found = [area for area in self.areas.get(name, ()) if area.kind in kinds and _lies_in(area, place)]
            if len(found) != 1:
                told = (
                    _("“%(name)s” is not known at %(place)s.")
                    if not found
                    else _("“%(name)s” is not one place; name its village too.")
                )
                self.table.add(line, key, told % {"name": name, "place": place})
                return None
            place = found[0]
        if role is not None and place.kind not in PLACES[role]:
            key = next((key for key in ("grid", "micro") if PLACES[role] & STEPS[key]), "village")
            self.table.add(
                line, key, _("There is no such post at %(place)s. Fill in village or grid.") % {"place": place}
            )
        return place

    def _full_time(self, line):
        word = line["time"] or ("兼职" if line["role"].startswith("兼职") else "专职")
        if word not in (*FULL, *PART):
            self.table.add(line, "time", _("Write 专职 or 兼职."))
        return word not in PART

    def _origin(self, line):
        word = "".join(line["origin"].split())
        if word and word not in self.origins:
            known = "、".join(str(label) for label in Origin.labels)
            self.table.add(line, "origin", _("Leave it empty or write one of these: %(known)s") % {"known": known})
        return self.origins.get(word, "")

    def _public_phone(self, line):
        if phone := line["public_phone"]:
            try:
                a_phone(phone)
            except ValidationError as wrong:
                self.table.add(line, "public_phone", wrong.message)
        return phone

    def _person(self, line, area):
        """(the person or None, by what he is known)"""
        name = "".join(line["name"].split())
        phone = line["phone"]
        if not name:
            self.table.add(line, "name", _("must be filled in."))
            return None, ()
        if phone and not accounts.MOBILE.fullmatch(phone):
            self.table.add(line, "phone", _("This is no mobile number: eleven digits, beginning with 13 to 19."))
            return None, ()
        if phone:
            if (owner := self.owners.get(_hashed(phone))) is not None:
                return self._checked(line, owner, name), ("person", owner.pk)
        known = self._named(name, area, with_phone=bool(phone))
        if len(known) == 1:
            return known[0], ("person", known[0].pk)
        if len(known) > 1 and not phone:
            self.table.add(line, "phone", _("Several people have this name. Fill in the mobile number."))
        return None, ("new", phone or f"{name} {area.pk if area else ''}")

    def _checked(self, line, owner, name):
        if owner.name != name:
            self.table.add(line, "phone", _("This number belongs to somebody with another name."))
        elif not owner.is_active:
            self.table.add(line, "name", _("This account is closed. Open it again first."))
        return owner

    def _named(self, name, area, with_phone):
        """People of that name with a post in the village of the row (or at the town); where the row has a number, only
        those without one."""
        posts = self.by_name.get(name, ())
        if not posts:
            return []
        top = (area.village or area if area else self.town).path
        inside = Post.objects.filter(subtree(top, "area__path"), pk__in=[post.pk for post in posts]).values("user")
        people_there = User.objects.filter(pk__in=inside)
        return list(people_there.filter(phone_index="") if with_phone else people_there)


def _hashed(phone):
    return sealed.blind(phone, purpose="phone")


def _lies_in(area, place):
    """A dedicated grid hangs from the town; people name the village of its office all the same."""
    return area.path.startswith(place.path) or area.anchor_id == place.pk


def _words_of(choices):
    """{what people write: the value}, in both languages."""
    found = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found |= {"".join(str(one.label).split()): one for one in choices}
    return found


@transaction.atomic
def take_over(*, table: Table, town: Area, by) -> list[User]:
    """Enters and appoints what is new, changes what differs; returns the new people. Raises ValidationError where the
    table has problems, PermissionDenied without the right to people and posts of the town."""
    access.require(by, "person.change", town)
    access.require(by, "post.change", town)
    Area.objects.select_for_update().get(pk=town.pk)  # two imports of one town wait for each other
    plan = Plan(table, town)
    if table.problems:
        raise ValidationError(_("The table has errors. Mend them and upload it again."), "problems")
    made = {}
    for entry in plan.entries:
        person = entry.person or made.get(entry.key)
        if person is None:
            name = "".join(entry.line["name"].split())
            person = made[entry.key] = people.admit(name=name, phone=entry.line["phone"], area=town, by=by)
        elif entry.line["phone"] and not person.phone_index:
            person = people.correct(person=person, name=person.name, phone=entry.line["phone"], by=by)
        _give(entry, person, by)
    audit.record(by, "people_import", area_code=town.code, reason=f"{len(plan.entries)} rows")
    return list(made.values())


def _give(entry, person, by):
    if entry.post is None:
        staffing.appoint(
            user=person, area=entry.area, role=entry.role, from_day=entry.since, full_time=entry.full_time,
            origin=entry.origin, public_phone=entry.public_phone, by=by,
        )  # fmt: skip
    elif told := entry.told_of(entry.post):
        kept = {name: getattr(entry.post, name) for name in ("full_time", "origin", "public_phone")}
        staffing.change_post(post=entry.post, by=by, **kept | told)
