"""Random work in the field in a real browser: submissions from two tabs with cuts before and after the server, answers
out of order, sent twice, reloads, a dead network, ended sessions. Every submission must be exactly one row.

Thirty in the suite; `FIELD_SUBMISSIONS=1000 pytest tests/browser/test_field_random.py -s` prints the table of
docs/measured/field.md."""

import os
import random
import time
from collections import Counter

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error

from households.models import Household
from screening.models import Visit, VisitConflict
from tests.browser.conftest import PHONE
from tests.browser.test_field import DRAFTS, UNSENT, enter, member  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
LONG = int(os.environ.get("FIELD_SUBMISSIONS", "0"))
SEED = int(os.environ.get("FIELD_SEED", "20261125"))
ADDRESS = "/visits/new/?household=H0"
# submits forms of this page's kind with these lines, through the page's own outbox; nothing is navigated away from
SUBMIT = """(items) => { const model = document.querySelector("form[data-visit]");
    for (const [line, household] of items) {
        const form = model.cloneNode(true);
        form.hidden = true;
        form.dataset.next = "#received";
        form.dataset.household = household;
        delete form.dataset.busy;
        delete form.dataset.draft;
        document.body.append(form);
        form.querySelector("[name=line]").value = line;
        window.copies(form);
        form.requestSubmit();
    } }"""
# the outbox watches forms it is shown; the clones are shown to it with the itemOf of the page
REMEMBER = """(() => { let real; Object.defineProperty(window, "outbox", { configurable: true, get: () => real,
    set: (box) => { real = { watch: (forms, itemOf) => { window.copies = (form) => box.watch([form], itemOf);
        return box.watch(forms, itemOf); } }; } }); })()"""
# a planted fault: every try goes under a number of its own
NEW_NUMBER_EACH_TIME = """(() => { const real = window.fetch; window.fetch = (address, asked) => {
    if (asked && asked.body) { const body = JSON.parse(asked.body);
        body.client_id = crypto.randomUUID(); asked = { ...asked, body: JSON.stringify(body) }; }
    return real(address, asked); }; })()"""


class Weather:
    """What happens to each request on its way."""

    def __init__(self, dice):
        self.dice, self.seen, self.held, self.fair = dice, Counter(), [], False
        self.planned = []  # what happens to the next requests whatever the dice say

    def pass_on(self, route):
        kind = self.planned.pop() if self.planned else "let through"
        if not self.fair and kind == "let through":
            kinds = ["let through", "cut before the server", "answer lost", "sent twice", "held back"]
            kind = self.dice.choices(kinds, [4, 2, 2, 1, 2])[0]
        self.seen[kind] += 1
        try:
            if kind == "cut before the server":
                route.abort()
            elif kind == "answer lost":
                route.fetch()
                route.abort()
            elif kind == "sent twice":
                route.fetch()
                route.fulfill(response=route.fetch())
            elif kind == "held back":
                self.held.append(route)
            else:
                route.continue_()
        except Error:  # the page was loaded anew meanwhile
            self.seen["page gone meanwhile"] += 1

    def release(self):
        """What was held back goes on its way, in another order."""
        held, self.held = self.held, []
        self.dice.shuffle(held)
        for route in held:
            try:
                route.continue_()
            except Error:
                self.seen["page gone meanwhile"] += 1


class Run:
    """`count` submissions by one person in two tabs."""

    def __init__(self, first, user, count, dice):
        self.window, self.user, self.count, self.dice = first.context, user, count, dice
        self.weather = Weather(dice)
        self.window.route("**/api/v1/visits/", self.weather.pass_on)
        self.window.add_init_script(REMEMBER)
        self.window.set_default_timeout(60_000)
        first.set_default_timeout(60_000)
        self.tabs = [first, self.window.new_page()]
        for tab in self.tabs:
            self.open(tab)
        self.homes = list(Household.objects.values_list("code", flat=True))
        self.begun = time.monotonic()

    def everything(self):
        left = [[f"第{number}件", self.dice.choice(self.homes)] for number in range(self.count)]
        while left:
            some, left = left[: (n := self.dice.randint(1, 6))], left[n:]
            tab = self.dice.choice(self.tabs)
            tab.evaluate(SUBMIT, some)
            tab.wait_for_timeout(self.dice.choice([0, 20, 80]))
            self.dice.choices([self.nothing, self.weather.release, self.reload, self.dead_network, self.session_ends],
                              [6, 4, 3, 2, 1])[0]()  # fmt: skip
        return self.until_all_is_received()

    def nothing(self):
        pass

    def reload(self):
        self.weather.seen["page loaded anew"] += 1
        self.open(self.dice.choice(self.tabs))

    def dead_network(self):
        self.weather.seen["no network for a while"] += 1
        self.window.set_offline(True)
        self.tabs[0].evaluate(SUBMIT, [])
        self.tabs[0].wait_for_timeout(60)
        self.window.set_offline(False)

    def session_ends(self):
        """The session is gone from the server for some requests; then the person signs in again."""
        self.weather.seen["session ended"] += 1
        Session.objects.all().delete()
        self.tabs[1].wait_for_timeout(40)
        for tab in self.tabs:
            self.open(tab)

    def open(self, tab):
        """The page anew; who finds himself at the door signs in: a late answer of the old session may close it."""
        tab.goto(ADDRESS)
        while not tab.locator("form[data-visit]").count():
            enter(tab, self.user)
            tab.goto(ADDRESS)

    def until_all_is_received(self):
        self.weather.fair = True
        for _try in range(20):
            self.weather.release()
            for tab in self.tabs:
                self.open(tab)
            for _moment in range(50):
                if self.tabs[0].evaluate(UNSENT) == 0:
                    break
                self.tabs[0].wait_for_timeout(100)
            else:
                continue
            break
        self.seconds = time.monotonic() - self.begun
        return self

    @property
    def wrong(self):
        rows = Counter(Visit.objects.values_list("line", flat=True))
        lines = {f"第{number}件" for number in range(self.count)}
        return {
            "lost": len(lines - set(rows)), "doubled": sum(n - 1 for n in rows.values()),
            "conflicts": VisitConflict.objects.count(), "left on the phone": self.tabs[0].evaluate(UNSENT),
            "drafts left": self.tabs[0].evaluate(DRAFTS),
        }  # fmt: skip

    def table(self):
        rows = [("submissions", self.count), ("rows", Visit.objects.count()), *self.wrong.items()]
        rows += sorted(self.weather.seen.items()) + [("seconds", round(self.seconds))]
        return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


NONE = {"lost": 0, "doubled": 0, "conflicts": 0, "left on the phone": 0, "drafts left": 0}
EXPECTED = ("ERR_", 403)


def test_every_submission_is_exactly_one_row(sign_in, member):  # noqa: F811
    page = sign_in(member, ADDRESS, width=PHONE, expected=EXPECTED)

    run = Run(page, member, LONG or 30, random.Random(SEED)).everything()
    if LONG:
        print(f"\n{run.table()}")  # noqa: T201

    assert run.wrong == NONE


def test_a_number_for_each_try_is_found(sign_in, member):  # noqa: F811
    """The planted fault: what makes a resend harmless is left out."""
    page = sign_in(member, ADDRESS, width=PHONE, expected=EXPECTED)
    page.context.add_init_script(NEW_NUMBER_EACH_TIME)

    run = Run(page, member, 8, random.Random(SEED))
    run.weather.planned = ["answer lost"] * 3
    run.everything()

    assert run.wrong["doubled"] > 0
    assert run.wrong["lost"] == 0
