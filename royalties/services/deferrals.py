"""Orders with lines that are paid now and become sales later, and the new quote of a gift when it is redeemed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.money import Money
from publishing.models import Edition
from royalties import calc, chart
from royalties.chart import AccountKind, AccountName
from royalties.dto import LineBreakdown, QuoteLine, Sale
from royalties.entries import Deferral
from royalties.models import RoyaltyTerms
from royalties.selectors import sale_terms, splits
from royalties.services import ledger
from royalties.services import sales as sales_services


@dataclass(frozen=True, slots=True)
class DeferredPayment:
    """A paid gift or pre-order. The tax of a gift is not known yet: zero, and no country."""

    reference: str
    order_reference: str
    deferral: Deferral
    paid: Money
    tax: Money
    tax_country: str


@transaction.atomic
def record_order(*, sales: Sequence[Sale], payments: Sequence[DeferredPayment], at: datetime) -> None:
    """Record all lines of a paid order: those sold now, and those only paid for. Raises as `sales` does."""
    if payments and sales:
        # Several entries follow each other here, so anybody else who posts to these accounts waits for the whole order.
        ledger.lock_balances(_accounts(sales, payments, at))
    for payment in sorted(payments, key=lambda each: each.deferral):
        sales_services.record_deferred_payment(
            reference=payment.reference,
            order_reference=payment.order_reference,
            deferral=payment.deferral,
            paid=payment.paid,
            tax=payment.tax,
            tax_country=payment.tax_country,
            at=at,
        )
    sales_services.record_sales(sales=sales)


def requote(*, line: QuoteLine, terms_id: int, processor_fee: Money) -> LineBreakdown:
    """Return where a line's price goes under its original terms and share of the card fee.

    For a gift: reader and price are those of the purchase, and only the tax is known now.
    """
    terms = RoyaltyTerms.objects.get(pk=terms_id)
    # The fee was charged once for the whole cart; a line's share does not change with the tax.
    fee = calc.ProcessorFees(rate_bps=0, fixed_minor=processor_fee.amount_minor)
    part = calc.quote(sale_terms.priced_lines(lines=[line], terms={line.edition_id: terms}), fee)[0]
    currency = line.paid.currency
    return LineBreakdown(
        edition_id=line.edition_id,
        paid=line.paid,
        tax=line.tax,
        processor_fee=Money(part.processor_fee, currency),
        platform_fee=Money(part.platform_fee, currency),
        royalty=Money(part.royalty, currency),
        terms_id=terms.pk,
        promotion=Money(part.promotion, currency) if part.promotion else None,
    )


def _accounts(sales: Sequence[Sale], payments: Sequence[DeferredPayment], at: datetime) -> set[tuple[AccountName, str]]:
    """Return every guarded account that the order's entries touch."""
    works = dict(Edition.objects.filter(pk__in=[s.edition_id for s in sales]).values_list("pk", "work_id"))
    splits.lock_sums(work_ids=set(works.values()))
    shares = splits.splits_in_force(work_ids=works.values(), at=at)
    touched = {(chart.deferred(p.deferral), p.paid.currency) for p in payments}
    touched |= {(chart.tax(p.tax_country), p.paid.currency) for p in payments if p.tax}
    for sale in sales:
        currency = sale.breakdown.paid.currency
        if sale.breakdown.tax:
            touched.add((chart.tax(sale.tax_country), currency))
        for share in shares[works[sale.edition_id]]:
            for owner in (share.owner, *(limit.then.owner for limit in share.limits)):
                touched.add((chart.of_contributor(AccountKind.CONTRIBUTOR_CLEARING, owner), currency))
    return touched
