"""Texts for tests of passages: of words that were drawn, so that two of them share no passage by chance."""

from __future__ import annotations

from random import Random

_WORDS = [
    first + middle + last for first in "bdfghklmnprst" for middle in ("a", "eu", "i", "oa") for last in "bdgkmnrt"
]
WORDS_A_BLOCK = 60


def drawn_words(count: int, seed: int) -> list[str]:
    rng = Random(seed)
    return [rng.choice(_WORDS) for _ in range(count)]


def changed(words: list[str], share: float, seed: int = 0) -> list[str]:
    """Return the words with this share of them replaced."""
    rng = Random(seed)
    return [f"x{rng.randrange(9999)}y" if rng.random() < share else word for word in words]


def as_text(words: list[str]) -> str:
    """Return the words as paragraphs."""
    return "\n".join(" ".join(words[at : at + WORDS_A_BLOCK]) + "." for at in range(0, len(words), WORDS_A_BLOCK))
