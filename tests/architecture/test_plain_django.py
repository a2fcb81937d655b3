"""Plain Django: no ctypes, nothing private of Django or psycopg, no tag in the place of one of theirs, SQL only where
the ORM cannot say it (decision 0083)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from django.template import engines
from django.template.library import import_library

from tests.architecture.test_code import ROOT, _tracked

_APPS = (
    "accounts",
    "common",
    "config",
    "demo",
    "helpdesk",
    "hiring",
    "insight",
    "operations",
    "payments",
    "publishing",
    "royalties",
    "storefront",
)
# Documented, or of Python itself.
_PUBLIC = {"_meta", "_state", "_default_manager", "_base_manager", "_asdict", "_replace", "_make", "_fields", "_exit"}
# Where SQL may stand, and why.
_SQL = {
    "insight/searches/selectors/recount.py": "the second count of searches, in a language of its own",
    "royalties/": "ledger, statements, payouts: set-based, beside triggers",
    "demo/generated_rows.py": "the generator of test data",
    "common/append_only.py": "triggers",
    "common/hash_chain.py": "the lock of a chain",
    "common/locks.py": "advisory locks",
    "common/clock.py": "the database's clock",
    "common/database_roles.py": "rights of the application's role",
    "common/management/commands/grant_application_role.py": "rights of the application's role",
    "common/views.py": "the health check",
    "operations/backups/services/database_dump.py": "a snapshot to be dumped; an emptied schema",
    "operations/dependencies.py": "the database's version",
    "operations/doctor/database.py": "the server’s version and settings, the rights of its roles",
    "publishing/services/territories.py": "FOR SHARE, which the ORM does not know",
    "storefront/community/selectors/votes.py": "the ranking's votes: windows over every purchase",
    "storefront/library/services/recommendations.py": "recommendations",
    "storefront/search/": "search",
}
_RUNS_SQL = re.compile(r"\bconnections?(\[[^\]]*\])?\.cursor\(|\bown\.cursor\(|\bRawSQL\(|\.raw\(|\.extra\(")


@cache
def _modules() -> dict[str, str]:
    """Our modules without tests, migrations, benchmarks and the engine, which knows no Django."""
    paths = [path.relative_to(ROOT) for path in _tracked("*.py")]
    return {
        path.as_posix(): (ROOT / path).read_text(encoding="utf-8")
        for path in paths
        if path.parts[0] in _APPS and "migrations" not in path.parts
    }


def test_nothing_reaches_into_the_interpreter() -> None:
    assert len(_modules()) > 400
    assert [
        path for path, text in _modules().items() if re.search(r"^\s*(import|from) ctypes", text, re.MULTILINE)
    ] == []


def test_nothing_private_of_a_library_is_used() -> None:
    ours = {name for text in _modules().values() for name in re.findall(r"\b_[a-z]\w*", _defined(text))}
    found = [
        (path, name) for path, text in _modules().items() for name in _underscored(text) if name not in ours | _PUBLIC
    ]
    assert found == []


def _defined(text: str) -> str:
    """What a module defines itself: functions, methods, names, attributes of `self`."""
    names = re.findall(r"(?:def|class|self\.|cls\.|^|for |as )\s*(_[a-z]\w*)(?=\s*[(:=\[,]|\s*$)", text, re.MULTILINE)
    return " ".join(names)


def _underscored(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        is_own = (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
        )
        if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr) and not is_own:
            yield node.attr
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django", "psycopg")):
            names = [*(node.module or "").split("."), *(one.name for one in node.names)]
            yield from (name for name in names if re.match(r"_[a-z]", name))


def test_no_tag_stands_in_for_one_of_django_s() -> None:
    engine = engines["django"].engine
    theirs = {name for library in engine.template_builtins[:3] for name in library.tags}
    for name, module in engine.libraries.items():
        if module.startswith("django."):
            theirs |= set(import_library(module).tags)
            assert engine.libraries[name] == module
    own = [*engine.template_builtins[3:]]
    own += [import_library(module) for module in engine.libraries.values() if module.split(".")[0] in _APPS]
    assert len(own) > 5
    assert {name for library in own for name in library.tags} & theirs == set()
    assert not {"i18n", "static", "cache", "l10n", "tz"} - set(engine.libraries)


def test_sql_stands_where_the_orm_cannot_say_it() -> None:
    users = {path for path, text in _modules().items() if _RUNS_SQL.search(text)}
    assert {path for path in users if not path.startswith(tuple(_SQL))} == set()
    assert {place for place in _SQL if not any(path.startswith(place) for path in users)} == set()
