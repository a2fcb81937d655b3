"""Who may review, read before others, and answer."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotFound
from hiring.contracts.models import Contract
from hiring.reviews.errors import AlreadyAnswered, NotYetEnded, ReviewTimeOver
from hiring.reviews.models import BLIND_FOR, ContractReview


def require_side(user: Visitor, contract: Contract) -> None:
    """Require one of the two sides. Raises NotFound."""
    if not isinstance(user, User) or not user.is_active or contract.side_of(user) is None:
        raise NotFound


def was_paid(contract: Contract) -> bool:
    """Return whether money was released: only then is there something to review."""
    return contract.milestones.filter(released_minor__gt=0).exists()


def are_shown(contract: Contract, at: datetime) -> bool:
    """Return whether the reviews are shown: both are written, or the time for it is over."""
    if contract.ended_at is None:
        return False
    return at >= contract.ended_at + BLIND_FOR or ContractReview.objects.filter(contract=contract).count() > 1


def require_review(user: User, contract: Contract, at: datetime) -> None:
    """Raises NotFound, NotYetEnded, ReviewTimeOver."""
    require_side(user, contract)
    if contract.ended_at is None or not was_paid(contract):
        raise NotYetEnded
    if are_shown(contract, at):
        raise ReviewTimeOver


def may_review(user: Visitor, contract: Contract, at: datetime) -> bool:
    try:
        require_review(user, contract, at)  # type: ignore[arg-type]  # it refuses strangers itself
    except (NotFound, NotYetEnded, ReviewTimeOver):
        return False
    return True


def require_answer(user: User, review: ContractReview, at: datetime) -> None:
    """Require the person whom a shown review is about. Raises NotFound, AlreadyAnswered."""
    is_shown = review.hidden_at is None and are_shown(review.contract, at)
    if not user.is_active or review.about_id != user.pk or not is_shown:
        raise NotFound
    if review.answered_at is not None:
        raise AlreadyAnswered


def may_read(user: User, review: ContractReview, at: datetime) -> bool:
    """Return whether a person reads a review of others: anybody with an account, once it is shown."""
    return user.is_active and not user.is_guest and review.hidden_at is None and are_shown(review.contract, at)
