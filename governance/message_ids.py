"""Finds every message id that the program's Python files and templates hand to gettext."""

import ast
import re
from pathlib import Path

from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
APPS = [
    "accounts", "casework", "disputes", "grids", "households", "ledgers", "orders", "screening", "workdays",
]  # fmt: skip
# function -> (position of the context or None, position of the id, position of the plural or None)
CALLS = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?:^|\s)(_|n?p?gettext)\(({STRING}(?:,\s*{STRING})*)")


def sources():
    """Every Python file and template that people's words may stand in, with the owner of its catalogue.

    Yields (owner, path): the owner is an app's name, or "" for the shared catalogue in `locale/`.
    """
    for folder in [*APPS, "common", "governance"]:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield (folder if folder in APPS else ""), path
    for path in sorted((BASE_DIR / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            top = path.relative_to(BASE_DIR / "templates").parts[0]
            yield (top if top in APPS else ""), path


def used():
    """All ids in use: {owner: {(context or None, id, plural or None), …}}."""
    found = {owner: set() for owner in ["", *APPS]}
    for owner, path in sources():
        text = path.read_text(encoding="utf-8")
        ids = in_python(text, path.relative_to(BASE_DIR)) if path.suffix == ".py" else in_template(text)
        found[owner] |= ids
    return found


def in_python(text, origin="<text>"):
    """The ids of one Python file; an f-string as id is refused with SyntaxError, since no catalogue can hold it."""
    tree = ast.parse(text)
    names = _imported_names(tree)
    ids = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (call := _call_of(node, names)):
            context, first, plural = (None if at is None else _literal(node, at, origin) for at in CALLS[call])
            if first:
                ids.add((context, first, plural))
    return ids


def in_template(text):
    """The ids of one template: translate, blocktranslate (trimmed, plural, context) and `_("…")` in filters."""
    ids = set()
    for name, arguments in TEMPLATE_CALL.findall(templatize(text)):
        context, first, plural = CALLS["gettext" if name == "_" else name]
        words = [ast.literal_eval(word) for word in re.findall(STRING, arguments)]
        ids.add((None if context is None else words[context], words[first], None if plural is None else words[plural]))
    return ids


def _imported_names(tree):
    """What gettext's functions are called in this file: {"_": "gettext", "ngettext_lazy": "ngettext"}."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                names[alias.asname or alias.name] = _plain(alias.name)
    return names


def _call_of(node, names):
    if isinstance(node.func, ast.Name):
        name = names.get(node.func.id)
    else:
        name = _plain(node.func.attr) if isinstance(node.func, ast.Attribute) else None
    return name if name in CALLS else None


def _plain(name):
    return name.removesuffix("_lazy").removesuffix("_noop")


def _literal(call, at, origin):
    argument = call.args[at] if at < len(call.args) else None
    if isinstance(argument, ast.JoinedStr):
        raise SyntaxError(f"{origin}:{call.lineno}: an f-string cannot be translated; use %(name)s")
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
