"""The app configuration of households; enters links as work that hangs on posts, and what acts do to homes."""

from urllib.parse import urlencode

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "households"

    def ready(self):
        from grids import changes, explaining, handing_over
        from households import answering, identity, linking, moving, own_part, proposing
        from households.models import Household, HouseholdLink, Need, PartyMember, Resident

        links = handing_over.OpenWork(
            label=_("Linked households"), count=lambda post: linking.links_of(post).count(), url=_list_of,
            move=linking.pass_on, action="household.view", on_wish=True,
        )  # fmt: skip
        handing_over.enter("links", links)
        explaining.enter("households", lambda text: Household.objects.filter(code=text).first())
        answering.parts.enter("households", answering.Part(own_part.tell, own_part.erase))
        changes.on_move.enter("households", moving.carry)
        changes.what_hangs_here.enter("households", moving.hanging)
        changes.lies_here.enter("households", moving.lying)
        changes.proposes_outlines.enter("households", proposing.address)
        changes.what_is_recorded.enter("households", moving.recorded)
        changes.found_wrong.enter("households", moving.wrong)
        changes.found_wrong.enter("id_numbers", identity.doubles)
        lost = changes.lost_rows(Household, HouseholdLink, Need, PartyMember, Resident)
        changes.found_wrong.enter("rows", lost)


def _list_of(post):
    return f"{reverse('households:list')}?{urlencode({'area': post.area.code, 'member': post.user_id})}"
