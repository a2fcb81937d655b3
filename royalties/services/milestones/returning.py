"""Money goes back to the client: what was returned is sent, comes back, or is taken from the provider first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.money import Money
from royalties import entries
from royalties.errors import EntryDiffers, MilestoneRefused
from royalties.models import JournalEntry, MilestoneRecord, MilestoneTaking
from royalties.services import ledger
from royalties.services.ledger import Posted
from royalties.services.milestones import locking, settling, sources
from royalties.services.milestones.sources import Part


@transaction.atomic
def take_back(*, reference: str, number: int, amount: Money, at: datetime, key: str) -> Money:
    """Take back part of what a settlement released; it is owed to the client until `confirm_return`.

    Return our fee's part of it. `amount` is what the client gets, that fee included. The rest comes from clearing, the
    reserve, what is payable, and then becomes the provider's debt. `key` names the decision: twice is once. Raises
    MilestoneTooLittle, MilestoneFrozen, EntryDiffers.
    """
    milestone = locking.lock(reference)
    (gross,) = locking.in_currency(milestone, amount)
    settlement = locking.settlement_of(milestone, number)
    known = MilestoneTaking.objects.filter(settlement=settlement, key=key).first()
    if known is not None:
        if known.gross_minor != gross:
            raise EntryDiffers(external_id=key)
        return Money(known.fee_minor, milestone.currency)
    if gross == 0:
        raise MilestoneRefused(reference=reference, reason="it takes nothing back")
    locking.refuse_while_disputed(milestone)
    taken_before = sum(each.gross_minor for each in settlement.takings.filter(undone_at=None))
    locking.refuse_beyond(milestone, gross, settlement.gross_minor - taken_before)
    balances = sources.lock_accounts(milestone)
    part = Part(settlement, gross, settling.added_fee(milestone, -gross))
    sources.take(part, balances)
    draft = entries.milestone_taken(
        milestone=reference,
        event=f"{reference}:{number}:{key}",
        currency=milestone.currency,
        occurred_at=at,
        amount=gross,
        fee=part.fee,
        taken=part.sources,
    )
    store(milestone, part, ledger.post_one(draft), key=key, at=at)
    milestone.returned_minor += gross
    milestone.save(update_fields=["released_minor", "fee_minor", "fee_vat_minor", "returned_minor"])
    return Money(part.fee.amount, milestone.currency)


def store(milestone: MilestoneRecord, part: Part, posted: Posted, *, key: str, at: datetime) -> MilestoneTaking:
    """Write what was taken of a release, and lower what the milestone has released. The caller saves the milestone."""
    milestone.released_minor -= part.gross
    milestone.fee_minor -= part.fee.amount
    milestone.fee_vat_minor -= part.fee.vat
    return MilestoneTaking.objects.create(
        settlement=part.settlement,
        user_id=milestone.payee_id,
        currency=milestone.currency,
        period=str(posted.period),
        gross_minor=part.gross,
        fee_minor=part.fee.amount,
        fee_vat_minor=part.fee.vat,
        key=key,
        taken_at=at,
        entry_id=posted.entry_id,
    )


@transaction.atomic
def keep_card_fee(*, reference: str, amount: Money, at: datetime) -> int:
    """Keep the card fee of a milestone whose client cancels, out of what is owed to them. Once for a milestone.

    The caller decides that they bear it, and told them before they paid. Return the entry's id. Raises
    MilestoneTooLittle when less is owed, EntryDiffers for another amount.
    """
    milestone = locking.lock(reference)
    (kept,) = locking.in_currency(milestone, amount)
    known = _known(f"milestone_fee_kept:{reference}")
    if known is not None:
        if milestone.kept_minor != kept:
            raise EntryDiffers(external_id=f"milestone_fee_kept:{reference}")
        return known
    if kept == 0:
        raise MilestoneRefused(reference=reference, reason="it keeps nothing")
    locking.refuse_while_disputed(milestone)
    locking.refuse_beyond(milestone, kept, milestone.unsent_minor)
    draft = entries.milestone_fee_kept(milestone=reference, currency=milestone.currency, occurred_at=at, amount=kept)
    posted = ledger.post_one(draft)
    milestone.kept_minor += kept
    milestone.save(update_fields=["kept_minor"])
    return posted.entry_id


@transaction.atomic
def confirm_return(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that money owed to the client has left our balance (`refund_reference`: "re_…"). Return the entry's id.

    What was not owed any more, because the bank has taken it, is our loss.
    """
    milestone = locking.lock(reference)
    (sent,) = locking.in_currency(milestone, amount)
    known = _known(f"milestone_returned:{refund_reference}")
    if known is not None:
        return known
    owed = min(sent, milestone.unsent_minor)
    draft = entries.milestone_returned(
        milestone=reference,
        external_id=refund_reference,
        currency=milestone.currency,
        occurred_at=at,
        amount=owed,
        beyond=sent - owed,
    )
    posted = ledger.post_one(draft)
    milestone.sent_minor += owed
    milestone.save(update_fields=["sent_minor"])
    return posted.entry_id


@transaction.atomic
def return_failed(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that a confirmed return came back from the client's bank: it is owed to them again.

    What the bank had taken besides is no loss of ours any more.
    """
    milestone = locking.lock(reference)
    (back,) = locking.in_currency(milestone, amount)
    known = _known(f"refund_failed:{refund_reference}")
    if known is not None:
        return known
    owed = min(back, milestone.sent_minor)
    draft = entries.refund_failed(
        reference=reference,
        external_id=refund_reference,
        currency=milestone.currency,
        occurred_at=at,
        amount=owed,
        beyond=back - owed,
    )
    posted = ledger.post_one(draft)
    milestone.sent_minor -= owed
    milestone.save(update_fields=["sent_minor"])
    return posted.entry_id


@transaction.atomic
def return_resent(*, reference: str, refund_reference: str, amount: Money, at: datetime) -> int:
    """Book that a failed return was sent by bank transfer. Raises MilestoneTooLittle when less is owed."""
    milestone = locking.lock(reference)
    (sent,) = locking.in_currency(milestone, amount)
    known = _known(f"refund_resent:{refund_reference}")
    if known is not None:
        return known
    locking.refuse_beyond(milestone, sent, milestone.unsent_minor)
    draft = entries.refund_resent(
        reference=reference, external_id=refund_reference, currency=milestone.currency, occurred_at=at, amount=sent
    )
    posted = ledger.post_one(draft)
    milestone.sent_minor += sent
    milestone.save(update_fields=["sent_minor"])
    return posted.entry_id


def _known(event: str) -> int | None:
    """Return the entry of an event that was booked before. The milestone's lock keeps a second one waiting."""
    return JournalEntry.objects.filter(external_id=event).values_list("pk", flat=True).first()
