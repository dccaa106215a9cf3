"""One thing that is not as the source rows say."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """`figure` is a column of a fact, or a plain word for another check; None stands for "not there"."""

    area: str  # code of the area
    period: str  # 2026-11-16, 2026-W47, 2026-11
    figure: str
    stored: Any
    recounted: Any

    def __str__(self):
        return f"{self.area} {self.period} {self.figure}: stored {self.stored}, recounted {self.recounted}"
