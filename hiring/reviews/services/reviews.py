"""Reviews written and answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from common.text_cleaning import cleaned
from hiring.contracts.models import Contract
from hiring.reviews import permissions
from hiring.reviews.models import ContractReview, Reviewer


@transaction.atomic
def contract_ended(contract: Contract, at: datetime) -> None:
    """Note whom to ask for a review: both sides, if money was released. Safe to repeat."""
    if not permissions.was_paid(contract):
        return
    for user in (contract.client, contract.provider):
        Reviewer.objects.get_or_create(contract=contract, user=user)


@transaction.atomic
def write(*, actor: User, contract: Contract, stars: int, body: str, at: datetime) -> ContractReview:
    """Write one's review, or change it as long as none is shown. Raises NotFound, NotYetEnded, ReviewTimeOver.

    With the second review both are shown, so the contract's row is locked: two who write at once are one after the
    other.
    """
    contract = _locked(contract)
    permissions.require_review(actor, contract, at)
    is_by_client = actor.pk == contract.client_id
    review, _is_new = ContractReview.objects.update_or_create(
        contract=contract,
        author=actor,
        defaults={"stars": stars, "body": cleaned(body).strip(), "written_at": at},
        create_defaults={
            "about": contract.provider if is_by_client else contract.client,
            "is_by_client": is_by_client,
            "stars": stars,
            "body": cleaned(body).strip(),
            "written_at": at,
        },
    )
    return review


@transaction.atomic
def answer(*, actor: User, review: ContractReview, text: str, at: datetime) -> ContractReview:
    """Answer a review about oneself, once. Raises NotFound, AlreadyAnswered."""
    review = ContractReview.objects.select_for_update(of=("self",)).select_related("contract").get(pk=review.pk)
    permissions.require_answer(actor, review, at)
    review.answer, review.answered_at = cleaned(text).strip(), at
    review.save(update_fields=["answer", "answered_at"])
    return review


def _locked(contract: Contract) -> Contract:
    rows = Contract.objects.select_for_update(of=("self",)).select_related("client", "provider")
    found = rows.filter(pk=contract.pk).first()
    if found is None:
        raise NotFound
    return found
