"""One line of the access table and the words its files are written with."""

import uuid
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.world import MONDAY

# W grid worker       L grid leader        M micro-grid leader  P linked party member
# D village desk      V village director   X mediator           I discipline liaison
# T town desk         H town leader        C party committee    Y county desk          S system administrator
# A grid assistant    N volunteer          B village secretary  G legal adviser        Q mass organisation
# R dispatcher        E area cadre         F justice office     U security admin.      Z audit administrator
# attached to a grid: j judge, p prosecutor, o police officer, l lawyer
ALL = "WLMPDVXITHCYSANBGQjpolREFUZ"
HELPERS = "GQjpol"  # join the disputes they are asked to, and see no other
FILES = "WALDVBTHRE"  # reads reports, disputes and orders whole
FIGURES = "CY"  # reads lists of number, place, category, state and dates; opens nothing
ANYBODY = "anybody, signed in or not"


@dataclass
class Row:
    """One line of the table: who gets `ok`; inside the post's area others get 403, outside everybody 404.

    `at` names what of a corner the address is about (None: the address is about no place, and others get 403)."""

    who: str
    at: str | None = None
    ok: int = 200
    args: object = lambda corner: []
    query: object = lambda corner: ""
    post: object = None  # what is sent; None: a GET
    refused: int = 403
    without_post: int | None = None
    json: bool = False
    figures: str = ""  # of `who`, those who may read no line, name or phone
    public: tuple = ()  # words of the place everybody may read here, {} for its mark
    outside: dict = field(default_factory=dict)  # by letters, where the answer outside is not 404; "" for the rest


def pk(name):
    return lambda corner: [getattr(corner, name).pk]


def area_query(level):
    return lambda corner: f"?area={corner.areas[level].code}"


def code(level):
    return lambda corner: [corner.areas[level].code]


def week(*more):
    return lambda corner: [corner.village.code, MONDAY.isoformat(), *more]


def sent(**said):
    return lambda corner: said


def nil(corner):
    return {"area": corner.grid.code, "day": "2026-11-17", "client_id": str(uuid.uuid4())}


def filed(proxy):
    return lambda corner: {"area": corner.grid.code, "day": "2026-11-17", "client_id": str(uuid.uuid4()),
                           "findings": [], "proxy": proxy}  # fmt: skip


def finding(corner):
    return {"client_id": str(uuid.uuid4()), "field": "3", "category": "02", "line": "新的一件", "severity": "04",
            "outcome": "spot", "place": "", "household": ""}  # fmt: skip


def list_of_grids(corner):
    text = f"村,网格名称\n{corner.village.name},另一网格\n"
    return {"file": SimpleUploadedFile("grids.csv", text.encode())}


def opening(corner):
    return {"area": corner.grid.pk, "line": "新的一件", "category": "02", "field": "3", "source": "application",
            "severity": "04", "people_involved": 2}  # fmt: skip
