"""A mark for translators on sentences that are translated where they are shown. Plain Python, for the engine too."""

from __future__ import annotations


def _(sentence: str) -> str:
    """The sentence itself."""
    return sentence
