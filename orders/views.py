"""Pages of service orders: the list, its download, one order with its acts, placing one."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import pages
from casework.forms import NoteForm, ReasonForm, act_forms
from casework.lists import place_label
from grids import access
from orders import requester, workflow
from orders.forms import PlaceForm
from orders.lists import LISTING
from orders.models import Order


@require_safe
def index(request):
    may_place = access.may_somewhere(request.user, "order.place")
    return pages.list_page(request, LISTING, "orders/list.html", may_place=may_place)


@require_safe
def export(request):
    return pages.export(request, LISTING, _("Service orders"), "orders")


@require_safe
def detail(request, pk):
    return _shown(request, _fetch(request.user, pk))


@require_POST
def act(request, pk, action):
    order = _fetch(request.user, pk)
    if action not in workflow.ACTIONS:
        raise Http404
    form = NoteForm(request.POST, name=action, action=workflow.ACTIONS[action], case=order.case, user=request.user)
    return pages.act(
        request, form,
        take=lambda **asked: workflow.take(action, order=order, **asked),
        shown=lambda form, status: _shown(request, _fetch(request.user, pk), form, status),
        back=reverse("orders:detail", args=[pk]),
    )  # fmt: skip


@never_cache
@require_POST
def reveal(request, pk):
    order = _fetch(request.user, pk)
    return pages.reveal(request, partial(_shown, request, order), partial(requester.reveal, order=order))


@require_http_methods(["GET", "HEAD", "POST"])
def place(request):
    if not access.may_somewhere(request.user, "order.place"):
        raise PermissionDenied("order.place")
    form = PlaceForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            order = workflow.place(by=request.user, **form.asked())
        except workflow.OpenedBefore as before:
            return redirect("orders:detail", before.case.pk)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Placed as %(number)s.") % {"number": order.case.number})
            return redirect("orders:detail", order.pk)
    return render(request, "orders/place.html", {"form": form}, status=422 if form.is_bound else 200)


def _fetch(user, pk):
    """One order to open: 404 outside the person's areas, 403 where he may not or sees figures only."""
    related = ["case__area__village", "case__registered_by"]
    return access.fetch(Order.objects.select_related(*related), user, "order.view", pk=pk)


def _shown(request, order, bound=None, status=200, shown=None, reason_form=None):
    return render(
        request,
        "orders/detail.html",
        {
            "order": order,
            "case": order.case,
            "place": place_label(order.case.area),
            "state": workflow.State(order.case.state),
            "person": requester.masked(order) if shown is None else shown,
            "reason_form": reason_form or ReasonForm(),
            "may_reveal": shown is None and access.may(request.user, "order.handle", order.case.area_path),
            "steps": pages.history(order.case),
            "acts": act_forms(order.case, request.user, {}, bound),
            "bound": bound,
        },
        status=status,
    )
