"""Entries of money going back to a reader: refunds, and disputes in every outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import Draft, Line, SaleAmounts, credits_of, draft, move
from royalties.models import EntryKind


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a contributor's part of a return comes from: clearing, disputed, reserve, payable, or what they owe."""

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
    taken: Sequence[Taken],
    reverses_id: int | None = None,
) -> Draft:
    """All or part of a sale goes back: its parts mirrored. The real processor fee stays the platform's expense.

    `amounts.shares` only say how much each contributor gives back; `taken` says from where, with the same sum.
    `reverses_id` is the sale's entry when this mirrors it in full.
    """
    lines = [Line(chart.STRIPE_BALANCE, -amounts.gross), *_given_back(amounts, taken)]
    return draft(
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
    """A gift or pre-order goes back before it became a sale: its payment mirrored."""
    return draft(
        EntryKind.REFUND,
        f"refund:{external_id}",
        mirrored,
        reference=reference,
        currency=mirrored[0].currency,
        occurred_at=occurred_at,
        reverses_id=reverses_id,
    )


def refund_beyond(*, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """Money went back that no sale accounts for any more: a dispute had taken it before. The platform's loss."""
    lines = [Line(chart.BAD_DEBT, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return draft(
        EntryKind.REFUND,
        f"refund:{external_id}:beyond",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def refund_failed(*, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """The reader's bank sent a refund back: the money is here again, and still owed to the reader."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.REFUND_PENDING, -amount)]
    return draft(
        EntryKind.REFUND_FAILED,
        f"refund_failed:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def refund_resent(*, reference: str, external_id: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A refund that had failed reached the reader by another way, from the bank."""
    lines = [Line(chart.REFUND_PENDING, amount), Line(chart.BANK, -amount)]
    return draft(
        EntryKind.REFUND_RESENT,
        f"refund_resent:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def needless_id(payment: str) -> str:
    """The event of a payment that buys nothing, by its public id."""
    return f"needless_payment:{payment}"


def needless_payment(*, payment: str, reference: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """A reader paid for what they have already: the money is here, and owed back to them."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.REFUND_PENDING, -amount)]
    return draft(
        EntryKind.NEEDLESS_PAYMENT,
        needless_id(payment),
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def needless_returned(*, external_id: str, reference: str, currency: str, occurred_at: datetime, amount: int) -> Draft:
    """It went back to the reader."""
    lines = [Line(chart.REFUND_PENDING, amount), Line(chart.STRIPE_BALANCE, -amount)]
    return draft(
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
    held: Iterable[Taken],
) -> Draft:
    """The bank pulled the money: it is in dispute, and so is what contributors had in clearing, reserve or payable."""
    lines = [
        Line(chart.DISPUTE_IN_PROGRESS, amount),
        Line(chart.STRIPE_BALANCE, -amount),
        Line(chart.DISPUTE_FEE, fee, fee_currency),
        Line(chart.STRIPE_BALANCE, -fee, fee_currency),
    ]
    for part in held:
        lines += move(part.owner, part.kind, AccountKind.CONTRIBUTOR_DISPUTED, part.amount_minor)
    return draft(
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
    returned: Iterable[Taken],
) -> Draft:
    """The bank gave the money back; what was disputed returns to where it came from. The fee stays an expense."""
    lines = [Line(chart.STRIPE_BALANCE, amount), Line(chart.DISPUTE_IN_PROGRESS, -amount)]
    for part in returned:
        lines += move(part.owner, AccountKind.CONTRIBUTOR_DISPUTED, part.kind, part.amount_minor)
    return draft(
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
    returns: Sequence[tuple[SaleAmounts, Sequence[Taken]]],
    released: Iterable[Taken] = (),
    owed: int = 0,
) -> Draft:
    """The money is gone: each sale in the dispute is given back out of it.

    `owed` is what we owed the reader for a payment that was not needed: the bank has given it to them. What neither
    accounts for (given back before) is the platform's loss. `released` was held and is more than the contributors
    had to give back.
    """
    lines = [Line(chart.DISPUTE_IN_PROGRESS, -amount)]
    for amounts, taken in returns:
        lines += _given_back(amounts, taken)
    lines.append(Line(chart.REFUND_PENDING, owed))
    lines.append(Line(chart.BAD_DEBT, amount - owed - sum(amounts.gross for amounts, _ in returns)))
    for part in released:
        lines += move(part.owner, AccountKind.CONTRIBUTOR_DISPUTED, part.kind, part.amount_minor)
    return draft(
        EntryKind.DISPUTE_LOST,
        f"dispute_lost:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def dispute_owed(*, reference: str, external_id: str, currency: str, occurred_at: datetime, owed: int) -> Draft:
    """A payment was booked as owed back after its dispute was lost: the bank has given it, and we lost nothing."""
    lines = [Line(chart.REFUND_PENDING, owed), Line(chart.BAD_DEBT, -owed)]
    return draft(
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
    """A gift or pre-order that was not supplied is gone with its dispute: its payment, out of the dispute."""
    mirrored = [
        Line(
            chart.DISPUTE_IN_PROGRESS if line.account == chart.STRIPE_BALANCE else line.account,
            -line.amount_minor,
            line.currency,
        )
        for line in payment
    ]
    return draft(
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
    """A lost dispute was won after all: the money is here, and owed or earned again as before it was lost."""
    return draft(
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
    restored: Iterable[Taken],
) -> Draft:
    """Delivery was proved, so the protection fund bears what the lost dispute took from contributors.

    `restored` says to which account each part goes back: payable, or the debt that the dispute had left.
    """
    lines = []
    for part in restored:
        lines.append(Line(chart.PROTECTION_FUND, part.amount_minor))
        lines.append(Line(chart.of_contributor(part.kind, part.owner), -part.amount_minor))
    return draft(
        EntryKind.DISPUTE_COVERED,
        f"dispute_covered:{external_id}",
        lines,
        reference=reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def _given_back(amounts: SaleAmounts, taken: Iterable[Taken]) -> list[Line]:
    lines = [Line(line.account, -line.amount_minor) for line in credits_of(amounts)]
    lines.append(Line(chart.PROMOTION, -amounts.promotion))
    return lines + [Line(chart.of_contributor(part.kind, part.owner), part.amount_minor) for part in taken]
