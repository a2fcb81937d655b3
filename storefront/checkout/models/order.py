"""The agreement to buy, its lines, and the money from a reader to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.ids import PublicIdField
from common.seller import Seller
from common.typed_json import TypedJSONField
from publishing.models import Edition, Series
from storefront.catalogue.models.bundle import Bundle


class OrderState(models.TextChoices):
    OPEN = "open", _("Waiting for payment")
    PAID = "paid", _("Paid")
    CANCELED = "canceled", _("Not paid")  # abandoned, expired or replaced by a newer order
    QUARANTINED = "quarantined", _("Under review")  # paid, but not what was quoted: finance decides


class Landing(models.TextChoices):
    """Where the buyer goes from the payment page: to the order, or straight to what was bought without a cart."""

    ORDER = "", _("The order")
    BOOK = "book", _("The book in the reader")
    PLAIN = "plain", _("The book as plain pages, where the sample ends")
    COPIES = "copies", _("The links of several copies")


@dataclass(frozen=True, slots=True)
class TaxEvidence:
    """Evidence of the reader's country: country codes, "" where there is none."""

    declared: str = ""  # at checkout
    profile: str = ""
    billing: str = ""  # like card, from the provider
    card: str = ""
    verdict: str = ""  # Verdict of `storefront.checkout.tax.evidence`, once paid


class Order(models.Model):
    """An order. Everything quoted at checkout is stored here and on the lines, and never recomputed."""

    public_id = PublicIdField("ord")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.OPEN)
    currency = models.CharField(max_length=3)
    total_minor = models.PositiveIntegerField(help_text="what the reader pays, tax included")
    tax_country = models.CharField(max_length=2)
    tax_evidence = TypedJSONField(
        TaxEvidence, default=TaxEvidence, help_text="countries by kind: billing, card, profile"
    )
    waiver_text_version = models.CharField(
        max_length=20, blank=True, help_text="consent to lose the right of withdrawal"
    )
    waiver_at = models.DateTimeField(null=True)
    quote_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refundable_until = models.DateTimeField(null=True, help_text="the refund window, fixed when paid")
    receipt_sent_at = models.DateTimeField(null=True)
    seller = TypedJSONField(Seller, null=True, help_text="as named when this was paid; its receipts keep this name")
    quarantine_told_at = models.DateTimeField(null=True, help_text="when the buyer was told that it is under review")
    landing = models.CharField(
        max_length=10,
        choices=Landing,
        default=Landing.ORDER,
        blank=True,
        db_default="",
        help_text="where its buyer goes from the payment page; empty for orders from a cart",
    )

    class Meta:
        indexes = [models.Index(fields=["buyer", "-created_at"])]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def refundable_day(self) -> date | None:
        """Return the last day of the refund window, as readers are told."""
        return None if self.refundable_until is None else clock.last_day_until(self.refundable_until)


class OrderLine(models.Model):
    """One edition in an order. All in minor units:

    paid + promotion = tax + processor fee as quoted + platform fee + royalty. A gift's tax is known when it is
    redeemed: until then these are estimates without tax, and only the paid price is fixed.
    """

    public_id = PublicIdField("lin")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300, help_text="as sold")
    bundle = models.ForeignKey(
        Bundle,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the bundle whose price this is a part of",
    )
    series = models.ForeignKey(
        Series,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the series that this completes, at its price",
    )
    deferral = models.CharField(
        max_length=10, blank=True, default="", help_text="gift or preorder: paid now, supplied later"
    )
    supplied_at = models.DateTimeField(null=True, help_text="of a gift or pre-order: when it became a sale")
    refundable_until = models.DateTimeField(null=True, help_text="where it differs from the order's")
    full_minor = models.PositiveIntegerField(null=True, help_text="the price before a coupon")
    list_minor = models.PositiveIntegerField(help_text="what the author asked, before tax that is added")
    promotion = models.CharField(
        max_length=40,
        default="",
        blank=True,
        db_default="",
        help_text="public id of the author's promotion that made the price lower than the list price",
    )
    paid_minor = models.PositiveIntegerField()
    promotion_minor = models.PositiveIntegerField(default=0, help_text="added by the platform: its own coupons")
    tax_minor = models.PositiveIntegerField()
    tax_rate_bps = models.PositiveIntegerField()
    processor_fee_minor = models.PositiveIntegerField()
    platform_fee_minor = models.PositiveIntegerField()
    royalty_minor = models.PositiveIntegerField()
    terms_id = models.PositiveBigIntegerField(help_text="the royalty terms it was quoted under")
    is_watermarked = models.BooleanField(
        default=False, db_default=False, help_text="as the buyer was told: the files carry marks of this copy"
    )
    via = models.CharField(
        max_length=12, default="", blank=True, db_default="", help_text="code of the share link that led to the book"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "edition"], condition=~Q(deferral="gift"), name="order_line_once"),
            models.CheckConstraint(
                condition=Q(
                    paid_minor=models.F("tax_minor")
                    + models.F("processor_fee_minor")
                    + models.F("platform_fee_minor")
                    + models.F("royalty_minor")
                    - models.F("promotion_minor")
                ),
                name="order_line_adds_up",
            ),
        ]

    @property
    def refundable_day(self) -> date | None:
        """Return the last day of the line's own refund window, if it has one."""
        return None if self.refundable_until is None else clock.last_day_until(self.refundable_until)

    @property
    def is_waiting(self) -> bool:
        """Return whether the line is still to be supplied, paid or not."""
        return bool(self.deferral) and self.supplied_at is None

    @property
    def is_copy(self) -> bool:
        """Return whether it is one of several copies that the buyer hands out."""
        return self.deferral == "gift" and self.gift.is_copy


class PaymentState(models.TextChoices):
    PENDING = "pending", _("Pending")
    SUCCEEDED = "succeeded", _("Succeeded")
    UNMATCHED = "unmatched", _("Unmatched")  # came for a paid order, and is not what was quoted: finance decides
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    REFUNDED = "refunded", _("Refunded")


# Payments that have arrived and that we have not refunded.
ARRIVED = frozenset({PaymentState.SUCCEEDED, PaymentState.UNMATCHED})


class Payment(models.Model):
    """One attempt to pay an order through the provider; its idempotency key is stored before the call."""

    public_id = PublicIdField("pay")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.PENDING)
    key = models.CharField(max_length=120, unique=True)
    session_id = models.CharField(max_length=120, blank=True, db_index=True)
    page_url = models.URLField(max_length=800, blank=True)
    provider_payment_id = models.CharField(max_length=120, blank=True, db_index=True)
    processor_fee_minor = models.PositiveIntegerField(null=True, help_text="the real one, once known")
    processor_fee_currency = models.CharField(
        max_length=3, blank=True, default="", help_text="of our balance; the order's may be another"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
