"""The text of works as their authors correct it: bases, corrections, and how these fit."""

from publishing.editing.models.base import Base, FixProposals
from publishing.editing.models.correction import MAX_REASON, Correction, Decision, Fit, Origin
from publishing.editing.models.page_description import PageDescription
from publishing.editing.models.picture import Picture
from publishing.editing.models.work_text import WorkText

__all__ = [
    "MAX_REASON",
    "Base",
    "Correction",
    "Decision",
    "Fit",
    "FixProposals",
    "Origin",
    "PageDescription",
    "Picture",
    "WorkText",
]
