"""The interface's second language is complete: no word is missing, and each translation fits its original."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# Placeholders and markup, which must survive a translation.
_FIXED = re.compile(r"%\(\w+\)[sd]|\{\w*(?:[:!][^}]*)?\}|</?\w+[^>]*>")


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
        subprocess.run(["script/words"], cwd=tmp_path, capture_output=True, check=True)
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
    assert not missing, "run script/words and translate"


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
