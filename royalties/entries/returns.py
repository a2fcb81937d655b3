"""Entries for money that goes back to a reader: refunds, and disputes with every outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, SaleAmounts, build_draft, credits_of, transfer_lines
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class ReturnSource:
    """Where a contributor's part of a return comes from: clearing, disputed, reserve, payable, or a new debt."""

    owner: str
    kind: AccountKind
    amount_minor: int


def refund(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amounts: SaleAmounts,
    taken: Sequence[ReturnSource],
    reverses_id: int | None = None,
) -> Draft:
    """Build the entry for a refund of all or part of a sale: its parts are mirrored.

    The real processor fee stays the platform's expense. `amounts.shares` only say how much each contributor gives back;
    `taken` says from which accounts, with the same sum. `reverses_id` is the sale's entry when this mirrors it in full.
    """
    lines = [Line(chart.STRIPE_BALANCE, -amounts.gross), *_given_back(amounts, taken)]
    return build_draft(
        EntryKind.REFUND,
        f"refund:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
        reverses_id=reverses_id,
    )


def deferral_refunded(
    *, reference: str, external_id: str, occurred_at: datetime, mirrored: Sequence[Line], reverses_id: int
) -> Draft:
    """Build the entry for a gift or pre-order that is refunded before it became a sale: its payment is mirrored."""
    return build_draft(
        EntryKind.REFUND,
        f"refund:{external_id}",
        mirrored,
        reference=reference,
        currency=mirrored[0].currency,
        occurred_at=occurred_at,
        reverses_id=reverses_id,
    )


def refund_beyond(*, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for a refund that no sale accounts for: the platform's loss.

    A dispute had taken the money of the sale before.
    """
    lines = [Line(chart.BAD_DEBT, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return build_draft(
        EntryKind.REFUND,
        f"refund:{external_id}:beyond",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def refund_failed(
    *, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int, beyond: int = 0
) -> Draft:
    """Build the entry for a refund that the reader's bank sent back: we have the money again and still owe it.

    `beyond` is not owed, because the bank has taken it as well.
    """
    lines = [
        Line(chart.STRIPE_BALANCE, amount + beyond),
        Line(chart.REFUND_PENDING, -amount),
        Line(chart.BAD_DEBT, -beyond),
    ]
    return build_draft(
        EntryKind.REFUND_FAILED,
        f"refund_failed:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def refund_resent(*, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for a failed refund that was sent to the reader by bank transfer."""
    lines = [Line(chart.REFUND_PENDING, amount), Line(chart.BANK, -amount)]
    return build_draft(
        EntryKind.REFUND_RESENT,
        f"refund_resent:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def needless_id(payment: str) -> str:
    """Return the event name of a payment that buys nothing, from its public id."""
    return f"needless_payment:{payment}"


def needless_payment(*, payment: str, reference: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for a reader's payment for what they already have: we have the money and owe it back."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.REFUND_PENDING, -amount)]
    return build_draft(
        EntryKind.NEEDLESS_PAYMENT,
        needless_id(payment),
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def needless_returned(*, external_id: str, reference: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Build the entry for such a payment once it is sent back to the reader."""
    lines = [Line(chart.REFUND_PENDING, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return build_draft(
        EntryKind.NEEDLESS_RETURNED,
        f"needless_returned:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_opened(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    fee: int,
    fee_currency: str,
    held: Iterable[ReturnSource],
) -> Draft:
    """Build the entry for an opened dispute: the bank pulled the money back.

    What contributors have of it in clearing, reserve or payable becomes disputed, too.
    """
    lines = [
        Line(chart.DISPUTE_IN_PROGRESS, amount),
        Line(chart.STRIPE_BALANCE, -amount),
        Line(chart.DISPUTE_FEE, fee, fee_currency),
        Line(chart.STRIPE_BALANCE, -fee, fee_currency),
    ]
    for part in held:
        lines += transfer_lines(part.owner, part.kind, AccountKind.CONTRIBUTOR_DISPUTED, part.amount_minor)
    return build_draft(
        EntryKind.DISPUTE_OPENED,
        f"dispute_opened:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_won(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    returned: Iterable[ReturnSource],
) -> Draft:
    """Build the entry for a won dispute: the money comes back, and disputed parts return to their accounts.

    The dispute fee stays an expense.
    """
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.DISPUTE_IN_PROGRESS, -amount)]
    for part in returned:
        lines += transfer_lines(part.owner, AccountKind.CONTRIBUTOR_DISPUTED, part.kind, part.amount_minor)
    return build_draft(
        EntryKind.DISPUTE_WON,
        f"dispute_won:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_lost(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    returns: Sequence[tuple[SaleAmounts, Sequence[ReturnSource]]],
    released: Iterable[ReturnSource] = (),
    owed: int = 0,
) -> Draft:
    """Build the entry for a lost dispute: each sale in it is refunded out of the disputed money.

    `owed` is what we owed the reader for a duplicate payment: the bank has given it to them. What neither accounts for
    (refunded before) is the platform's loss. `released` was held and is more than the contributors had to give back.
    """
    lines = [Line(chart.DISPUTE_IN_PROGRESS, -amount)]
    for amounts, taken in returns:
        lines += _given_back(amounts, taken)
    lines.append(Line(chart.REFUND_PENDING, owed))
    lines.append(Line(chart.BAD_DEBT, amount - owed - sum(amounts.gross for amounts, _ in returns)))
    for part in released:
        lines += transfer_lines(part.owner, AccountKind.CONTRIBUTOR_DISPUTED, part.kind, part.amount_minor)
    return build_draft(
        EntryKind.DISPUTE_LOST,
        f"dispute_lost:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_owed(*, reference: str, external_id: str, currency: str, occurred_at: datetime, owed: int) -> Draft:
    """Build the entry for a payment booked as owed back only after its dispute was lost.

    The bank has already given the reader the money, so it was no loss of ours.
    """
    lines = [Line(chart.REFUND_PENDING, owed), Line(chart.BAD_DEBT, -owed)]
    return build_draft(
        EntryKind.DISPUTE_LOST,
        dispute_owed_id(external_id),
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_owed_id(dispute: str) -> str:
    return f"dispute_owed:{dispute}"


def deferral_lost(
    *,
    reference: str,
    external_id: str,
    occurred_at: datetime,
    payment: Sequence[Line],
    reverses_id: int,
) -> Draft:
    """Build the entry for a gift or pre-order that was not supplied and is lost with its dispute.

    Its payment is reversed out of the dispute.
    """
    mirrored = [
        Line(
            chart.DISPUTE_IN_PROGRESS if line.account == chart.STRIPE_BALANCE else line.account,
            -line.amount_minor,
            line.currency,
        )
        for line in payment
    ]
    return build_draft(
        EntryKind.DISPUTE_LOST,
        f"dispute_lost:{external_id}",
        mirrored,
        reference=reference,
        currency=payment[0].currency,
        occurred_at=occurred_at,
        reverses_id=reverses_id,
    )


def appeal_won(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    amount: int,
    reinstated: Iterable[Line],
) -> Draft:
    """Build the entry for a lost dispute that was won on appeal.

    The money is back, and is owed or earned again as it was before the loss.
    """
    return build_draft(
        EntryKind.APPEAL_WON,
        f"appeal_won:{external_id}",
        [Line(chart.STRIPE_BALANCE, amount), *reinstated],
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_covered(
    *,
    reference: str,
    external_id: str,
    currency: str,
    occurred_at: datetime,
    restored: Iterable[ReturnSource],
) -> Draft:
    """Build the entry for a lost dispute that the protection fund covers, because delivery was proved.

    `restored` says to which account each part of what contributors lost goes back: payable, or the debt that the
    dispute had left.
    """
    lines = []
    for part in restored:
        lines.append(Line(chart.PROTECTION_FUND, part.amount_minor))
        lines.append(Line(chart.of_contributor(part.kind, part.owner), -part.amount_minor))
    return build_draft(
        EntryKind.DISPUTE_COVERED,
        f"dispute_covered:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def _given_back(amounts: SaleAmounts, taken: Iterable[ReturnSource]) -> list[Line]:
    lines = [Line(line.account, -line.amount_minor) for line in credits_of(amounts)]
    lines.append(Line(chart.PROMOTION, -amounts.promotion))
    return lines + [Line(chart.of_contributor(part.kind, part.owner), part.amount_minor) for part in taken]
