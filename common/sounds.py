"""How Chinese names sound: what people type to find them, and the order in which they expect them."""

from django.db import models
from pypinyin import Style, lazy_pinyin


def sound(name: str) -> str:
    """Syllables without tones, parted by blanks; a proposal that staff may correct (单县 is read shan xian)."""
    return " ".join(lazy_pinyin(name)).lower()[:200]


def initials(name: str) -> str:
    """First letters of the syllables, for quick search."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:60]


def heard(name: str) -> tuple[str, str]:
    """Both at once, for writing many rows."""
    syllables = lazy_pinyin(name)
    if len(syllables) != len(name):  # letters and figures among the characters stay together
        return sound(name), initials(name)
    return " ".join(syllables).lower()[:200], "".join(one[0] for one in syllables).lower()[:60]


class SoundField(models.CharField):
    """How another column of the same row sounds (`of`), written whenever the row is, bulk writes included: the
    syllables, or with `first_letters` their initials."""

    def __init__(self, *args, of="name", first_letters=False, **kwargs):
        self.of, self.first_letters = of, first_letters
        super().__init__(*args, **{"max_length": 200, "default": "", "blank": True, "editable": False} | kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of, "first_letters": self.first_letters}

    def pre_save(self, instance, add):
        text = getattr(instance, self.of)
        heard = initials(text) if self.first_letters else sound(text)
        setattr(instance, self.attname, heard)
        return heard
