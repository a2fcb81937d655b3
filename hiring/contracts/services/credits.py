"""What a contract gives beside its milestones' money: the credit in the book, and a share of its royalties.

Both come when the contract ends, so that nobody is named or shares in a book for work that was not done.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import structlog
from django.db.models import Q

from accounts.models import User
from common import clock
from hiring.contract_terms import ContractTerms
from hiring.contracts.errors import ShareNeedsCredit, ShareTooLarge
from hiring.contracts.models import Contract, Milestone
from hiring.contracts.process import State
from hiring.service_kinds import ServiceKind
from publishing import selectors as publishing_selectors
from publishing import services as publishing_services
from publishing.models import Contributor, ContributorRole, ShareEnd, Work

logger = structlog.stdlib.get_logger(__name__)

ROLES = {
    ServiceKind.DEVELOPMENTAL_EDITING: ContributorRole.EDITOR,
    ServiceKind.COPY_EDITING: ContributorRole.EDITOR,
    ServiceKind.PROOFREADING: ContributorRole.PROOFREADER,
    ServiceKind.COVER_DESIGN: ContributorRole.COVER_DESIGNER,
    ServiceKind.ILLUSTRATION: ContributorRole.ILLUSTRATOR,
    ServiceKind.TRANSLATION: ContributorRole.TRANSLATOR,
}


def promised_bps(user: User, work: Work) -> int:
    """Return what the person has promised of their royalty in contracts that have not ended."""
    rows = Contract.objects.open().filter(Q(work=work) | Q(translation=work), client=user)
    promised = [one for one in rows.select_related("work", "translation") if one.credited_work == work]
    return sum(one.terms.share.share_bps for one in promised if one.terms.share is not None)


def require_possible(*, client: User, work: Work | None, share_bps: int, credit_name: str, at: datetime) -> None:
    """Require that a share can be promised. Raises ShareNeedsCredit, ShareTooLarge."""
    if work is None or not credit_name:
        raise ShareNeedsCredit
    free = publishing_selectors.own_bps(work, client, at) - promised_bps(client, work)
    if share_bps > free:
        raise ShareTooLarge(free=max(free, 0), wanted=share_bps)


def require_share(terms: ContractTerms, *, client: User, work: Work | None, at: datetime) -> None:
    """Require that the contract's share can be promised. That of a translation is of a book that is still to come.

    Raises ShareNeedsCredit, ShareTooLarge.
    """
    if terms.share is None:
        return
    is_new_book = terms.kind == ServiceKind.TRANSLATION and work is not None and terms.credit_name
    if not is_new_book:
        require_possible(
            client=client, work=work, share_bps=terms.share.share_bps, credit_name=terms.credit_name, at=at
        )


def earned_part(contract: Contract) -> Fraction:
    """Return how much of the agreed work was accepted: each milestone counts the same, by the part of its money that
    was released; one without money counts if it was accepted or nobody answered.
    """
    milestones = list(contract.milestones.all())
    return sum((_part_of(one) for one in milestones), Fraction(0)) / max(len(milestones), 1)


def _part_of(milestone: Milestone) -> Fraction:
    if milestone.amount_minor:
        return Fraction(milestone.released_minor, milestone.amount_minor)
    return Fraction(milestone.state == State.ACCEPTED)


def give(contract: Contract, *, at: datetime) -> None:
    """Name the provider in the book, and begin their share, for what was accepted. Twice is once.

    For a translation this waits until the client has made a book of it.
    """
    work, earned = contract.credited_work, earned_part(contract)
    if work is None or not earned or not contract.terms.credit_name:
        return
    credit = publishing_services.credit_hired(
        work=work,
        person=contract.provider,
        name=contract.terms.credit_name,
        role=ROLES[ServiceKind(contract.kind)],
        at=at,
    )
    _begin_share(contract, work, credit, earned, at)


def _begin_share(contract: Contract, work: Work, credit: Contributor, earned: Fraction, at: datetime) -> None:
    share = contract.terms.share
    if share is None:
        return
    wanted = int(share.share_bps * earned)
    given = min(wanted, publishing_selectors.own_bps(work, contract.client, at))
    if given < wanted:  # the client kept what was promised, so only other contracts can have taken it
        logger.warning("contracts.share_lowered", contract=contract.public_id, wanted=wanted, given=given)
    if not given:
        return
    end = ShareEnd(
        returns_to=publishing_services.credit_of_owner(work),
        reference=contract.public_id,
        ends_at=clock.end_of_day(share.ends_on) if share.ends_on is not None else None,
        ends_at_sum=share.ends_at_sum,
    )
    publishing_services.begin_agreed_share(
        work=work, contributor=credit, share_bps=given, end=end, agreed_at=contract.opened_at, at=at
    )
