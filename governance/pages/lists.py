"""Addresses of the lists behind figures, for one reader: nobody is led to a list that would be refused."""

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

from grids import access

REACHES = (access.AREA, access.FIGURES)


class Lists:
    """Addresses for one person up to one day. Every method gives None where the person may not see that list."""

    def __init__(self, user, today: dt.date):
        self.user, self.today = user, today
        self.tops = {}

    def reports(self, area, period, state):
        """Expected reports of one state: expected, on_time, late, missing, excused, pending, nil or reported."""
        return self._address("report.view", "screening:reports", area, self._days(period, "from", "to"), state=state)

    def findings(self, area, period, **which):
        """Findings, optionally of one `field` or `category`."""
        return self._address("report.view", "screening:findings", area, self._days(period, "from", "to"), **which)

    def disputes(self, area, period, act, **which):
        """Disputes found, reopened, settled or closed (then `closed_as` says how) in the period."""
        days = self._days(period, f"{act}_from", f"{act}_to")
        return self._address("dispute.view", "disputes:list", area, days, **which)

    def open_disputes(self, area, period):
        """Disputes open at the end of the period, or of today."""
        return self._address("dispute.view", "disputes:list", area, {"open_on": self._last(period)})

    def households(self, area, period, **which):
        """Households there at the end of the period, or today; `linked` "yes" or "no"."""
        return self._address("household.view", "households:list", area, {"on": self._last(period)}, **which)

    def households_today(self, area):
        return self._address("household.view", "households:list", area, {"on": self.today.isoformat()})

    def visits(self, area, period, **which):
        """Visits at home in the period, optionally those with one `result`."""
        return self._address(
            "visit.view", "screening:visits", area, self._days(period, "from", "to"), kind="home", **which
        )

    def visits_due(self, area, period, state):
        """Linked households visited or overdue at the end of the period, or of today."""
        return self._address("visit.view", "screening:visits_due", area, {"on": self._last(period)}, state=state)

    def _last(self, period):
        return min(period.last, self.today).isoformat()

    def _days(self, period, first, last):
        return {first: period.start.isoformat(), last: self._last(period)}

    def _address(self, action, page, area, days, **which):
        if not self._reaches(action, area.path):
            return None
        return f"{reverse(page)}?{urlencode({'area': area.code} | days | which)}"

    def _reaches(self, action, path):
        if action not in self.tops:
            self.tops[action] = access.paths(self.user, action, REACHES)
        return any(path.startswith(top) for top in self.tops[action])
