"""Account deletion: the person's comments are deleted; where others answered, an empty place stays."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from publishing.comments.models import Comment, Thread
from publishing.comments.services import threads


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person wrote, in all works. Safe to repeat."""
    user = deletion.user
    for comment in Comment.objects.filter(author=user).select_related("thread__placement").order_by("-pk"):
        threads.erase_comment(comment, at=at)
    Thread.objects.filter(opened_by=user).update(opened_by=None)
    Thread.objects.filter(resolved_by=user).update(resolved_by=None)
