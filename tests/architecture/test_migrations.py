"""Migrations are history: the first of each app makes the same database for ever, and needs nothing of today's code.

`initial_schema.tsv` has a digest of each table (its columns, constraints, indexes, triggers, statistics and rows) and
of each function, for PostgreSQL and SQLite. It was taken from databases that ran the 135 migrations which were before
there was one for each app. Whoever writes a first migration anew on purpose runs this file on either database with
WRITE_INITIAL_SCHEMA=1, and says in the commit which tables changed.
"""

from __future__ import annotations

import ast
import csv
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from accounts import triggers as audit_triggers
from royalties import triggers as ledger_triggers
from tests.support.schema import Schema, describe, fingerprints, migrations_of, our_apps

pytestmark = pytest.mark.both

_ROOT = Path(__file__).resolve().parent.parent.parent
_DIGESTS = Path(__file__).with_name("initial_schema.tsv")
# Fields, constraints and defaults of models, which Django must find under their names.
_NEEDED = {"common.ids", "royalties.models.seal_constraint", "accounts.models"}


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database of its own beside that of the run, without a table."""
    name = str(tmp_path / "empty.sqlite3") if connection.vendor == "sqlite" else "octavo_empty"
    connections.databases["empty"] = {**connections.databases["default"], "NAME": name}
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            _run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        try:
            yield connections["empty"]
        finally:
            connections["empty"].close()
            del connections["empty"], connections.databases["empty"]
            if connection.vendor == "postgresql":
                _run(f"DROP DATABASE {name}")


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class TestTheFirstOfEachApp:
    def test_makes_the_same_database_for_ever(self, empty: BaseDatabaseWrapper) -> None:
        firsts = [(label, "0001_initial") for label in our_apps() if not _came_later(label)]
        MigrationExecutor(empty).migrate(firsts)
        schema = describe(empty)
        found = fingerprints(schema)
        if os.environ.get("WRITE_INITIAL_SCHEMA"):
            _write(empty.vendor, found)
        wanted = {name: digests[empty.vendor] for name, digests in _read().items() if digests[empty.vendor]}
        changed = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
        assert not changed, _explained(changed, schema)

    def test_is_one(self) -> None:
        for label in our_apps():
            firsts = migrations_of(apps.get_app_config(label)).glob("0001*.py")
            assert [path.stem for path in firsts] == ["0001_initial"]


def _came_later(label: str) -> bool:
    """Whether the app's first migration needs a later one of another app, or an app that does: its tables came after
    these digests."""
    first = MigrationLoader(None).get_migration(label, "0001_initial")
    ours = [(other, name) for other, name in first.dependencies if other in our_apps() and other != label]
    return any(name not in ("0001_initial", "__first__") or _came_later(other) for other, name in ours)


def _explained(changed: list[str], schema: Schema) -> str:
    lines = [f"{name}\n  " + "\n  ".join(schema.get(name, ["is not there"])) for name in changed]
    return "the first migrations no longer make what they made:\n" + "\n".join(lines)


def _read() -> dict[str, dict[str, str]]:
    with _DIGESTS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}


def _write(vendor: str, found: dict[str, str]) -> None:
    known = _read()
    with _DIGESTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", "postgresql", "sqlite"], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for name in sorted(known | found):
            row = {"name": name, "postgresql": "", "sqlite": "", **known.get(name, {}), vendor: found.get(name, "")}
            if row["postgresql"] or row["sqlite"]:
                writer.writerow(row)


@pytest.mark.django_db
class TestTriggersOfToday:
    """Those that migrations made, with their own frozen text, are those that the live modules make."""

    @pytest.mark.parametrize(
        ("triggers", "apart"),
        [
            # An aggregate and a function that no trigger calls; they have no live text.
            (ledger_triggers, {"royalties_sum()", "royalties_keep_writers_out()"}),
            (audit_triggers, set()),
        ],
    )
    def test_are_those_that_were_migrated(self, triggers, apart: set[str]) -> None:
        label = triggers.__name__.partition(".")[0]
        before = _rules(label)
        assert before
        triggers.drop(connection)
        left = _rules(label)
        assert set(left) == (apart if connection.vendor == "postgresql" else set())
        triggers.install(connection)
        assert _rules(label) == before


def _rules(label: str) -> Schema:
    """Triggers of the app's tables, and functions by its name."""
    found = {
        name: lines if name.endswith("()") else [line for line in lines if line.startswith("trigger")]
        for name, lines in describe(connection).items()
        if name.removeprefix("append_only_").startswith(f"{label}_")
    }
    return {name: lines for name, lines in found.items() if lines}


class TestMigrations:
    @pytest.mark.django_db
    def test_none_is_missing(self) -> None:
        out = StringIO()
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
        assert "No changes detected" in out.getvalue()

    def test_import_nothing_of_todays_code(self) -> None:
        """What they once did must not change with it. They have what they need in files beside them."""
        imported = {
            f"{label}/{path.name}: {name}"
            for label in our_apps()
            for path in migrations_of(apps.get_app_config(label)).glob("*.py")
            for name in _imports(path)
            if _is_ours(name) and ".migrations" not in name and name not in _NEEDED
        }
        assert imported == set()

    def test_are_imported_from_nowhere(self) -> None:
        named = re.compile(rf"\b({'|'.join(our_apps())})(\.\w+)*\.migrations\b")
        found = [
            str(path.relative_to(_ROOT))
            for folder in (*our_apps(), "config", "demo", "tests", "bench")
            for path in (_ROOT / folder).rglob("*.py")
            if "migrations" not in path.parts and named.search(path.read_text(encoding="utf-8"))
        ]
        assert found == []


def _is_ours(module: str) -> bool:
    return (_ROOT / module.partition(".")[0]).is_dir()


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
