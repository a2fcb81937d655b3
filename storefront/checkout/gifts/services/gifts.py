"""Gifts: emailed on their delivery date, redeemed by the holder of the link, exchanged for another book of the same
price.

Nobody can guess a link: it ends in a secret made from the installation's key and the gift's own id, and only a hash of
it is stored. Everything about one gift happens under the lock of its order, so that a refund and a redemption, or two
redemptions, cannot both succeed.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts import services as account_services
from accounts.countries import country_name
from accounts.models import User
from common.errors import NotFound
from common.money import Money
from publishing import services as publishing_services
from publishing.models import Edition
from royalties.dto import LineBreakdown, QuoteLine, Sale
from royalties.entries import Deferral
from royalties.services import deferrals as royalty_deferrals
from royalties.services import sales
from storefront.catalogue import vat_rates as tax_services
from storefront.catalogue.vat_rates import TaxRate
from storefront.checkout import hooks, permissions
from storefront.checkout.entitlements.services import deferred_lines, sales_counts
from storefront.checkout.entitlements.services.consent import WAIVER_VERSION
from storefront.checkout.errors import (
    AlreadyOwned,
    ConsentMissing,
    GiftHeldByBank,
    GiftNotSoldIn,
    GiftNotSwappable,
    GiftUnavailable,
)
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.models import Entitlement, Gift, Order, OrderLine

_SALT = "storefront.gift"


def link_of(gift: Gift) -> str:
    """Return the URL that redeems the gift, for its giver and its email."""
    return settings.SITE_URL + reverse("checkout:gift", args=[_secret(gift)])


def activate(gift: Gift) -> None:
    """Activate the link of a paid gift."""
    gift.token_hash = gift_selectors.hash_of(_secret(gift))
    gift.save(update_fields=["token_hash"])


@transaction.atomic
def redeem(
    *, actor: User, token: str, country: str, has_consented: bool, at: datetime, shows_opener: bool = False
) -> Entitlement:
    """Add the gift to the actor's library: it becomes a sale to them, made and taxed in their country. Safe to repeat.

    With `shows_opener`, the buyer of a copy sees that it was them.

    Raises NotFound for a wrong link, GiftUnavailable, GiftHeldByBank, AlreadyOwned, GiftNotSoldIn, ConsentMissing.
    """
    # Lock the reader first, as when orders are settled, so that one work is not granted twice at once.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    opened = Entitlement.objects.filter(user=actor, line__gift__token_hash=gift_selectors.hash_of(token), ended_at=None)
    if (done := opened.first()) is not None:  # a second click
        return done
    gift, order = _lock(token)
    line = OrderLine.objects.select_related("edition__work").get(pk=gift.line_id)
    # The bank would take the money of a sale that clears meanwhile.
    if permissions.is_held_by_bank(order):
        raise GiftHeldByBank
    if not has_consented:
        raise ConsentMissing
    if permissions.works_bought_or_made(actor, [line.edition.work_id]):
        raise AlreadyOwned(title=line.title)
    held = publishing_services.lock_territories([line.edition.work_id])
    if not held[line.edition.work_id].is_sold_in(country):
        raise GiftNotSoldIn(title=line.title, country=country_name(country))
    rate = tax_services.rate_for(country=country, at=at.date())
    _become_a_sale(order, line, rate, at)
    gift.redeemed_by, gift.redeemed_at, gift.waiver_text_version = actor, at, WAIVER_VERSION
    gift.shows_opener = shows_opener and gift.is_copy
    gift.save(update_fields=["redeemed_by", "redeemed_at", "waiver_text_version", "shows_opener"])
    account_services.record_audit(actor=actor, verb="gift.redeemed", subject=gift, facts={"country": country})
    granted = Entitlement.objects.create(
        user=actor, work=line.edition.work, edition=line.edition, line=line, granted_at=at
    )
    sales_counts.count(buyer_id=order.buyer_id, entitlements=[granted])
    hooks.announce_bought([granted.pk])
    return granted


@transaction.atomic
def exchange(*, actor: User, token: str, edition: Edition, at: datetime) -> Gift:
    """Exchange the gift for another book that costs the same in the gift's currency; it remains to be redeemed.

    Raises NotFound for a wrong link, GiftUnavailable, GiftNotSwappable.
    """
    gift, order = _lock(token)
    line = OrderLine.objects.select_related("edition").get(pk=gift.line_id)
    if not gift_selectors.is_exchangeable_for(line, currency=order.currency, edition=edition):
        raise GiftNotSwappable
    paid = Money(line.paid_minor, order.currency)
    quote = QuoteLine(edition_id=edition.pk, paid=paid, tax=Money(0, order.currency))
    # Another author's work: under its own terms, as if it had been chosen at the time of purchase.
    terms_id = sales.quote(lines=[quote], at=order.created_at)[0].terms_id
    fee = Money(line.processor_fee_minor, order.currency)
    line.edition, line.title, line.is_watermarked = edition, edition.work.title, edition.work.is_watermarked
    _store(line, royalty_deferrals.requote(line=quote, terms_id=terms_id, processor_fee=fee))
    account_services.record_audit(
        actor=actor, verb="gift.swapped", subject=gift, facts={"edition": edition.public_id, "at": at.isoformat()}
    )
    return gift


def _secret(gift: Gift) -> str:
    return salted_hmac(_SALT, gift.public_id, algorithm="sha256").hexdigest()


def _lock(token: str) -> tuple[Gift, Order]:
    """Return the unredeemed gift behind a link with its order, both locked. Raises NotFound, GiftUnavailable."""
    found = gift_selectors.gift_by_token(token)
    if found is None:
        raise NotFound
    order = Order.objects.select_for_update().get(pk=found.line.order_id)
    gift = Gift.objects.select_for_update(of=("self",)).select_related("line").get(pk=found.pk)
    if not gift.is_open or deferred_lines.has_refund(gift.line):
        raise GiftUnavailable
    return gift, order


def _become_a_sale(order: Order, line: OrderLine, rate: TaxRate, at: datetime) -> None:
    """Turn the line into a sale: the gross price that the giver paid and its terms stay, and the tax is taken from
    the price."""
    currency = order.currency
    paid = Money(line.paid_minor, currency)
    is_funded = line.promotion_minor > 0 and line.full_minor is not None
    full = Money(line.full_minor, currency) if is_funded and line.full_minor is not None else None
    breakdown = royalty_deferrals.requote(
        line=QuoteLine(
            edition_id=line.edition_id,
            paid=paid,
            tax=tax_services.tax_inside(paid=paid, rate=rate),
            full=full,
            full_tax=tax_services.tax_inside(paid=full, rate=rate) if full is not None else None,
        ),
        terms_id=line.terms_id,
        processor_fee=Money(line.processor_fee_minor, currency),
    )
    line.tax_rate_bps, line.supplied_at = rate.rate_bps, at
    _store(line, breakdown)
    sale = Sale(
        reference=line.public_id,
        order_reference=order.public_id,
        edition_id=line.edition_id,
        breakdown=breakdown,
        tax_country=rate.country,
        tax_rate_bps=rate.rate_bps,
        sold_at=at,
        clears_at=at + settings.REFUND_WINDOW,
        deferral=Deferral.GIFT,
        list_price=Money(line.list_minor, currency),
    )
    sales.record_sale(sale=sale)


def _store(line: OrderLine, part: LineBreakdown) -> None:
    line.tax_minor = part.tax.amount_minor
    line.processor_fee_minor = part.processor_fee.amount_minor
    line.platform_fee_minor = part.platform_fee.amount_minor
    line.royalty_minor = part.royalty.amount_minor
    line.promotion_minor, line.terms_id = part.promotion_minor, part.terms_id
    line.save()
