"""A real Chromium for the tests of this folder; whatever goes wrong inside a page fails its test."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests import chromium

DESK, PHONE = 1360, 390
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', (event) =>"
    " console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests. Playwright's loop runs in this thread; Django must be told that it is no danger."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser, live_server):
    """open_page("/sign-in/", width=390, javascript=False): the page, in its own window without cookies.

    Fails the test at its end on errors in scripts, console errors, answers of 500 and more and violations of the
    content security policy. `expected=(403,)` names answers the test provokes on purpose, `cookies` come along,
    `worker` lets the page have its service worker.
    """
    windows, wrong = [], []

    def make(address="/", width=DESK, javascript=True, expected=(), cookies=(), worker=False):
        window = browser.new_context(
            viewport={"width": width, "height": 900 if width >= DESK else 780},
            java_script_enabled=javascript, base_url=live_server.url, locale="en-US", has_touch=width < DESK,
            service_workers="allow" if worker else "block",
        )  # fmt: skip
        window.add_init_script(TELL_VIOLATIONS)
        window.add_cookies([{"url": live_server.url, **cookie} for cookie in cookies])
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(10_000)
        watch(page, expected, wrong)
        page.goto(address)
        return page

    yield make
    for window in windows:
        window.close()
    assert wrong == []


def watch(page, expected, wrong):
    """Write down in `wrong` what goes wrong inside the page, apart from the expected answers (or texts)."""
    texts = [status if isinstance(status, str) else f"status of {status}" for status in expected]

    def hear(message):
        if message.type == "error" and not any(text in message.text for text in texts):
            wrong.append(f"console: {message.text}")

    def see(answer):
        if answer.status >= 500 and answer.status not in expected:
            wrong.append(f"{answer.status} {answer.url}")

    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", hear)
    page.on("response", see)


@pytest.fixture
def barriers():
    """barriers(page): what keeps somebody from using the page (axe, serious and critical), as readable lines."""

    def look(page):
        found = Axe().run(page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
            for rule in found
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"]
        ]

    return look


@pytest.fixture
def sign_in(open_page):
    """sign_in(user, "/", width=390): a page of somebody who is signed in already."""

    def enter(user, address="/", **window):
        client = Client()
        client.force_login(user)
        session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        return open_page(address, cookies=[session], **window)

    return enter


def wider_than_screen(page):
    """How many pixels the page is wider than its window: 0 means no sideways scrolling."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
