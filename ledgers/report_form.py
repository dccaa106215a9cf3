"""A town's report form as data: its rows and columns, and which of our categories each row takes."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "report_forms"
OVERALL, CATEGORY, SIZE, MAJOR, CAMPAIGNS = "overall", "category", "size", "major", "campaigns"
NOT_COLLECTED = "—"


@dataclass(frozen=True)
class Line:
    """One line of the table: a measure of one row of the form. `kind` says what it counts; `first` and `span`: where
    its row begins and over how many lines its label reaches. `codes` None: never collected; (): none of ours."""

    kind: str
    label: str
    measure: str
    measure_label: str
    codes: tuple[str, ...] | None = ()
    people: tuple[int, int | None] = (0, None)
    first: bool = True
    span: int = 1


class ReportForm:
    """A form out of ledgers/report_forms; the words on it are the form's own and are not translated."""

    def __init__(self, source: dict):
        self.source = source
        self.title, self.style, self.origin = source["title"], source["style"], source["source"]
        self.head, self.footnotes, self.unit_line = source["head"], source["footnotes"], source["unit_line"]
        self.rates = {name: tuple(parts) for name, parts in source["rates"].items()}
        self.severities = tuple(source["major"]["severities"])
        self.lines = [*self._overall(), *self._categories(), *self._sizes(), *self._major(), self._campaigns()]

    def _block(self, kind, label, measures, **more):
        names = self.source["measures"]
        return [
            Line(kind, label, name, names[name], first=n == 0, span=len(measures), **more)
            for n, name in enumerate(measures)
        ]

    def _overall(self):
        return self._block(OVERALL, self.source["overall"]["label"], self.source["overall"]["measures"])

    def _categories(self):
        for row in self.source["categories"]:
            codes = None if row["codes"] is None else tuple(row["codes"])
            label = f"{row['no']}. {row['label']}"
            yield from self._block(CATEGORY, label, self.source["category_measures"], codes=codes)

    def _sizes(self):
        sizes = self.source["sizes"]
        for n, size in enumerate(sizes["classes"]):
            yield Line(
                SIZE, sizes["label"], "found", size["label"], people=(size["from"], size["to"]),
                first=n == 0, span=len(sizes["classes"]),
            )  # fmt: skip

    def _major(self):
        return self._block(MAJOR, self.source["major"]["label"], self.source["major"]["measures"])

    def _campaigns(self):
        return Line(CAMPAIGNS, self.source["campaigns"]["label"], "found", self.source["campaigns"]["measure"])


@lru_cache
def report_form(code="screening_2017") -> ReportForm:
    """The form of that code; FileNotFoundError when there is none."""
    return ReportForm(json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8")))
