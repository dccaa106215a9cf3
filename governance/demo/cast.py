"""The people of a demo town who act in its history, found by their posts."""

from collections import defaultdict

from common import clock
from grids.models import Area, Post
from grids.roles import Role
from households.models import Household


class Cast:
    """Grids in order of code with their places and homes, and who holds which post where. The same person is always
    the same object, so that the posts of a day are read once."""

    def __init__(self, town):
        self.town = town
        self.grids = list(
            Area.objects.filter(town=town, reports=True).select_related("village", "town").order_by("code")
        )
        self.villages = list(Area.objects.filter(parent=town).order_by("code"))
        self.posts, people = defaultdict(list), {}
        for post in Post.objects.filter(area__path__startswith=town.path, role__in=ACTING).select_related(
            "user", "area"
        ).order_by("pk"):  # fmt: skip
            post.user = people.setdefault(post.user_id, post.user)
            self.posts[post.area_id, post.role].append(post)
        self.spots = defaultdict(list)
        for micro_grid in Area.objects.filter(town=town, kind=Area.Kind.MICRO_GRID).order_by("code"):
            self.spots[micro_grid.grid_id].append(micro_grid)
        self.homes = defaultdict(list)
        for home in Household.objects.filter(town=town).order_by("code"):
            self.homes[home.area_id].append(home)

    def post(self, role, area) -> Post:
        """The first holder's post of a role at an area."""
        return self.posts[area.pk, role][0]

    def user(self, role, area):
        """The first holder, with the posts of the day laid ready: they do not change while history is made, and
        reading them anew for every act of every day would be a third of its time. Who stands in for somebody holds
        more than his own post, so a grid leader's are read."""
        post = self.post(role, area)
        if role != Role.GRID_LEADER:
            post.user._posts = (clock.today(), [post])
        return post.user


ACTING = [
    Role.GRID_WORKER, Role.GRID_LEADER, Role.VILLAGE_DESK, Role.VILLAGE_DIRECTOR, Role.MEDIATOR, Role.TOWN_DESK,
]  # fmt: skip
