"""What a demo town is made from: its figures, a seed, a date; and one random source for each part."""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

from common import clock
from governance.demo import layout
from governance.demo.names import Namer


@dataclass(frozen=True)
class Plan:
    """The same town, seed, date and length of history give the same rows."""

    town: ModuleType
    as_of: dt.date
    history: int  # whole days before as_of on which the town already worked with the platform
    seed: int

    @property
    def in_use_from(self) -> dt.date:
        return self.as_of - dt.timedelta(days=self.history)

    @property
    def opening(self) -> dt.datetime:
        """The moment at which places were opened and people appointed."""
        return clock.at(self.town.OPENED, 8)

    def rng(self, part: str) -> random.Random:
        """A random source of its own for a part, so that a change in one part leaves the others as they are."""
        return random.Random(f"{self.seed}:{part}")

    @cached_property
    def villages(self) -> list[layout.VillageLayout]:
        return layout.villages(self.town, self.rng("layout"))

    def namer(self, village_code: str, part: str) -> Namer:
        """Names for a village: the same old surnames for every part."""
        namer = Namer(self.rng(f"surnames {village_code}"))
        namer.rng = self.rng(f"names {village_code} {part}")
        return namer
