"""Reviews of contracts: on people's pages, on the page of a contract, and in mails."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import number_format

from accounts.models import User
from common.errors import NotFound
from hiring.contracts.models import Contract
from hiring.reviews import permissions
from hiring.reviews.models import BLIND_FOR, ContractReview, Reviewer


@dataclass(frozen=True, slots=True)
class Summary:
    """What others said of a person: how many reviews, and the mean of their stars in tenths."""

    count: int = 0
    tenths: int = 0

    @property
    def mean(self) -> str:
        """The mean in the active format: "4.8"."""
        return number_format(Decimal(self.tenths) / 10, decimal_pos=1)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The reviews of one contract as one of its sides sees them now."""

    contract: Contract
    other: User
    mine: ContractReview | None
    theirs: ContractReview | None  # None until it is shown
    may_write: bool
    may_answer: bool
    are_shown: bool
    shown_from: datetime | None


def contract_of(public_id: str) -> Contract:
    """Raises NotFound."""
    found = Contract.objects.select_related("client", "provider").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def page_for(user: User, contract: Contract, at: datetime) -> ReviewPage:
    """Return what a side sees: the other's review only once both are shown. Raises NotFound."""
    permissions.require_side(user, contract)
    are_shown = permissions.are_shown(contract, at)
    reviews = {review.author_id: review for review in ContractReview.objects.filter(contract=contract)}
    other = contract.provider if contract.client_id == user.pk else contract.client
    theirs = reviews.get(other.pk) if are_shown else None
    if theirs is not None and theirs.hidden_at is not None:
        theirs = None
    return ReviewPage(
        contract=contract,
        other=other,
        mine=reviews.get(user.pk),
        theirs=theirs,
        may_write=permissions.may_review(user, contract, at),
        may_answer=theirs is not None and theirs.answered_at is None,
        are_shown=are_shown,
        shown_from=contract.ended_at and contract.ended_at + BLIND_FOR,
    )


def shown_about(user: User, at: datetime, *, by_clients: bool) -> QuerySet[ContractReview]:
    """Select what hirers said of a provider, or providers of a hirer, newest first."""
    rows = ContractReview.objects.shown(at).filter(about=user, is_by_client=by_clients)
    return rows.select_related("author", "contract").order_by("-pk")


def summaries(user_ids: Collection[int], at: datetime, *, by_clients: bool) -> dict[int, Summary]:
    """Return what was said of each of these people; an empty summary for those of whom nothing was."""
    rows = ContractReview.objects.shown(at).filter(about__in=user_ids, is_by_client=by_clients).order_by()
    found = {
        about: Summary(count, round(mean * 10))
        for about, count, mean in rows.values_list("about").annotate(count=Count("pk"), mean=Avg("stars"))
    }
    return {user_id: found.get(user_id, Summary()) for user_id in user_ids}


def to_ask() -> QuerySet[Reviewer]:
    """Select who has not been asked for a review yet."""
    return Reviewer.objects.filter(asked_at=None, told_at=None)


def to_tell(at: datetime) -> QuerySet[Reviewer]:
    """Select who has not been told that reviews of their contract are shown. Without any, there is nothing to tell."""
    reviews = ContractReview.objects.filter(contract=OuterRef("contract"))
    is_over = Q(contract__ended_at__lte=at - BLIND_FOR)
    written = ContractReview.objects.filter(contract=OuterRef("contract"), is_by_client=True)
    both = Exists(written) & Exists(reviews.filter(is_by_client=False))
    return Reviewer.objects.filter(Exists(reviews), told_at=None).filter(is_over | Q(both))
