"""The acts on one post that have a form of their own: label, right, form, verb. Page and address read one table."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from grids import access, correcting, staffing
from grids.models import Leave
from grids.post_forms import CorrectForm, EndForm, LeaveForm, PublicForm


@dataclass(frozen=True)
class Act:
    """One act. `possible(post)`: it makes sense today; `form(said, post)`; `take(post, by, said, form)` is the verb."""

    label: str
    permission: Callable
    possible: Callable
    form: Callable
    take: Callable


class WithdrawLeaveForm(forms.Form):
    """Which of the leaves of the post; one that is over does not stand here."""

    leave = forms.ModelChoiceField(Leave.objects.none(), label=_("Which leave"), empty_label=None)

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leave"].queryset = _takeable(post)
        self.fields["leave"].label_from_instance = lambda leave: f"{leave.from_day} – {leave.last_day}"


def _takeable(post):
    return post.leaves.filter(until_day__gt=clock.today()).order_by("from_day")


def _change(post):
    return staffing.change_of(post.role)


def _grant(post):
    return "leave.grant"


def _is_open(post):
    return post.until_day is None or post.until_day > clock.today()


def _said_of(post):
    return {"full_time": "yes" if post.full_time else "no", "origin": post.origin, "public_phone": post.public_phone}


ACTS = {
    "leave": Act(
        _("Grant leave"), _grant, _is_open,
        lambda said, post: LeaveForm(said, post=post, auto_id="id_leave_%s"),
        lambda post, by, said, form: staffing.grant_leave(post=post, by=by, **form.asked()),
    ),
    "withdraw_leave": Act(
        _("Take leave back"), _grant, lambda post: _takeable(post).exists(),
        lambda said, post: WithdrawLeaveForm(said, post=post, auto_id="id_withdraw_leave_%s"),
        lambda post, by, said, form: staffing.withdraw_leave(leave=said["leave"], by=by),
    ),
    "change": Act(
        _("Change working time, origin, phone"), _change, _is_open,
        lambda said, post: PublicForm(said, initial=_said_of(post), auto_id="id_change_%s"),
        lambda post, by, said, form: staffing.change_post(post=post, by=by, **said),
    ),
    "end": Act(
        _("End the post"), _change, lambda post: _is_open(post) and post.from_day < clock.today(),
        lambda said, post: EndForm(said, initial={"on": clock.today()}, auto_id="id_end_%s"),
        lambda post, by, said, form: staffing.end_post(post=post, on=said["on"], by=by),
    ),
    "correct": Act(
        _("Correct: it was entered wrongly"), _change, lambda post: True,
        lambda said, post: CorrectForm(said, post=post, auto_id="id_correct_%s"),
        lambda post, by, said, form: correcting.correct_post(post=post, by=by, **said),
    ),
    "withdraw": Act(
        _("Take the post back, it was entered by mistake"), _change, lambda post: post.from_day >= clock.today(),
        lambda said, post: forms.Form(said, auto_id="id_withdraw_%s"),
        lambda post, by, said, form: staffing.withdraw_post(post=post, by=by),
    ),
}  # fmt: skip


def forms_for(post, user, bound=None) -> list:
    """(name, label, form) of every act that is possible today and that the person may take; `bound` keeps the refused
    form with its text."""
    found = []
    for name, act in ACTS.items():
        if act.possible(post) and access.may(user, act.permission(post), post.area.path):
            form = act.form(None, post)
            kept = bound is not None and bound.auto_id == form.auto_id
            found.append((name, act.label, bound if kept else form))
    return found
