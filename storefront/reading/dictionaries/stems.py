"""Stems of words in many languages, by the Snowball algorithms."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

import snowballstemmer
from babel import Locale

_GERMAN_PAST = re.compile(r"^(\w{3,}?)e?te(?:n|st|t)?$")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's name


@cache
def _stemmer(language: str) -> _Stemmer | None:
    """Return the language's stemmer; None if Snowball has none."""
    name = "norwegian" if language in {"nb", "nn"} else Locale("en").languages.get(language, "").lower()
    return cast("_Stemmer", snowballstemmer.stemmer(name)) if name in snowballstemmer.algorithms() else None


def stem_of(key: str, language: str) -> str:
    """Return the stem of a single word; "" for phrases, and in a language without stems."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(key) if stemmer and key and " " not in key else ""


def stems_of(form: str, language: str) -> list[str]:
    """Return the stems that words with this form may have. Snowball leaves endings of the German past: "liebten"."""
    present = [_GERMAN_PAST.sub(r"\1en", form)] if language == "de" else []
    return [stem for one in dict.fromkeys([form, *present]) if (stem := stem_of(one, language))]
