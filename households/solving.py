"""Shares households out among members at the least cost, exactly: a transport problem solved by HiGHS.

Only the cheapest pairs are told to the solver at first; its prices then say which of the others could still make the
sum smaller, and they are added until none can. So the answer is the best of all pairs, from a tenth of them. (A vertex
of a transport problem is whole: nothing has to be rounded.)
"""

import highspy
import numpy as np

FORBIDDEN = np.iinfo(np.int64).max  # as a cost: this pair may not be
FIRST, MORE = 6, 3  # pairs a household begins with, and gets at once


def cheapest(cost: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray | None:
    """The member of each household (index) so that the sum of `cost` (households x members, whole numbers) is the
    smallest possible and every member has `least` to `most` households. None where that cannot be."""
    homes, members = cost.shape
    if not homes:
        return np.zeros(0, dtype=int) if not least.any() else None
    allowed = cost != FORBIDDEN
    if not members or not allowed.any(axis=1).all():
        return None
    plain = np.where(allowed, cost, 0).astype(float)
    model = _Model(plain, least, most, missing=(plain.max() + 1) * (2 * members + 2))
    model.add(_best(np.where(allowed, plain, np.inf), FIRST))
    while True:
        prices = model.solve()
        gain = np.where(allowed & ~model.told, plain - prices[:homes, None] - prices[None, homes:], np.inf)
        better = _best(gain, MORE) & (gain < -1e-6)
        if not better.any():
            return model.answer()
        model.add(better)


def _best(value, count):
    """Of every row the `count` smallest that are finite, as a mask."""
    chosen = np.zeros(value.shape, dtype=bool)
    first = np.argsort(value, axis=1, kind="stable")[:, :count]
    np.put_along_axis(chosen, first, True, axis=1)
    return chosen & np.isfinite(value)


class _Model:
    """The linear program: a row for every household (exactly one member) and every member (his load), a column for
    every pair told so far, and one for what is missing in a row, so dear that it is used only when nothing else can."""

    def __init__(self, cost, least, most, missing):
        self.cost, self.told = cost, np.zeros(cost.shape, dtype=bool)
        self.homes, self.members = [], []
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        homes, members = cost.shape
        self.rows = homes + members
        empty = np.zeros(self.rows, dtype=np.int32)
        lower, upper = np.r_[np.ones(homes), least].astype(float), np.r_[np.ones(homes), most].astype(float)
        self.solver.addRows(self.rows, lower, upper, 0, empty, empty[:0], np.zeros(0))
        each = np.arange(self.rows, dtype=np.int32)
        self._columns(np.full(self.rows, missing), np.full(self.rows, highspy.kHighsInf), each, each)

    def _columns(self, cost, upper, starts, rows):
        count = len(cost)
        self.solver.addCols(
            count, cost, np.zeros(count), upper, len(rows), starts.astype(np.int32), rows.astype(np.int32),
            np.ones(len(rows)),
        )  # fmt: skip

    def add(self, pairs):
        """Tells the solver of more pairs, a mask."""
        home, member = np.nonzero(pairs)
        self.told |= pairs
        self.homes.append(home)
        self.members.append(member)
        rows = np.stack([home, len(self.cost) + member], axis=1).ravel()
        self._columns(self.cost[home, member], np.ones(len(home)), np.arange(0, len(rows), 2), rows)

    def solve(self):
        """The prices of the rows at the optimum over the pairs told so far."""
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS: {self.solver.modelStatusToString(self.solver.getModelStatus())}")
        return np.array(self.solver.getSolution().row_dual)

    def answer(self):
        value = np.array(self.solver.getSolution().col_value)
        if value[: self.rows].max() > 0.5:  # something is missing
            return None
        taken = value[self.rows :] > 0.5
        chosen = np.full(len(self.cost), -1)
        chosen[np.concatenate(self.homes)[taken]] = np.concatenate(self.members)[taken]
        return chosen
