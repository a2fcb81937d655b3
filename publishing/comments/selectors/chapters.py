"""The chapters that somebody may comment on. Those that the author left out are for people who work on the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.permissions import Visitor
from conversion.engine.api import editing
from publishing.comments import permissions
from publishing.editing.errors import ChapterGone
from publishing.editing.models import WorkText
from publishing.editing.selectors import chapters


def lines_for(user: Visitor, text: WorkText) -> Sequence[editing.ChapterLine]:
    """Return the chapters that the user may read, in order."""
    lines = chapters.chapter_lines(text)
    return lines if permissions.may_see_all(user, text.work) else [line for line in lines if not line.is_left_out]


def chapter_for(user: Visitor, text: WorkText, chapter_id: str) -> dict[str, Any]:
    """Return the document of a chapter. Raises ChapterGone for one that the user may not read."""
    document = chapters.chapter_document(text, chapter_id)
    if document["attributes"].get("left_out") and not permissions.may_see_all(user, text.work):
        raise ChapterGone
    return document
