"""The post that answers for a case: the open ones of a post, and how they move when it is handed over."""

from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework import workflow
from casework.lists import Narrowing
from casework.models import Case
from common import clock
from grids.handing_over import OpenWork

HAND_OVER = "hand_over"  # the step a case keeps of it; no state changes
NARROWING = Narrowing(
    forms.IntegerField(label=_("Responsible post"), required=False, min_value=1, widget=forms.HiddenInput),
    "case__responsible",
)


def open_cases(post, kind: str):
    """The cases of a kind that are open and for which the post is responsible."""
    return Case.objects.filter(kind=kind, responsible=post, spells__closed_on__isnull=True)


@transaction.atomic
def move(old, new, by, kind: str) -> None:
    """The next holder answers for the open cases; each keeps a step that says so. Closed ones stay with the old."""
    for case in open_cases(old, kind).select_for_update(of=["self"]).order_by("pk"):
        case.responsible = new
        case.save(update_fields=["responsible"])
        workflow.add_step(case, HAND_OVER, case.state, by or new.user, f"{old.user.name} → {new.user.name}")


def as_open_work(kind: str, label, list_name: str, action: str) -> OpenWork:
    """What a kind of case enters into the register of hand-overs."""

    def address(post):
        return f"{reverse(list_name)}?{urlencode({'responsible': post.pk, 'open_on': clock.today().isoformat()})}"

    return OpenWork(
        label=label, count=lambda post: open_cases(post, kind).count(), url=address,
        move=lambda old, new, by: move(old, new, by, kind), action=action,
    )  # fmt: skip
