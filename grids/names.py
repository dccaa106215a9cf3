"""How a division's official name is shown, and how names are sorted and found by sound."""

from common.sounds import initials, sound

__all__ = ["display_name", "initials", "sound"]

VILLAGERS = ("村民委员会", "村委会")
RESIDENTS = ("居民委员会", "居委会")


def display_name(official: str) -> str:
    """The everyday name of a division: 故城村村委会 -> 故城村, 雷家沟村民委员会 -> 雷家沟村, 东街居民委员会 -> 东街,
    嘉园社区居委会 -> 嘉园社区. Other names stay as they are."""
    for ending in VILLAGERS:
        if official.endswith(ending):
            bare = official.removesuffix(ending)
            return bare if bare.endswith("村") else f"{bare}村"
    for ending in RESIDENTS:
        if official.endswith(ending) and official != ending:
            return official.removesuffix(ending)
    return official
