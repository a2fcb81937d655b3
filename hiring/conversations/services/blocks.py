"""People who do not want to hear from each other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hiring.conversations import permissions
from hiring.conversations.models import Block


@transaction.atomic
def block(*, actor: User, other: User, at: datetime) -> None:
    """Stop a person from writing, asking and offering to the actor, and the actor to them.

    Safe to repeat. Raises NotAllowed.
    """
    permissions.require_block(actor, other)
    Block.objects.get_or_create(blocker=actor, blocked=other, defaults={"made_at": at})


@transaction.atomic
def unblock(*, actor: User, other: User) -> None:
    """Take a block back. Safe to repeat."""
    Block.objects.filter(blocker=actor, blocked=other).delete()
