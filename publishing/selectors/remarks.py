"""The remarks that an author sees: what the checks found, without what the work's own details have answered since."""

from __future__ import annotations

from conversion import selectors as conversion_selectors
from conversion.selectors import ReadableFinding
from publishing.models import Edition, Work

# Description and shelf live in the shop and are no part of the files, so no run over a manuscript sees them.
_ANSWERED_BY = {"description": "metadata.description-", "subject": "metadata.subjects-"}


def remarks_of(edition: Edition) -> list[ReadableFinding]:
    """The findings of the edition's job, gravest first, that are still open."""
    answered = _answered(edition.work)
    return [one for one in conversion_selectors.findings_of(edition.job) if not one.code.startswith(answered)]


def _answered(work: Work) -> tuple[str, ...]:
    return tuple(prefix for name, prefix in _ANSWERED_BY.items() if getattr(work, name))
