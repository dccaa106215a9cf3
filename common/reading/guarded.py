"""Has an uploaded file opened by a child process with limits of time and memory, and says in words why one was not."""

import json
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHILD = Path(__file__).with_name("child.py")
MEGABYTE = 1 << 20
LARGEST = 8 * MEGABYTE  # bytes of an upload
MOST_ROWS = 50_000
LIMITS = {
    "cpu_seconds": 2,
    "memory": 280 * MEGABYTE,  # address space, of which the interpreter itself needs some 40
    "entries": 500,
    "unpacked": 96 * MEGABYTE,
    "ratio": 150,  # a sheet of real rows packs to a tenth
    "rows": MOST_ROWS,
    "columns": 100,
    "cells": 600_000,
    "text": 12 * MEGABYTE,  # characters
}
PATIENCE = 20  # seconds on the clock: a busy machine may take long over two seconds of work

TOO_MUCH = _(
    "The file is too large to be read. Copy the filled rows alone into a new file (at most 50,000 rows, 100 columns) "
    "and upload that; rows that only look empty count too."
)
REASONS = {
    "size": _("The file is larger than 8 MB. Split it, or copy the filled rows alone into a new file."),
    "empty": _("The file is empty."),
    "not_a_table": _("This is not a table. Upload an .xlsx, .xls or .csv file."),
    "broken": _("The file is damaged. Open it in Excel or WPS, save it anew as .xlsx and upload that."),
    "password": _("The file is locked with a password. Remove the password and upload it again."),
    "web_page": _("The file is a web page with the name of a table. Open it in Excel or WPS and save it as .xlsx."),
    "encoding": _("The letters of the file cannot be read. Save it as .xlsx, or as .csv in UTF-8 or GBK."),
    "bomb": _("The file swells far too much when it is unpacked and was not opened. Save it anew as .xlsx."),
    "columns": _("The table has more than 100 columns. Delete the columns that are not needed."),
    "rows": _("The table has more than 50,000 filled rows. Split it into several files."),
}


class Unreadable(ValidationError):
    """The file as a whole was not taken; the message says why and what to do. `code` is the reason."""

    def __init__(self, reason, message=None, params=None):
        super().__init__(message or REASONS.get(reason, TOO_MUCH), reason, params)


def sheets(upload) -> list[dict]:
    """The visible sheets of an uploaded file (something with read(), or bytes) as child.py describes them."""
    content = upload if isinstance(upload, bytes) else _content(upload)
    if len(content) > LARGEST:
        raise Unreadable("size")
    command = [sys.executable, "-I", str(CHILD), json.dumps(LIMITS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable("time") from None
    if done.returncode < 0:  # ended by the kernel: out of time, or out of memory where nothing could be said any more
        raise Unreadable("limit")
    if done.returncode != 0:
        raise Unreadable("broken")
    found = json.loads(done.stdout)
    if "refused" in found:
        raise Unreadable(found["refused"])
    return found["sheets"]


def _content(upload):
    if getattr(upload, "size", 0) > LARGEST:
        raise Unreadable("size")
    upload.seek(0)
    return upload.read(LARGEST + 1)
