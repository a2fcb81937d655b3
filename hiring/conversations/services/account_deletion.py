"""What happens to conversations when an account is deleted, and years after their last message."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Deletion
from hiring.conversations.models import Block, Conversation, Membership, Message, MessageFile, SeenElsewhere

# As long as most claims from a contract can be brought (in Germany, three years from the end of the year).
KEPT_FOR = timedelta(days=4 * 365)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's blocks, and what they wrote about nothing in particular. Safe to repeat.

    What they wrote about a request, an offer or a contract stays under a pseudonym: the others may have to prove it.
    """
    written = Message.objects.filter(author=deletion.user, conversation__subject="")
    MessageFile.objects.filter(message__in=written).delete()
    written.update(body="")
    Block.objects.filter(Q(blocker=deletion.user) | Q(blocked=deletion.user)).delete()
    SeenElsewhere.objects.filter(user=deletion.user).delete()
    Membership.objects.filter(user=deletion.user).update(unread_since=None, mailed_at=None, is_muted=True)


def forget(at: datetime) -> None:
    """Each night, delete conversations whose last message is years old."""
    Conversation.objects.filter(changed_at__lt=at - KEPT_FOR, is_bound=False).delete()
