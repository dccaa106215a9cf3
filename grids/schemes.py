"""The level schemes that come with the platform: how the five towns divide themselves (domain handbook 2.6)."""

from grids.models import Area, Level, LevelScheme

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


def preset(code: str) -> LevelScheme:
    """The scheme of that code, written once; a scheme a town has edited since stays as it is. KeyError if unknown."""
    name, kinds, reporting = PRESETS[code]
    scheme, new = LevelScheme.objects.get_or_create(code=code, defaults={"name": name})
    if new:
        Level.objects.bulk_create(
            Level(
                scheme=scheme, rank=rank, kind=kind, label=LABELS[kind][0], label_en=LABELS[kind][1],
                reports=kind == reporting,
            )
            for rank, kind in enumerate(kinds, start=1)
        )  # fmt: skip
    return scheme
