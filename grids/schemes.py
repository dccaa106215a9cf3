"""The level schemes that come with the platform: how the five towns divide themselves (domain handbook 2.6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import audit
from grids import access
from grids.models import Area, Level, LevelScheme, TownProfile

Kind = Area.Kind
LABELS = {
    Kind.VILLAGE: ("村", "village"),
    Kind.GRID: ("网格", "grid"),
    Kind.SMALL_GRID: ("小网格", "small grid"),
    Kind.MICRO_GRID: ("微网格", "micro-grid"),
    Kind.GROUP: ("村民小组", "villager group"),
}
# code: name, the levels from the village down, the level that reports
PRESETS = {
    "grid-micro": ("村、网格、微网格", [Kind.VILLAGE, Kind.GRID, Kind.MICRO_GRID], Kind.GRID),
    "grid-small-micro": (
        "村、网格、小网格、微网格",
        [Kind.VILLAGE, Kind.GRID, Kind.SMALL_GRID, Kind.MICRO_GRID],
        Kind.GRID,
    ),
    "grid": ("村、网格", [Kind.VILLAGE, Kind.GRID], Kind.GRID),
    "group": ("村、村民小组", [Kind.VILLAGE, Kind.GROUP], Kind.GROUP),
}
OF_TOWN = {
    "gucheng": "grid-micro",
    "yuwang": "grid-small-micro",
    "xiawa": "grid",
    "jingming": "group",
    "minle": "grid",
}


# levels that may lie below the village, from above to below; a town has either grids or villager groups
BELOW_VILLAGE = [Kind.GRID, Kind.GROUP, Kind.SMALL_GRID, Kind.MICRO_GRID]


def own(town_code: str, levels: list[dict]) -> LevelScheme:
    """A town's own scheme, from the village down: dicts of kind, label, label_en and reports; the preset itself where
    nothing differs. ValidationError where the levels make no tree."""
    check(levels)
    for code, (_name, kinds, reporting) in PRESETS.items():
        if levels == [_row(kind, reporting) for kind in kinds]:
            return preset(code)
    scheme = LevelScheme.objects.create(code=f"town-{town_code}", name="、".join(row["label"] for row in levels)[:60])
    Level.objects.bulk_create(Level(scheme=scheme, rank=rank, **row) for rank, row in enumerate(levels, start=1))
    return scheme


def check(levels: list[dict]) -> None:
    """ValidationError unless there is a village, below it either grids or villager groups, and one level reports."""
    kinds = [row["kind"] for row in levels]
    if (Kind.GRID in kinds) == (Kind.GROUP in kinds):
        raise ValidationError(_("Choose either grids or villager groups as the units of a village."), "units")
    if Kind.SMALL_GRID in kinds and Kind.GRID not in kinds:
        raise ValidationError(_("Small grids lie in grids: choose grids too."), "small")
    if (
        sum(row["reports"] for row in levels) != 1
        or next(row["kind"] for row in levels if row["reports"]) == Kind.VILLAGE
    ):
        raise ValidationError(_("Exactly one of the chosen levels below the village reports."), "reports")


def preset_levels(code: str) -> list[dict]:
    """The levels of a preset as `own` takes them."""
    _name, kinds, reporting = PRESETS[code]
    return [_row(kind, reporting) for kind in kinds]


def _row(kind, reporting):
    return {"kind": str(kind), "label": LABELS[kind][0], "label_en": LABELS[kind][1], "reports": kind == reporting}


class Labels:
    """What the levels of the towns are called in the language of the reader, read once for all towns."""

    def __init__(self):
        english = (get_language() or "").startswith("en")
        rows = Level.objects.filter(scheme__townprofile__isnull=False)
        rows = rows.values_list("scheme__townprofile__town_id", "kind", "label_en" if english else "label")
        self.of_town = {(town, kind): label for town, kind, label in rows}

    def of(self, area) -> str:
        """By the area's town; a county, a town or a dedicated grid has the platform's own word."""
        return self.of_town.get((area.town_id, area.kind)) or area.get_kind_display()


def preset(code: str) -> LevelScheme:
    """The scheme of that code, written once; a scheme a town has edited since stays as it is. KeyError if unknown."""
    name, kinds, reporting = PRESETS[code]
    scheme, new = LevelScheme.objects.get_or_create(code=code, defaults={"name": name})
    if new:
        rows = [_row(kind, reporting) for kind in kinds]
        Level.objects.bulk_create(Level(scheme=scheme, rank=rank, **row) for rank, row in enumerate(rows, start=1))
    return scheme


@transaction.atomic
def relabel(*, town: Area, labels: dict[str, tuple[str, str]], by) -> LevelScheme:
    """New names for the levels of one town, by kind: (Chinese, English). Which levels there are, and which one reports,
    stays. A scheme that other towns work with too is copied first. ValidationError where two levels have one name."""
    access.require(by, "area.change", town)
    profile = TownProfile.objects.select_for_update().select_related("scheme").get(town=town)
    levels = list(profile.scheme.levels.order_by("rank"))
    if len({labels[level.kind][0] for level in levels}) < len(levels):
        raise ValidationError(_("Two levels have the same name."), "twice")
    if TownProfile.objects.filter(scheme=profile.scheme).exclude(pk=profile.pk).exists() or _is_preset(profile.scheme):
        code = f"town-{town.code}"
        profile.scheme, _made = LevelScheme.objects.get_or_create(code=code, defaults={"name": profile.scheme.name})
        levels = [_copied(level, profile.scheme) for level in levels]
        profile.save(update_fields=["scheme"])
    for level in levels:
        level.label, level.label_en = labels[level.kind]
        level.save()
    profile.scheme.name = "、".join(level.label for level in levels)[:60]
    profile.scheme.save(update_fields=["name"])
    audit.record(by, "town_levels", row=profile.scheme, area_code=town.code)
    return profile.scheme


def _is_preset(scheme):
    return scheme.code in PRESETS


def _copied(level, scheme):
    return Level(scheme=scheme, rank=level.rank, kind=level.kind, reports=level.reports)
