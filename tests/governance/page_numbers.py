"""Reads the numbers of a page: which stand there as figures with their lists, and which stray."""

import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

VOID = {"meta", "link", "input", "img", "br", "hr", "use", "path", "rect"}
# elements and classes whose digits are no count: dates, codes, numbers of cases and versions, names, people's own words
LABELS = {"date", "code", "case-number", "version", "place", "words", "line", "period-name"}
SAID = {"time", "option", "script", "style", "code"}
BLOCKS = {"card"}


@dataclass
class Figure:
    """One number: its address or None, and the count its list must have (for a share: the part)."""

    href: str | None
    value: str
    text: str = ""

    @property
    def count(self):
        found = re.search(r"\(([\d,]+)/", self.text)
        return int((found.group(1) if found else self.value or "0").replace(",", ""))


@dataclass
class Page(HTMLParser):
    """Feed it a page; then `figures`, `strays` (text with a digit in a table, card or chart that is no figure)."""

    figures: list = field(default_factory=list)
    strays: list = field(default_factory=list)
    stack: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    @classmethod
    def read(cls, html):
        page = cls()
        page.feed(html)
        return page

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        attrs = dict(attrs)
        classes = set((attrs.get("class") or "").split())
        figure = None
        if "figure" in classes:
            figure = Figure(attrs.get("href"), attrs.get("data-value") or "")
            self.figures.append(figure)
        self.stack.append((tag, classes, attrs, figure))

    def handle_endtag(self, tag):
        while tag not in VOID and self.stack:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, text):
        figure = next((one for *_, one in self.stack if one), None)
        if figure:
            figure.text += text
        elif re.search(r"\d", text) and self.counts and not self.labelled:
            self.strays.append(text.strip())

    @property
    def counts(self):
        """Whether we are in a table cell, a card or the source of a chart."""
        return any(tag == "td" or classes & BLOCKS or "data-chart" in attrs for tag, classes, attrs, _ in self.stack)

    @property
    def labelled(self):
        return any(tag in SAID or classes & LABELS for tag, classes, *_ in self.stack)


def total_of(html) -> int:
    """How long the list on a page is: what it says in its lead or beside the heading of the part that was asked for,
    else the rows of its table."""
    marks = [r'class="list-count">\s*<span class="figure" data-value="(\d+)"',
             r'class="lead">[^<]*<span class="figure" data-value="(\d+)"']  # fmt: skip
    said = [found.group(1) for mark in marks if (found := re.search(mark, html))]
    return int(said[0]) if said else html.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr")


def wrong_lists(client, address, page, *, at_most=None) -> list[str]:
    """Follows the numbers of a page, or some of them; names those whose list does not answer or has another length."""
    wrong, seen = [], {}
    linked = [figure for figure in page.figures if figure.href]
    if at_most and at_most < len(linked):
        linked = random.Random(address).sample(linked, at_most)
    for figure in linked:
        target = urljoin(address, figure.href).split("#")[0]
        if target not in seen:
            answer = client.get(target)
            seen[target] = total_of(answer.content.decode()) if answer.status_code == 200 else answer.status_code
        if seen[target] != figure.count:
            wrong.append(f"{figure.text.strip()} -> {target}: {seen[target]}")
    return wrong
