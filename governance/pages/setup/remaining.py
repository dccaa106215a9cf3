"""What a town that is open still needs before it works, and who does it: each line counted from what is there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import clock
from common.fields import subtree
from governance.pages.people import listing
from grids import access, establishment
from grids.models import Boundary, Post
from grids.roles import REPORTERS, Role


@dataclass(frozen=True)
class Task:
    """One line: `count` of what `counted` says (None: nothing to count) with its list, and the pages on which it is
    done, for those who may open them."""

    label: str
    how: str
    done: bool
    pages: list  # (label, address, icon)
    counted: str = ""
    count: int | None = None
    url: str | None = None


def tasks(user, town) -> list[Task]:
    """In the order in which they are done."""
    return [make(user, town, lambda action: access.may(user, action, town.path)) for make in TASKS]


def _desk(user, town, may):
    there = _held(town).filter(area=town, role=Role.TOWN_DESK).exists()
    pages = [(_("Enter a person"), reverse("people:new"), "plus")] if may("person.change") and not there else []
    if may("post.change"):
        address = reverse("grids:appoint", args=[town.code])
        pages.append((_("Appoint"), f"{address}?role={int(Role.TOWN_DESK)}", "user"))
    how = _(
        "The system administrator enters one person and prints a slip, the security administrator appoints this "
        "person as town centre staff. From then on the town does everything else itself."
    )
    return Task(_("The town's own desk"), how, there, pages)


def _staffing(user, town, may):
    pages = [(_("Staffing template"), reverse("grids:staffing", args=[town.code]), "settings")]
    how = _("How many people each grid should have, and the phone for complaints that stands on every notice.")
    profile = town.profile
    done = bool(profile.staffing and profile.supervision_phone)
    return Task(_("Staffing template"), how, done, pages if may("post.change") else [])


def _people(user, town, may):
    workers = _held(town).filter(role__in=REPORTERS)
    pages = [(_("Import a table"), reverse("people:import"), "upload")]
    how = _(
        "One table brings people and posts: vacant posts stand in the template already. Posts give rights; the town "
        "centre imports."
    )
    url = f"{reverse('grids:posts', args=[town.code])}?role={int(Role.GRID_WORKER)}" if may("post.view") else None
    count = _held(town).filter(role=Role.GRID_WORKER).count()
    both = may("person.change") and may("post.change")
    return Task(
        _("People and posts"), how, workers.exists(), pages if both else [], _("grid workers in post"), count, url
    )


def _vacancies(user, town, may):
    template = establishment.template_of(town)
    gaps = len(establishment.gaps(town, template)) if template else None
    url = reverse("grids:vacancies", args=[town.code])
    how = _("What the staffing template asks for and nobody holds yet.")
    pages = [(_("Vacancies"), url, "user")] if may("post.view") else []
    return Task(_("Vacancies"), how, gaps == 0, pages, _("places with a gap"), gaps, url if pages else None)


def _slips(user, town, may):
    of_town = {"area": town.code}
    workers = _held(town).filter(role__in=REPORTERS)
    if not may("person.change"):
        return Task(_("Sign-in slips"), _("The town centre prints them."), False, [])
    without = listing.without_slip(user, of_town).count()
    url = f"{reverse('people:list')}?area={town.code}&state=none"
    pages = [(_("Print slips"), url, "printer")] if without else []
    how = _("Everybody sets a password with a slip of paper. Printed in one go, in the order of the villages.")
    return Task(
        _("Sign-in slips"),
        how,
        not without and workers.exists(),
        pages,
        _("people without slip or password"),
        without,
        url,
    )


def _notices(user, town, may):
    without = _held(town).filter(role__in=REPORTERS, public_phone="").count()
    how = _("A duty phone of the worker belongs on the notice of each grid; the table of people has a column for it.")
    pages = [(_("All public notices"), reverse("grids:all_notices", args=[town.code]), "printer")]
    pages = pages if may("post.view") else []
    done = not without and _held(town).filter(role__in=REPORTERS).exists()
    return Task(_("Public notices"), how, done, pages, _("workers without a phone on the notice"), without)


def _boundaries(user, town, may):
    done = Boundary.objects.filter(subtree(town.path, "area__path"), until_day=None).exists()
    how = _("Draw or upload the outlines when you have them. Maps are a help, nothing waits for them.")
    pages = [(_("Boundaries"), reverse("grids:boundary", args=[town.code]), "map-2")] if may("area.change") else []
    return Task(_("Boundaries"), how, done, pages)


TASKS = [_desk, _staffing, _people, _vacancies, _slips, _notices, _boundaries]


def _held(town):
    return Post.objects.held_on(clock.today()).filter(subtree(town.path, "area__path"))
