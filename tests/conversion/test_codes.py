"""Whoever remarks something says the gravity that the registry has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from conversion import engine
from conversion.engine.book import Severity
from conversion.engine.codes import REGISTRY

ENGINE = Path(engine.__file__).parent


def _said() -> Iterator[tuple[str, str, str]]:
    """File, code and severity of each call that names both."""
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                codes = [a.value for a in node.args if isinstance(a, ast.Constant) and a.value in REGISTRY]
                graveness = [a.attr for a in node.args if isinstance(a, ast.Attribute) and _is_severity(a)]
                if codes and graveness:
                    yield path.name, str(codes[0]), graveness[0].lower()


def _is_severity(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == Severity.__name__


def test_gravity_is_that_of_the_registry() -> None:
    said = list(_said())
    assert len(said) > 60
    assert [(*each, REGISTRY[each[1]].severity) for each in said if REGISTRY[each[1]].severity != each[2]] == []
