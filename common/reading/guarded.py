"""Has an uploaded file opened by a child process with limits of time and memory, and says in words why one was not."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import confined

MEGABYTE = 1 << 20
LARGEST = 8 * MEGABYTE  # bytes of an upload
MOST_ROWS = 50_000
LIMITS = {
    "entries": 500,
    "unpacked": 96 * MEGABYTE,
    "ratio": 150,  # a sheet of real rows packs to a tenth
    "rows": MOST_ROWS,
    "columns": 100,
    "cells": 600_000,
    "text": 12 * MEGABYTE,  # characters
}
SECONDS, MEGABYTES = 2, 280  # of CPU; of address space, of which the interpreter itself needs some 40

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
    """The visible sheets of an uploaded file (something with read(), or bytes) as common.sheets describes them."""
    content = upload if isinstance(upload, bytes) else _content(upload)
    if len(content) > LARGEST:
        raise Unreadable("size")
    try:
        return confined.read("common.sheets:read", content, seconds=SECONDS, megabytes=MEGABYTES, limits=LIMITS)
    except confined.Refused as refused:
        raise Unreadable("broken" if refused.code == confined.UNREADABLE else refused.code) from None


def _content(upload):
    if getattr(upload, "size", 0) > LARGEST:
        raise Unreadable("size")
    upload.seek(0)
    return upload.read(LARGEST + 1)
