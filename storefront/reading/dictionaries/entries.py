"""What a dictionary says of a word, whatever its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning: its definition or translation, examples with their translation or "", words that mean the same."""

    text: str
    examples: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A headword as one part of speech. `grammar` has codes such as "noun" and "plural"; templates have words for them.

    The higher `weight` is, the earlier it is shown among entries of the same word.
    """

    headword: str
    grammar: tuple[str, ...]
    senses: tuple[Sense, ...]
    weight: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """A dictionary: its name, languages (BCP 47; `target` is that of definitions), and what its licence asks for."""

    name: str
    language: str
    target: str
    credit: str
    notice: str
    url: str
