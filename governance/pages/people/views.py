"""The list of people, one person, and the acts on an account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, second_factor, slips
from accounts.models import Device
from common import clock, masking, qr, sealed, spreadsheets
from governance.pages.people import listing
from governance.pages.people.forms import NewPersonForm, PersonForm, ReasonForm
from grids import access, people
from grids.models import Area

A_PAGE = 50
SLIPS_AT_ONCE = 500


@never_cache
@require_safe
def index(request):
    filters = listing.Filters(request.GET, user=request.user)
    said = filters.cleaned_data if filters.is_valid() else {}
    page = Paginator(listing.rows(request.user, said, request.GET.get("sort", "")), A_PAGE).get_page(
        request.GET.get("page")
    )
    page.object_list = listing.shown(page.object_list)
    may_change = access.may_somewhere(request.user, "person.change")
    shown = {"filters": filters, "page_obj": page, "may_change": may_change, "most": SLIPS_AT_ONCE}
    if may_change:
        shown["waiting"] = listing.without_slip(request.user, said).count()
    shown["may_export"] = any(access.may_somewhere(request.user, f"person.{act}") for act in ("export", "release"))
    shown["may_import"] = may_change and access.may_somewhere(request.user, "post.change")
    return render(request, "governance/people/list.html", shown, status=200 if filters.is_valid() else 400)


@require_safe
def export(request):
    """The list with the same filters; numbers stay masked."""
    filters = listing.Filters(request.GET, user=request.user)
    found = listing.rows(request.user, filters.cleaned_data if filters.is_valid() else {}, request.GET.get("sort", ""))
    audit.record(request.user, "people_export", reason=request.GET.urlencode()[:200])
    head = [_("Name"), _("User name"), _("Mobile number"), _("Posts"), _("Account")]
    lines = (
        [
            row["person"].name, row["person"].username, row["phone"],
            "；".join(f"{post.get_role_display()} {post.area}" for post in row["posts"]), row["state"][0],
        ]
        for row in listing.shown(found)
    )  # fmt: skip
    return spreadsheets.answer(
        request, f"people-{clock.today():%Y%m%d}", [spreadsheets.Sheet(_("People"), head, lines)]
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if not access.may_somewhere(request.user, "person.change"):
        raise PermissionDenied("person.change")
    form = NewPersonForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            person = people.admit(by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(name)s was entered. Print a slip for the first sign-in.") % vars(person))
            return redirect("people:person", person.pk)
    return render(request, "governance/people/new.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk):
    """One person; posting corrects name and number. The number field is empty: it is replaced, not read."""
    found = people.fetch(request.user, "person.view", pk)
    if request.method != "POST":
        return shown(request, found)
    people.require(request.user, "person.change", found)
    form = PersonForm(request.POST)
    if form.is_valid():
        phone = form.cleaned_data["phone"] or sealed.opened(found, "phone")
        try:
            people.correct(person=found, name=form.cleaned_data["name"], phone=phone, by=request.user)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:person", pk)
    return shown(request, found, form=form, status=422)


@never_cache
@require_POST
def reveal(request, pk):
    found = people.fetch(request.user, "person.view", pk)
    people.require(request.user, "person.change", found)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return shown(request, found, reason_form=form, status=422)
    phone = people.reveal_phone(person=found, reason=form.cleaned_data["reason"], by=request.user)
    return shown(request, found, phone=phone)


@require_POST
def close(request, pk):
    found = people.fetch(request.user, "person.view", pk)
    people.require(request.user, "person.change", found)
    form = ReasonForm(request.POST, prefix="close")
    if not form.is_valid():
        return shown(request, found, close_form=form, status=422)
    return _act(
        request, pk, _("The account is closed."),
        lambda: people.close(person=found, reason=form.cleaned_data["reason"], by=request.user),
    )  # fmt: skip


@require_POST
def reopen(request, pk):
    found = people.fetch(request.user, "person.view", pk)
    done = _("The account is open again. Print a slip, so that a password can be set.")
    return _act(request, pk, done, lambda: people.reopen(person=found, by=request.user))


@require_POST
def revoke_device(request, pk):
    if not access.may_somewhere(request.user, "person.unlock"):
        raise PermissionDenied("person.unlock")
    device = get_object_or_404(Device.objects.select_related("user"), pk=pk)
    people.fetch(request.user, "person.view", device.user_id)
    done = _("This phone was signed out and is no longer known.")
    return _act(request, device.user_id, done, lambda: people.revoke_device(device=device, by=request.user))


@require_POST
def remove_second_factor(request, pk):
    found = people.fetch(request.user, "person.view", pk)
    people.require(request.user, "person.unlock", found)
    form = ReasonForm(request.POST, prefix="second")
    if not form.is_valid():
        return shown(request, found, second_form=form, status=422)
    return _act(
        request, pk, _("The second factor was removed."),
        lambda: people.remove_second_factor(person=found, reason=form.cleaned_data["reason"], by=request.user),
    )  # fmt: skip


@never_cache
@require_POST
def print_slips(request):
    """New slips for the people named, or with `all` for everybody of the list who has none and never signed in: a
    sheet to print at once, the codes stand nowhere else."""
    if not access.may_somewhere(request.user, "person.change"):
        raise PermissionDenied("person.change")
    if "all" in request.POST:
        filters = listing.Filters(request.GET, user=request.user)
        wanted = listing.without_slip(request.user, filters.cleaned_data if filters.is_valid() else {})
    else:
        numbers = [number for number in request.POST.getlist("person") if number.isdigit()]
        wanted = people.visible(request.user, "person.change").filter(pk__in=numbers)
    wanted = wanted.order_by("pinyin", "pk")[:SLIPS_AT_ONCE]
    try:
        made = people.hand_out_slips(persons=list(wanted), by=request.user)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return redirect("people:list")
    if not made:
        messages.warning(request, _("Nobody was chosen. Tick the people who shall get a slip."))
        return redirect("people:list")
    return render(request, "governance/people/slips.html", _sheet(request, made))


def _sheet(request, made):
    address = request.build_absolute_uri(reverse("accounts:first"))
    rows = listing.shown([person for person, _code in made])
    sheet = listing.by_place([row | {"code": code} for row, (_person, code) in zip(rows, made, strict=True)])
    code = qr.inline(address, _("Address of the first sign-in"), scale=3)
    return {"slips": sheet, "address": address, "qr": code, "until": clock.now() + slips.GOOD_FOR}


def _act(request, pk, done, act):
    try:
        act()
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, done)
    return redirect("people:person", pk)


def shown(request, found, form=None, reason_form=None, close_form=None, second_form=None, phone=None, status=200):
    """The page of a person, with whatever was typed and refused."""
    row = listing.shown([found])[0]
    return render(
        request,
        "governance/people/person.html",
        row
        | {
            "form": form or PersonForm(initial={"name": found.name}),
            "reason_form": reason_form or ReasonForm(),
            "close_form": close_form or ReasonForm(prefix="close"),
            "second_form": second_form or ReasonForm(prefix="second"),
            "second": second_factor.of(found),
            "revealed": phone,
            "past": found.posts.exclude(until_day=None).filter(until_day__lte=clock.today()).select_related("area"),
            "slip": slips.in_force(found).first(),
            "devices": found.devices.filter(revoked_at=None).order_by("-made_at"),
            "may_change": people.may(request.user, "person.change", found) and found.pk != request.user.pk,
            "may_unlock": people.may(request.user, "person.unlock", found) and found.pk != request.user.pk,
            "masked": masking.phone(sealed.opened(found, "phone")),
            "appoint_at": _home(request.user, found),
        },
        status=status,
    )


def _home(user, person):
    """The town or county that entered the person, where the user may give posts there."""
    there = Area.objects.filter(code=person.home_code) if person.is_active and person.home_code else Area.objects.none()
    return access.restrict(there, user, "post.change", path="path").first()
