"""Areas and boundaries in time, posts and leave, the town's own settings, and the list of touched days."""

import datetime as dt

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from common import clock
from common.fields import AreaPathField, no_overlap, on_day, span_in_order, subtree
from grids.acts import AreaAct as AreaAct
from grids.acts import FormerName as FormerName
from grids.names import display_name
from grids.roles import ADMINISTRATORS, Origin, Role

# one row, locked until the writer commits: a reader that sees the new mark sees the new outlines
NEW_GEOMETRY_VERSION = """
    INSERT INTO grids_geometryversion (id, mark) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
    RETURN NULL;
"""


class LevelScheme(models.Model):
    """How a town divides itself: which levels below it exist, what they are called, which one reports."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)

    def __str__(self):
        return self.name


class Level(models.Model):
    """One level of a scheme; `rank` orders them from the village (1) down."""

    scheme = models.ForeignKey(LevelScheme, models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    label = models.CharField(max_length=20)
    label_en = models.CharField(max_length=30)
    reports = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "rank"], name="level_rank_once"),
            models.UniqueConstraint(fields=["scheme", "kind"], name="level_kind_once"),
            models.UniqueConstraint(fields=["scheme"], condition=Q(reports=True), name="one_level_reports"),
        ]

    def __str__(self):
        return self.label


class AreaQuerySet(models.QuerySet):
    def in_subtree(self, area):
        """The area and everything below it, as one range of the index."""
        return self.filter(subtree(area.path))

    def open_on(self, day):
        return self.filter(on_day(day, "opened_on", "ended_on"))

    def visible_to(self, user, action="area.view"):
        from grids import access

        return access.restrict(self, user, action, path="path")


class Area(models.Model):
    """A place: county, town, village, grid, micro-grid. Opened and ended, never deleted (architecture, Areas)."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("county")
        TOWN = "town", _("town")
        VILLAGE = "village", _("village")
        GRID = "grid", _("grid")
        SMALL_GRID = "small_grid", _("small grid")
        GROUP = "group", _("villager group")
        MICRO_GRID = "micro_grid", _("micro-grid")
        DEDICATED = "dedicated", _("dedicated grid")

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = AreaPathField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(pgettext_lazy("of a place", "name"), max_length=60)
    official_name = models.CharField(max_length=80, blank=True, default="")
    pinyin = models.CharField(max_length=200, blank=True, default="")
    initials = models.CharField(max_length=60, blank=True, default="")
    short = models.CharField(max_length=10, blank=True, default="")  # used in dossier numbers
    anchor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    basis = models.CharField(max_length=20, blank=True, default="")  # drawn by what: 自然村; dedicated to what: 市场
    reports = models.BooleanField(default=False)  # one report per duty day is expected of it
    # where it lies today; `village` is the unit directly under the town, a dedicated grid is its own
    county = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    town = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    village = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    grid = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    opened_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            # partial on purpose: else they were keys of the row, and moving a place would lock reports out (measured)
            models.UniqueConstraint(fields=["path"], name="area_path_once", condition=Q(path__isnull=False)),
            models.UniqueConstraint(fields=["code"], name="area_code_once", condition=Q(code__isnull=False)),
            # equal: opened and taken back on the same day, so never there
            models.CheckConstraint(
                name="area_days_in_order", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("opened_on"))
            ),
            models.CheckConstraint(name="area_is_not_its_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self):
        return self.name


class Placement(models.Model):
    """Under which grid, village, town and county an area counted, from when until when."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="placements")
    grid = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    village = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    town = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    reports = models.BooleanField(default=False)
    from_day = models.DateField()
    until_day = models.DateField(null=True)

    class Meta:
        constraints = [
            no_overlap("area_id", name="placement_once_a_day"),
            span_in_order("placement_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["village"], condition=Q(reports=True), name="placement_reporting"),
            models.Index(fields=["area", "from_day"], name="placement_of_area"),
        ]

    def __str__(self):
        return f"{self.area_id} {self.from_day}"


class Boundary(models.Model):
    """The outline of an area in WGS84 as GeoJSON, with its box, from a day on, and where it came from. Every change of
    this table moves the GeometryVersion, by trigger: so whoever writes, every process sees it."""

    class Source(models.TextChoices):
        DEMO = "demo", _("invented for the demonstration")
        DRAWN = "drawn", _("drawn on the map")
        TYPED = "typed", _("typed as coordinates")
        FILE = "file", _("read from a file")
        PROPOSED = "proposed", _("proposed from where households live")
        COMPUTED = "computed", _("computed from the outlines of its parts")

    area = models.ForeignKey(Area, models.CASCADE, related_name="boundaries")
    geometry = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=20, choices=Source.choices)
    datum = models.CharField(max_length=12, default="WGS84")  # what its coordinates were given in
    invented = models.BooleanField(default=False)
    surveyed = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, default="")  # why it stands in spite of what was told
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    from_day = models.DateField()
    until_day = models.DateField(null=True)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="geometry_version", level=pgtrigger.Statement, when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete, func=NEW_GEOMETRY_VERSION,
            )
        ]  # fmt: skip
        constraints = [
            no_overlap("area_id", name="boundary_once_a_day"),
            span_in_order("boundary_days_in_order"),
            models.CheckConstraint(
                name="boundary_box_in_order", condition=Q(west__lte=F("east"), south__lte=F("north"))
            ),
        ]

    def __str__(self):
        return f"{self.area_id} {self.from_day}"


class GeometryVersion(models.Model):
    """One row whose mark changes with every committed change of an outline (see grids/locating.py)."""

    mark = models.UUIDField()

    def __str__(self):
        return str(self.mark)


class BoundaryImport(models.Model):
    """Outlines read from a file and not yet put in force: what the preview shows and the confirmation applies."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    outlines = models.JSONField()  # as grids/outlines/reading.py tells them
    datum = models.CharField(max_length=12)
    surveyed = models.BooleanField(default=False)
    from_day = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.file_name


class TownProfile(models.Model):
    """What a town decided about itself: its level scheme, since when it works with the platform, its own words."""

    town = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="profile")
    scheme = models.ForeignKey(LevelScheme, models.PROTECT)
    in_use_from = models.DateField()
    is_demo = models.BooleanField(default=False)
    staffing = models.CharField(max_length=20, blank=True, default="")  # a template of grids.establishment
    staffing_rows = models.JSONField(null=True, blank=True)  # the town's own rows of it: see grids/adapting.py
    # stands on every public notice of a grid: the number for complaints about the grid work
    supervision_phone = models.CharField(_("supervision phone"), max_length=20, blank=True, default="")
    framework = models.JSONField(default=dict)  # the town's own method, for example "1333": {"name":…, "items":[…]}

    def __str__(self):
        return str(self.town)


class Division(models.Model):
    """A line of the statistical list of divisions: what may be opened as a county, town or village. Reference only,
    nothing points to it; a line that left the list stays, with the day and, where it can be told, its successor."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("province")
        PREFECTURE = 2, _("prefecture")
        COUNTY = 3, _("county")
        TOWN = 4, _("town")
        VILLAGE = 5, _("village")

    code = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=80)  # as the list has it: 故城村村委会
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    parent_code = models.CharField(max_length=12, blank=True, default="", db_collation="C")
    gone_on = models.DateField(null=True)
    replaced_by = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="division_code_once"),
            models.CheckConstraint(name="division_code_is_a_number", condition=Q(code__gte="1", code__lt=":")),
            models.CheckConstraint(
                name="division_lies_in_another",
                condition=Q(level=1, parent_code="") | Q(level__gt=1, level__lte=5, parent_code__gt=""),
            ),
        ]

    def __str__(self):
        return display_name(self.name)


class TownSetUp(models.Model):
    """A town being set up, step by step: what was chosen so far. Nothing of it holds before it is confirmed."""

    county = models.ForeignKey(Area, models.PROTECT, related_name="+")
    code = models.CharField(max_length=12, unique=True)  # of the town to be
    choices = models.JSONField(default=dict)  # villages, levels, days: see grids/setting_up.py
    grids = models.JSONField(null=True)  # the last uploaded list of grids, shown and not yet confirmed
    town = models.OneToOneField(Area, models.PROTECT, null=True, related_name="set_up")
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return self.choices.get("name") or self.code

    @property
    def path(self):
        """Where it lies, for those who ask who may touch it."""
        return (self.town or self.county).path


class PostQuerySet(models.QuerySet):
    def held_on(self, day):
        return self.filter(on_day(day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Post(models.Model):
    """A role at an area for a span of days, held by a person. Posts give rights, and nothing else does."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    role = models.PositiveSmallIntegerField(choices=Role.choices)
    full_time = models.BooleanField(_("full-time"), default=True)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin.choices, blank=True, default="")
    # the duty phone on the notice at the wall, typed to be published; never the person's own sealed number
    public_phone = models.CharField(_("phone on the public notice"), max_length=20, blank=True, default="")
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            no_overlap("user_id", "area_id", "role", name="post_held_once"),
            no_overlap("user_id", name="administrators_stay_apart", condition=Q(role__in=sorted(ADMINISTRATORS))),
            span_in_order("post_days_in_order"),
        ]
        indexes = [models.Index(fields=["area", "role", "from_day"], name="post_at_area")]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.area}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Leave(models.Model):
    """Days on which a post's holder is away; with a stand-in the duty moves, without one it is excused."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="leaves")
    reason = models.CharField(max_length=60)
    stand_in = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="stands_in")
    from_day = models.DateField()
    until_day = models.DateField()

    class Meta:
        constraints = [
            no_overlap("post_id", name="leave_once_a_day"),
            span_in_order("leave_days_in_order"),
        ]

    def __str__(self):
        return f"{self.post_id} {self.from_day}"

    @property
    def last_day(self):
        """The last day off, as people say it."""
        return self.until_day - dt.timedelta(days=1)


class TouchedDay(models.Model):
    """A day of a village whose figures must be counted anew. Appended only, and on purpose without any unique key:
    with one, every worker of a village would wait for the other's transaction (measured)."""

    town = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=8)  # report, case, link, place, visit
    at = models.DateTimeField(default=clock.now)

    def __str__(self):
        return f"{self.village_id} {self.day}"


from grids.rosters import Team, TeamMember  # noqa: E402, F401 (models by noun; Django finds them here)
