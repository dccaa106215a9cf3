"""Pages of posts: who holds what at a place, appointing, one post with its acts, handing over, a person, one's own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common import clock, masking, sealed
from common.fields import on_day, subtree
from grids import access, handing_over, holders, people, staffing
from grids.models import Area, Leave, Post
from grids.post_acts import ACTS, forms_for
from grids.post_forms import AppointForm, CallForm, HandOverForm, RosterFilters, roles_at
from grids.roles import GRIDS, Role

PER_PAGE = 50
WITH_PLACE = ("user", "area__village", "area__town")


@require_safe
def posts(request, code):
    """Who holds what at a place and below."""
    place = _place(request.user, "post.view", code)
    filters = RosterFilters(request.GET)
    rows = _roster(place, filters.cleaned_data if filters.is_valid() else {})
    return render(
        request,
        "grids/posts.html",
        {
            "place": place,
            "filters": filters,
            "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "may_appoint": bool(roles_at(request.user, place)),
            "may_view_teams": access.may(request.user, "team.view", place.path),
            "may_set_up": place.kind == Area.Kind.TOWN and access.may(request.user, "post.change", place.path),
            "has_notice": place.kind in GRIDS,
            "towns": _towns(place) if place.kind == Area.Kind.COUNTY else [],
        },
    )


def _towns(county):
    return Area.objects.open_on(clock.today()).filter(parent=county, kind=Area.Kind.TOWN).order_by("code")


def _roster(place, said):
    today = clock.today()
    where = Q(area=place) if said.get("only_here") else subtree(place.path, "area__path")
    rows = Post.objects.filter(where)
    rows = rows if said.get("ended") else rows.exclude(until_day__lte=today)
    if said.get("q"):
        rows = rows.filter(user__name__icontains=said["q"])
    if said.get("role"):
        rows = rows.filter(role=said["role"])
    away = Leave.objects.filter(on_day(today), post=OuterRef("pk"))
    return rows.annotate(away=Exists(away)).select_related(*WITH_PLACE).order_by("area__path", "role", "from_day", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request, code):
    """A new post at a place. `?q=` finds the person."""
    place = _place(request.user, "post.change", code)
    text = request.GET.get("q", "").strip()[:60]
    initial = {"role": request.GET.get("role", "")}
    form = AppointForm(request.POST or None, by=request.user, area=place, text=text, initial=initial)
    if form.is_valid():
        try:
            post = staffing.appoint(area=place, by=request.user, **form.asked())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("%(user)s is appointed.") % {"user": post.user})
            return redirect("grids:post", post.pk)
    context = {"place": place, "form": form, "text": text}
    return render(request, "grids/appoint.html", context, status=422 if form.is_bound else 200)


@require_safe
def post(request, pk):
    return _shown(request, _post(request.user, pk))


@require_POST
def act(request, pk, name):
    """Ends, changes or takes back a post, grants or takes back leave."""
    post = _post(request.user, pk)
    if name not in ACTS:
        raise Http404
    access.require(request.user, ACTS[name].permission(post), post.area)
    form = ACTS[name].form(request.POST, post)
    if not form.is_valid():
        return _shown(request, post, form, 422)
    try:
        ACTS[name].take(post, request.user, form.cleaned_data, form)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return _shown(request, post, form, 422)
    messages.success(request, _("Done: %(act)s.") % {"act": ACTS[name].label})
    if name == "withdraw":
        return redirect("grids:posts", post.area.code)
    return redirect("grids:post", post.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pk):
    """What hangs on the post, to whom it goes, and from when."""
    post = _post(request.user, pk)
    access.require(request.user, staffing.change_of(post.role), post.area)
    text = request.GET.get("q", "").strip()[:60]
    form = HandOverForm(request.POST or None, by=request.user, post=post, text=text)
    if form.is_valid():
        try:
            new = staffing.hand_over(post=post, by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            messages.success(request, _("Handed over to %(user)s.") % {"user": new.user})
            return redirect("grids:post", new.pk)
    return render(
        request,
        "grids/hand_over.html",
        {"post": post, "form": form, "text": text, "work": _work(request.user, post)},
        status=422 if form.is_bound else 200,
    )


@never_cache
@require_safe
def person(request, pk):
    """The posts of a person, now and before, as far as the reader's own posts reach."""
    shown = _person(request.user, pk)
    return redirect("grids:my_posts") if shown == request.user else _career(request, shown)


@never_cache
@require_POST
def phone(request, pk):
    """The person's number in full, once, for a reason that goes on record."""
    shown = _person(request.user, pk)
    if not people.may_call(request.user, shown):
        raise PermissionDenied("post.phone")
    form = CallForm(request.POST)
    if not form.is_valid():
        return _career(request, shown, form=form, status=422)
    number = people.reveal_phone_at_work(person=shown, reason=form.cleaned_data["reason"], by=request.user)
    return _career(request, shown, revealed=number)


def _person(user, pk):
    """Somebody with posts to read about: Http404 outside the reader's areas, PermissionDenied where he may not."""
    shown = get_object_or_404(User, pk=pk)
    held = Post.objects.filter(user=shown)
    if shown != user and not held.filter(holders.of_places(user, "post.view")).exists():
        if access.posts(user) and held.filter(_inside(user)).exists():
            raise PermissionDenied("post.view")
        raise Http404
    return shown


def _career(request, shown, form=None, revealed="", status=200):
    seen = holders.of_places(request.user, "post.view")
    context = {"career": holders.career(shown, seen), "grants": _granting(request.user), "own": False}
    context["may_ask"] = access.may_somewhere(request.user, "rights.ask")
    if people.may_call(request.user, shown):
        masked = masking.phone(sealed.opened(shown, "phone"))
        context |= {"phone": masked, "revealed": revealed, "call_form": form or CallForm()}
    return render(request, "grids/person.html", context, status=status)


@require_safe
def my_posts(request):
    """One's own posts, leave included, for everybody who is signed in."""
    career = holders.career(request.user, Q(pk__isnull=False))
    return render(request, "grids/person.html", {"career": career, "grants": set(), "own": True})


def _inside(user):
    below = Q(pk__in=[])
    for held in access.posts(user):
        below |= subtree(held.area.path, "area__path")
    return below


def _granting(user):
    """Ids of the posts whose leave the person grants, and whose reasons he therefore reads."""
    return set(Leave.objects.filter(post__in=Post.objects.filter(holders.of_places(user, "leave.grant"))).values_list(
        "post_id", flat=True
    ))  # fmt: skip


def _place(user, action, code):
    return access.fetch(Area.objects.select_related("village", "town"), user, action, code=code)


def _post(user, pk):
    """A post to open, found through the place it is held at."""
    found = Post.objects.select_related(*WITH_PLACE).filter(pk=pk).first()
    if found is None:
        raise Http404
    access.fetch(Area.objects, user, "post.view", pk=found.area_id)
    return found


def _work(user, post):
    """The open work of a post: kind, how many, and the list for those who may read it."""
    return [
        (work, number, work.url(post) if access.may(user, work.action, post.area.path) else None)
        for _name, work, number in handing_over.open_work(post)
    ]


def _shown(request, post, bound=None, status=200):
    leaves = post.leaves.select_related("stand_in").order_by("-from_day")
    return render(
        request,
        "grids/post.html",
        {
            "post": post,
            "role": Role(post.role).label,
            "ended": post.until_day and post.until_day <= clock.today(),
            "leaves": leaves,
            "may_grant": access.may(request.user, "leave.grant", post.area.path),
            "may_change": access.may(request.user, staffing.change_of(post.role), post.area.path),
            "work": _work(request.user, post),
            "forms": forms_for(post, request.user, bound),
            "bound": bound,
            "today": clock.today(),
        },
        status=status,
    )
