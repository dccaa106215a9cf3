"""What hangs at the wall of a grid by regulation: its name and area, its workers, their duty phone, where to complain.

滨州市社会治理网格化服务管理条例 (2021): 网格名称、区域范围、网格员姓名及联系方式、监督电话 are shown where residents
gather, and kept up to date. Nothing else of the platform is told here."""

import math
from dataclasses import dataclass

import segno
from django.utils.safestring import mark_safe

from common import clock
from common.fields import on_day
from grids.models import Area, Boundary, Post, TownProfile
from grids.roles import GRIDS, REPORTERS

WIDE = 320  # the drawing's longer side, in its own units


@dataclass(frozen=True)
class Notice:
    """`workers` are posts; `parts` names what lies inside, where the grid is divided further."""

    grid: Area
    workers: list
    parts: list
    supervision_phone: str
    outline: tuple | None  # width, height, path of an SVG
    as_of: object
    is_demo: bool


def of_grid(code: str) -> Notice | None:
    """The notice of a grid that is open today; None for anything else."""
    today = clock.today()
    found = Area.objects.open_on(today).filter(code=code, kind__in=GRIDS, town__isnull=False)
    grid = found.select_related("town", "village").first()
    if grid is None:
        return None
    profile = TownProfile.objects.filter(pk=grid.town_id).first()
    workers = Post.objects.held_on(today).filter(area=grid, role__in=REPORTERS).select_related("user")
    return Notice(
        grid, list(workers.order_by("role", "-full_time", "from_day")),
        list(Area.objects.open_on(today).filter(parent=grid).order_by("code").values_list("name", flat=True)),
        profile.supervision_phone if profile else "", outline(grid, today), today, bool(profile and profile.is_demo),
    )  # fmt: skip


def grids_of(place: Area) -> list[str]:
    """Codes of the grids at a place and below that are open today and have a notice, in the order of the tree."""
    grids = Area.objects.open_on(clock.today()).in_subtree(place).filter(kind__in=GRIDS - {"small_grid"})
    return list(grids.order_by("path").values_list("code", flat=True))


def outline(area: Area, day) -> tuple | None:
    """The outline as (width, height, SVG path), north up, one degree of longitude shortened as at that latitude."""
    boundary = Boundary.objects.filter(on_day(day), area=area).first()
    if boundary is None:
        return None
    narrow = math.cos(math.radians((boundary.south + boundary.north) / 2))
    wide, high = (boundary.east - boundary.west) * narrow, boundary.north - boundary.south
    scale = WIDE / (max(wide, high) or 1)

    def point(pair):
        return f"{(pair[0] - boundary.west) * narrow * scale:.1f} {(boundary.north - pair[1]) * scale:.1f}"

    shapes = boundary.geometry["coordinates"]
    rings = shapes if boundary.geometry["type"] == "Polygon" else [ring for shape in shapes for ring in shape]
    path = " ".join(f"M{' L'.join(point(pair) for pair in ring)}Z" for ring in rings)
    return round(wide * scale), round(high * scale), path


def code_of(address: str) -> str:
    """A QR code of the address as an inline drawing; made on the server, nothing is asked of anybody."""
    return mark_safe(segno.make(address, error="m").svg_inline(omitsize=True, border=2))
