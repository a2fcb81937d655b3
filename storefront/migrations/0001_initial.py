import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import common.ids
from storefront.migrations import _search


def create_search(apps, schema_editor):
    for statement in _search.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove_search(apps, schema_editor):
    for statement in _search.REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("publishing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="bdl", unique=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("on_sale", "On sale")], default="draft", max_length=8
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BundleWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="works", to="storefront.bundle"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.work"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("consented_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("bundle", "work"), name="bundle_work_once")],
            },
        ),
        migrations.CreateModel(
            name="BundlePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="storefront.bundle"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("price_minor", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["currency"],
                "constraints": [
                    models.UniqueConstraint(fields=("bundle", "currency"), name="bundle_price_once_per_currency"),
                    models.CheckConstraint(condition=models.Q(("price_minor__gt", 0)), name="bundle_price_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="ord", unique=True)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("canceled", "Canceled"),
                            ("quarantined", "Quarantined"),
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
                    models.JSONField(
                        help_text="as it was named when this was paid; its receipts go on naming it", null=True
                    ),
                ),
                (
                    "quarantine_told_at",
                    models.DateTimeField(help_text="when the buyer heard that a person looks at it", null=True),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["buyer", "-created_at"], name="storefront__buyer_i_e5decb_idx")],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="lin", unique=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="storefront.order"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.edition"
                    ),
                ),
                ("title", models.CharField(help_text="as sold", max_length=300)),
                (
                    "bundle",
                    models.ForeignKey(
                        help_text="whose price this is a part of",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="storefront.bundle",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        help_text="bought to complete it, at its price",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.series",
                    ),
                ),
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
                    models.PositiveIntegerField(help_text="what the author asked, before tax that is added", null=True),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deferral", "gift"), _negated=True),
                        fields=("order", "edition"),
                        name="order_line_once",
                    ),
                    models.CheckConstraint(
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
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="pay", unique=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="storefront.order"
                    ),
                ),
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
            ],
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="ent", unique=True)),
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
                    "line",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlement",
                        to="storefront.orderline",
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "furthest_bps",
                    models.PositiveIntegerField(
                        default=0, help_text="of the whole: how far it was ever read; it only rises"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user", "work"),
                        name="entitlement_once_while_it_lasts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reading_positions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.work"
                    ),
                ),
                ("chapter_id", models.CharField(max_length=120)),
                ("fraction_bps", models.PositiveIntegerField(default=0)),
                ("locator", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "work"), name="reading_position_once")],
            },
        ),
        migrations.CreateModel(
            name="AccessRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to="storefront.entitlement",
                    ),
                ),
                ("kind", models.CharField(choices=[("download", "Download"), ("read", "Read")], max_length=8)),
                ("detail", models.CharField(blank=True, help_text="the file, or the chapter", max_length=120)),
                ("address", models.GenericIPAddressField(null=True)),
                ("at", models.DateTimeField(db_index=True)),
                ("day", models.DateField()),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "read")),
                        fields=("entitlement", "day"),
                        name="access_read_once_a_day",
                    )
                ],
            },
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
                    "owner",
                    models.ForeignKey(
                        help_text="the author",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coupons",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pen_name",
                    models.CharField(
                        blank=True,
                        help_text="without works: the name whose books it is good for; empty: the names that lead to the owner's page",
                        max_length=120,
                    ),
                ),
                ("percent_bps", models.PositiveIntegerField(null=True)),
                (
                    "amounts",
                    models.JSONField(default=dict, help_text='minor units by currency, without a share: {"USD": 200}'),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("uses_limit", models.PositiveIntegerField(null=True)),
                ("uses_per_person", models.PositiveIntegerField(null=True)),
                ("claimed", models.PositiveIntegerField(default=0)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("works", models.ManyToManyField(blank=True, related_name="+", to="publishing.work")),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("uses_limit", None), ("claimed__lte", models.F("uses_limit")), _connector="OR"
                        ),
                        name="coupon_claimed_within_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent_bps", None),
                            models.Q(("percent_bps__gte", 1), ("percent_bps__lte", 10000)),
                            _connector="OR",
                        ),
                        name="coupon_percent_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("funded_by", "author"), ("owner__isnull", False)),
                            models.Q(("funded_by", "platform"), ("owner", None)),
                            _connector="OR",
                        ),
                        name="coupon_author_pays_for_own_works",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponRedemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "coupon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redemptions", to="storefront.coupon"
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="redemption", to="storefront.order"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
                        help_text="when a reserved use is given up; without it, when the order is paid or canceled",
                        null=True,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["coupon", "user"], name="storefront__coupon__cf72ed_idx")],
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="crt", unique=True)),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cart",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "coupon",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="storefront.coupon",
                    ),
                ),
                ("changed_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="crl", unique=True)),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="storefront.cart"
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
                    "bundle",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="storefront.bundle"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.series"
                    ),
                ),
                (
                    "chosen_minor",
                    models.PositiveIntegerField(
                        help_text="what the reader wants to pay where the price is open, in the cart's currency",
                        null=True,
                    ),
                ),
                ("gift_to", models.EmailField(blank=True, default="", max_length=254)),
                ("gift_message", models.TextField(blank=True, default="", max_length=1000)),
                ("gift_on", models.DateField(help_text="the day to deliver the gift; at once without one", null=True)),
                ("added_at", models.DateTimeField()),
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
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="gft", unique=True)),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gift", to="storefront.orderline"
                    ),
                ),
                ("recipient", models.EmailField(max_length=254)),
                ("message", models.TextField(blank=True, max_length=1000)),
                ("deliver_on", models.DateField(help_text="mailed at once without one", null=True)),
                (
                    "token_hash",
                    models.CharField(blank=True, help_text="of the secret in the link, once it is paid", max_length=64),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "redeemed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redeemed_gifts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("redeemed_at", models.DateTimeField(null=True)),
                (
                    "waiver_text_version",
                    models.CharField(blank=True, help_text="consent of whoever redeemed it", max_length=20),
                ),
                ("canceled_at", models.DateTimeField(null=True)),
                (
                    "end_told_at",
                    models.DateTimeField(help_text="when whoever opened it heard that it ended", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("canceled_at", None), ("mailed_at", None), ("redeemed_at", None)),
                        fields=["deliver_on"],
                        name="gift_to_mail",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("token_hash", ""), _negated=True),
                        fields=("token_hash",),
                        name="gift_link_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redeemed_at", None), ("redeemed_by", None)),
                            models.Q(("canceled_at", None), ("redeemed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="gift_redeemed_or_canceled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preorder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="preorder", to="storefront.orderline"
                    ),
                ),
                ("told_date", models.DateField()),
                ("late_date", models.DateField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "mailed_at",
                    models.DateTimeField(
                        help_text="when its buyer was told that it is out, or, of a free one, that it will not be",
                        null=True,
                    ),
                ),
                ("canceled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("canceled_at", None), ("released_at", None)),
                        fields=["id"],
                        name="preorder_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("released_at", None), ("canceled_at", None), _connector="OR"),
                        name="preorder_released_or_canceled",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="dsp", unique=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="storefront.payment"
                    ),
                ),
                ("provider_dispute_id", models.CharField(max_length=120, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("warning_needs_response", "Inquiry: answer it"),
                            ("warning_under_review", "Inquiry: answered"),
                            ("warning_closed", "Inquiry closed"),
                            ("needs_response", "Answer it"),
                            ("under_review", "With the bank"),
                            ("appeal_needs_response", "Appeal: answer it"),
                            ("appeal_under_review", "Appeal: with the bank"),
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
                ("told_at", models.DateTimeField(help_text="when the buyer heard what a lost one took", null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="EvidencePack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="storefront.dispute"
                    ),
                ),
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
                (
                    "created_by",
                    models.ForeignKey(
                        help_text="none: by itself",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("dispute", "number"), name="evidence_pack_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")), fields=("dispute",), name="evidence_one_on_its_way"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FraudWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_warning_id", models.CharField(max_length=120, unique=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fraud_warnings",
                        to="storefront.payment",
                    ),
                ),
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
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="FacetTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facets", models.CharField(max_length=40)),
                ("first", models.CharField(blank=True, max_length=35)),
                ("second", models.CharField(blank=True, max_length=35)),
                ("third", models.CharField(blank=True, max_length=35)),
                ("is_adult", models.BooleanField()),
                ("books", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facets", "first", "second", "third", "is_adult"), name="facet_total_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rev", unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="publishing.work"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("stars", models.PositiveSmallIntegerField()),
                ("title", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(blank=True, max_length=5000)),
                ("is_verified", models.BooleanField(default=True, help_text="the book was kept")),
                (
                    "uncounted",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "They count"),
                            ("free", "The copy was free or nearly free"),
                            ("maker", "Written by one of the book’s makers"),
                        ],
                        default="",
                        help_text="kept by services/ratings.py",
                        max_length=5,
                    ),
                ),
                ("helpful_count", models.PositiveIntegerField(default=0)),
                ("helpful_score", models.PositiveIntegerField(default=1)),
                (
                    "fold",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Shown"),
                            ("spoiler", "Behind a word about spoilers"),
                            ("flagged", "Folded by readers"),
                            ("hidden", "Taken off by a moderator"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "fold_rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spam", "Advertising or spam"),
                            ("spoiler", "It gives away what happens"),
                            ("abuse", "It insults or threatens people"),
                            ("off_topic", "It is not about the book"),
                            ("ring", "It is part of arranged praise or blame"),
                        ],
                        default="",
                        help_text="the rule it is folded by",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["work", "-helpful_score", "-id"], name="review_helpful")],
                "constraints": [
                    models.UniqueConstraint(fields=("work", "user"), name="review_once"),
                    models.CheckConstraint(
                        condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="review_stars_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="shf", unique=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shelves", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "unlisted_slug",
                    models.SlugField(
                        help_text="an address that cannot be guessed", max_length=100, null=True, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("description", models.TextField(blank=True, max_length=2000)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "Public: listed, and found by anybody"),
                            ("unlisted", "Unlisted: for those who have the address"),
                        ],
                        default="public",
                        max_length=8,
                    ),
                ),
                ("is_editors", models.BooleanField(default=False)),
                ("is_hidden", models.BooleanField(default=False, help_text="by a moderator, from others")),
                ("books_count", models.PositiveSmallIntegerField(default=0)),
                ("search_words", models.TextField(blank=True, help_text="title and keeper, folded")),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-changed_at", "-id"],
                "indexes": [
                    models.Index(fields=["visibility", "-changed_at", "-id"], name="shelf_newest"),
                    models.Index(fields=["visibility", "-books_count", "-id"], name="shelf_longest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("visibility", "public"), ("unlisted_slug__isnull", False), _connector="OR"),
                        name="shelf_unlisted_has_slug",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShelfBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shelf",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="books", to="storefront.shelf"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shelved", to="publishing.work"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("shelf", "work"), name="shelf_book_once")],
            },
        ),
        migrations.CreateModel(
            name="HelpfulVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helpful_votes",
                        to="storefront.review",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "user"), name="helpful_vote_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply", to="storefront.review"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("body", models.TextField(max_length=3000)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(help_text="when the reviewer was told", null=True)),
                (
                    "fold",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Shown"),
                            ("spoiler", "Behind a word about spoilers"),
                            ("flagged", "Folded by readers"),
                            ("hidden", "Taken off by a moderator"),
                        ],
                        default="",
                        help_text="by moderators alone",
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("points", models.IntegerField(default=0)),
                ("is_curator", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReviewVouch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="vouches", to="storefront.review"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="when a moderator decided", null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "user"), name="review_vouch_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="mod", unique=True)),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="storefront.review",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="storefront.reviewreply",
                    ),
                ),
                ("is_reply", models.BooleanField(default=False)),
                (
                    "reported",
                    models.CharField(
                        blank=True, choices=[("book", "Book"), ("shelf", "Shelf")], default="", max_length=5
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        help_text="none of a shelf",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publishing.work",
                    ),
                ),
                (
                    "shelf",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="storefront.shelf",
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for a decision"),
                            ("decided", "Decided"),
                            ("appealed", "Appealed against"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("words", models.TextField(blank=True)),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spam", "Advertising or spam"),
                            ("spoiler", "It gives away what happens"),
                            ("abuse", "It insults or threatens people"),
                            ("off_topic", "It is not about the book"),
                            ("ring", "It is part of arranged praise or blame"),
                            ("copyright", "It infringes a copyright"),
                            ("illegal", "Its content is against the law"),
                            ("adult", "It is for adults, and not marked so"),
                            ("metadata", "Its title, description or details mislead"),
                            ("hate", "It is hateful"),
                            ("stolen", "It is spam, or a text taken from elsewhere"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "It stays as it is"),
                            ("spoiler", "It stays, behind a word about spoilers"),
                            ("hide", "It is taken off the page"),
                            ("adult", "It is marked for adults"),
                            ("offsale", "It is taken off sale"),
                            ("private", "It is hidden from everybody but its keeper"),
                        ],
                        max_length=7,
                    ),
                ),
                ("evidence", models.TextField(blank=True, default="", help_text="told to the writer", max_length=3000)),
                ("reason", models.TextField(blank=True, help_text="told to the writer", max_length=2000)),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="which was taken off sale",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
                (
                    "release_date",
                    models.DateField(help_text="for which it was announced when it was taken off sale", null=True),
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
                ("decided_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("appeal", models.TextField(blank=True, max_length=3000)),
                ("appealed_at", models.DateTimeField(null=True)),
                (
                    "appeal_outcome",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "The decision stands"), ("overturned", "The decision is undone")],
                        max_length=10,
                    ),
                ),
                ("appeal_reason", models.TextField(blank=True, max_length=2000)),
                (
                    "appeal_decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("appeal_decided_at", models.DateTimeField(null=True)),
                ("appeal_told_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "-id"], name="review_case_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("review",), name="review_case_one_open"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("reply",), name="reply_case_one_open"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reported", "book"), ("state", "open")),
                        fields=("work",),
                        name="book_case_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("shelf",), name="shelf_case_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported", "shelf"), ("work", None)),
                            models.Q(
                                models.Q(("reported", "shelf"), _negated=True), ("shelf", None), ("work__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="review_case_of_work_or_shelf",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appeal_decided_by", None),
                            models.Q(("appeal_decided_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="review_appeal_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="storefront.review",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="storefront.reviewreply",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_flags",
                        to="storefront.reviewcase",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("spam", "Advertising or spam"),
                            ("spoiler", "It gives away what happens"),
                            ("abuse", "It insults or threatens people"),
                            ("off_topic", "It is not about the book"),
                            ("ring", "It is part of arranged praise or blame"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("weight", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="when a moderator decided", null=True)),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "user"), name="review_flag_once"),
                    models.UniqueConstraint(fields=("reply", "user"), name="reply_flag_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case", None), ("reply", None), ("review__isnull", False)),
                            models.Q(("case", None), ("reply__isnull", False), ("review", None)),
                            models.Q(("case__isnull", False), ("reply", None), ("review", None)),
                            _connector="OR",
                        ),
                        name="review_flag_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("followed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "author"), name="follow_once"),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("author")), _negated=True), name="follow_others"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.work"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("mailed_at", None)), fields=["made_at"], name="follow_notice_to_mail"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "work"), name="follow_notice_once")],
            },
        ),
        migrations.CreateModel(
            name="ReaderMail",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reader_mail",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("price_alerts", models.BooleanField(default=True)),
                (
                    "new_books",
                    models.CharField(
                        choices=[
                            ("at_once", "At once, a mail for each book"),
                            ("weekly", "Once a week, all together"),
                            ("never", "Never"),
                        ],
                        default="at_once",
                        max_length=7,
                    ),
                ),
                (
                    "weekly_sent_at",
                    models.DateTimeField(help_text="the last weekly mail, or when it was chosen", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(help_text="when it was answered, by mail or by silence", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["email", "asked_at"], name="link_request_by_address"),
                    models.Index(condition=models.Q(("done_at", None)), fields=["asked_at"], name="link_request_to_do"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listing", to="publishing.work"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.edition"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("subtitle", models.CharField(blank=True, max_length=300)),
                ("byline", models.CharField(max_length=400)),
                ("language", models.CharField(max_length=35)),
                ("subject", models.CharField(help_text="Thema, two letters", max_length=2)),
                ("section", models.CharField(default="", help_text="Thema, the subject’s first letter", max_length=1)),
                ("description", models.TextField(blank=True)),
                ("prices", models.JSONField(default=dict, help_text='minor units by currency: {"USD": 499}')),
                ("price_minor", models.PositiveIntegerField(help_text="in the shop's default currency", null=True)),
                ("cover", models.JSONField(default=dict, help_text="public file names by thumbnail target; alt text")),
                (
                    "details",
                    models.JSONField(
                        default=dict, help_text="what the book page shows beside: see services/listings.py"
                    ),
                ),
                (
                    "sample_html",
                    models.TextField(blank=True, help_text="the opening, rebuilt from a closed set of elements"),
                ),
                ("words", models.PositiveIntegerField(default=0)),
                ("price_band", models.PositiveSmallIntegerField(default=0)),
                ("length_band", models.PositiveSmallIntegerField(default=0)),
                ("formats", models.PositiveIntegerField(default=0)),
                ("features", models.PositiveIntegerField(default=0)),
                ("warnings", models.PositiveIntegerField(default=0)),
                ("is_adult", models.BooleanField(default=False)),
                (
                    "facet_words",
                    models.CharField(default="", help_text="for the index over all facets", max_length=300),
                ),
                (
                    "series",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="listings",
                        to="publishing.series",
                    ),
                ),
                ("series_number", models.PositiveSmallIntegerField(null=True)),
                ("rating_sum", models.PositiveIntegerField(default=0)),
                ("rating_count", models.PositiveIntegerField(default=0)),
                ("rating_score", models.PositiveIntegerField(default=3000, help_text="see rating_score()")),
                (
                    "reviews_version",
                    models.PositiveIntegerField(help_text="rises with every change around its reviews", null=True),
                ),
                ("sales_count", models.PositiveIntegerField(default=0)),
                ("is_on_sale", models.BooleanField(default=True, help_text="or to be ordered ahead")),
                (
                    "open_in",
                    models.CharField(
                        help_text="where readers choose, from the price up: “EUR USD”", max_length=100, null=True
                    ),
                ),
                ("release_date", models.DateField(help_text="not out yet: readers order ahead", null=True)),
                ("published_at", models.DateTimeField()),
                ("card_html", models.TextField(blank=True)),
                ("search_names", models.TextField(blank=True)),
                ("search_text", models.TextField(blank=True)),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="when what it says of the book last changed",
                    ),
                ),
                (
                    "social_image",
                    models.CharField(
                        blank=True, default="", help_text="public file: the picture of a link to it", max_length=300
                    ),
                ),
                (
                    "social_key",
                    models.CharField(
                        blank=True, default="", help_text="what the picture was drawn from, as a digest", max_length=64
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_on_sale", True)), fields=["-published_at", "-id"], name="listing_newest"
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["-sales_count", "-id"],
                        name="listing_bestselling",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["-rating_score", "-id"],
                        name="listing_best_rated",
                    ),
                    models.Index(fields=["changed_at", "id"], name="listing_changed"),
                    models.Index(
                        condition=models.Q(("social_image", ""), models.Q(("social_key", ""), _negated=True)),
                        fields=["id"],
                        name="listing_without_picture",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)), fields=["id", "changed_at"], name="listing_sitemap"
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["subject", "-published_at", "-id"],
                        name="listing_subject_newest",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["subject", "-sales_count", "-id"],
                        name="listing_subject_bestselling",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["subject", "-rating_score", "-id"],
                        name="listing_subject_rated",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["section", "-published_at", "-id"],
                        name="listing_section_newest",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["section", "-sales_count", "-id"],
                        name="listing_section_bestselling",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["section", "-rating_score", "-id"],
                        name="listing_section_rated",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["language", "-published_at", "-id"],
                        name="listing_language_newest",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["language", "-sales_count", "-id"],
                        name="listing_language_bestselling",
                    ),
                    models.Index(
                        condition=models.Q(("is_on_sale", True)),
                        fields=["language", "-rating_score", "-id"],
                        name="listing_language_rated",
                    ),
                    models.Index(
                        models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_on_sale", True)),
                        name="listing_tongue_newest",
                    ),
                    models.Index(
                        models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                        models.OrderBy(models.F("sales_count"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_on_sale", True)),
                        name="listing_tongue_bestselling",
                    ),
                    models.Index(
                        models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                        models.OrderBy(models.F("rating_score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_on_sale", True)),
                        name="listing_tongue_rated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Catalogue",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField(default=0)),
                ("languages", models.JSONField(default=list, help_text="BCP 47 tags of what was ever on sale, sorted")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="catalogue_single_row")],
            },
        ),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=2)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("price_band", models.PositiveSmallIntegerField()),
                ("length_band", models.PositiveSmallIntegerField()),
                ("formats", models.PositiveIntegerField()),
                ("features", models.PositiveIntegerField()),
                ("warnings", models.PositiveIntegerField()),
                ("is_adult", models.BooleanField()),
                ("books", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "subject",
                            "language",
                            "price_band",
                            "length_band",
                            "formats",
                            "features",
                            "warnings",
                            "is_adult",
                        ),
                        name="facet_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchVariant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.CharField(db_index=True, max_length=40)),
                ("word", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "variant"), name="search_variant_once")],
            },
        ),
        migrations.CreateModel(
            name="PriceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="price_changes", to="publishing.work"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["work", "currency", "at", "id"], name="price_change_of_work")],
            },
        ),
        migrations.CreateModel(
            name="RankingSnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("day", models.DateField(help_text="votes until the end of the day before count (UTC)")),
                (
                    "others_needed",
                    models.PositiveSmallIntegerField(help_text="other authors that a proved reader has paid for"),
                ),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of day, rules and inputs; equal inputs make no version", max_length=64
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RankedBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="books",
                        to="storefront.rankingsnapshot",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ranked", to="storefront.listing"
                    ),
                ),
                ("inputs", models.JSONField()),
                ("rising_place", models.PositiveIntegerField(null=True)),
                ("bestselling_place", models.PositiveIntegerField(null=True)),
                ("rated_place", models.PositiveIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "listing"), name="ranked_book_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("rising_place__isnull", False)),
                        fields=("snapshot", "rising_place"),
                        name="ranked_rising_place_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("bestselling_place__isnull", False)),
                        fields=("snapshot", "bestselling_place"),
                        name="ranked_bestselling_place_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("rated_place__isnull", False)),
                        fields=("snapshot", "rated_place"),
                        name="ranked_rated_place_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FreshDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("minutes", models.PositiveSmallIntegerField(help_text="how long one turn lasts")),
                ("seats", models.PositiveSmallIntegerField(help_text="books that stand there at once")),
                ("books", models.PositiveIntegerField(help_text="how many take turns")),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FreshBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="storefront.freshday"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fresh", to="storefront.listing"
                    ),
                ),
                (
                    "place",
                    models.PositiveIntegerField(
                        help_text="the turn (from 0) times the day's seats, and the seat (from 0)"
                    ),
                ),
                ("is_new", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["day", "listing"], name="fresh_book_turns")],
                "constraints": [models.UniqueConstraint(fields=("day", "place"), name="fresh_place_once")],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rfd", unique=True)),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="storefront.orderline",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="storefront.payment"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a decision"),
                            ("declined", "Declined"),
                            ("pending", "On its way"),
                            ("succeeded", "Given back"),
                            ("failed", "Failed"),
                            ("returned", "Came back"),
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
                            ("provider", "Provider’s pages"),
                            ("duplicate", "Paid twice"),
                            ("warning", "Fraud warning"),
                            ("system", "By itself"),
                        ],
                        default="reader",
                        max_length=10,
                    ),
                ),
                ("amount_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("was_used", models.BooleanField(default=False, help_text="downloaded or read when it was asked for")),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
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
                ("decided_at", models.DateTimeField(null=True)),
                ("provider_refund_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("requested_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "resent_reference",
                    models.CharField(blank=True, help_text="the bank transfer that replaced it", max_length=80),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("line", None),
                            ("state__in", ["proposed", "pending", "succeeded", "returned"]),
                            models.Q(("origin", "provider"), _negated=True),
                        ),
                        fields=("payment",),
                        name="refund_once_per_needless_payment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("origin", "reader"), ("state__in", ["proposed", "pending", "succeeded", "returned"])
                        ),
                        fields=("line",),
                        name="refund_once_by_reader_per_line",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("provider_refund_id", ""), _negated=True),
                        fields=("line", "provider_refund_id"),
                        name="refund_once_per_line_at_provider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", models.F("requested_by")), ("origin", "staff"), _negated=True
                        ),
                        name="refund_decided_by_another",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="refund_not_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoughtTogether",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bought_together",
                        to="storefront.listing",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="storefront.listing"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(help_text="from 1, the closest")),
                ("readers", models.PositiveIntegerField(help_text="different readers who bought both and kept both")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("listing", "place"), name="bought_together_place")],
            },
        ),
        migrations.CreateModel(
            name="SubjectPick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=2)),
                ("language", models.CharField(max_length=35)),
                ("place", models.PositiveSmallIntegerField(help_text="from 0")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="storefront.listing"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "language", "place"), name="subject_pick_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecommendationRun",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("counted_until", models.DateTimeField(null=True)),
                ("counting_until", models.DateTimeField(help_text="what the count under way counts up to", null=True)),
                (
                    "counted_to",
                    models.BigIntegerField(default=0, help_text="the last listing that the count under way has done"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="recommendation_run_single_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="storefront.reviewcase"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("copyright", "It infringes a copyright"),
                            ("illegal", "Its content is against the law"),
                            ("adult", "It is for adults, and not marked so"),
                            ("metadata", "Its title, description or details mislead"),
                            ("hate", "It is hateful"),
                            ("stolen", "It is spam, or a text taken from elsewhere"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("words", models.TextField(max_length=2000)),
                ("right_holder", models.CharField(blank=True, help_text="of what was copied", max_length=200)),
                ("original", models.CharField(blank=True, help_text="where it is to be found", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(help_text="when they were told what was decided", null=True)),
                (
                    "undone_told_at",
                    models.DateTimeField(help_text="when they were told that an appeal undid it", null=True),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("case", "user"), name="report_once")],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("book", "Book"), ("author", "Author"), ("series", "Series")], max_length=6
                    ),
                ),
                (
                    "listing",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="storefront.listing",
                    ),
                ),
                ("weight", models.PositiveIntegerField(default=0)),
                ("subject", models.CharField(blank=True, default="", max_length=2)),
                ("language", models.CharField(blank=True, default="", max_length=35)),
                ("price_band", models.PositiveSmallIntegerField(default=0)),
                ("length_band", models.PositiveSmallIntegerField(default=0)),
                ("formats", models.PositiveIntegerField(default=0)),
                ("features", models.PositiveIntegerField(default=0)),
                ("warnings", models.PositiveIntegerField(default=0)),
                ("is_adult", models.BooleanField(default=False)),
                ("label", models.CharField(max_length=400)),
                ("note", models.CharField(blank=True, default="", max_length=400)),
                ("target", models.CharField(max_length=120)),
                (
                    "key",
                    models.CharField(
                        help_text="the label’s folded words, a title’s without its article", max_length=100
                    ),
                ),
                ("names", models.TextField()),
                ("marks", models.CharField(blank=True, default="", max_length=500)),
                ("tiers", models.CharField(max_length=40)),
                (
                    "related",
                    models.JSONField(
                        default=list, help_text="of a book: [kind, target, label] of the entries that count it"
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key"], name="search_entry_key"),
                    models.Index(
                        condition=models.Q(("listing", None)),
                        fields=["kind", "-weight", "-id"],
                        name="search_entry_largest",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.functions.text.Left("key", 1),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="search_key_1",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.functions.text.Left("key", 3),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="search_key_3",
                    ),
                    models.Index(
                        models.F("kind"),
                        django.db.models.functions.text.Left("key", 6),
                        models.OrderBy(models.F("weight"), descending=True),
                        name="search_key_6",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "target", "label"), name="search_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("books", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Left("word", 1),
                        models.OrderBy(models.F("books"), descending=True),
                        name="search_word_1",
                    ),
                    models.Index(
                        django.db.models.functions.text.Left("word", 2),
                        models.OrderBy(models.F("books"), descending=True),
                        name="search_word_2",
                    ),
                    models.Index(
                        django.db.models.functions.text.Left("word", 3),
                        models.OrderBy(models.F("books"), descending=True),
                        name="search_word_3",
                    ),
                    models.Index(
                        django.db.models.functions.text.Left("word", 5),
                        models.OrderBy(models.F("books"), descending=True),
                        name="search_word_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BuyerTrace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="traces", to="storefront.order"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("card", "Card"), ("network", "Network"), ("browser", "Browser")], max_length=8
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("order", "digest"), name="trace_once_per_order")],
            },
        ),
        migrations.CreateModel(
            name="GoodwillDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                (
                    "exhausted_at",
                    models.DateTimeField(help_text="when the first return of the day had to wait for it", null=True),
                ),
                ("told_at", models.DateTimeField(help_text="when finance was told", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="publishing.work"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "wished_minor",
                    models.PositiveIntegerField(help_text="the price when it was wished for, if it had one", null=True),
                ),
                (
                    "below_minor",
                    models.PositiveIntegerField(help_text="what the reader would pay, if they said so", null=True),
                ),
                ("alerted_minor", models.PositiveIntegerField(null=True)),
                (
                    "is_awaited",
                    models.BooleanField(default=False, help_text="it was not out yet: the reader is told when it is"),
                ),
                ("wished_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(help_text="kept for a day, so that it can be put back", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at__isnull", False)), fields=["removed_at"], name="wish_removed"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "work"), name="wish_once")],
            },
        ),
        migrations.CreateModel(
            name="WishAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "wish",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="storefront.wish"
                    ),
                ),
                ("kind", models.CharField(choices=[("price", "Price"), ("out", "Out")], max_length=5)),
                ("price_minor", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("mailed_at", None)), fields=["made_at"], name="wish_alert_to_mail")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingCheck",
            fields=[
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="publishing.work",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="wdr", unique=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="storefront.order"
                    ),
                ),
                ("name", models.CharField(help_text="as they wrote it", max_length=120)),
                ("email", models.EmailField(help_text="where they wanted the acknowledgement", max_length=254)),
                ("declared_at", models.DateTimeField()),
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
                    "withdrawal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="storefront.withdrawal"
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawn", to="storefront.orderline"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("returned", "The money goes back"),
                            ("canceled", "Canceled; there was nothing to send back"),
                            ("decision", "A person decides"),
                            ("held", "The buyer’s bank decides"),
                            ("ended", "The time for it was over"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.RunPython(create_search, remove_search),
    ]
