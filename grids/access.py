"""Who may do what where: the only module that turns a person's posts into filters (architecture, Posts give rights)."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from common import clock
from common.fields import on_day, subtree
from grids.rights import AREA, ASSIGNED, FIGURES, MAY


def posts(user) -> list:
    """The posts a person holds today, with area; those he stands in for included. Read once per request."""
    if not getattr(user, "is_authenticated", False):
        return []
    today = clock.today()
    if getattr(user, "_posts", (None,))[0] != today:
        user._posts = (today, _read_posts(user, today))
    return user._posts[1]


def _read_posts(user, today):
    from grids.models import Leave, Post

    standing_in = Leave.objects.filter(on_day(today), stand_in=user).values("post")
    mine = Post.objects.held_on(today).filter(Q(user=user) | Q(pk__in=standing_in))
    found = list(mine.select_related("area"))
    return sorted(found, key=lambda post: (post.role, post.area.path))


def ran_out(user, since) -> str:
    """What signs a person out who holds no post today: the last one ended on a day after `since`, set beforehand. ""
    for everybody else, also for who signs in afterwards and reads whom to ask."""
    from grids.models import Leave, Post

    if posts(user):
        return ""
    between = {"until_day__gt": since, "until_day__lte": clock.today()}
    if Post.objects.filter(user=user, **between).exists() or Leave.objects.filter(stand_in=user, **between).exists():
        return _("Your last post has ended, so you were signed out.")
    return ""


def roles(user) -> set:
    """The roles a person holds today, anywhere."""
    return {post.role for post in posts(user)}


def paths(user, action: str, reaches=(AREA,)) -> list[str]:
    """Paths of the areas where one of the person's posts has such a reach for the action."""
    allowed = MAY[action]
    return [post.area.path for post in posts(user) if allowed.get(post.role) in reaches]


def may(user, action: str, path: str) -> bool:
    """Whether the person may do this at a place, by area (not by assignment, not by figures)."""
    return any(path.startswith(top) for top in paths(user, action))


def may_somewhere(user, action: str) -> bool:
    return any(MAY[action].get(post.role) for post in posts(user))


def area_of_post(user, code: str):
    """The area with that code where the person holds a post, without asking the database; else None."""
    return next((post.area for post in posts(user) if post.area.code == code), None)


def require(user, action: str, row) -> None:
    """PermissionDenied unless the person may do this to the row (an area, or a row with an area path)."""
    if may(user, action, path_of(row)) or assigned(user, action, row):
        return
    raise PermissionDenied(action)


def path_of(row) -> str:
    """Where a row lies today."""
    if hasattr(row, "area_path"):
        return row.area_path
    return row.path if hasattr(row, "path") else row.case.area_path


def assigned(user, action, row) -> bool:
    """Whether the row is one of those given to the person, where one of his posts allows the action for such rows."""
    if not any(MAY[action].get(post.role) == ASSIGNED for post in posts(user)) or not hasattr(row, "assigned_to"):
        return False
    return type(row).objects.filter(type(row).assigned_to(user), pk=row.pk).exists()


def only_figures(user, action: str) -> bool:
    """Whether what the person sees of this kind must end at number, place, category, state and dates."""
    full, figures = paths(user, action), paths(user, action, (FIGURES,))
    return any(not any(path.startswith(top) for top in full) for path in figures)


def restrict(queryset, user, action: str, path="area_path"):
    """The rows a person may see in lists: by area, by figures, by assignment; no post, no row."""
    clause = Q(pk__in=[])
    for top in paths(user, action, (AREA, FIGURES)):
        clause |= subtree(top, path)
    if any(MAY[action].get(post.role) == ASSIGNED for post in posts(user)):
        clause |= queryset.model.assigned_to(user)
    return queryset.filter(clause)


def fetch(queryset, user, action: str, **lookup):
    """One row to open. Outside the person's areas: Http404; inside but not allowed, or figures only:
    PermissionDenied."""
    row = queryset.filter(**lookup).first()
    if row is None or not any(path_of(row).startswith(post.area.path) for post in posts(user)):
        raise Http404
    require(user, action, row)
    return row


class AreaScopedQuerySet(models.QuerySet):
    """Rows that lie in an area and are seen only through somebody's posts."""

    scope_path = "area_path"

    def visible_to(self, user, action):
        return restrict(self, user, action, path=self.scope_path)

    @classmethod
    def scoped_by(cls, path):
        """A manager for a model whose place stands on a related row, for example `case__area_path`."""
        return type(f"{cls.__name__}By{path.title()}", (cls,), {"scope_path": path}).as_manager()
