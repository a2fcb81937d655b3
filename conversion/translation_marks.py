"""A `gettext_noop` in plain Python, for the engine too: marks sentences that are translated where they are shown."""

from __future__ import annotations


def _(sentence: str) -> str:
    """Return the sentence itself."""
    return sentence
