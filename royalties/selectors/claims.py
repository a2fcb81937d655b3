"""What is held for claims on works: of one claim, and of one contributor's earnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Sum

from accounts.models import User
from common.money import Money
from publishing.models import Work
from royalties.models import ClaimedShare, ClaimHold, ClaimOutcome


@dataclass(frozen=True, slots=True)
class HeldForClaim:
    """What one claim holds of one person's earnings from a work, in one currency."""

    work: Work
    claim: str
    currency: str
    amount_minor: int
    outcome: str

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_lost(self) -> bool:
        """Whether the claim was upheld, so that this goes to its winner."""
        return self.outcome == ClaimOutcome.UPHELD


def held_for(claim: str) -> Mapping[str, int]:
    """Return what a claim holds apart now, in minor units by currency. What a bank disputes is not in it."""
    rows = ClaimHold.objects.filter(claimed__claim=claim, left_minor__gt=0).order_by("share__currency")
    return dict(rows.values_list("share__currency").annotate(total=Sum("left_minor")))


def held_of(user: User) -> list[HeldForClaim]:
    """Return what is held of a person's earnings, by work, claim and currency; the amounts add up to their accounts."""
    rows = (
        ClaimHold.objects.filter(share__user=user, left_minor__gt=0)
        .values_list("claimed", "share__currency")
        .annotate(total=Sum("left_minor"))
        .order_by("claimed", "share__currency")
    )
    sums = list(rows)
    shares = ClaimedShare.objects.select_related("work").in_bulk([claimed for claimed, _, _ in sums])
    return [
        HeldForClaim(shares[pk].work, shares[pk].claim, currency, total, shares[pk].outcome)
        for pk, currency, total in sums
    ]


def won_with(claim: str) -> Mapping[str, int]:
    """Return what the winner of a claim has of it, in minor units by currency. None is known before there is one."""
    rows = ClaimHold.objects.filter(claimed__claim=claim, payee__isnull=False).order_by("share__currency")
    sums = rows.values_list("share__currency").annotate(total=Sum(F("paid_minor") - F("taken_minor")))
    return {currency: total for currency, total in sums if total}
