"""The figures of one area and period as they are added up: counts, stocks and the two arrays."""

from dataclasses import dataclass, field

from casework.codes import CATEGORIES, FIELDS
from ledgers.models import COUNTS, STOCKS

ARRAYS = {"by_field": len(FIELDS), "by_category": len(CATEGORIES)}


@dataclass
class Figures:
    """The figures of one area and period. `counts` add up over areas and days; `stocks` stand at the end of the last
    day; arrays follow casework.codes. Rates are numerator and denominator, never a bare percentage."""

    counts: dict = field(default_factory=lambda: dict.fromkeys([*COUNTS, *STOCKS], 0))
    by_field: list = field(default_factory=lambda: [0] * len(FIELDS))
    by_category: list = field(default_factory=lambda: [0] * len(CATEGORIES))

    def __getattr__(self, name):
        try:
            return self.__dict__["counts"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def reported(self) -> int:
        return self.on_time + self.late

    @property
    def unlinked(self) -> int:
        return self.households - self.linked

    def add(self, row: dict, sign=1) -> None:
        """Adds (or takes away) the counts and arrays of a row; stocks are set by `stand`."""
        for name in COUNTS:
            self.counts[name] += sign * row[name]
        for name in ARRAYS:
            mine = getattr(self, name)
            for n, value in enumerate(row[name] or ()):
                mine[n] += sign * value

    def stand(self, row: dict, add=False) -> None:
        """Takes the stocks of a row as those at the end."""
        for name in STOCKS:
            self.counts[name] = row[name] + (self.counts[name] if add else 0)

    @classmethod
    def of(cls, rows: list[dict]) -> "Figures":
        """The figures of stretches that follow each other: counts add up, stocks are those of the last."""
        found = cls()
        for row in rows:
            found.add(row)
        if rows:
            found.stand(rows[-1])
        return found

    def as_row(self) -> dict:
        return self.counts | {name: getattr(self, name) for name in ARRAYS}
