"""Benchmark of filing: a nil report through the application as the web server calls it, against a raw INSERT."""

import io
import json
import logging
import uuid

from django.conf import settings
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common import clock
from governance.bench.measure import Line, best, sql
from governance.wsgi import application

BOUND = 25
ASIDE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def lines():
    """Thirty workers file one after the other: session, posts, submission, report and touched day included."""
    for name in ("django.request", "axes"):  # refusals are wanted here, and thirty sign-ins at once
        logging.getLogger(name).setLevel(logging.ERROR)
    workers = _signed_in(30)

    def product():
        for ask in workers:
            ask()

    with CaptureQueriesContext(connection) as seen:
        workers[0]()
    sent = list(seen)  # the next request clears the log
    statements = [query for query in sent if not query["sql"].startswith(ASIDE)]
    cost, raw = best(product, _raw_inserts(workers), before=_cleared)
    each, bare_insert = cost / len(workers), raw / len(workers)
    yield Line("nil report through the endpoint against a raw INSERT", each, bare_insert, BOUND, proposed=30)
    refused, bare = best(lambda: [ask(b"{}", "400") for ask in workers], _replayed(sent, len(workers)), before=_cleared)
    for name, part in (
        ("session, user, form: an empty filing refused", refused),
        ("its statements by themselves", bare),
    ):
        yield Line(f"  of it: {name}", part / len(workers), raw / len(workers), None)
    yield Line("statements of a nil report", len(statements), 8, 1)
    _cleared()


def _cleared():
    """Takes back the reports filed today, as if nobody had filed yet."""
    sql("DELETE FROM screening_submission s USING screening_dailyreport r WHERE s.report_id = r.id AND r.day = %s",
        [clock.today()])()  # fmt: skip
    sql("DELETE FROM screening_dailyreport WHERE day = %s", [clock.today()])()
    sql("DELETE FROM grids_touchedday")()


class Worker:
    """One signed-in worker: the request a phone sends, as the web server hands it to the application."""

    def __init__(self, user):
        client = Client()
        client.force_login(user)
        self.user, self.area = user, user.posts.select_related("area").get().area
        token = _get_new_csrf_string()
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/reports/", "QUERY_STRING": "", "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/json", "HTTP_ACCEPT": "application/json",
            "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
            "HTTP_X_CSRFTOKEN": token, "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip

    def __call__(self, body=None, expected="201"):
        body = body or json.dumps({"client_id": str(uuid.uuid4()), "area": self.area.code,
                                   "day": clock.today().isoformat(), "findings": []}).encode()  # fmt: skip
        told = []
        answer = application(
            self.environ | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)},
            lambda status, _headers, _problem=None: told.append(status),
        )
        content = b"".join(answer)
        answer.close()
        assert told[0].startswith(expected), (told, content)


def _signed_in(count):
    workers = User.objects.filter(username__startswith="worker", posts__until_day__isnull=True).order_by("pk")
    return [Worker(user) for user in workers[:count]]


def _replayed(sent, times):
    """The statements of one filing, as the product sent them, without the product around them."""

    def work():
        with connection.cursor() as cursor:
            for _ in range(times):
                for query in sent:
                    cursor.execute(query["sql"].replace("COMMIT", "ROLLBACK"))

    return work


def _raw_inserts(workers):
    def work():
        now = clock.now()
        with connection.cursor() as cursor:
            for worker in workers:
                area = worker.area
                cursor.execute(
                    """INSERT INTO screening_dailyreport (area_id, area_path, day, town_id, village_id, worker_id,
                        received_at, due_by, late, nil, void_reason)
                    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, false, true, '')""",
                    [area.pk, area.path, clock.today(), area.town_id, area.village_id, worker.user.pk, now, now],
                )

    return work
