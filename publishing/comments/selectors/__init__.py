"""Queries for comments."""

from publishing.comments.selectors.chapters import chapter_for, lines_for
from publishing.comments.selectors.threads import (
    Shown,
    comment_of,
    shown,
    thread_by_public_id,
    visible_threads,
)

__all__ = ["Shown", "chapter_for", "comment_of", "lines_for", "shown", "thread_by_public_id", "visible_threads"]
