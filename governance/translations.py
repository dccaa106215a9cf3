"""Keeps the Chinese catalogues complete and compiles them, without a gettext binary.

`python -m governance.translations`          compiles what is stale
`python -m governance.translations --check`  fails on words without Chinese, and on Chinese nobody uses
`python -m governance.translations --add [app …]`  writes missing ids, drops unused ones, in all or the named catalogues
                                                  (the shared one in locale/ is called "shared")
"""

# ruff: noqa: T201 - what this command prints is its face
import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import polib

from governance import message_ids

BASE_DIR = message_ids.BASE_DIR
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")


def catalogue_path(owner):
    """Where the words of an app stand; owner "" is the shared catalogue."""
    return BASE_DIR / owner / CATALOGUE


def compile_all():
    """Compile every catalogue whose .mo is missing or older than its .po; returns the paths written."""
    written = []
    for owner in ["", *message_ids.APPS]:
        source = catalogue_path(owner)
        if source.exists() and _is_stale(source, source.with_suffix(".mo")):
            _write_whole(source.with_suffix(".mo"), polib.pofile(str(source)).to_binary())
            written.append(source.with_suffix(".mo"))
    return written


def problems():
    """Sentences naming what is wrong with the catalogues; an empty list means that the Chinese is complete."""
    used, catalogues = message_ids.used(), read_all()
    return [
        *_missing(used, catalogues),
        *_unused(used, catalogues),
        *_contradictions(catalogues),
        *_changed_placeholders(catalogues),
    ]


def add_missing(only=()):
    """Bring catalogues in line with the sources: new ids with empty Chinese, unused ones dropped, sorted.

    Returns {owner: number of ids that still wait for their Chinese}.
    """
    used, catalogues = message_ids.used(), read_all()
    waiting = {}
    for owner in only or ["", *message_ids.APPS]:
        mine, shared = catalogues[owner], catalogues[""]
        needed = used[owner] if owner else set().union(*used.values())
        kept = {key: entry for key, entry in mine.items() if key in needed}
        for key in used[owner] - set(kept):
            if owner == "" or key not in shared:
                kept[key] = _entry(key)
        if kept or mine:
            _save(owner, kept)
        if empty := [key for key, entry in kept.items() if not entry.translated()]:
            waiting[owner] = len(empty)
    return waiting


def read_all():
    """All catalogues: {owner: {(context, id, plural): polib entry}}."""
    found = {}
    for owner in ["", *message_ids.APPS]:
        path = catalogue_path(owner)
        entries = polib.pofile(str(path)) if path.exists() else []
        found[owner] = {_key(entry): entry for entry in entries if not entry.obsolete}
    return found


def _missing(used, catalogues):
    for owner, ids in used.items():
        for key in sorted(ids, key=_order):
            own, shared = catalogues[owner].get(key), catalogues[""].get(key)
            if not any(entry is not None and entry.translated() for entry in (own, shared)):
                yield f"{owner or 'shared'}: no Chinese for {key[1]!r}"


def _unused(used, catalogues):
    everywhere = set().union(*used.values())
    for owner, entries in catalogues.items():
        for key in sorted(entries, key=_order):
            if key not in (used[owner] if owner else everywhere):
                yield f"{owner or 'shared'}: nobody uses {key[1]!r}"


def _contradictions(catalogues):
    """Catalogues are one dictionary when the program runs, so one id may have one Chinese only."""
    first = {}
    for owner, entries in catalogues.items():
        for key, entry in entries.items():
            words = entry.msgstr or entry.msgstr_plural
            other, seen = first.setdefault(key[:2], (owner, words))
            if seen != words and entry.translated():
                yield f"{owner or 'shared'} and {other or 'shared'} say {key[1]!r} differently; give it a context"


def _changed_placeholders(catalogues):
    for owner, entries in catalogues.items():
        for (_context, text, plural), entry in entries.items():
            expected = {frozenset(PLACEHOLDER.findall(words)) for words in (text, plural) if words}
            for words in [entry.msgstr, *entry.msgstr_plural.values()]:
                if words and frozenset(PLACEHOLDER.findall(words)) not in expected:
                    yield f"{owner or 'shared'}: other placeholders in {words!r} than in {text!r}"


def _key(entry):
    return (entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def _order(key):
    return (key[1], key[0] or "", key[2] or "")


def _entry(key):
    context, text, plural = key
    flags = ["python-format"] if re.search(r"%\(\w+\)[sdf]|%[sdf]", text) else []
    if plural:
        return polib.POEntry(msgctxt=context, msgid=text, msgid_plural=plural, msgstr_plural={0: ""}, flags=flags)
    return polib.POEntry(msgctxt=context, msgid=text, msgstr="", flags=flags)


def _save(owner, entries):
    """Sorted and without line numbers or dates, so that two people's additions rarely meet."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = METADATA
    for key in sorted(entries, key=_order):
        entries[key].occurrences = []
        catalogue.append(entries[key])
    catalogue_path(owner).parent.mkdir(parents=True, exist_ok=True)
    _write_whole(catalogue_path(owner), (str(catalogue).rstrip("\n") + "\n").encode())


def _is_stale(source, compiled):
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _write_whole(path, content):
    """Write beside and rename: a process starting at the same time reads the old file or the new one, never half."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
    os.chmod(beside.name, 0o644)
    os.replace(beside.name, path)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Compile and check the Chinese catalogues.")
    parser.add_argument("--check", action="store_true", help="fail where Chinese is missing, unused or contradictory")
    parser.add_argument(
        "--add", nargs="*", metavar="app", choices=["shared", *message_ids.APPS], help="add missing ids"
    )
    chosen = parser.parse_args(arguments)
    if chosen.add is not None:
        for owner, count in add_missing([name.replace("shared", "") for name in chosen.add]).items():
            print(f"{count} to translate in {catalogue_path(owner).relative_to(BASE_DIR)}")
    if chosen.check:
        found = problems()
        print("\n".join(found) or "The Chinese is complete.")
        return 1 if found else 0
    for path in compile_all():
        print(f"compiled {path.relative_to(BASE_DIR)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
