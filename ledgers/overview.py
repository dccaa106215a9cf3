"""Which ledgers are signed and which are not: all villages of a week, or all weeks of a village."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from common import clock, periods
from common.periods import WEEK, Period
from grids import access
from grids.models import Area, Post
from ledgers import figures
from ledgers.models import WeeklyLedger
from ledgers.sheet import Number, address, began

State = WeeklyLedger.State
OPEN, UNSIGNED, SIGNED, ACCEPTED = "running", "unsigned", "signed", "accepted"
STATES = {OPEN: _("Week running"), UNSIGNED: _("Not signed"), SIGNED: _("Signed, waits for the town"),
          ACCEPTED: _("Accepted by the town")}  # fmt: skip
TONES = {OPEN: "calm", UNSIGNED: "bad", SIGNED: "warn", ACCEPTED: "good"}


@dataclass
class Row:
    """One village and week: its newest version, the one in force, who has to sign and since when."""

    village: Area
    week: Period
    latest: WeeklyLedger | None
    in_force: WeeklyLedger | None
    directors: list
    live: figures.Figures | None = None

    @property
    def url(self):
        return address(self.village, self.week.start)

    @property
    def state(self):
        if clock.today() < self.week.until:
            return OPEN
        if self.latest is None or self.latest.state == State.DRAFT:
            return UNSIGNED
        return ACCEPTED if self.latest.state == State.ACCEPTED else SIGNED

    @property
    def label(self):
        if self.state == UNSIGNED and self.latest and self.latest.version > 1:
            return _("New version not signed") if self.in_force else _("Returned, not signed again")
        return STATES[self.state]

    @property
    def tone(self):
        return TONES[self.state]

    @property
    def since(self) -> dt.date | None:
        """The first day on which the signature is missing."""
        if self.state != UNSIGNED:
            return None
        newer = self.latest is not None and self.latest.version > 1
        return self.latest.drafted_at.astimezone(clock.SHANGHAI).date() if newer else self.week.until

    @property
    def numbers(self) -> list[Number]:
        """Found, settled, open at the end: of the sealed version, or as they are now."""
        counted = self.live
        values = (counted.opened, counted.settled, counted.open) if counted else (
            self.latest.new, self.latest.settled, self.latest.closing,
        )  # fmt: skip
        names = [("new", _("found")), ("settled", _("settled")), ("closing", _("open at the end"))]
        return [
            Number(label, value, f"{self.url}?show={name}#list")
            for (name, label), value in zip(names, values, strict=True)
        ]


def villages(user):
    """The villages (and dedicated grids) whose ledgers a person may read."""
    return Area.objects.visible_to(user, "ledger.view").filter(village=F("id")).select_related("town").order_by("path")


def asked_week(text: str) -> Period | None:
    """2026-W47, as it stands in an address; the last closed week when empty; None for what is no week that began."""
    if not text:
        return periods.week_of(clock.today()).shift(-1)
    try:
        year, number = text.split("-W")
        week = Period(WEEK, dt.date.fromisocalendar(int(year), int(number), 1))
    except ValueError:
        return None
    return week if periods.FIRST_DAY <= week.start <= clock.today() else None


def of_week(readable, week: Period) -> list[Row]:
    """A row for each of these villages that was open in the week; what is not signed comes first."""
    kept = [v for v in readable if v.opened_on < week.until and not (v.ended_on and v.ended_on <= week.start)]
    return sorted(_rows([(village, week) for village in kept]), key=lambda row: list(STATES).index(row.state))


def weeks_of(village: Area) -> list[Period]:
    """All weeks of a village in which the town worked with the platform, newest first."""
    since = max(began(village.town), village.opened_on)
    last = min(clock.today(), (village.ended_on or dt.date.max) - dt.timedelta(days=1))
    return periods.between(WEEK, since, last)[::-1] if since <= last else []


def of_village(village: Area, weeks: list[Period]) -> list[Row]:
    """A row for each of these weeks."""
    return _rows([(village, week) for week in weeks])


def _rows(wanted):
    directors, versions = _directors([village for village, _ in wanted]), _versions(wanted)
    rows = []
    for village, week in wanted:
        found = versions.get((village.pk, week.start), [])
        forced = [row for row in found if row.state in WeeklyLedger.IN_FORCE]
        rows.append(
            Row(village, week, found[-1] if found else None, forced[-1] if forced else None,
                directors.get(village.pk, []))
        )  # fmt: skip
    unsigned = [row for row in rows if row.state in (OPEN, UNSIGNED)]
    counted = figures.read([(row.village, row.week) for row in unsigned]) if unsigned else {}
    for row in unsigned:
        row.live = counted[row.village.pk, row.week]
    return rows


def _versions(wanted):
    """(village id, Monday) -> its versions, oldest first, without their content."""
    weeks, places = {week.start for _, week in wanted}, {village.pk for village, _ in wanted}
    rows = WeeklyLedger.objects.filter(village__in=places, week__in=weeks).defer("content").order_by("version")
    found = {}
    for row in rows:
        found.setdefault((row.village_id, row.week), []).append(row)
    return found


def _directors(places):
    posts = Post.objects.held_on(clock.today()).filter(area__in=places, role__in=access.MAY["ledger.sign"])
    found = {}
    for post in posts.select_related("user").order_by("pk"):
        found.setdefault(post.area_id, []).append(post.user.name)
    return found


def unsigned_in(town: Area, month: Period) -> list[Row]:
    """Villages and closed weeks that touch a month and have no ledger in force, oldest first."""
    since = max(month.start, began(town))
    if since > month.last:
        return []
    readable = list(Area.objects.filter(town=town, village=F("id")).select_related("town").order_by("path"))
    weeks = [w for w in periods.between(WEEK, since, min(month.last, clock.today())) if w.until <= clock.today()]
    signed = set(
        WeeklyLedger.objects.filter(town=town, week__in=[w.start for w in weeks], state__in=WeeklyLedger.IN_FORCE)
        .values_list("village_id", "week")
    )  # fmt: skip
    return [
        Row(village, week, None, None, [])
        for week in weeks for village in readable
        if (village.pk, week.start) not in signed
        and village.opened_on < week.until and not (village.ended_on and village.ended_on <= week.start)
    ]  # fmt: skip
