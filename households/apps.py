"""The app configuration of households; enters the households of a linked member as work that hangs on his post."""

from urllib.parse import urlencode

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "households"

    def ready(self):
        from grids import explaining, handing_over
        from households import linking
        from households.models import Household

        links = handing_over.OpenWork(
            label=_("Linked households"), count=lambda post: linking.links_of(post).count(), url=_list_of,
            move=linking.pass_on, action="household.view", on_wish=True,
        )  # fmt: skip
        handing_over.enter("links", links)
        explaining.enter("households", lambda text: Household.objects.filter(code=text).first())


def _list_of(post):
    return f"{reverse('households:list')}?{urlencode({'area': post.area.code, 'member': post.user_id})}"
