"""What may be done about a finding: mended by the engine on request, or published in spite of it."""

from __future__ import annotations

from conversion.engine.api import registry


def may_override(code: str) -> bool:
    """Whether an author may publish in spite of a blocker with this code, saying why."""
    return registry.is_overridable(code)


def can_mend(code: str) -> bool:
    """Whether the engine has a fix for findings with this code."""
    return code in mendable()


def mendable() -> frozenset[str]:
    """All codes that the engine can mend."""
    return frozenset(check.code for check in registry.REGISTRY.values() if check.fixable)
