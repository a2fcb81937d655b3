"""Emails about requests and proposals, each sent once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import User
from common import clock
from common.emails import send
from hiring.requests.models import (
    NEXT_ROUND_AFTER,
    Invitation,
    InvitationAnswer,
    Proposal,
    ProposalState,
    RequestState,
    Shortlist,
)

_AT_ONCE = 200
_LOOKED_BACK = timedelta(days=3)  # an older answer is no news


@transaction.atomic
def mail_invitation(*, invitation_id: int) -> bool:
    """Tell a provider that they are asked; return whether the mail was sent now."""
    # The lock keeps two workers from mailing twice.
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("request__client", "offer__provider")
    found = rows.filter(pk=invitation_id, mailed_at=None).first()
    if found is None:
        return False
    provider = found.offer.provider
    are_here = provider.is_active and found.request.client.is_active
    if found.request.is_open and found.answer == InvitationAnswer.NONE and are_here:
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
    if found.author.is_active:
        with regions.active(found.author.region):
            subject = _("Your proposal for “%(title)s” was declined") % {"title": found.invitation.request.title}
            send("proposal_declined", subject, found.author.mail_to, _facts(found))
    found.declined_mailed_at = clock.now()
    found.save(update_fields=["declined_mailed_at"])
    return True


@transaction.atomic
def mail_invitation_declined(*, invitation_id: int) -> bool:
    """Tell a client that the one provider they asked declined; return whether the mail was sent now."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("request__client", "offer__provider")
    found = rows.filter(pk=invitation_id, answer=InvitationAnswer.DECLINED, declined_mailed_at=None).first()
    if found is None:
        return False
    request = found.request
    if request.is_open and request.client.is_active:
        with regions.active(request.client.region):
            subject = _("%(name)s declined: “%(title)s”") % {
                "name": found.offer.provider.display_name,
                "title": request.title,
            }
            send("request_declined", subject, request.client.mail_to, {"invitation": found, "request": request})
    found.declined_mailed_at = clock.now()
    found.save(update_fields=["declined_mailed_at"])
    return True


@transaction.atomic
def mail_round(*, shortlist_id: int) -> bool:
    """Tell a client that the next eight were asked, or that nobody else fits; return whether the mail was sent now."""
    rows = Shortlist.objects.select_for_update(of=("self",)).select_related("request__client")
    found = rows.filter(pk=shortlist_id, number__gt=1, client_mailed_at=None).first()
    if found is None:
        return False
    request, asked = found.request, found.invitations.count()
    if request.is_open and request.client.is_active:
        with regions.active(request.client.region):
            subject = _("More people are asked: “%(title)s”") if asked else _("Nobody else fits: “%(title)s”")
            facts = {"request": request, "asked": asked, "hours": int(NEXT_ROUND_AFTER.total_seconds()) // 3600}
            send("request_round", subject % {"title": request.title}, request.client.mail_to, facts)
    found.client_mailed_at = clock.now()
    found.save(update_fields=["client_mailed_at"])
    return True


def other_side(proposal: Proposal) -> User:
    """Return whom a proposal goes to."""
    invitation = proposal.invitation
    is_clients = proposal.author_id == invitation.request.client_id
    return invitation.offer.provider if is_clients else invitation.request.client


def unmailed(*, at: datetime) -> list[tuple[str, dict[str, int]]]:
    """Return the tasks, with their arguments, of mails whose message was lost."""
    since = at - _LOOKED_BACK
    declined = Proposal.objects.filter(state=ProposalState.DECLINED, declined_mailed_at=None, decided_at__gt=since)
    refused = Invitation.objects.filter(answer=InvitationAnswer.DECLINED, declined_mailed_at=None)
    rows: list[tuple[str, str, QuerySet[Any]]] = [
        ("requests.mail_invitation", "invitation_id", Invitation.objects.filter(mailed_at=None)),
        ("requests.mail_proposal", "proposal_id", Proposal.objects.filter(mailed_at=None)),
        ("requests.mail_declined", "proposal_id", declined),
        (
            "requests.mail_invitation_declined",
            "invitation_id",
            refused.filter(request__direct_offer__isnull=False, answered_at__gt=since),
        ),
        (
            "requests.mail_round",
            "shortlist_id",
            Shortlist.objects.filter(number__gt=1, client_mailed_at=None, made_at__gt=since),
        ),
    ]
    return [
        (task, {name: key})
        for task, name, waiting in rows
        for key in waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]
    ]


def _facts(found: Proposal) -> dict[str, object]:
    return {"proposal": found, "invitation": found.invitation, "request": found.invitation.request}
