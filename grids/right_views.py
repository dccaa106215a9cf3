"""Pages of rights: the table in words, and who may do one thing, and why."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from grids import access, explaining, holders, people
from grids.right_words import ACTIONS
from grids.rights import TABLES
from grids.roles import Role


class AskForm(forms.Form):
    """What is asked: an action, at which record or place, and of whom (empty: of everybody)."""

    action = forms.ChoiceField(label=gettext_lazy("Action"))
    record = forms.CharField(
        label=gettext_lazy("Number of a case, code of a household or place"), max_length=40,
    )  # fmt: skip
    who = forms.CharField(
        label=gettext_lazy("Person: name or user name"), required=False, max_length=60,
        help_text=gettext_lazy("Leave empty to see everybody who may."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [
            (name, [(action, ACTIONS[action]) for action in table]) for name, table in TABLES
        ]  # fmt: skip


@require_safe
def matrix(request):
    """The whole table, and with ?role= what one role may and may not. For everybody with a post."""
    if not access.posts(request.user):
        raise PermissionDenied("rights")
    asked = request.GET.get("role", "")
    chosen = next((role for role in Role if str(int(role)) == asked), None)
    if asked and chosen is None:
        raise Http404
    context = {
        "tables": explaining.matrix(), "roles": [(int(role), role.label) for role in Role], "chosen": chosen,
        "of_role": explaining.of_role(chosen) if chosen else [],
        "may_ask": access.may_somewhere(request.user, "rights.ask"),
    }  # fmt: skip
    return render(request, "grids/rights.html", context)


@require_safe
def ask(request):
    """?action=&record=&who= answered from grids.access, within the places of the asking person."""
    if not access.may_somewhere(request.user, "rights.ask"):
        raise PermissionDenied("rights.ask")
    form = AskForm(request.GET or None)
    context = {"form": form}
    if form.is_valid():
        said = form.cleaned_data
        row = explaining.find(said["record"])
        if row is None or not access.may(request.user, "rights.ask", access.path_of(row)):
            form.add_error("record", _("There is nothing with this number or code in your area."))
        elif said["who"]:
            context |= _answers(request.user, said, row)
            if not context["answers"]:
                form.add_error("who", _("Nobody in your area has this name."))
        else:
            seen = holders.of_places(request.user, "rights.ask")
            context |= {"row": row, "everybody": explaining.who(said["action"], row, seen), "asked": True}
    return render(request, "grids/ask.html", context, status=422 if form.errors else 200)


def _answers(user, said, row):
    found = people.visible(user, "rights.ask").filter(is_active=True)
    named = found.filter(name__iexact=said["who"]) | found.filter(username=said["who"])
    named = named.distinct().order_by("name", "pk")[:20]
    return {
        "row": row, "what": ACTIONS[said["action"]],
        "answers": [(person, explaining.ask(person, said["action"], row)) for person in named],
    }  # fmt: skip
