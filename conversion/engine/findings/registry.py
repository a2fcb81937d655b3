"""The registry of findings: every code the engine can remark, how grave it is, and what may be done about it.

A leaf: it imports nothing of the engine but the severities, so that readers, checks, fixes and pages may all ask it.
The sentences for people are in `conversion/messages*.py`. `docs/findings.md` is written from both.
"""

from __future__ import annotations

from .codes import FAMILIES, Check
from .model import Severity

__all__ = ["FAMILIES", "REGISTRY", "Check", "is_overridable", "severity"]

REGISTRY: dict[str, Check] = {check.code: check for checks in FAMILIES.values() for check in checks}


def severity(code: str) -> Severity:
    """How grave a remark is. Raises KeyError for a code that is not registered."""
    return REGISTRY[code].severity


def is_overridable(code: str) -> bool:
    """Whether an author may publish over it; unknown codes may not be waved through."""
    return code in REGISTRY and REGISTRY[code].overridable
