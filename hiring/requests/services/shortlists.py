"""Makes shortlists: the first eight at once, the next eight when nobody has answered for 72 hours."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import jobs
from hiring.offers.models import Offer
from hiring.requests import recompute_shortlist
from hiring.requests.models import (
    NEXT_ROUND_AFTER,
    Invitation,
    InvitationAnswer,
    RequestState,
    ServiceRequest,
    Shortlist,
)
from hiring.requests.selectors import candidates

_AT_ONCE = 50


def make_round(*, request: ServiceRequest, at: datetime) -> Shortlist:
    """Ask the next eight of a request that the caller has locked or just made."""
    wanted, found = candidates.wanted_by(request), candidates.candidates_for(request, at=at)
    made = recompute_shortlist.shortlist(wanted, found)
    row = Shortlist.objects.create(
        request=request,
        number=request.shortlists.count() + 1,
        made_at=at,
        wanted=wanted,
        candidates=found,
        left_out=made.left_out,
        fitting=made.fitting,
    )
    keys = dict(Offer.objects.filter(public_id__in=[one.offer for one in made.places]).values_list("public_id", "pk"))
    for one in made.places:
        invitation = Invitation.objects.create(
            request=request,
            offer_id=keys[one.offer],
            shortlist=row,
            place=one.place,
            points=one.points,
            is_newcomers=one.is_newcomers,
            asked_at=at,
        )
        jobs.enqueue("requests.mail_invitation", invitation_id=invitation.pk)
    if row.number > 1:  # of the first, the page that the client looks at says everything
        jobs.enqueue("requests.mail_round", shortlist_id=row.pk)
    request.next_round_at = at + NEXT_ROUND_AFTER if made.places else None
    request.is_gap = not made.places
    request.save(update_fields=["next_round_at", "is_gap"])
    return row


def preview(request: ServiceRequest, *, at: datetime) -> recompute_shortlist.Shortlist:
    """Return the first shortlist that a request would have, if it were sent now."""
    return recompute_shortlist.shortlist(candidates.wanted_by(request), candidates.candidates_for(request, at=at))


def run_due(*, at: datetime) -> int:
    """Ask the next eight where nobody has answered; nobody is asked for a client whose account is closed.

    Return how many requests were looked at.
    """
    due = ServiceRequest.objects.filter(state=RequestState.OPEN, next_round_at__lte=at, client__is_active=True)
    due = due.order_by("next_round_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    for key in keys:
        _run(key, at)
    return len(keys)


@transaction.atomic
def _run(key: int, at: datetime) -> None:
    rows = ServiceRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("client")
    request = rows.filter(pk=key, state=RequestState.OPEN, next_round_at__lte=at).first()
    if request is None:  # another worker was faster, or somebody answered
        return
    if Invitation.objects.filter(request=request, answer=InvitationAnswer.PROPOSED).exists():
        request.next_round_at = None
        request.save(update_fields=["next_round_at"])
        return
    make_round(request=request, at=at)
