"""Emails about requests and proposals, each sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common import clock
from common.emails import send
from hiring.requests.models import Invitation, InvitationAnswer, Proposal, ProposalState, RequestState

_AT_ONCE = 200


@transaction.atomic
def mail_invitation(*, invitation_id: int) -> bool:
    """Tell a provider that they are asked; return whether the mail was sent now."""
    # The lock keeps two workers from mailing twice.
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("request", "offer__provider")
    found = rows.filter(pk=invitation_id, mailed_at=None).first()
    if found is None:
        return False
    provider = found.offer.provider
    if found.request.is_open and found.answer == InvitationAnswer.NONE and provider.is_active:
        with regions.active(provider.region):
            subject = _("A request for you: “%(title)s”") % {"title": found.request.title}
            facts = {"invitation": found, "request": found.request, "offer": found.offer}
            send("service_requested", subject, provider.mail_to, facts)
    found.mailed_at = clock.now()
    found.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_proposal(*, proposal_id: int) -> bool:
    """Tell the other side of a proposal; return whether the mail was sent now."""
    rows = Proposal.objects.select_for_update(of=("self",))
    rows = rows.select_related("author", "invitation__request__client", "invitation__offer__provider")
    found = rows.filter(pk=proposal_id, mailed_at=None).first()
    if found is None:
        return False
    other = other_side(found)
    if found.is_open and found.invitation.request.state == RequestState.OPEN and other.is_active:
        with regions.active(other.region):
            subject = _("%(name)s proposes: “%(title)s”") % {
                "name": found.author.display_name,
                "title": found.invitation.request.title,
            }
            send("proposal_made", subject, other.mail_to, _facts(found))
    found.mailed_at = clock.now()
    found.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_declined(*, proposal_id: int) -> bool:
    """Tell whoever proposed that the other side declined; return whether the mail was sent now."""
    rows = Proposal.objects.select_for_update(of=("self",))
    rows = rows.select_related("author", "invitation__request__client", "invitation__offer__provider")
    found = rows.filter(pk=proposal_id, state=ProposalState.DECLINED, declined_mailed_at=None).first()
    if found is None:
        return False
    with regions.active(found.author.region):
        subject = _("Your proposal for “%(title)s” was declined") % {"title": found.invitation.request.title}
        send("proposal_declined", subject, found.author.mail_to, _facts(found))
    found.declined_mailed_at = clock.now()
    found.save(update_fields=["declined_mailed_at"])
    return True


def other_side(proposal: Proposal) -> User:
    """Return whom a proposal goes to."""
    invitation = proposal.invitation
    is_clients = proposal.author_id == invitation.request.client_id
    return invitation.offer.provider if is_clients else invitation.request.client


def unmailed() -> tuple[list[int], list[int]]:
    """Return invitations and proposals whose message was lost."""
    invitations = Invitation.objects.filter(mailed_at=None).order_by("pk").values_list("pk", flat=True)
    proposals = Proposal.objects.filter(mailed_at=None).order_by("pk").values_list("pk", flat=True)
    return list(invitations[:_AT_ONCE]), list(proposals[:_AT_ONCE])


def _facts(found: Proposal) -> dict[str, object]:
    return {"proposal": found, "invitation": found.invitation, "request": found.invitation.request}
