"""Account deletion: collaborations of the person, and of their works, end and are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Deletion
from publishing.collaboration.models import Collaborator
from publishing.collaboration.services import invitations

KEPT_AFTER_END = timedelta(days=90)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's collaborations, invitations to their address, and those to their works. Safe to repeat."""
    user = deletion.user
    theirs = Q(user=user) | Q(work__owner=user)
    if user.email:
        theirs |= Q(invited_email=user.email.lower())
    Collaborator.objects.filter(theirs).delete()


def delete_expired(at: datetime) -> None:
    """Delete invitations that were not answered in time, and collaborations that ended a while ago."""
    invitations.delete_expired(at)
    Collaborator.objects.filter(ended_at__lte=at - KEPT_AFTER_END).delete()
