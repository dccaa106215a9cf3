"""Access: posts, leave, teams, notices, and who may do what."""

from tests.access.rows import ALL, Row, code, pk, sent

VIEW = "LDVBTHCYREFUZ"  # reads who holds what
CHANGE = "TU"  # appoints, ends, hands over
GRANT = "DVBT"  # grants leave and reads its reason


def appointed(corner):
    return {"role": 11, "person": corner.member.pk, "from_day": "2026-11-18", "full_time": "yes"}


def act(name):
    return lambda corner: [corner.worker_post.pk, name]


ROWS = {
    "grids:posts": [Row(VIEW, at=level, args=code(level)) for level in ("grid", "village")],
    "grids:appoint": [
        Row(CHANGE, at="grid", args=code("grid")),
        Row(CHANGE, at="grid", args=code("grid"), post=appointed, ok=302),
    ],
    "grids:post": [Row(VIEW, at="grid", args=pk("worker_post"))],
    "grids:post_act": [
        Row(GRANT, at="grid", args=act("leave"), ok=302,
            post=sent(first="2026-11-20", last="2026-11-21", reason="事假")),
        Row(CHANGE, at="grid", args=act("change"), post=sent(full_time="no", origin="ranger"), ok=302),
        Row(CHANGE, at="grid", args=act("end"), post=sent(on="2026-11-18"), ok=302),
    ],
    "grids:hand_over": [
        Row(CHANGE, at="grid", args=pk("worker_post")),
        Row(CHANGE, at="grid", args=pk("worker_post"), ok=302,
            post=lambda c: {"to": c.member.pk, "on": "2026-11-18"}),
    ],
    "grids:person": [Row(VIEW, at="grid", args=pk("worker"))],
    "grids:my_posts": [Row(ALL, without_post=200)],
}  # fmt: skip
