"""Forms of the weekly ledger: one for each act, with the verb it calls."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ledgers import signing


class ActForm(forms.Form):
    """An act on one ledger; `take` calls its verb."""

    name, label, done = "", "", ""
    verb = None

    def take(self, *, ledger, by):
        return type(self).verb(ledger=ledger, by=by, **self.asked())

    def asked(self) -> dict:
        return {}


class CommentForm(ActForm):
    """The desk's remark."""

    name, label, done = "comment", _("Save the remark"), _("The remark is saved.")
    verb = signing.comment
    note = forms.CharField(
        label=_("Remark of the village centre desk"), required=False, max_length=signing.COMMENT_LIMIT,
        help_text=_("It is sealed with the ledger and read by the town: no names, no telephone or ID numbers."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def asked(self):
        return {"text": self.cleaned_data["note"]}


class SignForm(ActForm):
    """The director's signature."""

    name, label, done = "sign", _("Sign this ledger"), _("The ledger is signed and sealed.")
    verb = signing.sign


class AcceptForm(ActForm):
    """The town takes it."""

    name, label, done = "accept", _("Accept"), _("The ledger is accepted.")
    verb = signing.accept


class ReturnForm(ActForm):
    """The town sends it back."""

    name, label, done = "return", _("Return to the village"), _("The ledger is returned; its next version is drafted.")
    verb = signing.send_back
    note = forms.CharField(
        label=_("What the village has to mend"), max_length=signing.REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def asked(self):
        return {"reason": self.cleaned_data["note"]}


FORMS = {form.name: form for form in (CommentForm, SignForm, AcceptForm, ReturnForm)}


def for_ledger(ledger, user, bound=None) -> list[ActForm]:
    """The forms of what a person could do with a ledger now; the one just sent comes back as it was sent."""
    names = signing.possible(ledger, user)
    return [
        bound if bound is not None and bound.name == name else FORMS[name](initial={"note": _initial(name, ledger)})
        for name in names
    ]  # fmt: skip


def _initial(name, ledger):
    return ledger.comment if name == "comment" else ""
