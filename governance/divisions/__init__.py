"""The real division codes of the five towns, each with its chain of ancestors, as the statistical list gives them.

Files: `code,name,level,parent_code`; level 1 province, 2 prefecture, 3 county, 4 town, 5 village; cut-off 2022-10-31.
Source: china-division 2.7.0 (modood/Administrative-divisions-of-China), after the National Bureau of Statistics."""

import csv
from dataclasses import dataclass
from pathlib import Path

from grids import divisions
from grids.names import display_name

FOLDER = Path(__file__).parent
COUNTY, TOWN, VILLAGE = 3, 4, 5


@dataclass(frozen=True)
class Division:
    """One row of the list; `name` as people say it, `official` as the list has it."""

    code: str
    official: str
    level: int
    parent: str

    @property
    def name(self) -> str:
        return display_name(self.official)


def read(town: str) -> list[Division]:
    """The divisions of `gucheng`, `yuwang`, `xiawa`, `jingming` or `minle`, ancestors first. FileNotFoundError for
    another name."""
    with open(FOLDER / f"{town}.csv", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [Division(row["code"], row["name"], int(row["level"]), row["parent_code"]) for row in rows]


def shipped() -> list[divisions.Row]:
    """All divisions that come with the platform, each once: what `load_divisions` takes without a file."""
    found = {
        row.code: divisions.Row(row.code, row.official, row.level, row.parent)
        for path in sorted(FOLDER.glob("*.csv"))
        for row in read(path.stem)
    }
    return list(found.values())
