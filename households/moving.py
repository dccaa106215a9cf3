"""What an act on the tree of places does to households and their links: carried along, and from the day on counted
where the place lies then. What counted before stays: as a former place, as a link that ended."""

from django.db import connection
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock, masking
from common.fields import on_day
from grids.changes import Hanging, Upheaval, rewrite_paths
from grids.models import Area
from households.lists import counted_under
from households.models import Household, HouseholdLink, PartyMember
from households.models.rosters import RosterImport

members, imports = rewrite_paths(PartyMember), rewrite_paths(RosterImport)
# t: the households of moved places, and those that go to another one; `stands`: still there on the day
TARGET = """(SELECT h.id, a.id AS area_id, a.path, a.town_id, a.village_id, coalesce(a.grid_id, a.id) AS grid_id,
        (h.until_day IS NULL OR h.until_day > %(on)s) AS stands,
        (h.area_id, h.town_id, h.village_id, h.grid_id)
            IS DISTINCT FROM (a.id, a.town_id, a.village_id, coalesce(a.grid_id, a.id)) AS differs
    FROM households_household h LEFT JOIN unnest(%(homes)s::bigint[], %(places)s::bigint[]) u(home, place)
        ON u.home = h.id JOIN grids_area a ON a.id = coalesce(u.place, h.area_id)
    WHERE h.area_id = ANY(%(areas)s::bigint[]) OR h.id = ANY(%(homes)s::bigint[])) t"""
KEEP = f"""INSERT INTO households_formerplace (household_id, area_id, town_id, village_id, grid_id, from_day, until_day)
    SELECT h.id, h.area_id, h.town_id, h.village_id, h.grid_id, coalesce(h.here_since, h.from_day), %(on)s
    FROM households_household h JOIN {TARGET} ON t.id = h.id
    WHERE t.stands AND t.differs AND coalesce(h.here_since, h.from_day) < %(on)s"""
SETTLE = f"""UPDATE households_household h SET area_path = t.path, area_id = t.area_id,
        town_id = CASE WHEN stands THEN t.town_id ELSE h.town_id END,
        village_id = CASE WHEN stands THEN t.village_id ELSE h.village_id END,
        grid_id = CASE WHEN stands THEN t.grid_id ELSE h.grid_id END,
        here_since = CASE WHEN stands AND differs AND h.from_day < %(on)s THEN greatest(h.here_since, %(on)s)
            ELSE h.here_since END
    FROM {TARGET} WHERE t.id = h.id"""
MINE = "h.area_id = ANY(%(areas)s::bigint[]) OR h.id = ANY(%(homes)s::bigint[])"
PEOPLE = f"""UPDATE households_resident r SET area_path = h.area_path FROM households_household h
    WHERE h.id = r.household_id AND ({MINE}) AND r.area_path <> h.area_path"""
NEEDS = PEOPLE.replace("households_resident", "households_need")
LINKS = f"""UPDATE households_householdlink l SET area_path = h.area_path,
        until_day = CASE WHEN l.id = ANY(%(cut)s::bigint[]) THEN %(on)s ELSE l.until_day END,
        town_id = CASE WHEN l.from_day >= %(on)s THEN h.town_id ELSE l.town_id END,
        village_id = CASE WHEN l.from_day >= %(on)s THEN h.village_id ELSE l.village_id END,
        grid_id = CASE WHEN l.from_day >= %(on)s THEN h.grid_id ELSE l.grid_id END
    FROM households_household h WHERE h.id = l.household_id AND ({MINE})"""


def carry(upheaval: Upheaval) -> dict | None:
    """Carries households, residents, their needs and links along. Returns the households that went to another place
    one by one, with the place they came from: {household id: area id}."""
    members(upheaval)
    imports(upheaval)
    homes = _homes(upheaval)
    before = dict(Household.objects.filter(pk__in=homes).values_list("pk", "area_id"))
    values = {"on": upheaval.on, "areas": upheaval.areas, "homes": list(homes),
              "places": [area.pk for area in homes.values()]}  # fmt: skip
    if not homes and not upheaval.areas:
        return None
    with connection.cursor() as cursor:
        for sql in (KEEP, SETTLE, PEOPLE, NEEDS):
            cursor.execute(sql, values)
        begun = _begun_before(upheaval, homes)
        cursor.execute(LINKS, values | {"cut": list(begun)})
    _continue(begun, upheaval.on)
    return {str(home): area for home, area in before.items()} or None


def _homes(upheaval):
    """Household id -> the place it goes to, where that is not the one it lies at."""
    standing = Household.objects.filter(Q(until_day__isnull=True) | Q(until_day__gt=upheaval.on))
    of_ended = standing.filter(area__in=upheaval.heirs).values_list("pk", "area_id")
    return {home: upheaval.heirs[area] for home, area in of_ended} | upheaval.homes


def _begun_before(upheaval, homes) -> dict:
    """Links that hold on the day, began before it, and count elsewhere from it on: {id: its end}."""
    links = HouseholdLink.objects.filter(
        Q(household__area__in=upheaval.areas) | Q(household__in=homes), on_day(upheaval.on), from_day__lt=upheaval.on
    )
    as_before = {f"{column}_id": F(f"household__{column}_id") for column in ("town", "village", "grid")}
    return dict(links.exclude(**as_before).values_list("pk", "until_day"))


def _continue(begun, on):
    """A link whose household counts elsewhere goes on there as a row of its own, alike in all else."""
    new = {name: f"h.{name}" for name in ("area_path", "town_id", "village_id", "grid_id")}
    new |= {"from_day": "%(on)s", "until_day": "u.until"}
    columns = [field.column for field in HouseholdLink._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO households_householdlink ({", ".join(columns)})
            SELECT {", ".join(new.get(name, f"l.{name}") for name in columns)}
            FROM unnest(%(begun)s::bigint[], %(until)s::date[]) u(begun, until)
            JOIN households_householdlink l ON l.id = u.begun JOIN households_household h ON h.id = l.household_id""",
            {"on": on, "begun": list(begun), "until": list(begun.values())},
        )


def hanging(area) -> list[Hanging]:
    """Households and links at a place today, with their lists."""
    today, address = clock.today(), f"{reverse('households:list')}?area={area.code}"
    homes = Household.objects.filter(on_day(today), counted_under(area, today))
    linked = HouseholdLink.objects.of_members().filter(on_day(today), household__in=homes)
    return [
        Hanging("households", _("households living there"), homes.count(), address, holds=True),
        Hanging("links", _("linked households"), linked.count(), f"{address}&linked=yes"),
    ]


def lying(area) -> list[tuple[int, str]]:
    """The households at a place itself, for choosing which of them go where."""
    homes = Household.objects.filter(on_day(clock.today()), area=area).order_by("code")
    return [(pk, f"{code} {masking.name(name)}") for pk, code, name in homes.values_list("pk", "code", "name")]


def recorded(areas, since, kept) -> list[str]:
    """Households that came to these places, and links made there, apart from those the act itself brought."""
    brought = [int(home) for home in kept.get("households", ())]
    homes = Household.objects.filter(area__in=areas)
    came = homes.exclude(pk__in=brought).count()
    links = HouseholdLink.objects.filter(household__in=homes)
    went_on = set(links.filter(until_day=since).values_list("household", "member", "cadre"))
    pairs = links.filter(from_day__gte=since).values_list("household", "member", "cadre")
    made = sum(pair not in went_on for pair in pairs)
    found = [ngettext("%(n)d household", "%(n)d households", came) % {"n": came}] if came else []
    return found + ([ngettext("%(n)d household link", "%(n)d household links", made) % {"n": made}] if made else [])


def wrong():
    """For check_areas: (code of the place, what is wrong) of every household that does not lie in exactly one open
    micro-grid, or lowest place, or that counts elsewhere than its place does."""
    today = clock.today()
    homes = Household.objects.filter(on_day(today)).select_related("area")
    columns = ("town_id", "village_id")
    lowest = set(_with_open_places_below())
    for home in homes.iterator(chunk_size=5000):
        area = home.area
        if not (area.opened_on <= today and (area.ended_on is None or area.ended_on > today)):
            yield area.code, _("household %(code)s lies in a place that is not open") % {"code": home.code}
        elif home.area_path != area.path:
            yield area.code, _("household %(code)s has another path than its place") % {"code": home.code}
        elif any(getattr(home, c) != getattr(area, c) for c in columns) or home.grid_id != (area.grid_id or area.pk):
            yield area.code, _("household %(code)s counts elsewhere than its place") % {"code": home.code}
        elif area.pk in lowest:
            yield area.code, _("household %(code)s lies above the micro-grids") % {"code": home.code}


def _with_open_places_below():
    return Area.objects.filter(ended_on__isnull=True, parent__isnull=False).values_list("parent", flat=True).distinct()
