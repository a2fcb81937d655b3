"""Checks that the provider's page did not change an order's price, except for the tax that it calculates itself."""

from __future__ import annotations

from common.money import BPS, Money, allocate, divide_half_up
from payments.gateway import CheckoutSession, PaymentDetails
from publishing import services as publishing_services
from royalties.dto import QuoteLine
from royalties.entries import Deferral
from royalties.services import deferrals as royalty_deferrals
from storefront.catalogue import vat_rates as tax_services
from storefront.checkout.models import Order, OrderLine


def is_as_quoted(order: Order, session: CheckoutSession, details: PaymentDetails) -> bool:
    """Return whether what was paid is what we asked for, plus at most the tax that the page says it added."""
    quoted = Money(order.total_minor, order.currency)
    if session.subtotal != quoted or details.amount != session.total or session.total.currency != order.currency:
        return False
    added = session.total - session.subtotal
    if session.tax and not order.lines.exclude(deferral=Deferral.GIFT).exists():
        return False  # a gift is taxed when it is redeemed
    return 0 <= added.amount_minor <= session.tax.amount_minor


def is_sold_where_taxed(order: Order, session: CheckoutSession) -> bool:
    """Return whether everything in the order is sold in the country for which the page calculated tax, if that is
    another.

    If it calculated none, the reader's own declaration stands, as for tax: a card is often from another country than
    its owner.
    """
    country = _country(order, session)
    if country == order.tax_country:
        return True  # the country of the order was checked then, and an author's later decision changes nothing
    works = order.lines.exclude(deferral=Deferral.GIFT).values_list("edition__work", flat=True)
    held = publishing_services.lock_territories(set(works))
    return all(territory.is_sold_in(country) for territory in held.values())


def adopt(order: Order, session: CheckoutSession) -> None:
    """Adopt the tax that the page calculated, if any: divide each line anew under the terms it was quoted with.

    Call with the order locked, before it is recorded.
    """
    if not session.tax:
        return
    lines = list(order.lines.exclude(deferral=Deferral.GIFT).order_by("pk"))
    weights = [line.paid_minor for line in lines]
    added = allocate((session.total - session.subtotal).amount_minor, weights)
    taxes = allocate(session.tax.amount_minor, weights)
    rate_bps = _rate_bps(order, session, paid_minor=sum(weights) + sum(added), lines=len(lines))
    for line, more, tax in zip(lines, added, taxes, strict=True):
        line.tax_rate_bps = rate_bps
        _divide_anew(line, order.currency, line.paid_minor + more, tax)
    order.total_minor = session.total.amount_minor
    order.tax_country = _country(order, session)
    order.save(update_fields=["total_minor", "tax_country"])


def _country(order: Order, session: CheckoutSession) -> str:
    return session.billing_country if session.tax and session.billing_country else order.tax_country


def _rate_bps(order: Order, session: CheckoutSession, *, paid_minor: int, lines: int) -> int:
    """Return the page's tax rate, one for all lines, as receipts state it; the page gives only the tax.

    This is our rate for the country if it gives the same tax, except for rounding per line; otherwise the nearest rate.
    """
    tax_minor = session.tax.amount_minor
    rate = tax_services.rate_for(country=_country(order, session), at=order.created_at.date())
    ours = tax_services.tax_inside(paid=Money(paid_minor, order.currency), rate=rate).amount_minor
    if 2 * abs(ours - tax_minor) <= lines:
        return rate.rate_bps
    return divide_half_up(tax_minor * BPS, max(paid_minor - tax_minor, 1))


def _divide_anew(line: OrderLine, currency: str, paid_minor: int, tax_minor: int) -> None:
    full, full_tax = _full(line, paid_minor, tax_minor)
    part = royalty_deferrals.requote(
        line=QuoteLine(
            edition_id=line.edition_id,
            paid=Money(paid_minor, currency),
            tax=Money(tax_minor, currency),
            full=None if full is None else Money(full, currency),
            full_tax=None if full is None else Money(full_tax, currency),
        ),
        terms_id=line.terms_id,
        processor_fee=Money(line.processor_fee_minor, currency),
    )
    line.paid_minor, line.tax_minor = paid_minor, tax_minor
    line.platform_fee_minor, line.royalty_minor = part.platform_fee.amount_minor, part.royalty.amount_minor
    line.processor_fee_minor, line.promotion_minor = part.processor_fee.amount_minor, part.promotion_minor
    line.save()


def _full(line: OrderLine, paid_minor: int, tax_minor: int) -> tuple[int | None, int]:
    """Return the price before a coupon funded by the platform, with the same tax in proportion; None without one."""
    if not line.promotion_minor or line.full_minor is None or not line.paid_minor:
        return None, 0
    full = divide_half_up(line.full_minor * paid_minor, line.paid_minor)
    return full, divide_half_up(tax_minor * full, paid_minor)
