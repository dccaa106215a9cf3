"""What a page hands to the one tag that writes numbers: a count or a share, each with the list it came from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """A number and the address of the list that is exactly as long."""

    value: int | None
    url: str | None = None
    label: str = ""
    key: str = ""  # the figure's name, where a map can be shaded by it

    is_share = False


@dataclass(frozen=True)
class Share:
    """A part of a whole; the list holds the part."""

    part: int
    whole: int
    url: str | None = None
    label: str = ""
    key: str = ""

    is_share = True
