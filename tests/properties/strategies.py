"""Random histories: when the towns begin, and for each day its acts and who reports in time, late or not at all."""

import datetime as dt

from hypothesis import strategies as st

ACTS = [
    "report", "correct", "add", "void", "dispute", "case_act", "move", "vacate", "appoint", "leave", "open_grid",
    "open_village", "end_grid", "end_village",
    "household", "link", "unlink", "rule", "drain", "close", "sign", "send_back",
]  # fmt: skip
# weeks over the new year, ISO week 53 of 2026, a leap day, months that begin on a Wednesday (2025-10, 2026-04)
GOLDEN = [dt.date(2024, 12, 23), dt.date(2025, 12, 24), dt.date(2026, 12, 22), dt.date(2024, 2, 26),
          dt.date(2025, 9, 29), dt.date(2026, 4, 1)]  # fmt: skip
SMALL = st.integers(0, 7)
# reports that come late and cases that are acted upon are most of a real week
NAMES = st.one_of(st.sampled_from(ACTS), st.sampled_from(["report", "correct", "void", "dispute", "case_act", "leave"]))
MASK = st.integers(0, 2**9 - 1)
DAYS = st.fixed_dictionaries({
    "acts": st.lists(st.tuples(NAMES, SMALL, SMALL, SMALL), max_size=4),
    "on_time": MASK, "late": MASK, "findings": st.integers(0, 3), "close": st.booleans(),
})  # fmt: skip
STARTS = st.one_of(st.sampled_from(GOLDEN), st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)))


def histories(days):
    """(begin of the first town, days after which the second follows, the days)."""
    return st.tuples(STARTS, st.integers(0, 9), st.lists(DAYS, min_size=days // 2, max_size=days))


def everything_happens():
    """One history in which every kind of act takes place, on grids, days and numbers that go round."""
    days = [
        {"acts": [(ACTS[(3 * n + k) % len(ACTS)], n + k, (n * 5 + k) % 8, (n + 2 * k) % 8) for k in range(6)],
         "on_time": 0b101101110 >> n % 3, "late": 0b10010, "findings": n % 4, "close": n % 2 == 1}
        for n in range(24)
    ]  # fmt: skip
    return dt.date(2025, 12, 24), 3, days
