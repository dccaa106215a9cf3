"""A table of party members: one row a member, previewed whole, taken over in one transaction or not at all.

A member is known by name and organisation, with a mobile number where several have the same name. Taking the same table
over again changes nothing; nobody is taken out because the table does not name him.
"""

import enum
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts import people as accounts
from accounts.models import User
from common import clock, reading, sealed
from common.fields import subtree
from common.reading import Column, Table
from grids import access
from grids.models import Area
from households import membership
from households.models import Exemption, Household, PartyMember, PartyOrg

COLUMNS = [
    Column("name", gettext_lazy("Name"), ("姓名", "党员姓名"), required=True, filled=True),
    Column("org", gettext_lazy("Organisation"), ("党组织", "党支部", "所在支部", "所在党支部", "支部"), required=True,
           filled=True),
    Column("phone", gettext_lazy("Mobile number"), ("手机号", "手机", "电话"), kind=reading.CODE, longest=20),
    Column("reason", gettext_lazy("Exempt because"), ("免除原因", "免除", "是否免除", "不联户原因")),
    Column("since", gettext_lazy("Exempt from day"), ("免除起始日", "免除日期"), kind=reading.DATE),
    Column("home", gettext_lazy("Code of the own household"), ("本人户编码", "户编码"), kind=reading.CODE, longest=30),
]  # fmt: skip
R = Exemption.Reason
REASONS = {
    "年老": R.ELDERLY, "年老体弱": R.ELDERLY, "高龄": R.ELDERLY, "elderly": R.ELDERLY, "长期外出": R.AWAY,
    "外出": R.AWAY,
    "外出务工": R.AWAY, "流动党员": R.AWAY, "away": R.AWAY, "不便承担": R.UNABLE, "因病": R.UNABLE, "残疾": R.UNABLE,
    "因病或残疾": R.UNABLE, "unable": R.UNABLE, "无": None, "否": None, "": None,
}  # fmt: skip
MOST_ROWS = 2000


class What(enum.StrEnum):
    """What taking a row over would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass
class Entry:
    """One row, understood."""

    line: object
    org: PartyOrg
    member: PartyMember | None
    user: User | None
    reason: str | None
    home: Household | None
    what: What = What.SAME

    @property
    def exempt(self):
        """In the platform's words: what the table says of somebody's health is not shown again."""
        return Exemption.Reason(self.reason).label if self.reason else ""


class Plan:
    """A table against what is there: its entries, and the problems in the table."""

    def __init__(self, table: Table, town: Area, by):
        self.table, self.today = table, clock.today()
        orgs = PartyOrg.objects.visible_to(by, "party.change").filter(area__town=town.pk, ended_on=None)
        self.orgs = {}
        for org in orgs.select_related("area"):
            self.orgs.setdefault("".join(org.name.split()), []).append(org)
        present = PartyMember.objects.present(self.today).filter(subtree(town.path, "area_path"))
        self.known = {}
        for member in present.select_related("user").prefetch_related("exemptions"):
            self.known.setdefault((member.user.name, member.org_id), []).append(member)
        homes = Household.objects.visible_to(by, "household.view").filter(town=town)
        codes = {line["home"] for line in table.lines if line["home"]}
        self.homes = {home.code: home for home in homes.filter(code__in=codes)}
        self.entries, self.seen = [], {}
        if len(table.lines) > MOST_ROWS:
            table.add(table.lines[MOST_ROWS], "", _("At most %(n)s rows at once. Split the table.") % {"n": MOST_ROWS})
            return
        wrong = {problem.row for problem in table.problems}
        for line in table.lines:
            if line.number not in wrong:
                self._take(line)

    def count(self, what) -> int:
        return sum(entry.what == what for entry in self.entries)

    def _take(self, line):
        before = len(self.table.problems)
        org = self._org(line)
        reason, home = self._reason(line), self._home(line)
        member, user = self._member(line, org)
        if len(self.table.problems) > before:
            return
        entry = Entry(line, org, member, user, reason, home)
        key = (_name(line), org.pk, line["phone"])
        if key in self.seen:
            self.table.add(line, "", _("says the same as row %(row)s.") % {"row": self.seen[key]})
        self.seen[key] = line.number
        entry.what = self._judged(entry)
        self.entries.append(entry)

    def _org(self, line):
        found = self.orgs.get("".join(line["org"].split()), [])
        if len(found) == 1:
            return found[0]
        told = _("“%(name)s” is no party organisation here.") if not found else _("Several are called “%(name)s”.")
        return self.table.add(line, "org", told % {"name": line["org"]})

    def _reason(self, line):
        word = "".join(line["reason"].split())
        if word not in REASONS:
            self.table.add(line, "reason", _("Write 年老, 长期外出 or 不便承担, or nothing."))
        return REASONS.get(word)

    def _home(self, line):
        if line["home"] and line["home"] not in self.homes:
            self.table.add(line, "home", _("There is no such household here."))
        return self.homes.get(line["home"])

    def _member(self, line, org):
        """(the member, the person) as far as they are known."""
        phone = line["phone"]
        if phone and not accounts.MOBILE.fullmatch(phone):
            self.table.add(line, "phone", _("This is no mobile number: eleven digits, beginning with 13 to 19."))
            return None, None
        owner = phone and User.objects.filter(phone_index=sealed.blind(phone, purpose="phone")).first()
        if owner and owner.name != _name(line):
            self.table.add(line, "phone", _("This number belongs to somebody with another name."))
        named = self.known.get((_name(line), org.pk if org else None), [])
        if owner:
            return next((one for one in named if one.pk == owner.pk), None), owner
        if len(named) > 1:
            self.table.add(line, "phone", _("Several people have this name. Fill in the mobile number."))
        return (named[0], named[0].user) if len(named) == 1 else (None, None)

    def _judged(self, entry):
        if entry.member is None:
            return What.NEW
        changed = entry.reason and not _exempt(entry.member, self.today)
        changed = changed or (entry.home is not None and entry.member.own_household_id != entry.home.pk)
        return What.CHANGED if changed else What.SAME


def _name(line):
    return "".join(line["name"].split())


def _exempt(member, day):
    return any(one.until_day is None or one.until_day > day for one in member.exemptions.all())


@transaction.atomic
def take_over(*, table: Table, town: Area, by) -> int:
    """Enters who is new, exempts and notes own households where the table says so; returns how many rows did
    something. ValidationError where the table has problems or somebody cannot be entered."""
    if not access.may_somewhere(by, "party.change"):
        access.require(by, "party.change", town)
    Area.objects.select_for_update(no_key=True).get(pk=town.pk)  # two imports of one town wait for each other
    plan = Plan(table, town, by)
    if table.problems:
        raise ValidationError(_("The table has errors. Mend them and upload it again."), "problems")
    for entry in plan.entries:
        if entry.what != What.SAME:
            _carry_out(entry, by)
    audit.record(by, "members_import", area_code=town.code, reason=f"{len(plan.entries)} rows")
    return len(plan.entries) - plan.count(What.SAME)


def _carry_out(entry, by):
    member = entry.member
    if member is None:
        said = {"user": entry.user} if entry.user else {"name": _name(entry.line), "phone": entry.line["phone"]}
        member = membership.enter(org=entry.org, by=by, **said)
    if entry.reason and not _exempt(member, clock.today()):
        since = entry.line["since"] or clock.today()
        membership.exempt(member=member, reason=entry.reason, from_day=since, by=by)
    if entry.home is not None and member.own_household_id != entry.home.pk:
        membership.set_own_household(member=member, household=entry.home, by=by)
