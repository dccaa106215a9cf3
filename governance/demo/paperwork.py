"""The nights and Mondays of a demo town: closing what is owed, drafting, signing and accepting the weekly ledgers."""

import datetime as dt

from common import clock, periods
from governance.demo import lines
from grids.roles import Role
from ledgers import closing, counting, signing
from ledgers.models import OwedPeriod, WeeklyLedger

CLOSED_AT = (1, 5)  # the day is due at 00:05, week and ledgers at 00:30, the month at 01:00


class Unfinished(RuntimeError):
    """A period could not be counted while the history was made."""


class Paperwork:
    """Plans the acts around the ledgers as (moment, act) for the history to play."""

    def __init__(self, plan, cast):
        self.plan, self.cast = plan, cast
        self.rng = plan.rng(f"paperwork {plan.as_of} {plan.history}")
        self.last_monday = periods.week_of(plan.as_of).start - dt.timedelta(days=7)

    def nights(self):
        """A closing for every midnight that has passed on the as-of day."""
        for day in periods.days(self.plan.in_use_from + dt.timedelta(days=1), self.plan.as_of):
            yield clock.at(day, *CLOSED_AT), self.close

    def close(self):
        counting.drain()
        closing.close_owed(clock.now())
        left = OwedPeriod.objects.filter(town=self.cast.town, done_at__isnull=True).first()
        if left is not None:
            raise Unfinished(f"{left.kind} {left.start}: {left.error}")

    def mondays(self):
        """For every week that ended before the as-of day: remark, signature, acceptance. The village shown gets its
        last ledger back from the town, so that there is one to mend."""
        for week in periods.between(periods.WEEK, self.plan.in_use_from, self.plan.as_of):
            if week.until < self.plan.as_of:
                for village in self.cast.villages:
                    yield from self._signed(village, week)

    def _signed(self, village, week):
        morning = clock.at(week.until, 8, 40) + dt.timedelta(seconds=self.rng.randrange(7200))
        if self.rng.random() < 0.25:
            yield clock.at(week.until, 8, 35), self._act(self._remark, village, week, self.rng.choice(lines.REMARKS))
        yield morning, self._act(self._sign, village, week)
        afternoon = clock.at(week.until, 14, 30) + dt.timedelta(seconds=self.rng.randrange(9000))
        returned = village.name == self.plan.town.SHOWN and week.start == self.last_returned
        yield afternoon, self._act(self._send_back if returned else self._accept, village, week)

    @property
    def last_returned(self):
        """The last week whose Monday of signing is over on the as-of day."""
        signed_by = self.plan.as_of - dt.timedelta(days=1)
        return periods.week_of(signed_by).start - dt.timedelta(days=7)

    def renewed(self, village, week, moment):
        """A version that late truth made necessary: signed two hours after it turned up, accepted the next morning."""
        yield moment + dt.timedelta(hours=2), self._act(self._sign, village, week)
        yield moment + dt.timedelta(hours=20), self._act(self._accept, village, week)

    @staticmethod
    def _act(act, *args):
        return lambda: act(*args)

    @staticmethod
    def _latest(village, week):
        versions = WeeklyLedger.objects.filter(village=village, week=week.start).select_related("village__town")
        return versions.order_by("-version")[0]

    def _remark(self, village, week, text):
        desk = self.cast.user(Role.VILLAGE_DESK, village)
        signing.comment(ledger=self._latest(village, week), by=desk, text=text)

    def _sign(self, village, week):
        director = self.cast.user(Role.VILLAGE_DIRECTOR, village)
        signing.sign(ledger=self._latest(village, week), by=director)

    def _accept(self, village, week):
        signing.accept(ledger=self._latest(village, week), by=self.cast.user(Role.TOWN_DESK, self.cast.town))

    def _send_back(self, village, week):
        desk = self.cast.user(Role.TOWN_DESK, self.cast.town)
        signing.send_back(ledger=self._latest(village, week), by=desk, reason=lines.RETURNED)
