"""What the documents at the top name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NAMED = re.compile(r"`((?:script|tests|docs|config|royalties|locale|bench)/[\w./-]+)")
_LINKED = re.compile(r"\]\(([\w./-]+)\)")


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_files_that_a_document_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = {*_NAMED.findall(text), *_LINKED.findall(text)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
