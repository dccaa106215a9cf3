"""The list of people: filters, sorting, and what a row shows."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from accounts.models import Slip
from common import clock, masking, sealed
from common.fields import subtree
from grids import access, people
from grids.models import Area, Post
from grids.roles import Role

SORTS = {"name": ["pinyin", "pk"], "username": ["username"], "since": ["created_at", "pk"]}
STATES = [
    ("", _("all accounts")),
    ("open", _("with a password")),
    ("none", _("without a password")),
    ("slip", _("slip handed out")),
    ("closed", _("account closed")),
]


class Filters(forms.Form):
    """What the query string may say of the list."""

    q = forms.CharField(label=_("Name, sound or user name"), required=False, max_length=60)
    role = forms.TypedChoiceField(
        label=_("Post"), required=False, coerce=int, empty_value=None, choices=[("", _("any post")), *Role.choices]
    )
    area = forms.CharField(label=_("Place"), required=False, max_length=24, widget=forms.Select)
    state = forms.ChoiceField(label=_("Account"), required=False, choices=STATES)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [Area.Kind.TOWN, Area.Kind.VILLAGE]
        there = access.restrict(Area.objects.open_on(clock.today()).filter(kind__in=kinds), user, "person.view", "path")
        asked = Area.objects.visible_to(user).filter(code=self.data.get("area", "-"))  # a grid, from somebody's link
        found = {area.code: area.name for area in [*there.order_by("path"), *asked]}
        self.fields["area"].widget.choices = [("", _("everywhere")), *found.items()]


def rows(user, said: dict, sort="") -> object:
    """People the user may see, narrowed by the filters, as a queryset with `posts_now`."""
    if not access.may_somewhere(user, "person.view"):
        raise PermissionDenied("person.view")
    found = people.visible(user)
    if word := said.get("q", "").strip():
        heard = word.lower()
        found = found.alias(heard=Replace("pinyin", Value(" "))).filter(
            Q(name__icontains=word) | Q(username__icontains=heard) | Q(initials__startswith=heard)
            | Q(heard__contains=heard.replace(" ", "")) | Q(phone_index=sealed.blind(word, purpose="phone"))
        )  # fmt: skip
    held = Post.objects.held_on(clock.today()).filter(user=OuterRef("pk"))
    if said.get("role"):
        found = found.filter(Exists(held.filter(role=said["role"])))
    if said.get("area"):
        area = Area.objects.filter(code=said["area"]).first()
        inside = Q(home_code=said["area"]) | Exists(held.filter(subtree(area.path, "area__path"))) if area else Q(pk=0)
        found = found.filter(inside)
    found = _of_state(found, said.get("state"))
    order = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return found.order_by(*(f"-{key}" if sort.startswith("-") else key for key in order))


def _of_state(found, state):
    slip = Exists(Slip.objects.filter(user=OuterRef("pk"), ended_at=None, until__gt=clock.now()))
    unusable = Q(password__startswith="!") | Q(password="")
    return {
        "open": found.filter(~unusable, is_active=True),
        "none": found.filter(unusable, ~slip, is_active=True),
        "slip": found.filter(slip, is_active=True),
        "closed": found.filter(is_active=False),
    }.get(state, found)


def without_slip(user, said: dict):
    """Those of the list who never signed in and hold no slip, as far as the user may print them one."""
    found = _of_state(rows(user, said), "none")
    return found.filter(pk__in=people.visible(user, "person.change").values("pk"))


def by_place(sheet: list[dict]) -> list[dict]:
    """Rows in the order in which they are handed out: place by place."""
    return sorted(sheet, key=lambda row: (row["posts"][0].area.path if row["posts"] else "", row["person"].pinyin))


def shown(people_of_page) -> list[dict]:
    """A page of people with their posts of today and the state of their accounts, two look-ups for all."""
    there = list(people_of_page)
    posts = Post.objects.held_on(clock.today()).filter(user__in=there).select_related("area").order_by("role", "pk")
    held = {}
    for post in posts:
        held.setdefault(post.user_id, []).append(post)
    slips = Slip.objects.filter(user__in=there, ended_at=None, until__gt=clock.now())
    with_slip = set(slips.values_list("user_id", flat=True))
    return [
        {
            "person": person,
            "phone": masking.phone(sealed.opened(person, "phone")),
            "posts": held.get(person.pk, []),
            "state": state_of(person, person.pk in with_slip),
        }
        for person in there
    ]


def state_of(person, has_slip) -> tuple:
    """(word, tone)"""
    if not person.is_active:
        return _("account closed"), "bad"
    if person.has_usable_password():
        return _("with a password"), "good"
    return (_("slip handed out"), "calm") if has_slip else (_("without a password"), "warn")
