"""Bundles, coupons, gifts and pre-orders. Listing is altered too, so SQLite needs its search triggers again."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import common.ids

_search = import_module("storefront.migrations.0003_search")


def put_search_aside(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        _search.remove(apps, schema_editor)


def put_search_back(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        _search.install(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0010_open_prices_and_release_dates"),
        ("storefront", "0004_give_back_in_part_and_answer_disputes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(put_search_aside, put_search_back),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="bdl", unique=True)),
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
            name="BundlePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("price_minor", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["currency"],
            },
        ),
        migrations.CreateModel(
            name="BundleWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("consented_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["position", "id"],
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
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
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
            ],
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="gft", unique=True)),
                ("recipient", models.EmailField(max_length=254)),
                ("message", models.TextField(blank=True, max_length=1000)),
                ("deliver_on", models.DateField(help_text="mailed at once without one", null=True)),
                (
                    "token_hash",
                    models.CharField(blank=True, help_text="of the secret in the link, once it is paid", max_length=64),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                ("redeemed_at", models.DateTimeField(null=True)),
                (
                    "waiver_text_version",
                    models.CharField(blank=True, help_text="consent of whoever redeemed it", max_length=20),
                ),
                ("canceled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Preorder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("told_date", models.DateField()),
                ("released_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(help_text="when its buyer was told that it is out", null=True)),
                ("canceled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="cartline",
            name="cart_line_once",
        ),
        migrations.RemoveConstraint(
            model_name="orderline",
            name="order_line_once",
        ),
        migrations.RemoveConstraint(
            model_name="orderline",
            name="order_line_adds_up",
        ),
        migrations.AddField(
            model_name="cartline",
            name="chosen_minor",
            field=models.PositiveIntegerField(
                help_text="what the reader wants to pay where the price is open, in the cart's currency", null=True
            ),
        ),
        migrations.AddField(
            model_name="cartline",
            name="gift_message",
            field=models.TextField(
                blank=True, db_default=models.Value("", models.TextField()), default="", max_length=1000
            ),
        ),
        migrations.AddField(
            model_name="cartline",
            name="gift_on",
            field=models.DateField(help_text="the day to deliver the gift; at once without one", null=True),
        ),
        migrations.AddField(
            model_name="cartline",
            name="gift_to",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AddField(
            model_name="listing",
            name="is_open_price",
            field=models.BooleanField(db_default=False, default=False, help_text="readers choose, from the price up"),
        ),
        migrations.AddField(
            model_name="listing",
            name="release_date",
            field=models.DateField(help_text="not out yet: readers order ahead", null=True),
        ),
        migrations.AddField(
            model_name="orderline",
            name="deferral",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="gift or preorder: paid now, supplied later",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="full_minor",
            field=models.PositiveIntegerField(help_text="the price before a coupon", null=True),
        ),
        migrations.AddField(
            model_name="orderline",
            name="promotion_minor",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="added by the platform: its own coupons"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="refundable_until",
            field=models.DateTimeField(help_text="where it differs from the order's", null=True),
        ),
        migrations.AddField(
            model_name="orderline",
            name="supplied_at",
            field=models.DateTimeField(help_text="of a gift or pre-order: when it became a sale", null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="processor_fee_currency",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="of our balance; the order's may be another",
                max_length=3,
            ),
        ),
        migrations.AlterField(
            model_name="cartline",
            name="edition",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.edition"
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="is_on_sale",
            field=models.BooleanField(default=True, help_text="or to be ordered ahead"),
        ),
        migrations.AddField(
            model_name="bundle",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="cartline",
            name="bundle",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="storefront.bundle"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="bundle",
            field=models.ForeignKey(
                help_text="whose price this is a part of",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="storefront.bundle",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(fields=("cart", "edition", "gift_to"), name="cart_line_once"),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(fields=("cart", "bundle"), name="cart_bundle_once"),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bundle__isnull", False), ("edition", None), ("gift_to", "")),
                    models.Q(("bundle", None), ("edition__isnull", False)),
                    _connector="OR",
                ),
                name="cart_line_one_thing",
            ),
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
        migrations.AddField(
            model_name="bundleprice",
            name="bundle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="storefront.bundle"
            ),
        ),
        migrations.AddField(
            model_name="bundlework",
            name="bundle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="works", to="storefront.bundle"
            ),
        ),
        migrations.AddField(
            model_name="bundlework",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.work"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="owner",
            field=models.ForeignKey(
                help_text="the author",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coupons",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="works",
            field=models.ManyToManyField(blank=True, related_name="+", to="publishing.work"),
        ),
        migrations.AddField(
            model_name="cart",
            name="coupon",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="storefront.coupon"
            ),
        ),
        migrations.AddField(
            model_name="couponredemption",
            name="coupon",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="redemptions", to="storefront.coupon"
            ),
        ),
        migrations.AddField(
            model_name="couponredemption",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="redemption", to="storefront.order"
            ),
        ),
        migrations.AddField(
            model_name="couponredemption",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="gift", to="storefront.orderline"
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="redeemed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="redeemed_gifts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="preorder",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="preorder", to="storefront.orderline"
            ),
        ),
        migrations.AddConstraint(
            model_name="bundleprice",
            constraint=models.UniqueConstraint(fields=("bundle", "currency"), name="bundle_price_once_per_currency"),
        ),
        migrations.AddConstraint(
            model_name="bundleprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_minor__gt", 0)), name="bundle_price_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="bundlework",
            constraint=models.UniqueConstraint(fields=("bundle", "work"), name="bundle_work_once"),
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
        migrations.AddIndex(
            model_name="couponredemption",
            index=models.Index(fields=["coupon", "user"], name="storefront__coupon__cf72ed_idx"),
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
        migrations.RunPython(put_search_back, put_search_aside),
    ]
