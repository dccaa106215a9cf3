"""A town's own rows of its staffing template: other numbers, rows left out or added; the preset stays as origin."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from grids import access
from grids.establishment import TEMPLATES, WHERE, slot_of
from grids.models import Area, TownProfile
from grids.roles import ADMINISTRATORS, PLACES, Role

MOST_ROWS, MOST_PEOPLE = 30, 99
TIMES = {None: "", True: "full", False: "part"}


def rows_of(profile) -> list[dict]:
    """The rows as they hold now, those of the preset while the town changed nothing."""
    preset = TEMPLATES[profile.staffing]
    return profile.staffing_rows if profile.staffing_rows is not None else preset_rows(preset)


def preset_rows(preset) -> list[dict]:
    return [
        {"preset": number, "role": None, "where": "", "label": "", "least": slot.least, "most": slot.most,
         "time": TIMES[slot.full_time]}
        for number, slot in enumerate(preset.slots)
    ]  # fmt: skip


def roles_at(where: str) -> list[Role]:
    """Which roles a row may ask for at such a kind of place."""
    return [role for role in Role if role not in ADMINISTRATORS and PLACES[role] & WHERE[where]]


@transaction.atomic
def adapt(*, town: Area, rows: list[dict] | None, by) -> None:
    """The town's own rows in the place of those before; None goes back to the preset. ValidationError where a number
    is out of order, a role has no post at such a place, two rows ask for the same, or none is left."""
    access.require(by, "post.change", town)
    profile = TownProfile.objects.select_for_update().get(pk=town.pk)
    preset = TEMPLATES.get(profile.staffing)
    if preset is None:
        raise ValidationError(_("Choose a staffing template first; then its rows can be changed."), "preset")
    if rows is not None:
        _check(preset, rows)
    profile.staffing_rows = None if rows in (None, preset_rows(preset)) else rows
    profile.save(update_fields=["staffing_rows"])
    told = "; ".join(_told(slot_of(preset, row)) for row in profile.staffing_rows or [])
    audit.record(by, "staffing_adapt", row=town, area_code=town.code, reason=f"{preset.code}: {told}"[:200])


def _check(preset, rows):
    if not rows:
        raise ValidationError(_("At least one row must be left."), "rows")
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("At most %(n)s rows."), "rows", {"n": MOST_ROWS})
    seen = set()
    for row in rows:
        slot = slot_of(preset, row)
        if not 0 <= row["least"] <= MOST_PEOPLE or (row["most"] is not None and row["most"] > MOST_PEOPLE):
            raise ValidationError(_("%(slot)s: write numbers from 0 to 99."), "number", {"slot": slot.label})
        if row["most"] is not None and row["most"] < max(row["least"], 1):
            raise ValidationError(
                _("%(slot)s: “at most” must not be smaller than “at least”."), "number", {"slot": slot.label}
            )
        if not all(PLACES[role] & slot.kinds for role in slot.roles):
            raise ValidationError(_("%(slot)s: there is no such post at this kind of place."), "place",
                                  {"slot": slot.label})  # fmt: skip
        key = (slot.kinds, slot.roles, slot.full_time)
        if key in seen:
            raise ValidationError(_("%(slot)s: two rows ask for the same. Put them together."), "twice",
                                  {"slot": slot.label})  # fmt: skip
        seen.add(key)


def _told(slot):
    return f"{slot.label} {slot.least}-{'' if slot.most is None else slot.most}"
