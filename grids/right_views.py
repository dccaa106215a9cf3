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
    """What is asked: an action at a record or place, of whom (empty: of everybody); or all that one person may."""

    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    record = forms.CharField(
        label=gettext_lazy("Number of a case, code of a household, code or name of a place"), max_length=40,
        required=False, help_text=gettext_lazy("Leave empty to see everything the person may see and do."),
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

    def clean(self):
        said = super().clean()
        if not said.get("record") and not said.get("who"):
            self.add_error("record", _("Write a number, a code, a place or a person."))
        elif said.get("record") and not said.get("action"):
            self.add_error("action", _("Choose what is to be done."))
        return said


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
        context |= _about_person(request.user, said) if not said["record"] else _about_record(request.user, said, form)
        if said["who"] and not form.errors and not (context.get("answers") or context.get("careers")):
            form.add_error("who", _("Nobody in your area has this name."))
    return render(request, "grids/ask.html", context, status=422 if form.errors else 200)


def _about_record(user, said, form):
    row = explaining.find(said["record"]) or explaining.place_named(said["record"], access.paths(user, "rights.ask"))
    if row is None or not access.may(user, "rights.ask", access.path_of(row)):
        form.add_error("record", _("There is nothing with this number, code or name in your area, or several are."))
        return {}
    if said["who"]:
        return _answers(user, said, row)
    seen = holders.of_places(user, "rights.ask")
    return {"row": row, "everybody": explaining.who(said["action"], row, seen), "asked": True}


def _about_person(user, said):
    """Every post of those with the name, and what it allows."""
    tops = access.paths(user, "rights.ask")
    return {"careers": [(person, explaining.all_of(person, tops)) for person in _named(user, said["who"])]}


def _named(user, who):
    found = people.visible(user, "rights.ask").filter(is_active=True)
    named = found.filter(name__iexact=who) | found.filter(username=who)
    return list(named.distinct().order_by("name", "pk")[:20])


def _answers(user, said, row):
    answers = [(person, explaining.ask(person, said["action"], row)) for person in _named(user, said["who"])]
    return {"row": row, "what": ACTIONS[said["action"]], "answers": answers}
