"""Posts at places that end: carried over to the new place as the person chooses, remembered for taking back."""

import datetime as dt

from django.db.models import Q

from grids.models import Area, Leave, Post


def ending(areas, chosen, on: dt.date) -> list[dict]:
    """The posts that end with these places, and the chosen ones that go elsewhere, as an act keeps them (JSON)."""
    mine = Q(area__in=areas) | Q(pk__in=[post.pk for post in chosen])
    held = Post.objects.filter(mine).exclude(until_day__lte=on).order_by("pk")
    return [
        {
            "post": post.pk, "user": post.user_id, "area": post.area_id, "role": post.role,
            "full_time": post.full_time, "origin": post.origin, "public_phone": post.public_phone,
            "from": post.from_day.isoformat(),
            "until": post.until_day and post.until_day.isoformat(),
        }
        for post in held
    ]  # fmt: skip


def continue_at(chosen: dict[Post, Area], on: dt.date) -> dict[int, int]:
    """Gives the holder of each post the same post at another place from the day on, with the leave that reaches
    beyond it. Somebody who held the same role at two places holds it once. Returns old post id -> new one."""
    made, continued = {}, {}
    for post, area in chosen.items():
        key = (post.user_id, area.pk, post.role)
        if key not in made:
            made[key] = Post.objects.create(
                user_id=post.user_id, area=area, role=post.role, full_time=post.full_time, origin=post.origin,
                public_phone=post.public_phone,
                from_day=max(post.from_day, on), until_day=post.until_day,
            )  # fmt: skip
            _take_leave_along(post, made[key], on)
        continued[post.pk] = made[key].pk
        _end(post, on)
    return continued


def _end(post, on):
    post.leaves.filter(from_day__gte=on).delete()
    post.leaves.filter(until_day__gt=on).update(until_day=on)
    if post.from_day < on:
        Post.objects.filter(pk=post.pk).update(until_day=on)


def _take_leave_along(post, new, on):
    for leave in post.leaves.filter(until_day__gt=on):
        Leave.objects.create(
            post=new, reason=leave.reason, stand_in_id=leave.stand_in_id, until_day=leave.until_day,
            from_day=max(leave.from_day, on),
        )  # fmt: skip


def restore(ended: list[dict], on: dt.date) -> dict[int, Post]:
    """Gives posts that ended with their place back from the day on: one that ended on that very day simply goes on,
    for any other the person holds a new one. Returns old post id -> the post held now."""
    found = {}
    for kept in ended:
        until = kept["until"] and dt.date.fromisoformat(kept["until"])
        if until is not None and until <= on:
            continue
        same = Post.objects.filter(pk=kept["post"], until_day=on).first()
        if same:
            same.until_day = until
            same.save(update_fields=["until_day"])
        else:
            same = Post.objects.create(
                user_id=kept["user"], area_id=kept["area"], role=kept["role"], full_time=kept["full_time"],
                origin=kept.get("origin", ""), public_phone=kept.get("public_phone", ""),
                from_day=max(on, dt.date.fromisoformat(kept["from"])), until_day=until,
            )  # fmt: skip
        found[kept["post"]] = same
    return found
