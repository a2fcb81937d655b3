"""Who may see a request and its proposals, and who may answer.

| | sees | does |
|---|---|---|
| client | the request, everybody who was asked with reasons and points, all proposals | answers proposals, withdraws |
| asked provider | the request with its passage, their own place and proposals | proposes, declines |
| everybody else, staff too | nothing | nothing |
"""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotFound
from hiring.requests.models import Invitation, Proposal, ServiceRequest


def is_client(user: Visitor, request: ServiceRequest) -> bool:
    return isinstance(user, User) and user.is_active and user.pk == request.client_id


def is_asked(user: Visitor, invitation: Invitation) -> bool:
    return isinstance(user, User) and user.is_active and user.pk == invitation.offer.provider_id


def may_see(user: Visitor, request: ServiceRequest) -> bool:
    """Return whether the person is the client, or was asked."""
    if is_client(user, request):
        return True
    return isinstance(user, User) and user.is_active and Invitation.objects.filter(request=request).of(user).exists()


def require_client(user: Visitor, request: ServiceRequest) -> None:
    """Require the client: to others this part does not exist. Raises NotFound."""
    if not is_client(user, request):
        raise NotFound


def is_side(user: Visitor, invitation: Invitation) -> bool:
    """Return whether the person is the client or the provider of this invitation."""
    return is_client(user, invitation.request) or is_asked(user, invitation)


def require_side(user: Visitor, invitation: Invitation) -> None:
    """Require one of the two sides. Raises NotFound."""
    if not is_side(user, invitation):
        raise NotFound


def may_answer(user: Visitor, proposal: Proposal) -> bool:
    """Return whether it is the person's turn: the side that did not write the proposal."""
    return isinstance(user, User) and is_side(user, proposal.invitation) and user.pk != proposal.author_id
