"""Access: party organisations, members and household links."""

import datetime as dt

from tests.access.rows import Row, area_query, code, pk, sent
from tests.access.world import TODAY


def asked(corner):
    return {"area": corner.village.code, "way": "fill", "on": TODAY.isoformat()}


def given(corner):
    return {"give": [f"{corner.household.pk}-"]}


def of_village(corner):
    return [corner.proposal.pk, corner.village.code]


READERS = "DVBTHC"
LINKERS = "DVBT"
TOMORROW = (TODAY + dt.timedelta(days=1)).isoformat()


def nothing_held(_corner):
    return ["00000000-0000-4000-8000-000000000000"]


def act(name, who="member"):
    return lambda corner: [getattr(corner, who).pk, name]


def home(corner):
    return [corner.household.code]


def organisation(corner):
    return {"parent": "", "level": "committee", "name": "新的一个", "area": corner.village.code}


def tied(corner):
    return {"cadre": corner.town_desk.pk, "codes": corner.household.code, "on": TODAY.isoformat()}


def newcomer(corner):
    return {"name": "新来的人", "phone": "", "org": corner.org.pk}


def elsewhere(corner):
    return {"org": corner.spare_org.pk}


CHANGERS = "BT"
LIMITS = {"least": 5, "most": 25, "cadre_grids": 1, "cadre_homes": 10, "chain": "grid"}
ROWS = {
    "party:coverage": [Row(READERS), Row(READERS, at="village", query=area_query("village"))],
    "party:coverage_export": [Row(READERS), Row(READERS, at="village", query=area_query("village"))],
    "party:notice": [Row(READERS, at="village", args=code("village"))],
    "party:rule": [
        Row("T", at="town", args=code("town")),
        Row("T", at="town", args=code("town"), post=sent(**LIMITS), ok=302),
    ],
    "party:proposals": [
        Row(LINKERS),
        Row(LINKERS, at="village", post=asked, ok=302, outside={LINKERS: 422, "": 403}),
    ],
    "party:proposal": [Row(LINKERS, at="village", args=pk("proposal"))],
    "party:proposal_village": [
        Row(LINKERS, at="village", args=of_village),
        Row(LINKERS, at="village", args=of_village, post=given, ok=302),
    ],
    "party:apply": [Row(LINKERS, at="village", args=pk("proposal"), post=sent(), ok=302)],
    "party:discard": [Row(LINKERS, at="village", args=pk("proposal"), post=sent(), ok=302)],
    "party:members": [Row(READERS), Row(READERS, at="village", query=area_query("village"))],
    "party:household": [
        Row(LINKERS, at="micro", args=home),
        Row(LINKERS, at="micro", args=home, post=sent(act="end", on=TOMORROW), ok=302),
    ],
    "party:cadres": [
        Row("THC", at="town", args=code("town")),
        Row("T", at="town", args=code("town"), post=tied, ok=302),
    ],
    "party:cadre_end": [
        Row(LINKERS, at="micro", args=lambda c: [c.cadre_link.pk], post=sent(), ok=302),
    ],
    "party:orgs": [
        Row(READERS),
        Row(CHANGERS, at="village", query=area_query("village"), post=organisation, ok=302),
    ],
    "party:org": [
        Row(READERS, at="village", args=pk("org")),
        Row(CHANGERS, at="village", args=pk("org"), post=sent(name="另一个名字"), ok=302),
    ],
    "party:org_end": [Row(CHANGERS, at="village", args=pk("spare_org"), post=sent(), ok=302)],
    "party:member_new": [
        Row(CHANGERS),
        Row(CHANGERS, at="village", post=newcomer, ok=302, outside={CHANGERS: 422, "": 403}),
    ],
    "party:member": [Row(READERS, at="village", args=pk("member"))],
    "party:member_act": [
        Row(CHANGERS, at="village", args=act("exempt"), ok=302,
            post=sent(reason="away", from_day=TODAY.isoformat(), until_day="")),
        Row(CHANGERS, at="village", args=act("move"), post=elsewhere, ok=302),
        Row(CHANGERS, at="village", args=act("own"), post=sent(household=""), ok=302),
        Row(CHANGERS, at="village", args=act("leave"), post=sent(on=TOMORROW), ok=302),
    ],
    "party:exemption_end": [
        Row(CHANGERS, at="village", args=lambda c: [c.exempt.pk, c.exemption.pk], post=sent(), ok=302)
    ],
    "party:import": [Row(CHANGERS)],
    "party:import_template": [Row(CHANGERS)],
    "party:import_preview": [Row(CHANGERS, args=nothing_held, ok=404)],
    "party:import_marked": [Row(CHANGERS, args=nothing_held, ok=404)],
    "party:members_export": [Row(READERS), Row(READERS, at="village", query=area_query("village"))],
}  # fmt: skip
