"""Entries for sales: the payment, its real fee, its conversion, and the end of the refund window."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from common.money import Money
from royalties import chart
from royalties.chart import AccountKind
from royalties.entries.base import ContributorShare, Draft, Line, SaleAmounts, build_draft, credits_of, transfer_lines
from royalties.models import EntryKind


class Deferral(StrEnum):
    """What is paid for before it can be sold. The value names the account `deferred:…`."""

    GIFT = "gift"  # the reader's country, and so the tax, is only known when it is redeemed
    PREORDER = "preorder"  # its tax is due at payment


def sale(
    *,
    reference: str,
    currency: str,
    occurred_at: datetime,
    amounts: SaleAmounts,
    deferral: Deferral | None = None,
) -> Draft:
    """Build the entry for a sold book: every part of its price is owed to somebody or earned.

    With `deferral` the money came earlier (`deferred_payment`); the tax of a pre-order was booked then.
    """
    lines = [Line(chart.STRIPE_BALANCE, amounts.gross), *credits_of(amounts)]
    if deferral is Deferral.GIFT:
        lines[0] = Line(chart.deferred(deferral), amounts.gross)
    elif deferral is Deferral.PREORDER:
        lines = [Line(chart.deferred(deferral), amounts.gross - amounts.tax), *credits_of(amounts)[1:]]
    lines.append(Line(chart.PROMOTION, amounts.promotion))
    lines += [
        Line(chart.of_contributor(AccountKind.CONTRIBUTOR_CLEARING, share.owner), -share.amount_minor)
        for share in amounts.shares
    ]
    return build_draft(
        EntryKind.SALE, f"sale:{reference}", lines, reference=reference, currency=currency, occurred_at=occurred_at
    )


def deferred_payment(
    *,
    reference: str,
    order_reference: str,
    currency: str,
    occurred_at: datetime,
    gross: int,
    tax: int,
    tax_country: str,
    deferral: Deferral,
) -> Draft:
    """Build the entry for a gift or pre-order that is paid. The tax of a gift is not known yet: pass 0.

    The entry is named after its line and filed under its order, because the provider knows one payment for all of the
    order's lines.
    """
    lines = [
        Line(chart.STRIPE_BALANCE, gross),
        Line(chart.tax(tax_country), -tax),
        Line(chart.deferred(deferral), tax - gross),
    ]
    return build_draft(
        EntryKind.DEFERRED,
        f"deferred:{reference}",
        lines,
        reference=order_reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def processor_fee(*, order_reference: str, currency: str, occurred_at: datetime, fee: int, external_id: str) -> Draft:
    """Build the entry for the provider's real fee on one payment."""
    lines = [Line(chart.PROCESSOR_FEE, fee), Line(chart.STRIPE_BALANCE, -fee)]
    return build_draft(
        EntryKind.PROCESSOR_FEE,
        f"processor_fee:{external_id}",
        lines,
        reference=order_reference,
        currency=currency,
        occurred_at=occurred_at,
    )


def conversion(*, reference: str, external_id: str, occurred_at: datetime, booked: Money, settled: Money) -> Draft:
    """Build the entry for money that the provider settled as `settled`, in our balance's currency, instead of `booked`.

    Both are negative for money that goes out. The entry joins two charts: the provider's balance is right in both, and
    `fx` holds the difference.
    """
    lines = [
        Line(chart.STRIPE_BALANCE, -booked.amount_minor, booked.currency),
        Line(chart.FX, booked.amount_minor, booked.currency),
        Line(chart.STRIPE_BALANCE, settled.amount_minor, settled.currency),
        Line(chart.FX, -settled.amount_minor, settled.currency),
    ]
    return build_draft(
        EntryKind.CONVERSION,
        f"conversion:{external_id}",
        lines,
        reference=reference,
        currency=booked.currency,
        occurred_at=occurred_at,
    )


def clearing(
    *,
    reference: str,
    currency: str,
    occurred_at: datetime,
    shares: Iterable[ContributorShare],
    about: str = "",
) -> Draft:
    """Build the entry for the end of the refund window: what was in clearing becomes payable.

    `about` is the milestone when `reference` names one of its releases.
    """
    lines = [
        line
        for share in shares
        for line in transfer_lines(
            share.owner, AccountKind.CONTRIBUTOR_CLEARING, AccountKind.CONTRIBUTOR_PAYABLE, share.amount_minor
        )
    ]
    return build_draft(
        EntryKind.CLEARING,
        f"clearing:{reference}",
        lines,
        reference=about or reference,
        currency=currency,
        occurred_at=occurred_at,
    )
