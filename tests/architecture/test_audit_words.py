"""Every verb that is written to the audit log has words, an area and, where its facts may name somebody, an end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from accounts import audit_registry

_ROOT = Path(__file__).parents[2]
_APPS = (
    "accounts",
    "payments",
    "conversion",
    "publishing",
    "royalties",
    "storefront",
    "hiring",
    "insight",
    "helpdesk",
    "operations",
)
_WRITERS = {"record_audit", "_audit", "_log", "_record", "_note", "note_login", "Try"}
_VERB = re.compile(r"[a-z_]+\.[a-z_]*[a-z]")


@cache
def calls() -> list[ast.Call]:
    return list(_calls())


def _calls() -> Iterator[ast.Call]:
    for app in _APPS:
        for path in sorted((_ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in _WRITERS:
                        yield node


def written() -> set[str]:
    """The verbs that stand in calls as they are, and the beginnings of those that end with a state."""
    found = set()
    for call in calls():
        for node in ast.walk(call):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _VERB.fullmatch(node.value):
                found.add(node.value)
    return found


def beginnings() -> set[str]:
    return {
        str(call_part.values[0].value)
        for call in calls()
        for call_part in ast.walk(call)
        if isinstance(call_part, ast.JoinedStr)
        and call_part.values
        and isinstance(call_part.values[0], ast.Constant)
        and "." in str(call_part.values[0].value)
    }


def known() -> set[str]:
    return {verb.code for verb in audit_registry.verbs()}


def test_the_search_finds_verbs() -> None:
    assert len(written()) > 90
    assert {"manual.", "dispute.", "tax_form."} <= beginnings()


def test_every_verb_has_words() -> None:
    assert sorted(verb for verb in written() if verb not in known()) == []


@pytest.mark.parametrize("beginning", sorted(beginnings()))
def test_every_state_has_words(beginning: str) -> None:
    assert any(verb.startswith(beginning) for verb in known())


def test_every_verb_is_written() -> None:
    """Those that are put together of a state, or chosen before the call, stand in the code by other means."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for app in _APPS
        for path in (_ROOT / app).rglob("*.py")
        if path.name != "audit_labels.py"
    )
    unwritten = [
        verb for verb in known() if f'"{verb}"' not in code and not any(verb.startswith(one) for one in beginnings())
    ]
    assert unwritten == []


def test_free_text_has_an_end() -> None:
    """Whoever writes a reason may name somebody in it."""
    ends = audit_registry.expiring_verbs()
    for call in calls():
        for node in ast.walk(call):
            if isinstance(node, ast.Dict) and any(
                isinstance(k, ast.Constant) and k.value == "reason" for k in node.keys
            ):
                verbs = {
                    one.value
                    for one in ast.walk(call)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and _VERB.fullmatch(one.value)
                }
                assert not verbs or verbs & ends.keys() or verbs == {"refund.requested"}, verbs


def test_every_subject_is_a_model() -> None:
    """An entry names its thing by the model's label, and whose it is is asked under that name."""
    models = {model._meta.label_lower for model in apps.get_models()}
    assert sorted({*audit_registry._subjects, *audit_registry._people} - models) == []
