import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="dsp", unique=True)),
                ("provider_dispute_id", models.CharField(max_length=120, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("warning_needs_response", "Inquiry: needs response"),
                            ("warning_under_review", "Inquiry: answered"),
                            ("warning_closed", "Inquiry closed"),
                            ("needs_response", "Needs response"),
                            ("under_review", "Under review"),
                            ("appeal_needs_response", "Appeal: needs response"),
                            ("appeal_under_review", "Appeal: under review"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("prevented", "Prevented"),
                        ],
                        max_length=24,
                    ),
                ),
                ("reason", models.CharField(max_length=60)),
                ("amount_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("fee_minor", models.PositiveIntegerField(default=0)),
                ("fee_currency", models.CharField(blank=True, max_length=3)),
                ("is_withdrawn", models.BooleanField(default=False, help_text="the bank took the money")),
                (
                    "is_delivery_proved",
                    models.BooleanField(default=False, help_text="the buyer had opened the book before"),
                ),
                ("evidence_due_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "told_at",
                    models.DateTimeField(help_text="when the buyer was told what a lost dispute took", null=True),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GoodwillDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                (
                    "exhausted_at",
                    models.DateTimeField(
                        help_text="when a return first had to wait because the day's goodwill was used up", null=True
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="when finance was told", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Coupon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="cpn", unique=True)),
                ("code", models.CharField(help_text="upper case", max_length=40, unique=True)),
                (
                    "funded_by",
                    models.CharField(choices=[("author", "the author"), ("platform", "the platform")], max_length=8),
                ),
                (
                    "pen_name",
                    models.CharField(
                        blank=True,
                        help_text="without works: the name whose books it applies to; empty: names that link to the owner's page",
                        max_length=120,
                    ),
                ),
                ("percent_bps", models.PositiveIntegerField(null=True)),
                (
                    "amounts",
                    models.JSONField(
                        default=dict, help_text='minor units by currency, without a percentage: {"USD": 200}'
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("uses_limit", models.PositiveIntegerField(null=True)),
                ("uses_per_person", models.PositiveIntegerField(null=True)),
                ("claimed", models.PositiveIntegerField(default=0)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="the author",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coupons",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("works", models.ManyToManyField(blank=True, related_name="+", to="publishing.work")),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="crt", unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("changed_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cart",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coupon",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="checkout.coupon"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="ent", unique=True)),
                ("granted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "furthest_bps",
                    models.PositiveIntegerField(
                        default=0, help_text="of the whole: the furthest point ever read; never decreases"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="as sold",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entitlements", to="publishing.work"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("download", "Download"), ("read", "Read")], max_length=8)),
                ("detail", models.CharField(blank=True, help_text="the file, or the chapter", max_length=120)),
                ("address", models.GenericIPAddressField(null=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("day", models.DateField()),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="accesses", to="checkout.entitlement"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EvidencePack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Being sent"), ("sent", "Sent"), ("failed", "Refused")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("fields", models.JSONField(help_text="texts by the provider's names")),
                ("receipt", models.BinaryField()),
                ("documentation", models.BinaryField(help_text="delivery and access, as a document")),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "created_by",
                    models.ForeignKey(
                        help_text="none: automatic",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="checkout.dispute"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                (
                    "done_at",
                    models.DateTimeField(help_text="when it was answered, with or without an email", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["email", "asked_at"], name="link_request_by_address"),
                    models.Index(condition=models.Q(("done_at", None)), fields=["asked_at"], name="link_request_to_do"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="ord", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for payment"),
                            ("paid", "Paid"),
                            ("canceled", "Not paid"),
                            ("quarantined", "Under review"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("total_minor", models.PositiveIntegerField(help_text="what the reader pays, tax included")),
                ("tax_country", models.CharField(max_length=2)),
                ("tax_evidence", models.JSONField(default=dict, help_text="countries by kind: billing, card, profile")),
                (
                    "waiver_text_version",
                    models.CharField(blank=True, help_text="consent to lose the right of withdrawal", max_length=20),
                ),
                ("waiver_at", models.DateTimeField(null=True)),
                ("quote_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("refundable_until", models.DateTimeField(help_text="the refund window, fixed when paid", null=True)),
                ("receipt_sent_at", models.DateTimeField(null=True)),
                (
                    "seller",
                    models.JSONField(help_text="as named when this was paid; its receipts keep this name", null=True),
                ),
                (
                    "quarantine_told_at",
                    models.DateTimeField(help_text="when the buyer was told that it is under review", null=True),
                ),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CouponRedemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("reserved", "Reserved"), ("consumed", "Consumed"), ("released", "Released")],
                        default="reserved",
                        max_length=8,
                    ),
                ),
                ("claimed_at", models.DateTimeField()),
                (
                    "held_until",
                    models.DateTimeField(
                        db_index=True,
                        help_text="when a reserved use is released; empty: when the order is paid or canceled",
                        null=True,
                    ),
                ),
                (
                    "coupon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redemptions", to="checkout.coupon"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redemption", to="checkout.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BuyerTrace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("card", "Card"), ("network", "Network"), ("browser", "Browser")], max_length=8
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("seen_at", models.DateTimeField(db_index=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="traces", to="checkout.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="lin", unique=True)),
                ("title", models.CharField(help_text="as sold", max_length=300)),
                (
                    "deferral",
                    models.CharField(
                        blank=True, default="", help_text="gift or preorder: paid now, supplied later", max_length=10
                    ),
                ),
                (
                    "supplied_at",
                    models.DateTimeField(help_text="of a gift or pre-order: when it became a sale", null=True),
                ),
                ("refundable_until", models.DateTimeField(help_text="where it differs from the order's", null=True)),
                ("full_minor", models.PositiveIntegerField(help_text="the price before a coupon", null=True)),
                (
                    "list_minor",
                    models.PositiveIntegerField(help_text="what the author asked, before tax that is added"),
                ),
                ("paid_minor", models.PositiveIntegerField()),
                (
                    "promotion_minor",
                    models.PositiveIntegerField(default=0, help_text="added by the platform: its own coupons"),
                ),
                ("tax_minor", models.PositiveIntegerField()),
                ("tax_rate_bps", models.PositiveIntegerField()),
                ("processor_fee_minor", models.PositiveIntegerField()),
                ("platform_fee_minor", models.PositiveIntegerField()),
                ("royalty_minor", models.PositiveIntegerField()),
                ("terms_id", models.PositiveBigIntegerField(help_text="the royalty terms it was quoted under")),
                (
                    "bundle",
                    models.ForeignKey(
                        help_text="the bundle whose price this is a part of",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.bundle",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.edition"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="checkout.order"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        help_text="the series that this completes, at its price",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.series",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="gft", unique=True)),
                ("recipient", models.EmailField(max_length=254)),
                ("message", models.TextField(blank=True, max_length=1000)),
                ("deliver_on", models.DateField(help_text="empty: emailed at once", null=True)),
                (
                    "token_hash",
                    models.CharField(blank=True, help_text="of the secret in the link, once it is paid", max_length=64),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                ("redeemed_at", models.DateTimeField(null=True)),
                (
                    "waiver_text_version",
                    models.CharField(blank=True, help_text="consent of the person who redeemed it", max_length=20),
                ),
                ("canceled_at", models.DateTimeField(null=True)),
                (
                    "end_told_at",
                    models.DateTimeField(help_text="when the recipient was told that it ended", null=True),
                ),
                (
                    "redeemed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redeemed_gifts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gift", to="checkout.orderline"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entitlement",
            name="line",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entitlement",
                to="checkout.orderline",
            ),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="pay", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("succeeded", "Succeeded"),
                            ("unmatched", "Unmatched"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                            ("refunded", "Refunded"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("session_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("page_url", models.URLField(blank=True, max_length=800)),
                ("provider_payment_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("processor_fee_minor", models.PositiveIntegerField(help_text="the real one, once known", null=True)),
                (
                    "processor_fee_currency",
                    models.CharField(
                        blank=True, default="", help_text="of our balance; the order's may be another", max_length=3
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="checkout.order"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FraudWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_warning_id", models.CharField(max_length=120, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("is_actionable", models.BooleanField()),
                ("warned_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, help_text="refunded or kept", max_length=40)),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fraud_warnings",
                        to="checkout.payment",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="dispute",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="checkout.payment"
            ),
        ),
        migrations.CreateModel(
            name="Preorder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_date", models.DateField()),
                ("late_date", models.DateField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "mailed_at",
                    models.DateTimeField(
                        help_text="when its buyer was told that it is out or, for a free one, that it will not be",
                        null=True,
                    ),
                ),
                ("canceled_at", models.DateTimeField(null=True)),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="preorder", to="checkout.orderline"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rfd", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Awaiting decision"),
                            ("declined", "Declined"),
                            ("pending", "On its way"),
                            ("succeeded", "Refunded"),
                            ("failed", "Failed"),
                            ("returned", "Returned by the bank"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("staff", "Finance"),
                            ("provider", "Provider dashboard"),
                            ("duplicate", "Paid twice"),
                            ("warning", "Fraud warning"),
                            ("system", "Automatic"),
                        ],
                        default="reader",
                        max_length=10,
                    ),
                ),
                ("amount_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("was_used", models.BooleanField(default=False, help_text="downloaded or read when it was asked for")),
                ("decided_at", models.DateTimeField(null=True)),
                ("provider_refund_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("requested_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "resent_reference",
                    models.CharField(blank=True, help_text="the bank transfer that replaced it", max_length=80),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="checkout.orderline",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="checkout.payment"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="wdr", unique=True)),
                ("name", models.CharField(help_text="as they wrote it", max_length=120)),
                ("email", models.EmailField(help_text="where they asked for the acknowledgement", max_length=254)),
                ("declared_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="checkout.order"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WithdrawnLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("returned", "Money refunded"),
                            ("canceled", "Cancelled: nothing to refund"),
                            ("decision", "Under review"),
                            ("held", "The buyer’s bank decides"),
                            ("ended", "Withdrawal period was over"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawn", to="checkout.orderline"
                    ),
                ),
                (
                    "withdrawal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="checkout.withdrawal"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="crl", unique=True)),
                (
                    "chosen_minor",
                    models.PositiveIntegerField(
                        help_text="what the reader wants to pay where the price is open, in the cart's currency",
                        null=True,
                    ),
                ),
                ("gift_to", models.EmailField(blank=True, default="", max_length=254)),
                ("gift_message", models.TextField(blank=True, default="", max_length=1000)),
                ("gift_on", models.DateField(help_text="the day to deliver the gift; empty: at once", null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "bundle",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalogue.bundle"
                    ),
                ),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="checkout.cart"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.series"
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("cart", "edition", "gift_to"), name="cart_line_once"),
                    models.UniqueConstraint(fields=("cart", "bundle"), name="cart_bundle_once"),
                    models.UniqueConstraint(fields=("cart", "series"), name="cart_series_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bundle__isnull", False), ("edition", None), ("gift_to", ""), ("series", None)),
                            models.Q(("bundle", None), ("edition", None), ("gift_to", ""), ("series__isnull", False)),
                            models.Q(("bundle", None), ("edition__isnull", False), ("series", None)),
                            _connector="OR",
                        ),
                        name="cart_line_one_thing",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("uses_limit", None), ("claimed__lte", models.F("uses_limit")), _connector="OR"),
                name="coupon_claimed_within_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("percent_bps", None),
                    models.Q(("percent_bps__gte", 1), ("percent_bps__lte", 10000)),
                    _connector="OR",
                ),
                name="coupon_percent_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("funded_by", "author"), ("owner__isnull", False)),
                    models.Q(("funded_by", "platform"), ("owner", None)),
                    _connector="OR",
                ),
                name="coupon_author_pays_for_own_works",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "read")), fields=("entitlement", "day"), name="access_read_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencepack",
            constraint=models.UniqueConstraint(fields=("dispute", "number"), name="evidence_pack_once"),
        ),
        migrations.AddConstraint(
            model_name="evidencepack",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("dispute",), name="evidence_one_on_its_way"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["buyer", "-created_at"], name="checkout_or_buyer_i_0465d0_idx"),
        ),
        migrations.AddIndex(
            model_name="couponredemption",
            index=models.Index(fields=["coupon", "user"], name="checkout_co_coupon__6cc28c_idx"),
        ),
        migrations.AddConstraint(
            model_name="buyertrace",
            constraint=models.UniqueConstraint(fields=("order", "digest"), name="trace_once_per_order"),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deferral", "gift"), _negated=True),
                fields=("order", "edition"),
                name="order_line_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "paid_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("tax_minor"), "+", models.F("processor_fee_minor")
                                    ),
                                    "+",
                                    models.F("platform_fee_minor"),
                                ),
                                "+",
                                models.F("royalty_minor"),
                            ),
                            "-",
                            models.F("promotion_minor"),
                        ),
                    )
                ),
                name="order_line_adds_up",
            ),
        ),
        migrations.AddIndex(
            model_name="gift",
            index=models.Index(
                condition=models.Q(("canceled_at", None), ("mailed_at", None), ("redeemed_at", None)),
                fields=["deliver_on"],
                name="gift_to_mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.UniqueConstraint(
                condition=models.Q(("token_hash", ""), _negated=True), fields=("token_hash",), name="gift_link_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redeemed_at", None), ("redeemed_by", None)),
                    models.Q(("canceled_at", None), ("redeemed_at__isnull", False)),
                    _connector="OR",
                ),
                name="gift_redeemed_or_canceled",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("user", "work"), name="entitlement_once_while_it_lasts"
            ),
        ),
        migrations.AddIndex(
            model_name="preorder",
            index=models.Index(
                condition=models.Q(("canceled_at", None), ("released_at", None)), fields=["id"], name="preorder_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="preorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("released_at", None), ("canceled_at", None), _connector="OR"),
                name="preorder_released_or_canceled",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("line", None),
                    ("state__in", ["proposed", "pending", "succeeded", "returned"]),
                    models.Q(("origin", "provider"), _negated=True),
                ),
                fields=("payment",),
                name="refund_once_per_needless_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("origin", "reader"), ("state__in", ["proposed", "pending", "succeeded", "returned"])
                ),
                fields=("line",),
                name="refund_once_by_reader_per_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_refund_id", ""), _negated=True),
                fields=("line", "provider_refund_id"),
                name="refund_once_per_line_at_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("requested_by")), ("origin", "staff"), _negated=True),
                name="refund_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="refund_not_zero"),
        ),
    ]
