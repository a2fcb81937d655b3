"""The personal data that this app holds (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
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
    SavedCard,
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
        holds=_("Orders with their lines, prices and taxes, payments without card details, and refunds."),
        purpose=_(
            "To sell you books, to give you receipts, and because the law requires accounts with supporting documents."
        ),
        kept=_("As long as the law requires: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_(
            "All of it, without your name, address and anything you wrote. It refers only to the random identifier."
        ),
        file="orders",
        tables=(
            TableRule(Order, of=("buyer",), copied=_ORDER),
            TableRule(OrderLine, of=("order__buyer",), copied=_LINE),
            TableRule(
                Payment,
                of=("order__buyer",),
                copied=("public_id", "order__public_id", "state", "provider_payment_id", "created_at"),
            ),
            TableRule(
                Refund,
                of=("payment__order__buyer",),
                by=("requested_by", "decided_by"),
                copied=("public_id", "line__public_id", "state", "amount_minor", "currency", "reason", "requested_at"),
            ),
            TableRule(
                Withdrawal,
                of=("order__buyer",),
                names=("name", "email"),
                copied=("public_id", "order__public_id", "name", "email", "declared_at"),
            ),
            TableRule(WithdrawnLine, of=("line__order__buyer",), copied=("line__public_id", "outcome")),
            TableRule(
                CouponRedemption,
                of=("user",),
                copied=("coupon__code", "order__public_id", "state", "claimed_at"),
            ),
            TableRule(
                Preorder,
                of=("line__order__buyer",),
                copied=("line__public_id", "told_date", "released_at", "canceled_at"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_(
            "Gifts and copies you handed out: the email address they were sent to, your message, who redeemed them, "
            "and whether that person lets you know it."
        ),
        purpose=_("To deliver them, and to tell you both what happens to them."),
        kept=_("As long as the order. Address and message, until you delete your account."),
        erasure=Erasure.DELETED,
        left=_("That it was a gift. If it has not been redeemed yet, also the address, until it is."),
        file="orders",
        tables=(
            TableRule(
                Gift,
                of=("line__order__buyer", "redeemed_by"),
                names=("recipient",),
                copied=(
                    *("public_id", "line__public_id", "copy_number", "recipient", "message", "deliver_on"),
                    *("redeemed_at", "shows_opener"),
                ),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Payments that your bank took back or reported as suspicious, and what we answered."),
        purpose=_("To show that the book was delivered."),
        kept=_("As long as the order. Our answer, until you delete your account."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("That there was a dispute, and how it ended."),
        file="orders",
        tables=(
            TableRule(
                Dispute,
                of=("payment__order__buyer",),
                copied=("public_id", "status", "reason", "amount_minor", "currency", "opened_at", "decided_at"),
            ),
            TableRule(
                EvidencePack,
                of=("dispute__payment__order__buyer",),
                by=("created_by",),
                names=("fields", "receipt", "documentation"),
                copied=("dispute__public_id", "number", "state", "fields", "created_at"),
            ),
            TableRule(
                FraudWarning,
                of=("payment__order__buyer",),
                by=("handled_by",),
                copied=("payment__public_id", "kind", "warned_at", "outcome"),
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The number under which the payment provider knows you, if you let it save a payment method."),
        purpose=_("So that you need not enter the payment method again."),
        kept=_("Until you remove it."),
        erasure=Erasure.DELETED,
        file="orders",
        tables=(TableRule(SavedCard, of=("user",), copied=("customer_id", "created_at", "removed_at")),),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("Your cart."),
        purpose=_("So that it is still there when you come back."),
        kept=_("Until you empty it."),
        erasure=Erasure.DELETED,
        file="lists",
        tables=(
            TableRule(Cart, of=("user",), copied=("public_id", "currency", "changed_at")),
            TableRule(
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
            "Keyed hashes of the card, browser and network you used to buy or return a book. They show whether two are "
            "the same, and nothing else."
        ),
        purpose=_(
            "To stop anyone from getting goodwill refunds or using limited coupon codes again with new email addresses."
        ),
        kept=_("120 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The hashes, until their 120 days are over."),
        file="orders",
        tables=(
            TableRule(
                BuyerTrace, of=("order__buyer",), names=("digest",), copied=("order__public_id", "kind", "seen_at")
            ),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The email address that someone asked us to send their order links to."),
        purpose=_("To send the links, and not too often."),
        kept=_("One day."),
        erasure=Erasure.NOT_YOURS,
        tables=(TableRule(LinkRequest, names=("email",)),),
    ),
    Rule(
        area=Area.READING,
        holds=_("Which books you may read."),
        purpose=_(
            "So that you can read and download what you bought, see books that go with it, and so that we can count "
            "books bought together."
        ),
        kept=_("As long as you have your account."),
        erasure=Erasure.PSEUDONYM,
        left=_("Order records that no longer open a book. They do not show how far it was read."),
        file="library",
        tables=(
            TableRule(
                Entitlement,
                of=("user",),
                copied=("public_id", "work__title", "work__public_id", "granted_at", "ended_at", "furthest_bps"),
            ),
        ),
    ),
    Rule(
        area=Area.READING,
        holds=_("When a book you bought was downloaded or opened, and from which IP address."),
        purpose=_(
            "To show a bank that it was delivered, to know whether it was used if you return it, and to show you the"
            " days on which you read."
        ),
        kept=_("As long as the order. The IP address for 180 days."),
        erasure=Erasure.PSEUDONYM,
        left=_("The day, without the IP address."),
        file="library",
        tables=(
            TableRule(
                AccessRecord,
                of=("entitlement__user",),
                names=("address",),
                copied=("entitlement__public_id", "kind", "detail", "address", "at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your coupon codes."),
        purpose=_("So that readers can use them."),
        kept=_("As long as the orders that used them."),
        erasure=Erasure.PSEUDONYM,
        left=_("Codes used in an order. Your codes are deactivated."),
        file="publishing",
        tables=(
            TableRule(
                Coupon,
                of=("owner", "created_by"),
                names=("pen_name",),
                copied=("public_id", "code", "pen_name", "percent_bps", "amounts", "begins_at", "ends_at", "claimed"),
            ),
        ),
    ),
)
