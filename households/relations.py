"""How the people of a household stand to its head, and the words under which rosters name it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    """After GB/T 4761, no finer than a roster needs."""

    HEAD = "head", _("head")
    SPOUSE = "spouse", _("spouse")
    SON = "son", _("son")
    DAUGHTER = "daughter", _("daughter")
    SON_IN_LAW = "son_in_law", _("son-in-law")
    DAUGHTER_IN_LAW = "daughter_in_law", _("daughter-in-law")
    GRANDSON = "grandson", _("grandson")
    GRANDDAUGHTER = "granddaughter", _("granddaughter")
    FATHER = "father", _("father")
    MOTHER = "mother", _("mother")
    PARENT_IN_LAW = "parent_in_law", _("parent-in-law")
    GRANDPARENT = "grandparent", _("grandparent")
    BROTHER = "brother", _("brother")
    SISTER = "sister", _("sister")
    OTHER = "other", _("other relative")
    NONE = "none", _("no relative")


# words of real rosters and the codes of GB/T 4761; what is not found here, somebody has to say
WORDS = {
    "户主": Relation.HEAD, "本人": Relation.HEAD, "本人或户主": Relation.HEAD, "01": Relation.HEAD,
    "02": Relation.HEAD, "1": Relation.HEAD, "2": Relation.HEAD,
    "配偶": Relation.SPOUSE, "妻": Relation.SPOUSE, "妻子": Relation.SPOUSE, "夫": Relation.SPOUSE,
    "丈夫": Relation.SPOUSE, "之妻": Relation.SPOUSE, "之夫": Relation.SPOUSE, "爱人": Relation.SPOUSE,
    "10": Relation.SPOUSE, "11": Relation.SPOUSE, "12": Relation.SPOUSE,
    "子": Relation.SON, "儿子": Relation.SON, "之子": Relation.SON, "长子": Relation.SON, "次子": Relation.SON,
    "二子": Relation.SON, "三子": Relation.SON, "独生子": Relation.SON, "养子": Relation.SON, "继子": Relation.SON,
    "20": Relation.SON, "21": Relation.SON, "22": Relation.SON, "23": Relation.SON, "24": Relation.SON,
    "女": Relation.DAUGHTER, "女儿": Relation.DAUGHTER, "之女": Relation.DAUGHTER, "长女": Relation.DAUGHTER,
    "次女": Relation.DAUGHTER, "二女": Relation.DAUGHTER, "三女": Relation.DAUGHTER, "独生女": Relation.DAUGHTER,
    "养女": Relation.DAUGHTER, "继女": Relation.DAUGHTER, "30": Relation.DAUGHTER, "31": Relation.DAUGHTER,
    "32": Relation.DAUGHTER, "33": Relation.DAUGHTER, "34": Relation.DAUGHTER,
    "女婿": Relation.SON_IN_LAW, "之婿": Relation.SON_IN_LAW, "39": Relation.SON_IN_LAW,
    "儿媳": Relation.DAUGHTER_IN_LAW, "儿媳妇": Relation.DAUGHTER_IN_LAW, "媳": Relation.DAUGHTER_IN_LAW,
    "之媳": Relation.DAUGHTER_IN_LAW, "29": Relation.DAUGHTER_IN_LAW, "28": Relation.DAUGHTER_IN_LAW,
    "孙子": Relation.GRANDSON, "孙": Relation.GRANDSON, "之孙": Relation.GRANDSON, "外孙": Relation.GRANDSON,
    "外孙子": Relation.GRANDSON, "长孙": Relation.GRANDSON, "曾孙": Relation.GRANDSON, "41": Relation.GRANDSON,
    "孙女": Relation.GRANDDAUGHTER, "之孙女": Relation.GRANDDAUGHTER, "外孙女": Relation.GRANDDAUGHTER,
    "曾孙女": Relation.GRANDDAUGHTER, "42": Relation.GRANDDAUGHTER, "44": Relation.GRANDDAUGHTER,
    "43": Relation.GRANDSON,
    "父": Relation.FATHER, "父亲": Relation.FATHER, "之父": Relation.FATHER, "51": Relation.FATHER,
    "母": Relation.MOTHER, "母亲": Relation.MOTHER, "之母": Relation.MOTHER, "52": Relation.MOTHER,
    "公公": Relation.PARENT_IN_LAW, "婆婆": Relation.PARENT_IN_LAW, "岳父": Relation.PARENT_IN_LAW,
    "岳母": Relation.PARENT_IN_LAW, "53": Relation.PARENT_IN_LAW, "54": Relation.PARENT_IN_LAW,
    "55": Relation.PARENT_IN_LAW, "56": Relation.PARENT_IN_LAW,
    "祖父": Relation.GRANDPARENT, "祖母": Relation.GRANDPARENT, "爷爷": Relation.GRANDPARENT,
    "奶奶": Relation.GRANDPARENT, "外祖父": Relation.GRANDPARENT, "外祖母": Relation.GRANDPARENT,
    "61": Relation.GRANDPARENT, "62": Relation.GRANDPARENT, "63": Relation.GRANDPARENT, "64": Relation.GRANDPARENT,
    "兄": Relation.BROTHER, "弟": Relation.BROTHER, "哥哥": Relation.BROTHER, "弟弟": Relation.BROTHER,
    "71": Relation.BROTHER, "73": Relation.BROTHER,
    "姐": Relation.SISTER, "妹": Relation.SISTER, "姐姐": Relation.SISTER, "妹妹": Relation.SISTER,
    "75": Relation.SISTER, "77": Relation.SISTER,
    "其他": Relation.OTHER, "其他亲属": Relation.OTHER, "其它": Relation.OTHER, "侄子": Relation.OTHER,
    "侄女": Relation.OTHER, "外甥": Relation.OTHER, "外甥女": Relation.OTHER, "嫂子": Relation.OTHER,
    "弟媳": Relation.OTHER, "伯父": Relation.OTHER, "叔叔": Relation.OTHER, "亲属": Relation.OTHER,
    "非亲属": Relation.NONE, "保姆": Relation.NONE, "79": Relation.OTHER, "97": Relation.OTHER,
    "99": Relation.NONE,
}  # fmt: skip


def relation_of(word: str) -> Relation | None:
    """The relation a word or code of a roster names, None for a word nobody foresaw."""
    return WORDS.get("".join(word.split()))


R = Relation
# (what the new head was, what another one was) -> what the other one is to the new head, where that is certain
SEEN = {
    (R.SPOUSE, R.FATHER): R.PARENT_IN_LAW,
    (R.SPOUSE, R.MOTHER): R.PARENT_IN_LAW,
    **{(R.SPOUSE, same): same for same in (R.SON, R.DAUGHTER, R.SON_IN_LAW, R.DAUGHTER_IN_LAW, R.GRANDSON,
                                           R.GRANDDAUGHTER, R.NONE)},
    **{(child, R.SON): R.BROTHER for child in (R.SON, R.DAUGHTER)},
    **{(child, R.DAUGHTER): R.SISTER for child in (R.SON, R.DAUGHTER)},
    **{(child, old): R.GRANDPARENT for child in (R.SON, R.DAUGHTER) for old in (R.FATHER, R.MOTHER)},
    (R.SON, R.DAUGHTER_IN_LAW): R.SPOUSE,
    (R.DAUGHTER, R.SON_IN_LAW): R.SPOUSE,
    **{(sibling, same): same for sibling in (R.BROTHER, R.SISTER) for same in (R.FATHER, R.MOTHER, R.BROTHER,
                                                                            R.SISTER, R.GRANDPARENT)},
    **{(parent, R.BROTHER): R.SON for parent in (R.FATHER, R.MOTHER)},
    **{(parent, R.SISTER): R.DAUGHTER for parent in (R.FATHER, R.MOTHER)},
    (R.FATHER, R.MOTHER): R.SPOUSE,
    (R.MOTHER, R.FATHER): R.SPOUSE,
    **{(parent, R.SON): R.GRANDSON for parent in (R.FATHER, R.MOTHER)},
    **{(parent, R.DAUGHTER): R.GRANDDAUGHTER for parent in (R.FATHER, R.MOTHER)},
}  # fmt: skip
PARENTS = {R.SON, R.DAUGHTER}


def seen_from(new_head: str, other: str, sex: str) -> Relation:
    """What somebody is to a new head. `new_head` and `other`: what both were to the one before; `sex` of the other.
    What a roster's words leave open becomes "other relative", for the family to say."""
    if new_head == other == R.SPOUSE:
        return R.OTHER
    if other == R.HEAD:
        return _old_head(new_head, sex)
    if other == R.SPOUSE and new_head in PARENTS:
        return {"M": R.FATHER, "F": R.MOTHER}.get(sex, R.OTHER)
    if other == R.NONE:
        return R.NONE
    return SEEN.get((new_head, other), R.OTHER)


def _old_head(new_head, sex):
    mirrored = {
        R.SPOUSE: (R.SPOUSE, R.SPOUSE), R.SON: (R.FATHER, R.MOTHER), R.DAUGHTER: (R.FATHER, R.MOTHER),
        R.FATHER: (R.SON, R.DAUGHTER), R.MOTHER: (R.SON, R.DAUGHTER), R.BROTHER: (R.BROTHER, R.SISTER),
        R.SISTER: (R.BROTHER, R.SISTER), R.SON_IN_LAW: (R.PARENT_IN_LAW, R.PARENT_IN_LAW),
        R.DAUGHTER_IN_LAW: (R.PARENT_IN_LAW, R.PARENT_IN_LAW), R.GRANDSON: (R.GRANDPARENT, R.GRANDPARENT),
        R.GRANDDAUGHTER: (R.GRANDPARENT, R.GRANDPARENT), R.NONE: (R.NONE, R.NONE),
    }  # fmt: skip
    male, female = mirrored.get(new_head, (R.OTHER, R.OTHER))
    return male if sex == "M" else female if sex == "F" or male == female else R.OTHER


THEIRS = {
    (R.FATHER, R.SPOUSE): R.MOTHER,
    (R.MOTHER, R.SPOUSE): R.FATHER,
    **{(child, R.SON): R.GRANDSON for child in (R.SON, R.DAUGHTER)},
    **{(child, R.DAUGHTER): R.GRANDDAUGHTER for child in (R.SON, R.DAUGHTER)},
    (R.SON, R.SPOUSE): R.DAUGHTER_IN_LAW,
    (R.DAUGHTER, R.SPOUSE): R.SON_IN_LAW,
    (R.PARENT_IN_LAW, R.SPOUSE): R.PARENT_IN_LAW,
    (R.GRANDPARENT, R.SPOUSE): R.GRANDPARENT,
}


def through(theirs: str, other: str) -> Relation:
    """What somebody is to a head whose `theirs` his own head is; "other relative" where that leaves it open."""
    return R.NONE if R.NONE in (theirs, other) else THEIRS.get((theirs, other), R.OTHER)
