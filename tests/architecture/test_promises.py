"""Nothing that people read promises what is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
# What was promised once, and why it is not true. Whoever builds it takes its line away.
_NOT_THERE = {
    r"\bInsight\b|With insight": "there are no figures for authors to be sold",
    r"one click away": "from the end of a sample to the whole book it takes a cart and a checkout",
    r"Choose one to three": "a work has one subject",
}


def words() -> list[str]:
    with (ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        found = [
            one for message in read_po(file) for one in ([message.id] if isinstance(message.id, str) else message.id)
        ]
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return [*found, *(path.read_text(encoding="utf-8") for path in documents)]


@pytest.mark.parametrize(("promise", "why"), _NOT_THERE.items(), ids=str)
def test_nobody_is_promised(promise: str, why: str) -> None:
    assert [one[:200] for one in words() if re.search(promise, one)] == [], why
