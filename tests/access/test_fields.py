"""An act takes what it asks for and nothing else, from nobody; and in what it asks for no row of another place."""

import pytest
from django import forms
from django.shortcuts import redirect
from django.test import override_settings
from django.urls import path

from accounts.models import User
from casework.models import Case
from disputes.models import Dispute
from governance import urls
from grids import access
from grids.models import Area, Post
from tests.access import TABLE, fields, sampling
from tests.access.rows import Row, pk, sent
from tests.access.writable import WRITABLE

pytestmark = pytest.mark.django_db
ACTS = sampling.some(fields.acts(), 16, "acts")
IDS = [f"{name}-{number}" for name, number in ACTS]


def asked(name, number):
    """Everybody who may do it; in the suite one of them."""
    return sampling.some(TABLE[name][number].who, 1, name, number, "fields")


def nothing(found):
    assert not found, "\n".join([*found, f"GOV_MATRIX_SEED={sampling.SEED}"])


def test_every_act_says_what_it_may_be_told():
    assert {name for name, _number in fields.acts()} == set(WRITABLE)


@pytest.mark.parametrize(("name", "number"), ACTS, ids=IDS)
def test_what_is_added_is_without_effect(world, monkeypatch, name, number):
    found = []
    for letter in asked(name, number):
        found += fields.added_to(world, name, number, letter, monkeypatch, WRITABLE[name])

    nothing(found)


@pytest.mark.parametrize(("name", "number"), ACTS, ids=IDS)
def test_rows_of_elsewhere_are_not_taken(world, name, number):
    found = []
    for letter in asked(name, number):
        found += fields.of_elsewhere(world, name, number, letter, WRITABLE[name])

    nothing(found)


# --- planted faults are found -----------------------------------------------------------------


def _row(request, pk):
    return access.fetch(Dispute.objects.select_related("case"), request.user, "dispute.view", pk=pk)


def all_of_the_model(request, pk):
    """fields = "__all__"."""
    form = forms.modelform_factory(Dispute, fields=["line", "people_involved", "severity"])
    row = _row(request, pk)
    form(forms.model_to_dict(row) | request.POST.dict(), instance=row).save()
    return redirect("home")


def whatever_is_sent(request, pk):
    row = _row(request, pk).case
    for name, value in request.POST.items():
        if name in {"state", "category"}:
            setattr(row, name, value)
    row.save()
    return redirect("home")


def place_that_is_sent(request, pk):
    case = _row(request, pk).case
    case.area_path = Area.objects.get(pk=request.POST.get("area_id", case.area_id)).path
    case.save()
    return redirect("home")


def role_that_is_sent(request, pk):
    post = Post.objects.filter(area=_row(request, pk).case.grid, role=10).first()
    Post.objects.filter(pk=post.pk).update(role=request.POST.get("role", 10), public_phone="1")
    return redirect("home")


def place_of_anybody(request, pk):
    """Asks for a place and takes any."""
    area = Area.objects.get(pk=request.POST["area"])
    case = _row(request, pk).case
    case.area_path = area.path
    case.save()
    return redirect("home")


def taking(model, name):
    """An act that writes one row and takes one field of it from whatever was sent."""

    def view(request, pk):
        dispute = _row(request, pk)
        row = {Dispute: dispute, Case: dispute.case, User: request.user}[model]
        if name in request.POST:
            sent = request.POST[name]
            setattr(row, name, True if sent == "on" else sent)
        row.save()
        return redirect("home")

    view.__name__ = f"taking_{name}"
    return view


TAKEN = [
    (Case, "town_id"), (Case, "village_id"), (Case, "opened_on"), (Case, "registered_by_id"), (Case, "number"),
    (Dispute, "sensitive"), (User, "home_code"), (User, "password"), (User, "username"),
]  # fmt: skip
READ = "DXTVB"
PLANTED = {  # view: what is sent, what it may be told, what the harness says
    all_of_the_model: ({}, "line", "asks for people_involved"),
    whatever_is_sent: ({}, "", "takes state"),
    place_that_is_sent: ({}, "", "takes area_id"),
    role_that_is_sent: ({}, "", "takes role"),
    **{taking(model, name): ({}, "", f"takes {name}") for model, name in TAKEN},
}
urlpatterns = urls.urlpatterns + [
    path(f"planted/{view.__name__}/<int:pk>/", view, name=view.__name__) for view in [*PLANTED, place_of_anybody]
]


BY_NAME = {view.__name__: view for view in PLANTED}


@pytest.mark.parametrize("name", sampling.some(BY_NAME, 4, "planted"))
def test_a_planted_field_is_found(world, monkeypatch, name):
    view = BY_NAME[name]
    said, allowed, says = PLANTED[view]
    monkeypatch.setattr(fields.tally, "count", lambda key, n=1: None)
    monkeypatch.setitem(TABLE, view.__name__, [Row(READ, at="micro", args=pk("dispute"), post=sent(**said), ok=302)])

    with override_settings(ROOT_URLCONF=__name__):
        found = fields.added_to(world, view.__name__, 0, "D", monkeypatch, allowed.split())

    assert says in "\n".join(found)


def test_a_planted_place_of_another_town_is_found(world, monkeypatch):
    monkeypatch.setattr(fields.tally, "count", lambda key, n=1: None)
    row = Row(READ, at="micro", args=pk("dispute"), post=lambda c: {"area": c.micro.pk}, ok=302)
    monkeypatch.setitem(TABLE, "place_of_anybody", [row])

    with override_settings(ROOT_URLCONF=__name__):
        found = fields.of_elsewhere(world, "place_of_anybody", 0, "D", {"area"})

    assert "of BRAVO" in "\n".join(found)
