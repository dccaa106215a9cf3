"""Navigation by post: what stands in the side bar, which town's name is on the page, and the demo note."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import opaque
from grids import access
from grids.models import Area
from grids.roles import HELPERS, REPORTERS
from grids.roles import Role as R

GRID = REPORTERS | {R.GRID_LEADER}
VILLAGE = {R.VILLAGE_DESK, R.VILLAGE_DIRECTOR, R.VILLAGE_SECRETARY}
TOWN = {R.TOWN_DESK, R.TOWN_LEADER}
TOWN_OFFICES = {R.DISPATCHER, R.AREA_CADRE}
ABOVE = {R.PARTY_COMMITTEE, R.COUNTY_DESK}


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: a page, and the roles whose work it is. `covers`: what else counts as being there."""

    label: str
    url_name: str
    icon: str
    roles: set
    covers: str


CONFLICTS = HELPERS | {R.MEDIATOR, R.JUSTICE_OFFICE}
OFFICES = VILLAGE | TOWN | TOWN_OFFICES | ABOVE | {R.DISCIPLINE_LIAISON}
LEDGERS = VILLAGE | TOWN | {R.PARTY_COMMITTEE, R.AREA_CADRE}
TABLE = TOWN | {R.PARTY_COMMITTEE, R.JUSTICE_OFFICE}
LINKS = VILLAGE | TOWN | {R.PARTY_COMMITTEE}
STAFFING = VILLAGE | TOWN | {R.SECURITY_ADMIN, R.AUDIT_ADMIN}
ENTRIES = [
    Entry(_("Today's report"), "screening:today", "clipboard-check", REPORTERS, "screening:"),
    Entry(_("My visits"), "screening:round", "heart-handshake", {R.LINKED_MEMBER}, "screening:r"),
    Entry(_("Village desk"), "screening:desk", "building-community", VILLAGE, "screening:"),
    Entry(_("Dashboard"), "dashboard", "chart-bar", GRID | OFFICES | {R.JUSTICE_OFFICE}, "dashboard"),
    Entry(_("Disputes"), "disputes:list", "messages", GRID | OFFICES | CONFLICTS, "disputes:"),
    Entry(_("Service orders"), "orders:list", "tools", GRID | OFFICES, "orders:"),
    Entry(_("Visits"), "screening:visits", "heart-handshake", VILLAGE | TOWN | {R.AREA_CADRE}, "screening:visit"),
    Entry(_("Weekly ledgers"), "ledgers:weekly_list", "report", LEDGERS, "ledgers:week"),
    Entry(_("Monthly table"), "ledgers:town_month", "calendar-month", TABLE, "ledgers:town"),
    Entry(_("Households"), "households:list", "home-2", GRID | VILLAGE | {R.TOWN_DESK, R.LINKED_MEMBER}, "households:"),
    Entry(_("Household links"), "party:coverage", "clipboard-list", LINKS, "party:"),
    Entry(_("Areas"), "grids:areas", "sitemap", set(R), "grids:area"),
    Entry(_("Posts"), "grids:posts", "user", STAFFING, "grids:post"),
    Entry(
        _("People"), "people:list", "users", {R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN, R.TOWN_DESK}, "people:"
    ),
    Entry(_("Set up a town"), "set_up", "building-community", {R.SYSTEM_ADMIN, R.TOWN_DESK}, "set_up"),
    Entry(_("Releases of exports"), "people:exports", "lock", {R.TOWN_LEADER}, "people:"),
    Entry(_("Who may this, and why"), "grids:ask", "help-circle", {R.SECURITY_ADMIN, R.AUDIT_ADMIN}, "grids:ask"),
    Entry(_("System"), "system", "settings", {R.SYSTEM_ADMIN, R.TOWN_DESK}, "system"),
]


@dataclass(frozen=True)
class Item:
    """A line of the navigation as one person sees it."""

    label: str
    url: str
    icon: str
    covers: str
    current: bool = False


def items_for(user, here=""):
    """The person's navigation in order; `here` is the name of the page being looked at."""
    posts = access.posts(user)
    found = []
    for entry in ENTRIES:
        mine = [post for post in posts if post.role in entry.roles]
        if mine and (url := _address(entry.url_name, mine)):
            current = here == entry.url_name or here.startswith(entry.covers)
            found.append(Item(entry.label, url, entry.icon, entry.covers, current))
    return found


def _address(url_name, posts):
    """The page's address; one that needs an area is opened at the person's first post; None when it does not exist."""
    for arguments in ((), (posts[0].area.code,)):
        try:
            return reverse(url_name, args=arguments)
        except NoReverseMatch:
            continue
    return None


class Shell:
    """What base.html shows around every page. Nothing is read before a template asks for it."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def posts(self):
        return access.posts(getattr(self.request, "user", None))

    @cached_property
    def account(self):
        """By what a browser keeps apart what belongs to whom; "" before signing in."""
        return opaque.mark(self.request.user) if hasattr(self.request, "user") else ""

    @property
    def offline(self):
        """Whether a phone may keep entry pages."""
        return "on" if settings.OFFLINE_PAGES else "off"

    @cached_property
    def items(self):
        match = self.request.resolver_match
        return items_for(self.request.user, match.view_name if match else "") if self.posts else []

    @property
    def first_items(self):
        """What fits into the bar at the bottom of a phone; the rest stands under "more"."""
        return self.items if len(self.items) <= 4 else self.items[:3]

    @property
    def more_items(self):
        return self.items[len(self.first_items) :]

    @cached_property
    def town(self):
        """The town of the person's first post that lies in one, or None."""
        return next((self.towns[post.area.town_id] for post in self.posts if post.area.town_id), None)

    @cached_property
    def towns(self):
        """The towns of the person's posts by id, with what each decided about itself."""
        ids = {post.area.town_id for post in self.posts} - {None}
        return Area.objects.select_related("profile").in_bulk(ids) if ids else {}

    @cached_property
    def demo_note(self):
        """Stands on every page, print and export of invented towns; empty for real ones."""
        invented = settings.DEMO or any(_is_invented(town) for town in self.towns.values())
        return _("Demo data: all people and cases are invented") if invented else ""


def _is_invented(town):
    return hasattr(town, "profile") and town.profile.is_demo


def demo_note(request):
    """What stands on every download for this person: the demo note, or nothing."""
    return Shell(request).demo_note


def page(request):
    """Template context every page needs: `shell` and the `demo_note`."""
    shell = Shell(request)
    return {"shell": shell, "demo_note": SimpleLazyObject(lambda: shell.demo_note)}
