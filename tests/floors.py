"""The order of the floors, and how an upward foreign key, template, table name or import shows (architecture, Floors).

Every check takes what it looks at as an argument, so that a test can plant a fault and see it found."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = [
    {"governance"},
    {"ledgers"},
    {"screening"},
    {"disputes", "orders"},
    {"casework"},
    {"households"},
    {"grids"},
    {"accounts", "workdays"},
    {"common"},
]
APPS = set().union(*FLOORS)
HEIGHT = {app: -depth for depth, floor in enumerate(FLOORS) for app in floor}
NAMED = re.compile(r"{%-?\s*(?:include|extends)\s+([^%]*)%}")
TEMPLATE = re.compile(r"""["']([\w./-]+\.(?:html|txt|xml))["']""")
TABLE = re.compile(rf"\b({'|'.join(sorted(APPS))})_[a-z]+\b")


def allowed(app: str, other: str) -> bool:
    """Whether a floor may use another: itself, or one below; Django's and others' code always."""
    return other not in HEIGHT or other == app or HEIGHT[other] < HEIGHT.get(app, 1)  # scripts stand above all


def product_files(pattern="*.py"):
    """Files of the product, without tests; migrations included."""
    command = ["git", "ls-files", "-co", "--exclude-standard", pattern]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(listed) if not name.startswith("tests/") and (ROOT / name).exists()]


def upward_keys(models) -> list[str]:
    """Foreign keys (one-to-one and many-to-many too) to a model of a floor above or beside."""
    found = []
    for model in models:
        app = model._meta.app_label
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model and field.related_model._meta.app_label
            if target and not allowed(app, target):
                found.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    return found


def floor_of_template(name: str) -> str:
    """templates/<app>/… belongs to the app; what lies at the top or in parts/ is shared, and so at the bottom."""
    folder = name.split("/")[0]
    return folder if folder in APPS else "common"


def upward_templates(folder: Path) -> list[str]:
    """Includes and extends below `folder` that point to a template of a floor above or beside."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        for tag in NAMED.findall(path.read_text(encoding="utf-8")):
            found += [
                f"{name} -> {other}"
                for other in TEMPLATE.findall(tag)
                if not allowed(floor_of_template(name), floor_of_template(other))
            ]
    return found


def strings(source: str):
    """Every text in a module that is not a docstring, with its line."""
    tree = ast.parse(source)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.lineno, node.value


def upward_names(app: str, source: str) -> list[str]:
    """Templates and tables of a floor above or beside that a module of `app` names in a text."""
    found = []
    for line, text in sorted(strings(source)):
        names = [(name, floor_of_template(name)) for name in TEMPLATE.findall(f'"{text}"')]
        if " " in text:  # a statement, not a word that happens to look like a table
            names += [(match.group(0), match.group(1)) for match in TABLE.finditer(text)]
        found += [f"line {line}: {name}" for name, other in names if not allowed(app, other)]
    return found
