"""Access: people and their accounts."""

from tests.access.rows import Row, area_query, sent


def somebody(name):
    return lambda corner: [getattr(corner, name).pk]


WHO, CHANGE = "SUZT", "ST"
ROWS = {
    "people:list": [Row(WHO), Row(WHO, query=area_query("village"))],
    "people:export": [Row(WHO)],
    "people:new": [Row(CHANGE)],
    "people:slips": [Row(CHANGE, post=sent(), ok=302)],
    "people:person": [Row(WHO, args=somebody("worker"), at="grid")],
    "people:reveal": [Row(CHANGE, args=somebody("worker"), at="grid", post=sent(reason="电话通知"))],
    "people:close": [
        Row(CHANGE, args=somebody("worker"), at="grid", post=lambda corner: {"close-reason": "离职"}, ok=302)
    ],
    "people:reopen": [Row(CHANGE, args=somebody("worker"), at="grid", post=sent(), ok=302)],
    "people:remove_second_factor": [
        Row("U", args=somebody("worker"), at="grid", post=lambda corner: {"second-reason": "手机丢失"}, ok=302)
    ],
    "people:revoke_device": [Row("U", args=lambda corner: [0], post=sent(), ok=404)],
}
