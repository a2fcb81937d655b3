"""The interface's second language is complete: no word is missing, and each translation fits its original."""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.functional import Promise

from common.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# Placeholders and markup, which must survive a translation.
_FIXED = re.compile(r"%\(\w+\)[sd]|\{\w*(?:[:!][^}]*)?\}|</?\w+[^>]*>")


# Failures of our own doing, whose reasons the log and the operator read.
_FOR_US = {"ClaimRefused", "MilestoneRefused", "SaleRefused", "LedgerError", "EventRejected"}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def words_of(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Each original with its translation; one for each number."""
    if isinstance(message.id, str):
        yield message.id, message.string if isinstance(message.string, str) else ""
        return
    for number, translated in enumerate(message.string):
        yield message.id[min(number, 1)], translated


def copy_sources(to: Path) -> None:
    """Whatever may hold words, without tests and what lies about."""
    tracked = subprocess.run(
        ["git", "ls-files", "*.py", "*.html", "*.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.split():
        if not name.startswith(("tests/", "bench/")) and (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext")
@pytest.mark.parametrize("language", LANGUAGES)
def test_collecting_them_twice_changes_nothing(language: str, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    shutil.copytree(ROOT / "script", tmp_path / "script")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    words = tmp_path / "locale" / language / "LC_MESSAGES" / "django.po"
    words.parent.mkdir(parents=True)
    shutil.copy(words_of(language), words)
    header, _, _ = words.read_text().partition("\n\n#")
    texts = []
    for _ in range(2):
        subprocess.run(["script/makemessages"], cwd=tmp_path, capture_output=True, check=True)
        texts.append(words.read_text())
    assert texts[0].startswith(header)
    assert texts[0] == texts[1]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext")
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_are_there(language: str, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    (tmp_path / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", language, "-e", "html,txt,py", "--no-location"]
    alone = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env=alone)
    needed = catalogue(tmp_path / "locale" / language / "LC_MESSAGES" / "django.po")
    assert len(needed) > 2000
    there = catalogue(words_of(language))
    missing = [(m.context, m.id) for m in needed if m.id and not there.get(m.id, m.context)]
    assert not missing, "run script/makemessages and translate"


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs gettext")
@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_finds_no_fault(language: str, tmp_path: Path) -> None:
    command = ["msgfmt", "--check-format", "-o", str(tmp_path / "django.mo"), str(words_of(language))]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language: str) -> None:
    unsaid = [
        message.id
        for message in catalogue(words_of(language))
        if message.id and (message.fuzzy or not all(text for _, text in forms(message)))
    ]
    assert not unsaid


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_markup(language: str) -> None:
    wrong = [
        (original, text)
        for message in catalogue(words_of(language))
        if message.id
        for original, text in forms(message)
        if sorted(set(_FIXED.findall(original))) != sorted(set(_FIXED.findall(text)))
        # "one book" may stand for a number in one of the forms
        and not (isinstance(message.id, tuple) and set(_FIXED.findall(text)) <= set(_FIXED.findall(original)))
    ]
    assert not wrong


_APPS = (
    "common",
    "accounts",
    "conversion",
    "payments",
    "publishing",
    "royalties",
    "storefront",
    "hiring",
    "insight",
    "helpdesk",
    "operations",
    "demo",
)


def _all_errors() -> list[type[DomainError]]:
    for app in (
        "common",
        "accounts",
        "conversion",
        "payments",
        "publishing",
        "royalties",
        "storefront",
        "hiring",
        "insight",
        "helpdesk",
        "operations",
        "demo",
    ):
        for found in pkgutil.walk_packages(import_module(app).__path__, f"{app}."):
            if not re.search(r"\.(migrations|management|engine)\b", found.name):
                import_module(found.name)
    errors, left = [], [DomainError]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        errors.append(one)
    return [one for one in errors if not one.__module__.startswith("tests.")]


def test_every_refusal_is_said_in_the_readers_language() -> None:
    errors = _all_errors()
    assert len(errors) > 130
    assert sorted(one.__name__ for one in errors if not isinstance(one.message, Promise)) == []


def test_no_refusal_writes_days_as_machines_do() -> None:
    assert [one.__name__ for one in _all_errors() if ":%" in str(one.message)] == []


def test_reasons_of_refusals_are_in_the_readers_language() -> None:
    """Words given to a refusal stand within its sentence."""
    names = {one.__name__ for one in _all_errors()} - _FOR_US
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    wrong = []
    for name in tracked.stdout.split():
        if name.startswith(("tests/", "bench/")) or not (ROOT / name).exists():
            continue
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if called in names and any(_is_english(given.value) for given in node.keywords):
                    wrong.append(f"{name}:{node.lineno}")
    assert wrong == []


def _is_english(given: ast.expr) -> bool:
    """Whether it is a text of several words as it is written in the code."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    words = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return " " in "".join(words).strip()
