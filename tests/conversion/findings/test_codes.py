"""The registry of codes is the one truth: for gravity, for sentences, for fixes and for the manual's page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from conversion import engine, messages
from conversion.engine.findings.model import Severity
from conversion.engine.findings.registry import REGISTRY
from conversion.engine.fixes import FIXES
from tests.conversion.findings import manual

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


class TestPage:
    def test_is_what_the_command_writes(self) -> None:
        written = manual.PAGE.read_text(encoding="utf-8")
        assert written == manual.page(), "run python -m tests.conversion.findings.manual --write"

    def test_names_only_codes_that_exist(self) -> None:
        assert {code for _, codes in manual.WANTED for code in codes.split()} <= set(REGISTRY)


class TestRegistry:
    def test_every_code_has_sentences(self) -> None:
        assert set(REGISTRY) <= set(messages.MESSAGES)

    def test_what_can_be_mended_has_a_fix(self) -> None:
        assert {code for code, check in REGISTRY.items() if check.fixable} == set(FIXES)
