"""What can be done about a finding: fixed by the engine on request, or overridden to publish in spite of it."""

from __future__ import annotations

from conversion.engine.api import fixes, registry

# A file or a part of one is missing, or a chapter is there as its words alone: making the files again may help.
INCOMPLETE = frozenset(
    {
        *("pdf.not-made", "artifact.not-made", "pdf.plain", "pdf.incomplete", "epub.chapter-plain", "epub.incomplete"),
        *("cover.not-drawn", "matter.not-made", "fix.failed", "patch.failed"),
    }
)


def may_override(code: str) -> bool:
    """Return whether an author may publish in spite of a blocker with this code, giving a reason."""
    return registry.is_overridable(code)


def can_fix(code: str) -> bool:
    """Return whether the engine has a fix for findings with this code."""
    return code in mendable()


def is_fixed_as_whole(code: str) -> bool:
    """Return whether the fix builds other blocks, so that it is used everywhere or nowhere. Other fixes are accepted
    and undone place by place."""
    return code in fixes.NOT_PROPOSED


def fixable_by_place() -> tuple[str, ...]:
    """Return the codes whose fixes are proposed place by place."""
    return tuple(sorted(mendable() - fixes.NOT_PROPOSED))


def mendable() -> frozenset[str]:
    """Return all codes that the engine can fix."""
    return frozenset(check.code for check in registry.REGISTRY.values() if check.fixable)
