"""The registry of findings: every code that the engine can report, its severity, and what may be done about it.

A leaf module: it imports nothing of the engine but the severities, so that readers, checks, fixes and pages may all
import it. The texts for people are in `conversion/messages*.py`. `docs/findings.md` is generated from both.
"""

from __future__ import annotations

from .codes import FAMILIES, Check
from .model import Severity

__all__ = ["FAMILIES", "REGISTRY", "Check", "is_overridable", "severity"]

REGISTRY: dict[str, Check] = {check.code: check for checks in FAMILIES.values() for check in checks}


def severity(code: str) -> Severity:
    """Return the severity of a code. Raises KeyError for a code that is not registered."""
    return REGISTRY[code].severity


def is_overridable(code: str) -> bool:
    """Return whether an author may publish despite this finding; False for unknown codes."""
    return code in REGISTRY and REGISTRY[code].overridable
