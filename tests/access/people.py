"""Access: people and their accounts."""

from tests.access.rows import Row, area_query, sent


def somebody(name):
    return lambda corner: [getattr(corner, name).pk]


def nothing_held(corner):
    return ["00000000-0000-4000-8000-000000000000"]


WHO, CHANGE = "SUZT", "ST"
ROWS = {
    "people:list": [Row(WHO), Row(WHO, query=area_query("village"))],
    "people:export": [Row(WHO)],
    "people:new": [Row(CHANGE)],
    "people:exports": [Row("STHU")],
    "people:decide_export": [Row("HU", args=lambda corner: [0], post=sent(answer="release"), ok=404)],
    "people:download_export": [Row("ST", args=lambda corner: [0], ok=404)],
    "people:import": [Row("T")],
    "people:import_template": [Row("T")],
    "people:import_preview": [Row("T", args=nothing_held, query=area_query("town"), ok=404)],
    "people:import_marked": [Row("T", args=nothing_held, query=area_query("town"), ok=404)],
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
    # a number that nobody has: whoever might do it finds nothing, the others are told that they may not
    "people:revoke_device": [Row("U", args=lambda corner: [0], post=sent(), ok=404)],
}
