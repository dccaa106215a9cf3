"""What stands beside the places of the tree: how many places, posts and households each holds, with their lists."""

from collections import defaultdict

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.urls import reverse

from common import clock
from common.fields import on_day
from governance.pages.lists import Lists
from grids import access
from grids.models import Area, Post
from households.models import Household


class Beside:
    """Figures of many places, for one reader: the same few statements for each depth, however many places."""

    def __init__(self, user, places):
        self.user, self.lists = user, Lists(user, clock.today())
        self.below, self.posts, self.households = {}, {}, {}
        by_depth = defaultdict(list)
        for place in places:
            by_depth[len(place.path)].append(place.path)
        for depth, paths in by_depth.items():
            self._count(depth, paths)

    def of(self, place) -> dict:
        """`below`, `posts` and `households` of a place: each None where the reader may not see the list behind it."""
        households = self.lists.households_today(place)
        posts = access.may(self.user, "post.view", place.path)
        return {
            "below": self.below.get(place.path, 0),
            "posts": self.posts.get(place.path, 0) if posts else None,
            "posts_url": reverse("grids:posts", args=[place.code]),
            "households": self.households.get(place.path, 0) if households else None,
            "households_url": households,
        }

    def _count(self, depth, paths):
        today = clock.today()
        self.below |= _grouped(Area.objects.open_on(today).filter(parent__path__in=paths), "parent__path")
        posts = Post.objects.exclude(until_day__lte=today)
        self.posts |= _under(posts, "area__path", depth, paths)
        there = Household.objects.visible_to(self.user, "household.view").filter(on_day(today))
        self.households |= _under(there, "area_path", depth, paths)


def _under(rows, column, depth, paths) -> dict:
    """{path: rows in its subtree} for paths of one depth, in one statement."""
    span = Q(**{f"{column}__gte": min(paths), f"{column}__lt": max(paths) + "~"})
    return _grouped(rows.annotate(top=Left(column, depth)).filter(span, top__in=paths), "top")


def _grouped(rows, key) -> dict:
    return dict(rows.order_by().values(key).annotate(number=Count("pk")).values_list(key, "number"))
