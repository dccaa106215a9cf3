"""Access: posts, leave, teams, notices, and who may do what."""

from tests.access.rows import ALL, ANYBODY, Row, code, pk, sent

VIEW = "LDVBTHCYREFUZ"  # reads who holds what
PHONE = "DVBTHREF"  # calls those in post
CHANGE = "TU"  # appoints, ends, hands over
TEAM_VIEW, TEAM_CHANGE = "DVBTHFEC", "DVBTF"
GRANT = "DVBT"  # grants leave and reads its reason


def appointed(corner):
    return {"role": 11, "person": corner.member.pk, "from_day": "2026-11-18", "full_time": "yes"}


def act(name):
    return lambda corner: [corner.worker_post.pk, name]


def put_right(corner):
    post = corner.worker_post
    return {"role": post.role, "area": post.area_id, "from_day": post.from_day, "until_day": "2026-11-20",
            "reason": "当初登记有误"}  # fmt: skip


def founded(corner):
    return {"kind": "volunteer", "name": "新队", "base": "村部", "from_day": "2026-11-18"}


def joined(corner):
    return {"person": corner.worker.pk, "from_day": "2026-11-18"}


def given_villages(corner):
    return {"person": corner.member.pk, "villages": [corner.village.pk], "from_day": "2026-11-18"}


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
        Row(CHANGE, at="grid", args=act("correct"), post=put_right, ok=302),
    ],
    "grids:hand_over": [
        Row(CHANGE, at="grid", args=pk("worker_post")),
        Row(CHANGE, at="grid", args=pk("worker_post"), ok=302,
            post=lambda c: {"to": c.member.pk, "on": "2026-11-18"}),
    ],
    "grids:person": [Row(VIEW, at="grid", args=pk("worker"))],
    "grids:person_phone": [Row(PHONE, at="grid", args=pk("worker"), post=sent(reason="电话通知"))],
    "grids:vacancies": [Row(VIEW, at="village", args=code("village"))],
    "grids:vacancies_xlsx": [Row(VIEW, at="village", args=code("village"))],
    "grids:staffing": [
        Row(CHANGE, at="town", args=code("town")),
        Row(CHANGE, at="town", args=code("town"), post=sent(staffing="1-n-x", supervision_phone="0355-6381234"),
            ok=302),
    ],
    "grids:staffing_rows": [
        Row(CHANGE, at="town", args=code("town")),
        Row(CHANGE, at="town", args=code("town"), post=sent(p0_keep="on", p0_least="2", new_least="1"), ok=302),
    ],
    "grids:cadres": [
        Row(CHANGE, at="town", args=code("town")),
        Row(CHANGE, at="town", args=code("town"), post=given_villages, ok=302),
    ],
    "grids:teams": [
        Row(TEAM_VIEW, at="village", args=code("village")),
        Row(TEAM_CHANGE, at="village", args=code("village"), post=founded, ok=302),
    ],
    "grids:team": [
        Row(TEAM_VIEW, at="village", args=pk("team")),
        Row(TEAM_CHANGE, at="village", args=pk("team"), post=joined, ok=302),
    ],
    "grids:team_leave": [
        Row(TEAM_CHANGE, at="village", args=lambda c: [c.team.pk, c.team_member.pk], post=sent(), ok=302)
    ],
    "grids:team_end": [Row(TEAM_CHANGE, at="village", args=pk("team"), post=sent(), ok=302)],
    "grids:all_notices": [Row(VIEW, at="village", args=code("village"))],
    "grids:notice": [
        Row(ANYBODY, at="grid", args=code("grid"),
            public=("{}第一网格", "{}网格", "东{}村", "{}微网格", "{}新微网格", "吴{}", "钱{}", "墨镫乡{}"))
    ],
    "grids:rights": [Row(ALL)],
    "grids:ask": [
        Row("TUZ"),
        Row("TUZ", at="grid", query=lambda c: f"?action=report.view&record={c.grid.code}", ok=200,
            outside={"TUZ": 422, "": 403}),
        Row("TUZ", at="micro", query=lambda c: f"?action=dispute.view&record={c.dispute.case.number}&who=吴{c.mark}",
            outside={"TUZ": 422, "": 403}),
    ],
    "grids:my_posts": [Row(ALL, without_post=200)],
}  # fmt: skip
