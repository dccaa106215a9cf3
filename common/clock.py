"""The only source of "now": Asia/Shanghai days, movable for history and tests."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_moment = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """The current moment, aware, in Asia/Shanghai."""
    return _moment.get() or dt.datetime.now(SHANGHAI)


def today() -> dt.date:
    """The current local day in Asia/Shanghai."""
    return now().date()


def at(day: dt.date, hour=9, minute=0, second=0) -> dt.datetime:
    """A moment of a local day."""
    return dt.datetime.combine(day, dt.time(hour, minute, second), SHANGHAI)


@contextmanager
def standing_at(moment: dt.datetime):
    """Inside the block the clock stands at `moment` (aware). History and tests are written with it."""
    token = _moment.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _moment.reset(token)
