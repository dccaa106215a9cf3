"""What the demo town 故城镇 is built from: its published figures and the words of its method (handbook 2.1)."""

import datetime as dt

from governance.divisions.figures import FIGURES

DIVISIONS = "gucheng"
TOWN_CODE = "140429104000"
SHORT = "故城"
OPENED = dt.date(2024, 1, 1)  # everything stands long before the first day of history

PUBLISHED = FIGURES[DIVISIONS]
GRIDS = PUBLISHED["grids"]
MICRO_GRIDS = PUBLISHED["micro_grids"]
HOUSEHOLDS = PUBLISHED["households"]
PEOPLE = PUBLISHED["people"]
LIVING_THERE = PUBLISHED["living_there"]
MEMBERS = PUBLISHED["party_members"]
LINKED_MEMBERS = PUBLISHED["linked_members"]
DISPUTES = PUBLISHED["disputes_settled"]

SEAT = "故城村"  # the largest village, in the middle
SHOWN = "东良村"  # the demonstration village, where the demo sign-ins work; it has two grids
MIDDLE = (112.7, 36.9)  # about where the invented outline lies, degrees east and north
SQUARE_KM = 160

FRAMEWORK = {
    "name": "“1333”社会治理体系",
    "items": [
        {
            "digit": "1",
            "title": "一个服务体系",
            "parts": ["党群服务", "群众接待", "矛盾调解", "网格管理", "视频监控", "司法援助"],
        },
        {"digit": "3", "title": "三支队伍", "parts": ["网格员队伍", "专业调解队伍", "志愿者队伍"]},
        {"digit": "3", "title": "三项机制", "parts": ["排查机制", "走访机制", "调处机制"]},
        {"digit": "3", "title": "三治融合", "parts": ["自治", "法治", "德治"]},
    ],
}
