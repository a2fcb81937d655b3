"""What may be done about a finding: mended by the engine on request, or published in spite of it."""

from __future__ import annotations

# What stops a reader or breaks the law of the format is never a matter of taste.
_HARD = frozenset(
    {
        "epub.words-lost",
        "metadata.title-missing",
        "metadata.language-missing",
        "metadata.language-wrong",
    }
)


def may_override(code: str) -> bool:
    """Whether an author may publish in spite of a blocker with this code, saying why."""
    return code not in _HARD


def can_mend(code: str) -> bool:
    """Whether the engine has a fix for findings with this code."""
    return code in mendable()


def mendable() -> frozenset[str]:
    """All codes that the engine can mend."""
    return frozenset()
