"""The floors hold, and what architecture.md says must be true of every module, table and column is."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from accounts import second_factor, sessions
from casework import workflow
from common.fields import AreaPathField
from common.sealed import BlindIndexField, SealedField
from grids import access, changes, people
from households import answering
from tests import floors

OURS = [model for model in apps.get_models() if model._meta.app_label in floors.APPS]
WRITTEN = [model for model in OURS if not hasattr(model, "pgh_tracked_model")]  # pghistory writes the others


def relative(path):
    return path.relative_to(floors.ROOT).as_posix()


def app_of(path):
    return path.relative_to(floors.ROOT).parts[0]


# --- floors ---------------------------------------------------------------------------


def lint_imports(folder):
    program = Path(sys.executable).with_name("lint-imports")
    command = [program, "--no-cache", "--config", floors.ROOT / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)})


def test_imports_point_downwards():
    answer = lint_imports(floors.ROOT)

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("grids/planted.py", "from ledgers.models import Fact"),
        ("disputes/planted.py", "def lazily():\n    from orders import models"),
        ("workdays/planted.py", "import accounts.models"),
        ("common/planted.py", "from grids.models import Area"),
    ],
)
def test_an_upward_import_is_found_also_inside_a_function(tmp_path, module, line):
    for app in floors.APPS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()
        (tmp_path / app / "models.py").touch()
    assert lint_imports(tmp_path).returncode == 0

    (tmp_path / module).write_text(line + "\n")

    answer = lint_imports(tmp_path)
    assert answer.returncode != 0
    assert module.removesuffix(".py").replace("/", ".") in answer.stdout


def test_every_app_has_its_floor():
    folders = {path.parent.name for path in floors.product_files("*/__init__.py") if path.parent.parent == floors.ROOT}

    assert folders == floors.APPS


def test_common_and_governance_have_no_models_and_common_is_no_app():
    assert not {model for model in OURS if model._meta.app_label in {"common", "governance"}}
    assert not any(config.name == "common" for config in apps.get_app_configs())


def test_foreign_keys_point_downwards():
    assert floors.upward_keys(OURS) == []


def test_an_upward_foreign_key_is_found():
    from django.test.utils import isolate_apps

    with isolate_apps("ledgers", "screening", "disputes", "orders", "grids"):

        class Fact(models.Model):
            class Meta:
                app_label = "ledgers"

        class Ask(models.Model):
            class Meta:
                app_label = "orders"

        class Plot(models.Model):
            fact = models.ForeignKey(Fact, models.CASCADE)

            class Meta:
                app_label = "grids"

        class Quarrel(models.Model):
            asks = models.ManyToManyField(Ask)

            class Meta:
                app_label = "disputes"

        assert floors.upward_keys([Fact, Ask]) == []
        assert floors.upward_keys([Plot]) == ["grids.Plot.fact -> ledgers.Fact"]
        assert floors.upward_keys([Quarrel]) == ["disputes.Quarrel.asks -> orders.Ask"]


def test_template_includes_point_downwards():
    assert floors.upward_templates(floors.ROOT / "templates") == []


def test_an_upward_include_is_found(tmp_path):
    planted = {
        "grids/area.html": '{% extends "base.html" %}{% include "ledgers/_week.html" with week=week only %}',
        "disputes/case.html": "{% include 'casework/_steps.html' %}{% include 'orders/_line.html' %}",
        "base.html": '{% include "screening/_due.html" %}',
        "ledgers/week.html": '{% extends "screening/day.html" %}',
    }
    for name, text in planted.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert floors.upward_templates(tmp_path) == [
        "base.html -> screening/_due.html",
        "disputes/case.html -> orders/_line.html",
        "grids/area.html -> ledgers/_week.html",
    ]


def test_no_module_names_a_template_or_table_of_a_floor_above():
    found = {}
    for path in floors.product_files():
        if names := floors.upward_names(app_of(path), path.read_text(encoding="utf-8")):
            found[relative(path)] = names

    assert found == {}


def test_an_upward_template_or_table_name_is_found():
    source = 'def view(r):\n    return render(r, "ledgers/week.html")\nSQL = f"DELETE FROM ledgers_fact WHERE {x}"\n'

    assert floors.upward_names("screening", source) == ["line 2: ledgers/week.html", "line 3: ledgers_fact"]
    assert floors.upward_names("governance", source) == []


def test_what_upper_floors_enter_below_is_known():
    """Every entry of every register. A new one is written down here, so that it is seen."""
    assert second_factor.needed_by == {people.needs_second_factor}
    assert sessions.ended_by == {access.ran_out}
    assert {kind: table.letters for kind, table in workflow.TABLES.items()} == {"dispute": "MD", "order": "DD"}
    assert {name: set(getattr(changes, name)) for name in REGISTERS} == REGISTERS
    assert set(answering.parts) == ANSWERS


REGISTERS = {  # of grids.changes
    "on_move": {"households", "casework", "screening", "ledgers"},
    "what_hangs_here": {"households", "disputes", "orders", "ledgers"},
    "what_is_recorded": {"households", "casework", "screening"},
    "keeps_open": {"screening"},
    "lies_here": {"households"},
    "proposes_outlines": {"households"},
    "settled_until": {"ledgers"},
    "found_wrong": {"households", "id_numbers", "rows", "casework", "screening", "ledgers"},
}
ANSWERS = {"households", "disputes", "orders", "screening"}  # of households.answering


# --- modules --------------------------------------------------------------------------


def is_written(path):
    return "migrations" not in path.parts


def test_every_module_says_what_it_is_for():
    silent = []
    for path in filter(is_written, floors.product_files()):
        source = path.read_text(encoding="utf-8")
        if source.strip() and not ast.get_docstring(ast.parse(source)):
            silent.append(relative(path))

    assert silent == []


def test_no_module_is_longer_than_four_hundred_lines():
    sizes = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in floors.product_files()}

    assert {path: size for path, size in sizes.items() if size > 400 and "/migrations/" not in path} == {}


CLOCKS = re.compile(r"\b(datetime\.(utc)?now|date\.today|timezone\.now|localdate|auto_now|auto_now_add|Now)\b")
SQL_CLOCKS = re.compile(r"\b(now\(\)|current_(date|timestamp|time)\b|localtimestamp|clock_timestamp)", re.IGNORECASE)


def test_the_clock_is_asked_in_one_place():
    """No auto_now, no SQL now(), no datetime.now() outside common.clock."""
    found = []
    for path in filter(is_written, floors.product_files()):
        source = path.read_text(encoding="utf-8")
        code = ast.unparse(ast.parse(source))
        if CLOCKS.search(code) and relative(path) != "common/clock.py":
            found.append(relative(path))
        if "bench" not in path.parts:  # what is measured against may ask the server
            found += [f"{relative(path)}:{line}" for line, text in floors.strings(source) if SQL_CLOCKS.search(text)]

    assert found == []
    dated = [field for model in WRITTEN for field in model._meta.local_fields if hasattr(field, "auto_now")]
    assert not [field for field in dated if field.auto_now or field.auto_now_add]


# --- tables and columns -----------------------------------------------------------------


@pytest.mark.django_db
def test_every_area_path_sorts_by_bytes():
    columns = {
        (model._meta.db_table, field.column)
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, AreaPathField) or field.name == "area_path"
    }
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT r.relname, a.attname, l.collname FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
            JOIN pg_collation l ON l.oid = a.attcollation WHERE r.relkind = 'r' AND a.attnum > 0""")
        collation = {(table, column): name for table, column, name in cursor.fetchall()}

    assert len(columns) > 5
    assert {column for column in columns if collation[column] != "C"} == set()


# Whoever adds a model decides here: nothing in it tells of a person, or its history is kept by triggers.
NOT_PERSONAL = {
    "accounts.AuditEntry",  # append-only itself
    "accounts.Authenticator",  # a sealed secret; who set it up and removed it is in the audit entries
    "accounts.HeldFile",  # sealed whole, for a day at most
    "accounts.Release",  # its acts are in the audit entries
    "accounts.RecoveryCode",  # as before
    "accounts.Device",  # a token's hash; who remembered and revoked it is in the audit entries
    "accounts.Slip",  # a code's hash; who printed it is in the audit entries
    "casework.Case",
    "casework.NumberSeries",
    "casework.Spell",
    "casework.Step",  # append-only itself
    "disputes.Dispute",
    "grids.Area",
    "grids.AreaAct",
    "grids.Boundary",
    "grids.BoundaryImport",
    "grids.Division",
    "grids.GeometryVersion",
    "grids.FormerName",
    "grids.Level",
    "grids.LevelScheme",
    "grids.Placement",
    "grids.TouchedDay",
    "grids.TownProfile",
    "grids.TownSetUp",
    "households.FormerPlace",  # a history itself
    "households.IdNumberUse",  # who switched it is in the audit entries
    "households.NeedKind",
    "households.LinkProposal",  # numbers of households and members; what is applied becomes links
    "households.LinkRule",
    "households.PartyOrg",
    "households.ProposedLink",  # as before
    "households.RosterColumns",
    "households.RosterImport",  # ids and counts; the file is sealed, its acts are in the audit entries
    "ledgers.Fact",
    "ledgers.Heartbeat",
    "ledgers.OwedPeriod",
    "ledgers.WeeklyLedger",
    "screening.DailyReport",
    "screening.DutyRule",
    "screening.Finding",
    "screening.Submission",
    "screening.Visit",  # who was there by relation, never by name; corrected rows stay
    "screening.VisitConflict",  # kept as it came
    "screening.VisitRule",
    "screening.VisitWords",
    "workdays.CalendarDay",
}


def history_triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        found = {}
        for table, trigger in cursor.fetchall():
            found.setdefault(table, set()).add(trigger)
    return found


@pytest.mark.django_db
def test_every_table_about_persons_keeps_its_history_by_triggers():
    triggers, silent = history_triggers(), []
    for model in WRITTEN:
        if model._meta.label in NOT_PERSONAL:
            continue
        names = " ".join(triggers.get(model._meta.db_table, ()))
        silent += [f"{model._meta.label}: {act}" for act in ("insert", "update", "delete") if act not in names]

    assert silent == []


def test_a_table_with_sealed_columns_or_persons_names_is_about_persons():
    by_person = {"accounts.User", "households.Resident", "disputes.Party", "orders.Order"}
    sealed = {m._meta.label for m in WRITTEN if any(isinstance(f, SealedField) for f in m._meta.local_fields)}

    assert by_person <= sealed
    assert sealed & NOT_PERSONAL == set()
    assert {model._meta.label for model in WRITTEN} >= NOT_PERSONAL


PUBLISHED = {  # typed to hang at the wall beside the name of the grid
    "grids.Post.public_phone",
    "grids.PostEvent.public_phone",
    "grids.TownProfile.supervision_phone",
}


def test_phones_and_id_numbers_are_sealed_everywhere():
    secret = re.compile(r"phone|mobile|telephone|id_number|id_card|identity|bank|account_no")
    plain = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.local_fields
        if secret.search(field.name) and not isinstance(field, SealedField | BlindIndexField)
    ]

    assert set(plain) == PUBLISHED


def test_the_admin_shows_no_places_and_no_persons():
    """Django's admin may serve configuration tables only; today it is not installed at all."""
    if not apps.is_installed("django.contrib.admin"):
        assert "django.contrib.admin" not in settings.INSTALLED_APPS
        return
    from django.contrib.admin.sites import all_sites

    for site in all_sites:
        for model in site._registry:
            kinds = {type(field) for field in model._meta.get_fields()}
            assert not kinds & {AreaPathField, SealedField}, model
            assert model._meta.label in NOT_PERSONAL, model
