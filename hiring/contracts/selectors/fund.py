"""What the protection fund pays for, and why it does not: its enemy is a pair that plays both sides.

A provider is paid whose delivery is proved when the client's bank takes the money. (A client whose case is won needs no
fund: a case stops what it is about in clearing, so the money is there.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from common.money import Money
from hiring.contracts.models import DeliveryFile, FundClaim, FundClaimState, Milestone
from hiring.funding.selectors import have_paid_with_the_same_card
from royalties.models import DisputeState, MilestoneDispute, PayoutAccount, ProtectionTerms

ACCOUNTS_AT_LEAST = timedelta(days=30)
PAIR_COUNTS_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LostDispute:
    """A bank's dispute that was lost, with the reasons for which the fund does not pay; none when it may."""

    dispute: MilestoneDispute
    milestone: Milestone
    reasons: Sequence[str]
    most: Money  # what the pair may still get of the fund within a year
    claim: FundClaim | None

    @property
    def may_be_paid(self) -> bool:
        return not self.reasons and self.claim is None


def lost_disputes(*, at: datetime, limit: int = 50) -> list[LostDispute]:
    """Return the newest disputes about milestones that were lost and that the fund has not covered."""
    rows = MilestoneDispute.objects.filter(state=DisputeState.LOST, fund_entry=None).select_related("milestone")
    return [found for row in rows[:limit] if (found := lost_dispute(row.external_id, at=at)) is not None]


def lost_dispute(reference: str, *, at: datetime) -> LostDispute | None:
    """Return a lost dispute as the fund sees it; None when there is none, or the milestone is none of ours."""
    dispute = (
        MilestoneDispute.objects.filter(external_id=reference, state=DisputeState.LOST)
        .select_related("milestone")
        .first()
    )
    if dispute is None:
        return None
    rows = Milestone.objects.select_related("contract__client", "contract__provider")
    milestone = rows.filter(public_id=dispute.milestone.reference).first()
    if milestone is None:
        return None
    most = _left_for_the_pair(milestone, at)
    claim = FundClaim.objects.filter(dispute_reference=reference).exclude(state=FundClaimState.DECLINED).first()
    return LostDispute(dispute, milestone, list(_reasons(dispute, milestone, most)), most, claim)


def claims_waiting() -> int:
    """Return how many proposals wait for a second person."""
    return FundClaim.objects.filter(state=FundClaimState.PROPOSED).count()


def has_delivered(milestone: Milestone, *, before: datetime) -> bool:
    """Return whether something new was delivered before the moment: a file that the provider had not delivered
    elsewhere before, or changes at the desk.
    """
    deliveries = milestone.deliveries.filter(delivered_at__lt=before)
    if deliveries.filter(files=None).exists():
        return True  # without a file it had changed the text at the desk
    used = DeliveryFile.objects.filter(delivery__delivered_by=milestone.contract.provider_id)
    used = used.exclude(delivery__milestone=milestone).filter(delivery__delivered_at__lt=before)
    files = DeliveryFile.objects.filter(delivery__in=deliveries)
    return files.exclude(sha256__in=used.values("sha256")).exists()


def _reasons(dispute: MilestoneDispute, milestone: Milestone, most: Money) -> Iterator[str]:
    contract = milestone.contract
    if not has_delivered(milestone, before=dispute.opened_at):
        yield _("Nothing new was delivered before the bank’s dispute.")
    youngest = max(contract.client.joined_at, contract.provider.joined_at)
    if milestone.funded_at is None or youngest > milestone.funded_at - ACCOUNTS_AT_LEAST:
        yield _("An account was younger than 30 days when the milestone was paid.")
    if _share_an_account(milestone):
        yield _("Both sides are paid to the same bank account.")
    if have_paid_with_the_same_card(milestone.public_id, contract.provider_id):
        yield _("Both sides have paid with the same card.")
    if most.amount_minor <= 0:
        yield _("The fund has paid this pair all that it pays within a year.")


def _share_an_account(milestone: Milestone) -> bool:
    sides = PayoutAccount.objects.filter(user__in=(milestone.contract.client_id, milestone.contract.provider_id))
    known = [(each.country, each.masked_bank) for each in sides if each.masked_bank]
    return len(known) != len(set(known))


def _left_for_the_pair(milestone: Milestone, at: datetime) -> Money:
    """Return what the fund may still pay for this pair: within a year as much as for one dispute."""
    terms = ProtectionTerms.objects.in_force(currency=milestone.currency, at=at)
    if terms is None:
        return Money(0, milestone.currency)
    contract = milestone.contract
    pair = {contract.client_id, contract.provider_id}
    paid = FundClaim.objects.filter(
        state=FundClaimState.PAID,
        decided_at__gt=at - PAIR_COUNTS_FOR,
        milestone__currency=milestone.currency,
        milestone__contract__client__in=pair,
        milestone__contract__provider__in=pair,
    ).aggregate(n=Sum("paid_minor", default=0))["n"]
    return Money(terms.dispute_cap_minor - paid, milestone.currency)
