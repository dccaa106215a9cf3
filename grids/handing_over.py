"""The register of work that hangs on a post: the floors above say how much there is, where it stands, how it moves."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class OpenWork:
    """One kind of work of a post. `moves` on every hand-over, or only when the person who hands over wishes it.

    count(post) -> how many are open today; url(post) -> the list that is as long; move(old, new, by) moves them."""

    label: str
    count: Callable
    url: Callable
    move: Callable
    action: str  # who may read the list
    on_wish: bool = False


on_hand_over: dict[str, OpenWork] = {}


def enter(name: str, work: OpenWork) -> None:
    """An upper floor enters its work in AppConfig.ready(); a test lists all entries."""
    on_hand_over[name] = work


def open_work(post) -> list[tuple[str, OpenWork, int]]:
    """What hangs on a post today: name, kind of work and how many, kinds without any left out."""
    counted = [(name, work, work.count(post)) for name, work in on_hand_over.items()]
    return [(name, work, number) for name, work, number in counted if number]


def move(old, new, *, by, along=()) -> None:
    """Moves what always moves, and what `along` names of the rest, from a post that ended to the one that follows."""
    for name, work in on_hand_over.items():
        if not work.on_wish or name in along:
            work.move(old, new, by)
