"""The page on which the town answers a person who asks for his own data, or to have it erased (PIPL 44 to 47)."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import masking
from grids import access
from households import answering
from households.models import Household, Resident

TELL, ERASE = "tell", "erase"


class AnswerForm(forms.Form):
    """What the person asks for; erasing has to be meant."""

    what = forms.ChoiceField(
        label=gettext_lazy("What the person asks for"), widget=forms.RadioSelect, initial=TELL,
        choices=[(TELL, gettext_lazy("to see everything that is kept")), (ERASE, gettext_lazy("to have it erased"))],
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Who asked, when, and how it was made sure"), min_length=4, max_length=200,
        help_text=gettext_lazy("For example: in person on 12 May, identity card seen. No names; it stays on record."),
    )  # fmt: skip
    meant = forms.BooleanField(label=gettext_lazy("Erase it; this cannot be taken back"), required=False)

    def clean(self):
        said = super().clean()
        if said.get("what") == ERASE and not said.get("meant"):
            self.add_error("meant", _("Tick this to erase."))
        return said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, code, pk):
    home = access.fetch(Household.objects.select_related("area", "village"), request.user, "household.view", code=code)
    access.require(request.user, "roster.answer", home)
    person = Resident.objects.filter(household=home, pk=pk).first()
    if person is None:
        raise Http404
    form, told = AnswerForm(request.POST or None), None
    if form.is_valid():
        said = {"resident": person, "by": request.user, "reason": form.cleaned_data["reason"]}
        if form.cleaned_data["what"] == ERASE:
            for words in [*answering.erase(**said), _("Erased.")]:
                messages.success(request, words)
            return redirect("households:home", home.code)
        told = answering.tell(**said)
    context = {"home": home, "person": person, "name": masking.name(person.name), "form": form, "told": told}
    return render(request, "households/answer.html", context, status=422 if form.is_bound and told is None else 200)
