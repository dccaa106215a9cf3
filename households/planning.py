"""One village's households shared out among its able members: what is given, what may be, what it costs, what is best.

Costs in decametres between the house and the member's own one (or, where that is not known, the middle of the houses
he has), and half a kilometre more across the border of a micro-grid. A household that changes hands costs more than all
distances together, so that nothing moves for the sake of some metres. Loads are bounded by arithmetic beforehand.
"""

from dataclasses import dataclass, field

import numpy as np

from households import solving
from households.models import LinkProposal

Way = LinkProposal.Way
UNIT = 10.0  # metres
APART = 50  # units a household of another micro-grid counts more
FARTHEST = 3000  # units; beyond, far is far
NOBODY = -1


@dataclass
class Village:
    """What is given: `points` (metres, households x 2) and micro-grid of each household, `seats` of each member (NaN:
    not known), `now` (index of the member who has the household, or NOBODY), `own` (index of his own household)."""

    homes: list
    members: list
    points: np.ndarray
    micro: np.ndarray
    now: np.ndarray
    own: np.ndarray
    had: int = 0  # households that have somebody now, also one who may not have them any more
    least: int = 10
    most: int = 20
    metres: np.ndarray = field(init=False)

    def __post_init__(self):
        seats = self._seats()
        self.metres = np.hypot(*(self.points[:, None] - seats[None]).transpose(2, 0, 1))
        self.seat_micro = np.array([self._micro_of(member) for member in range(len(self.members))], dtype=np.int64)

    def _seats(self):
        middle = self.points.mean(axis=0) if len(self.points) else np.zeros(2)
        return np.array([self._seat(member, middle) for member in range(len(self.members))]).reshape(-1, 2)

    def _seat(self, member, middle):
        if self.own[member] != NOBODY:
            return self.points[self.own[member]]
        mine = self.now == member
        return self.points[mine].mean(axis=0) if mine.any() else middle

    def _micro_of(self, member):
        if self.own[member] != NOBODY:
            return self.micro[self.own[member]]
        mine = self.micro[self.now == member]
        return np.bincount(mine).argmax() if len(mine) else NOBODY

    @property
    def near(self):
        """What each pair costs by distance alone."""
        units = np.minimum(np.rint(self.metres / UNIT), FARTHEST).astype(np.int64)
        known = self.seat_micro != NOBODY
        units += APART * (known[None] & (self.micro[:, None] != self.seat_micro[None]))
        for member, home in enumerate(self.own):
            if home != NOBODY:
                units[home, member] = solving.FORBIDDEN
        return units


@dataclass
class Answer:
    """Who is to have each household (index, NOBODY where the members cannot carry it), and what is to be said of it."""

    chosen: np.ndarray
    said: dict


def share_out(village: Village, way: str) -> Answer:
    """The best sharing out; exact. Where the members cannot carry all households, those that are farthest, and first of
    all those that have nobody now, are left over, and the figures say how many."""
    homes, members = len(village.homes), len(village.members)
    short = max(homes - members * village.most, 0)
    cost = _cost(village, way)
    least, most = _bounds(village, way, homes - short)
    chosen = _solved(village, cost, least, most, short)
    if chosen is None and members:  # the own households do not let it: within the limits then, not quite even
        chosen = _solved(village, cost, np.zeros(members), np.full(members, village.most), short)
    if chosen is None:
        chosen, short = village.now.copy(), int((village.now == NOBODY).sum())
    return Answer(chosen, _said(village, chosen, short))


def _cost(village, way):
    near = village.near
    if way == Way.ANEW:
        return near
    allowed = near != solving.FORBIDDEN
    weight = int(near[allowed].max(initial=0)) * max(len(village.homes), 1) + 1
    moved = np.arange(len(village.members))[None] != village.now[:, None]
    return np.where(allowed, near + weight * moved, solving.FORBIDDEN)


def _bounds(village, way, homes):
    """Least and most of each member: as even as whole numbers can be, or as what stays leaves room for."""
    members = len(village.members)
    if not members:
        return np.zeros(0), np.zeros(0)
    if way != Way.FILL:
        return np.full(members, homes // members), np.full(members, -(-homes // members))
    kept = np.minimum(np.bincount(village.now[village.now != NOBODY], minlength=members), village.most)
    missing = homes - kept.sum()
    level = next(
        (n for n in range(village.most + 1) if np.maximum(n - kept, 0).sum() >= missing), village.most
    )  # fmt: skip
    return np.maximum(kept, min(level - 1, village.most)), np.maximum(kept, level)


def _solved(village, cost, least, most, short):
    """With somebody more who takes what cannot be carried: the nearest stay with the members."""
    if not short:
        return solving.cheapest(cost, least, most)
    weight = int(np.where(cost == solving.FORBIDDEN, 0, cost).max(initial=0)) + 1
    spare = np.where(village.now == NOBODY, 0, weight).reshape(-1, 1)
    chosen = solving.cheapest(np.hstack([cost, spare]), np.r_[least, short], np.r_[most, short])
    return None if chosen is None else np.where(chosen == len(village.members), NOBODY, chosen)


def _said(village, chosen, short) -> dict:
    """The effect in figures: loads and distance before and after, how many change hands, what does not fit."""
    members = len(village.members)
    before, after = (np.bincount(who[who != NOBODY], minlength=members) for who in (village.now, chosen))
    return {
        "homes": len(village.homes), "members": members, "short": short, "most": village.most, "least": village.least,
        "uncovered": len(village.homes) - village.had, "left": int((chosen == NOBODY).sum()),
        "moved": int(((village.now != NOBODY) & (chosen != village.now)).sum()),
        "given": int(((village.now == NOBODY) & (chosen != NOBODY)).sum()),
        "loads": [[int(load.min()), int(load.max())] if members else [0, 0] for load in (before, after)],
        "metres": [metres(village, village.now), metres(village, chosen), metres(village, greedy(village))],
    }  # fmt: skip


def metres(village, chosen) -> int:
    """The sum of the distances between households and who has them."""
    there = np.nonzero(chosen != NOBODY)[0]
    return int(village.metres[there, chosen[there]].sum()) if len(there) else 0


def greedy(village) -> np.ndarray:
    """What somebody does by hand, to compare with: down the list of households, each to the nearest with room."""
    members = len(village.members)
    chosen = np.full(len(village.homes), NOBODY)
    if not members:
        return chosen
    room = np.full(members, min(-(-len(village.homes) // members), village.most))
    near = village.near
    for home in range(len(village.homes)):
        open_to = np.where(room > 0, near[home], solving.FORBIDDEN)
        member = int(open_to.argmin())
        if open_to[member] != solving.FORBIDDEN:
            chosen[home], room[member] = member, room[member] - 1
    return chosen
