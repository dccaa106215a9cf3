"""What an act would touch, before it is confirmed: what hangs at the places, what becomes of them and of posts."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import clock
from common.fields import subtree
from grids import changes
from grids.changes import Hanging
from grids.models import Area, AreaAct, Post
from grids.reshaping import outlining
from grids.reshaping.acts import Act
from grids.reshaping.merging import posts_of
from grids.roles import Role


@dataclass
class Preview:
    """`touched`: places with what hangs there; `lines`: what becomes of them, in words; `posts`: (post, what becomes
    of it); `warnings`: what the person should know before confirming."""

    act: Act
    touched: list[tuple[Area, list[Hanging]]]
    lines: list[str] = field(default_factory=list)
    posts: list[tuple[Post, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def later(self):
        return self.act.on > clock.today()


def of(act: Act) -> Preview:
    """The preview of an act that could be done."""
    shown = Preview(act, [(area, [*changes.hanging_at(area), *_posts(area)]) for area in act.changed])
    DETAILS[act.kind](act, shown)
    return shown


def _posts(area):
    held = Post.objects.filter(subtree(area.path, "area__path")).exclude(until_day__lte=clock.today()).count()
    return [Hanging("posts", _("posts held"), held, reverse("grids:posts", args=[area.code]))] if held else []


def _opening(act, shown):
    words = {"name": act.terms["name"], "code": act.terms["code"], "parent": act.above[0]}
    shown.lines.append(_("%(name)s (%(code)s) opens below %(parent)s.") % words)


def _moving(act, shown):
    (area,), (parent,) = act.changed, act.above
    words = {"area": area, "parent": parent, "code": act.code, "before": area.parent}
    shown.lines.append(_("%(area)s leaves %(before)s and hangs from %(parent)s, with all below it.") % words)
    if act.code != area.code:
        shown.lines.append(_("Its code becomes %(code)s, codes below follow; old ones are never given again.") % words)
    if parent.village_id != area.village_id:
        shown.lines.append(_("Reports and households count for %(village)s from that day on; days before stay.") % {
            "village": parent.village,
        })  # fmt: skip
        shown.warnings.append(_("Open cases go along, and go on counting in the village where they were found."))
        villages = [area.village, parent.village]
        if not outlining.without([area], act.on) and outlining.without(villages, act.on) != villages:
            shown.warnings.append(_("The boundaries of the villages stay as they are. Draw them anew afterwards."))


def _ending(act, shown):
    shown.lines.append(_("%(area)s ends. Its past stays readable, its code is never given again.") % {
        "area": act.changed[0],
    })  # fmt: skip
    _fates(act, shown, {})


def _renaming(act, shown):
    (area,) = act.changed
    pairs = [
        (pgettext("of a place", "Name"), area.name, act.name),
        (_("Official name"), area.official_name, act.official_name),
        (pgettext("of a place", "Code"), area.code, act.code),
    ]
    for label, was, becomes in pairs:
        if was != becomes:
            shown.lines.append(_("%(label)s: %(was)s → %(becomes)s") % {"label": label, "was": was, "becomes": becomes})
    if act.kind == AreaAct.Kind.CORRECT:
        shown.lines.append(_("Right from that day on; what is signed stays as it was signed."))
    else:
        shown.lines.append(_("Days before keep the old one."))


def _merging(act, shown):
    names = _(", ").join(area.name for area in act.changed)
    words = {"names": names, "name": act.terms["name"], "code": act.terms["code"]}
    shown.lines.append(_("%(names)s end. Everything below and at them goes to %(name)s (%(code)s).") % words)
    _fates(act, shown, {post.pk: act.terms["name"] for post in act.carried})
    _vacant(act, shown, act.terms["name"], act.carried)
    missing = outlining.without(act.changed, act.on)
    if not missing:
        shown.lines.append(_("The outline of %(name)s is joined from theirs.") % words)
    elif len(missing) < len(act.changed):
        missing = _(", ").join(area.name for area in missing)
        shown.warnings.append(_("Draw the outline of %(name)s afterwards: %(missing)s have none.") % (
            words | {"missing": missing}
        ))  # fmt: skip


def _splitting(act, shown):
    (area,) = act.changed
    if act.keeps:
        shown.lines.append(_("%(area)s keeps its code and name.") % {"area": area})
    else:
        shown.lines.append(_("%(area)s ends.") % {"area": area})
    for number, part in enumerate(act.parts):
        words = {"name": part["name"], "code": part["code"]}
        names = [act.children[pk].name for pk in part.get("areas") or []]
        taken = _(", ").join(names) or _("households: %(n)d") % {"n": len(part.get("households") or [])}
        shown.lines.append(_("%(name)s (%(code)s) takes %(taken)s.") % (words | {"taken": taken}))
        _vacant(act, shown, part["name"], [post for post, goes in act.carried.items() if goes == number])
    _fates(act, shown, {post.pk: act.parts[goes]["name"] for post, goes in act.carried.items()})
    _outlining(act, shown)


def _outlining(act, shown):
    """Where the place has an outline, what becomes of those of its parts."""
    if outlining.without(act.changed, act.on):
        return
    for part, outline in zip(act.parts, act.outlines(), strict=True):
        if outline is None:
            shown.warnings.append(_("Draw the outline of %(name)s afterwards, or have it proposed.") % part)
        else:
            shown.lines.append(_("The outline of %(name)s is joined from those of what it takes.") % part)


def _fates(act, shown, goes_on):
    for post in posts_of(act.changed, act.on):
        if post.pk in goes_on:
            shown.posts.append((post, _("goes on at %(name)s") % {"name": goes_on[post.pk]}))
        else:
            shown.posts.append((post, _("stays") if getattr(act, "keeps", False) else _("ends with the place")))


def _vacant(act, shown, name, carried):
    if act.changed[0].reports and not any(post.role == Role.GRID_WORKER for post in carried):
        shown.warnings.append(
            _("%(name)s has no grid worker yet: its reports are excused until one is appointed.") % {"name": name}
        )


DETAILS = {
    "open": _opening, "move": _moving, "end": _ending, "rename": _renaming, "correct": _renaming, "merge": _merging,
    "split": _splitting,
}  # fmt: skip
