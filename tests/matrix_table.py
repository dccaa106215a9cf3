"""Plugin of `make matrix`: what the questions of all processes of a run came to, printed as a table at the end."""

import sys


def _tally():
    return sys.modules.get("tests.access.tally")  # imported by the tests, once Django stands


def pytest_sessionfinish(session):
    if _tally() and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = _tally().packed()


def pytest_testnodedown(node):
    from tests.access import tally

    tally.take(getattr(node, "workeroutput", {}).get("tally", {"numbers": {}, "kinds": {}}))


def pytest_terminal_summary(terminalreporter):
    if _tally():
        terminalreporter.write_line("\n" + "\n".join(_tally().table()) + "\n")
