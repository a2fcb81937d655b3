"""What this app holds of people (accounts/schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.schedule import LAW_YEARS, Area, Erasure, Held, Rule
from storefront.checkout.models import (
    AccessRecord,
    BuyerTrace,
    Cart,
    CartLine,
    Coupon,
    CouponRedemption,
    Dispute,
    Entitlement,
    EvidencePack,
    FraudWarning,
    Gift,
    LinkRequest,
    Order,
    OrderLine,
    Payment,
    Preorder,
    Refund,
    Withdrawal,
    WithdrawnLine,
)

_ORDER = (
    "public_id",
    "state",
    "currency",
    "total_minor",
    "tax_country",
    "tax_evidence",
    "waiver_text_version",
    "waiver_at",
    "created_at",
    "paid_at",
    "refundable_until",
)
_LINE = ("public_id", "order__public_id", "title", "paid_minor", "tax_minor", "tax_rate_bps", "deferral", "supplied_at")

RULES = (
    Rule(
        area=Area.BUYING,
        holds=_("Orders with their lines, prices and taxes, payments without any card, and what was given back."),
        purpose=_("To sell you books, for receipts, and because the law wants books with their vouchers."),
        kept=_("As long as the law wants: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it, without your name, address and words. It refers to the random identifier."),
        file="orders",
        tables=(
            Held(Order, of=("buyer",), copied=_ORDER),
            Held(OrderLine, of=("order__buyer",), copied=_LINE),
            Held(
                Payment,
                of=("order__buyer",),
                copied=("public_id", "order__public_id", "state", "provider_payment_id", "created_at"),
            ),
            Held(
                Refund,
                of=("payment__order__buyer",),
                by=("requested_by", "decided_by"),
                copied=("public_id", "line__public_id", "state", "amount_minor", "currency", "reason", "requested_at"),
            ),
            Held(
                Withdrawal,
                of=("order__buyer",),
                names=("name", "email"),
                copied=("public_id", "order__public_id", "name", "email", "declared_at"),
            ),
            Held(WithdrawnLine, of=("line__order__buyer",), copied=("line__public_id", "outcome")),
            Held(
                CouponRedemption,
                of=("user",),
                copied=("coupon__code", "order__public_id", "state", "claimed_at"),
            ),
            Held(
                Preorder,
                of=("line__order__buyer",),
                copied=("line__public_id", "told_date", "released_at", "canceled_at"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Gifts: the address they were sent to, your words, and who opened them."),
        purpose=_("To bring them, and to tell you both what becomes of them."),
        kept=_("As long as the order; address and words until you delete the account."),
        erasure=Erasure.DELETED,
        left=_("That it was a gift. Of one that is not open yet the address, until it is."),
        file="orders",
        tables=(
            Held(
                Gift,
                of=("line__order__buyer", "redeemed_by"),
                names=("recipient",),
                copied=("public_id", "line__public_id", "recipient", "message", "deliver_on", "redeemed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Payments that your bank took back or called suspicious, and what we answered."),
        purpose=_("To show that the book was delivered."),
        kept=_("As long as the order. Our answer until you delete the account."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("That there was a dispute, and how it ended."),
        file="orders",
        tables=(
            Held(
                Dispute,
                of=("payment__order__buyer",),
                copied=("public_id", "status", "reason", "amount_minor", "currency", "opened_at", "decided_at"),
            ),
            Held(
                EvidencePack,
                of=("dispute__payment__order__buyer",),
                by=("created_by",),
                names=("fields", "receipt", "documentation"),
                copied=("dispute__public_id", "number", "state", "fields", "created_at"),
            ),
            Held(
                FraudWarning,
                of=("payment__order__buyer",),
                by=("handled_by",),
                copied=("payment__public_id", "kind", "warned_at", "outcome"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Your cart."),
        purpose=_("So that it is still there when you come back."),
        kept=_("Until you empty it."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            Held(Cart, of=("user",), copied=("public_id", "currency", "changed_at")),
            Held(
                CartLine,
                of=("cart__user",),
                names=("gift_to",),
                copied=(
                    "edition__work__title",
                    "bundle__title",
                    "series__title",
                    "gift_to",
                    "gift_message",
                    "added_at",
                ),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_(
            "Keyed hashes of the card, the browser and the network with which you bought a book or gave one back. They "
            "tell whether two are the same, and nothing else."
        ),
        purpose=_(
            "So that goodwill for used books, and codes that are good a limited number of times, are not taken again "
            "and again under new addresses."
        ),
        kept=_("120 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The hashes, until their 120 days are over."),
        file="orders",
        tables=(
            Held(BuyerTrace, of=("order__buyer",), names=("digest",), copied=("order__public_id", "kind", "seen_at")),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The address to which somebody asked to have the links of their orders sent."),
        purpose=_("To send them, and not too often."),
        kept=_("A day."),
        erasure=Erasure.NOT_YOURS,
        tables=(Held(LinkRequest, names=("email",)),),
    ),
    Rule(
        area=Area.READING,
        holds=_("Which books you may read."),
        purpose=_(
            "So that you can read and download what you bought, are shown what fits it, and books bought together "
            "are counted."
        ),
        kept=_("As long as you have the account."),
        erasure=Erasure.PSEUDONYM,
        left=_("Rows of the orders, which nobody can open a book with. Nor do they say how far it was read."),
        file="library",
        tables=(
            Held(
                Entitlement,
                of=("user",),
                copied=("public_id", "work__title", "work__public_id", "granted_at", "ended_at", "furthest_bps"),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("When a bought book was downloaded or opened, and from which internet address."),
        purpose=_("To show a bank that it was delivered, and whether it was used when it is given back."),
        kept=_("As long as the order; the internet address for 180 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The day, without the internet address."),
        file="library",
        tables=(
            Held(
                AccessRecord,
                of=("entitlement__user",),
                names=("address",),
                copied=("entitlement__public_id", "kind", "detail", "address", "at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your coupons."),
        purpose=_("So that readers can use them."),
        kept=_("As long as the orders in which they were used."),
        erasure=Erasure.PSEUDONYM,
        left=_("What was used in an order. Coupons are stopped."),
        file="publishing",
        tables=(
            Held(
                Coupon,
                of=("owner", "created_by"),
                names=("pen_name",),
                copied=("public_id", "code", "pen_name", "percent_bps", "amounts", "begins_at", "ends_at", "claimed"),
            ),
        ),
    ),
)
