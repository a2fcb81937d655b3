"""Shares of the royalty that pay for work on a book: agreed by contract, given by the owner, and they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.templatetags.money import percent
from publishing import selectors
from publishing.errors import OwnShareTooSmall
from publishing.models import Contributor, ContributorRole, ShareEnd, SplitAgreement, SplitShare, Work
from publishing.selectors import CurrentShare
from publishing.services import contributors, editions

_WHOLE_BPS = 10_000


@transaction.atomic
def credit_hired(*, work: Work, person: User, name: str, role: str, at: datetime) -> Contributor:
    """Credit somebody who worked on the book under a contract: both sides agreed to it there, so nobody is asked.

    They see no drafts by it. A credit that they have in this role stays as it is.
    """
    work = editions.lock_work(work)
    found = work.contributors.filter(user=person, role=role).first()
    if found is not None:
        return found
    last = work.contributors.order_by("-position").first()
    made = Contributor.objects.create(
        work=work, user=person, name=name, role=role, is_hired=True, position=last.position + 1 if last else 0
    )
    account_services.record_audit(actor=work.owner, verb="contributor.added", subject=made)
    editions.refresh_draft(actor=work.owner, work=work, at=at)
    editions.announce_change(work)
    return made


@transaction.atomic
def begin_agreed_share(
    *, work: Work, contributor: Contributor, share_bps: int, end: ShareEnd, agreed_at: datetime, at: datetime
) -> SplitAgreement:
    """Put a share in force that the owner and the contributor agreed on; `end.returns_to` is the owner's credit.

    Only the owner's own share is lowered, so nobody else is asked. Open proposals are deleted: they were made without
    it. Beginning the same one again changes nothing. Raises OwnShareTooSmall.
    """
    work = editions.lock_work(work)
    before = selectors.agreement_in_force(work)
    if before is not None and any(row.reference == end.reference for row in before.shares.all()):
        return before
    now = selectors.shares_at(before, at) if before is not None else [CurrentShare(end.returns_to, _WHOLE_BPS)]
    lasting = _lowered([one for one in now if one.end is None], work, share_bps)
    ending = contributors.shares_that_end(work, at)
    contributors.drop_open_proposals(work)
    agreement = SplitAgreement.objects.create(
        work=work, effective_at=at, proposed_by=work.owner, created_at=at, mailed_at=at
    )
    SplitShare.objects.bulk_create(
        [
            *(
                SplitShare(agreement=agreement, contributor=one.contributor, share_bps=one.share_bps, consented_at=at)
                for one in lasting
            ),
            *(contributors.kept_in(agreement, row) for row in ending),
            SplitShare(
                agreement=agreement,
                contributor=contributor,
                share_bps=share_bps,
                consented_at=agreed_at,
                **end.columns,
            ),
        ]
    )
    facts: dict[str, str | int] = {"reference": end.reference, "share_bps": share_bps}
    account_services.record_audit(actor=work.owner, verb="split.agreed", subject=agreement, facts=facts)
    return agreement


def credit_of_owner(work: Work) -> Contributor:
    """Return the credit through which the owner is paid, made if there is none."""
    found = work.contributors.filter(user=work.owner_id).order_by("position", "pk").first()
    if found is not None:
        return found
    name = work.owner.display_name or str(work.owner)
    return Contributor.objects.create(work=work, user=work.owner, name=name, role=ContributorRole.AUTHOR)


def _lowered(shares: Sequence[CurrentShare], work: Work, given_bps: int) -> list[CurrentShare]:
    """Return the shares with the owner's own lowered; one of 0 stays, as it gets back what ends."""
    own = sum(one.share_bps for one in shares if one.contributor.payee == work.owner)
    if own < given_bps:
        raise OwnShareTooSmall(own=percent(own), wanted=percent(given_bps))
    lowered, left = [], given_bps
    for one in shares:
        taken = min(one.share_bps, left) if one.contributor.payee == work.owner else 0
        left -= taken
        lowered.append(CurrentShare(one.contributor, one.share_bps - taken))
    return lowered
