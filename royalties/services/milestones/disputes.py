"""The client's bank pulls a milestone's money back, and decides. Until then nothing of the milestone moves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from royalties import chart, entries
from royalties.chart import AccountKind
from royalties.dto import MilestoneDisputeFacts
from royalties.entries import FeePart, ReturnSource
from royalties.errors import DisputeUnknown
from royalties.models import (
    DisputeState,
    MilestoneDispute,
    MilestoneDisputeHold,
    MilestoneRecord,
    ProtectionTerms,
)
from royalties.services import hold_notices, ledger, protection_fund
from royalties.services.milestones import locking, returning, settling, sources
from royalties.services.milestones.sources import Part


@transaction.atomic
def dispute_opened(*, facts: MilestoneDisputeFacts) -> None:
    """Book that the bank pulled money back, and hold what the provider has of it. Twice is once.

    What is still held for the milestone stays on its account. Raises MilestoneUnknown, MilestoneRefused.
    """
    milestone = locking.lock(facts.reference)
    (amount,) = locking.in_currency(milestone, facts.amount)
    if MilestoneDispute.objects.filter(external_id=facts.external_id).exists():
        return
    balances = sources.lock_accounts(milestone)
    planned = _planned(milestone, amount - milestone.held_minor - milestone.unsent_minor)
    for part in planned:
        sources.set_apart(part, balances, part.share)
    draft = entries.dispute_opened(
        reference=facts.reference,
        external_id=facts.external_id,
        currency=milestone.currency,
        occurred_at=facts.at,
        amount=amount,
        fee=facts.fee.amount_minor,
        fee_currency=facts.fee.currency,
        held=[source for part in planned for source in part.sources],
    )
    dispute = MilestoneDispute.objects.create(
        external_id=facts.external_id,
        milestone=milestone,
        currency=milestone.currency,
        amount_minor=amount,
        fee_minor=facts.fee.amount_minor,
        fee_currency=facts.fee.currency,
        claimed_minor=sum(part.gross for part in planned),
        opened_at=facts.at,
        opened_entry_id=ledger.post_one(draft).entry_id,
    )
    MilestoneDisputeHold.objects.bulk_create(
        MilestoneDisputeHold(
            dispute=dispute, settlement=part.settlement, kind=source.kind, amount_minor=source.amount_minor
        )
        for part in planned
        for source in part.sources
    )
    held_of = MilestoneDisputeHold.objects.filter(dispute=dispute).order_by()
    hold_notices.of_milestone(dispute, user_ids=held_of.values_list("settlement__user", flat=True))


@transaction.atomic
def dispute_won(*, external_id: str, at: datetime) -> None:
    """Book that the bank decided for us: everything is where it was. Raises DisputeUnknown.

    A dispute that was lost before is won on appeal: what the loss took is back, too.
    """
    dispute = _lock(external_id)
    if dispute.state == DisputeState.LOST:
        _undo_loss(dispute, at)
    if dispute.state != DisputeState.OPEN:
        return
    sources.lock_accounts(dispute.milestone)
    draft = entries.dispute_won(
        reference=dispute.milestone.reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor,
        returned=_freed(dispute),
    )
    _decide(dispute, DisputeState.WON, ledger.post_one(draft).entry_id, at)


@transaction.atomic
def dispute_lost(*, external_id: str, at: datetime) -> None:
    """Book that the bank decided for the client. Raises DisputeUnknown.

    The money comes out of what is held, then what is owed to the client anyway, then what the provider got with our fee
    on it; what was returned to the client before is our loss.
    """
    dispute = _lock(external_id)
    milestone = dispute.milestone
    if dispute.state != DisputeState.OPEN:
        return
    balances = sources.lock_accounts(milestone)
    held = min(dispute.amount_minor, milestone.held_minor)
    unsent = min(dispute.amount_minor - held, milestone.unsent_minor)
    # Not more than when it was opened: what has been sent to the client since is our loss, not the provider's.
    planned = _planned(milestone, min(dispute.amount_minor - held - unsent, dispute.claimed_minor))
    for part in planned:
        sources.take(part, balances)
    gross = sum(part.gross for part in planned)
    draft = entries.milestone_lost(
        milestone=milestone.reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor,
        held=held,
        unsent=unsent,
        fee=_sum([part.fee for part in planned], milestone),
        taken=[source for part in planned for source in part.sources],
        freed=_freed(dispute),
        sent=dispute.amount_minor - held - unsent - gross,
    )
    posted = ledger.post_one(draft)
    for part in planned:
        taking = returning.store(milestone, part, posted, key=external_id, at=at)
        taking.dispute = dispute
        taking.save(update_fields=["dispute"])
    milestone.returned_minor += held + gross
    milestone.bank_minor += held + unsent + gross
    milestone.save(update_fields=["released_minor", "fee_minor", "fee_vat_minor", "returned_minor", "bank_minor"])
    dispute.from_held_minor, dispute.from_unsent_minor = held, unsent
    _decide(dispute, DisputeState.LOST, posted.entry_id, at)


@transaction.atomic
def cover(*, external_id: str, at: datetime, with_held: bool = False, most_minor: int | None = None) -> int:
    """Restore what a lost dispute took from the provider out of the protection fund, to its cap; return how much.

    First their debt shrinks, the rest is payable. 0 when nothing was taken, the fund is empty or it was covered before.
    `with_held` adds the provider's part of what was still held: the work was delivered, and nobody had decided yet.
    `most_minor` is a lower cap. The caller decides whether delivery was proved. Raises DisputeUnknown.
    """
    dispute = _lock(external_id)
    milestone = dispute.milestone
    terms = ProtectionTerms.objects.in_force(currency=dispute.currency, at=at)
    if dispute.state != DisputeState.LOST or dispute.fund_entry_id is not None or terms is None:
        return 0
    balances = sources.lock_accounts(milestone, also=[chart.PROTECTION_FUND])
    lost = sum(taking.share_minor for taking in dispute.takings.filter(undone_at=None))
    held = dispute.from_held_minor - settling.added_fee(milestone, dispute.from_held_minor).amount if with_held else 0
    caps = [terms.dispute_cap_minor, balances[chart.PROTECTION_FUND, dispute.currency]]
    borne = min(lost + held, *caps, *([] if most_minor is None else [most_minor]))
    if borne <= 0:
        return 0
    draft = entries.dispute_covered(
        reference=milestone.reference,
        external_id=external_id,
        currency=dispute.currency,
        occurred_at=at,
        restored=protection_fund.parts_restored(milestone.payee.public_id, borne, dispute.currency, balances),
    )
    dispute.fund_entry_id = ledger.post_one(draft).entry_id
    dispute.covered_held_minor = max(borne - lost, 0)
    dispute.save(update_fields=["fund_entry", "covered_held_minor"])
    return borne


def _lock(external_id: str) -> MilestoneDispute:
    """Lock the milestone, then return its dispute as it is now. Raises DisputeUnknown."""
    found = MilestoneDispute.objects.filter(external_id=external_id).select_related("milestone").first()
    if found is None:
        raise DisputeUnknown(dispute=external_id)
    milestone = locking.lock(found.milestone.reference)
    dispute = MilestoneDispute.objects.get(pk=found.pk)
    dispute.milestone = milestone
    return dispute


def _planned(milestone: MilestoneRecord, wanted: int) -> list[Part]:
    """Return how a loss of `wanted` is divided over releases, the newest first, with the fee on each part.

    The milestone's own amounts are left as they are.
    """
    released, fee, vat = milestone.released_minor, milestone.fee_minor, milestone.fee_vat_minor
    parts, rest = [], wanted
    for settlement in milestone.settlements.filter(gross_minor__gt=0).order_by("-number"):
        taken = settlement.takings.filter(undone_at=None).aggregate(n=Sum("gross_minor", default=0))["n"]
        gross = min(rest, settlement.gross_minor - taken)
        if gross <= 0:
            continue
        settlement.milestone = milestone
        part = Part(settlement, gross, settling.added_fee(milestone, -gross))
        milestone.released_minor -= gross
        milestone.fee_minor -= part.fee.amount
        milestone.fee_vat_minor -= part.fee.vat
        parts.append(part)
        rest -= gross
    milestone.released_minor, milestone.fee_minor, milestone.fee_vat_minor = released, fee, vat
    return parts


def _freed(dispute: MilestoneDispute) -> list[ReturnSource]:
    """Return where what is still held goes back to."""
    holds = MilestoneDisputeHold.objects.filter(dispute=dispute, amount_minor__gt=0)
    return [sources.give_back(hold) for hold in holds.select_related("settlement__milestone__payee")]


def _sum(fees: list[FeePart], milestone: MilestoneRecord) -> FeePart:
    return FeePart(sum(fee.amount for fee in fees), sum(fee.vat for fee in fees), milestone.vat_country)


def _decide(dispute: MilestoneDispute, state: DisputeState, entry_id: int, at: datetime) -> None:
    dispute.outcome_entry_id, dispute.state, dispute.decided_at = entry_id, state, at
    dispute.save(update_fields=["outcome_entry", "state", "decided_at", "from_held_minor", "from_unsent_minor"])
    hold_notices.end(at=at, milestone_dispute=dispute)


def _undo_loss(dispute: MilestoneDispute, at: datetime) -> None:
    """Book that a lost dispute was won after all.

    What was held is held again, what was owed to the client is owed again, the provider and the fund get back what they
    bore, and we our fee.
    """
    milestone = dispute.milestone
    balances = sources.lock_accounts(milestone, also=[chart.PROTECTION_FUND])
    takings = list(dispute.takings.filter(undone_at=None))
    gross = sum(each.gross_minor for each in takings)
    fee = settling.added_fee(milestone, gross)
    share = gross - fee.amount
    for_held = dispute.covered_held_minor
    covered = min(_covered(dispute) - for_held, share)
    owner = milestone.payee.public_id
    # What the fund paid for held work is taken back with what is restored: that money is held again.
    restored = protection_fund.parts_restored(owner, max(share - covered - for_held, 0), dispute.currency, balances)
    repaid = _repaid(milestone, max(for_held - (share - covered), 0), balances)
    draft = entries.appeal_won(
        reference=milestone.reference,
        external_id=dispute.external_id,
        currency=dispute.currency,
        occurred_at=at,
        amount=dispute.amount_minor,
        reinstated=[
            entries.Line(chart.milestone_held(milestone.reference), -dispute.from_held_minor),
            entries.Line(chart.REFUND_PENDING, -dispute.from_unsent_minor),
            entries.Line(
                chart.BAD_DEBT, dispute.from_held_minor + dispute.from_unsent_minor + gross - dispute.amount_minor
            ),
            entries.Line(chart.PROTECTION_FUND, -covered - for_held),
            *fee.lines(-1),
            *(entries.Line(chart.of_contributor(part.kind, owner), -part.amount_minor) for part in restored),
            *(entries.Line(chart.of_contributor(part.kind, owner), part.amount_minor) for part in repaid),
        ],
    )
    dispute.appeal_entry_id = ledger.post_one(draft).entry_id
    dispute.state = DisputeState.WON
    dispute.save(update_fields=["appeal_entry", "state"])
    dispute.takings.filter(undone_at=None).update(undone_at=at)
    milestone.released_minor += gross
    milestone.fee_minor += fee.amount
    milestone.fee_vat_minor += fee.vat
    milestone.returned_minor -= dispute.from_held_minor + gross
    milestone.bank_minor -= dispute.from_held_minor + dispute.from_unsent_minor + gross
    milestone.save(update_fields=["released_minor", "fee_minor", "fee_vat_minor", "returned_minor", "bank_minor"])


def _repaid(milestone: MilestoneRecord, amount: int, balances: sources.Balances) -> list[ReturnSource]:
    """Return where the provider's part comes from that the fund gets back: what is payable, the rest is a debt."""
    owner = milestone.payee.public_id
    payable = balances[chart.of_contributor(AccountKind.CONTRIBUTOR_PAYABLE, owner), milestone.currency]
    paid = min(amount, payable)
    parts = [
        ReturnSource(owner, AccountKind.CONTRIBUTOR_PAYABLE, paid),
        ReturnSource(owner, AccountKind.CONTRIBUTOR_RECEIVABLE, amount - paid),
    ]
    return [part for part in parts if part.amount_minor]


def _covered(dispute: MilestoneDispute) -> int:
    """Return what the fund has borne of the loss."""
    if dispute.fund_entry is None:
        return 0
    posted = dispute.fund_entry.postings.filter(account__kind=AccountKind.PROTECTION_FUND.value)
    return int(posted.aggregate(n=Sum("amount_minor", default=0))["n"])
