"""Account deletion: what the person asked for and proposed ends and is deleted; contracts have terms of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Deletion
from hiring.requests.models import Invitation, Proposal, RequestState, ServiceRequest

KEPT_AFTER_END = timedelta(days=365)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's requests and proposals, and the requests to their services. Safe to repeat."""
    user = deletion.user
    Proposal.objects.filter(author=user).delete()
    ServiceRequest.objects.filter(direct_offer__provider=user).delete()
    Invitation.objects.filter(offer__provider=user).delete()
    ServiceRequest.objects.filter(client=user).delete()


def forget(at: datetime) -> None:
    """Each night, delete requests that were closed long ago."""
    closed = ServiceRequest.objects.exclude(state=RequestState.OPEN)
    closed.filter(closed_at__lte=at - KEPT_AFTER_END).delete()
