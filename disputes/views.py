"""Pages of disputes: the list every figure leads to, its download, one dispute with its acts, registering."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from casework import pages
from casework.forms import NoteForm, ReasonForm, act_forms
from casework.lists import place_label
from disputes import parties, workflow
from disputes.forms import ACT_FORMS, RegisterForm
from disputes.lists import LISTING
from disputes.models import Dispute
from grids import access


@require_safe
def index(request):
    may_register = access.may_somewhere(request.user, "dispute.register")
    return pages.list_page(request, LISTING, "disputes/list.html", may_register=may_register)


@require_safe
def export(request):
    return pages.export(request, LISTING, _("Disputes"), "disputes")


@require_safe
def detail(request, pk):
    dispute = _fetch(request.user, pk)
    if dispute.sensitive:
        audit.record(request.user, "sensitive_dispute_read", row=dispute, area_code=dispute.case.area.code)
    return _shown(request, dispute)


@require_POST
def act(request, pk, action):
    dispute = _fetch(request.user, pk)
    if action not in workflow.ACTIONS:
        raise Http404
    form = ACT_FORMS.get(action, NoteForm)(
        request.POST, name=action, action=workflow.ACTIONS[action], case=dispute.case, user=request.user
    )
    return pages.act(
        request, form,
        take=lambda **asked: workflow.take(action, dispute=dispute, **asked),
        shown=lambda form, status: _shown(request, _fetch(request.user, pk), form, status),
        back=reverse("disputes:detail", args=[pk]),
    )  # fmt: skip


@never_cache
@require_POST
def reveal(request, pk):
    dispute = _fetch(request.user, pk)
    return pages.reveal(request, partial(_shown, request, dispute), partial(parties.reveal, dispute=dispute))


@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    if not access.may_somewhere(request.user, "dispute.register"):
        raise PermissionDenied("dispute.register")
    form = RegisterForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            dispute = workflow.register(by=request.user, **form.asked())
        except workflow.OpenedBefore as before:
            return redirect("disputes:detail", before.case.pk)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": dispute.case.number})
            return redirect("disputes:detail", dispute.pk)
    return render(request, "disputes/register.html", {"form": form}, status=422 if form.is_bound else 200)


def _fetch(user, pk):
    """One dispute to open: 404 outside the person's areas, 403 where he may not or sees figures only."""
    related = ["case__area__village", "case__registered_by", "duplicate_of__case"]
    return access.fetch(Dispute.objects.select_related(*related), user, "dispute.view", pk=pk)


def _shown(request, dispute, bound=None, status=200, shown=None, reason_form=None):
    return render(
        request,
        "disputes/detail.html",
        {
            "dispute": dispute,
            "case": dispute.case,
            "place": place_label(dispute.case.area),
            "state": workflow.State(dispute.case.state),
            "parties": parties.masked(dispute) if shown is None else shown,
            "reason_form": reason_form or ReasonForm(),
            "may_reveal": shown is None and access.may(request.user, "dispute.handle", dispute.case.area_path),
            "duplicates": dispute.duplicates.select_related("case").order_by("pk"),
            "spells": dispute.case.spells.order_by("round"),
            "steps": pages.history(dispute.case),
            "acts": act_forms(dispute.case, request.user, ACT_FORMS, bound),
            "bound": bound,
        },
        status=status,
    )
