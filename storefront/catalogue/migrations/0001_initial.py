import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import common.ids

# What models cannot say. The index is of the words that lists are narrowed by. The indexes of listings by language are
# partial, and PostgreSQL learns nothing from them of how many books a language has; without the statistics it would
# take every language for a rarity.
POSTGRESQL = [
    "CREATE INDEX listing_facets ON catalogue_listing USING gin (to_tsvector('simple', facet_words))",
    "CREATE STATISTICS listing_tongue ON (rtrim(substr(language, 1, 3), '-')) FROM catalogue_listing",
]


def create_index_and_statistics(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
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
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    models.JSONField(default=dict, help_text="what the book page shows beside"),
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
                ("series_number", models.PositiveSmallIntegerField(null=True)),
                ("rating_sum", models.PositiveIntegerField(default=0)),
                ("rating_count", models.PositiveIntegerField(default=0)),
                ("rating_score", models.PositiveIntegerField(default=3000, help_text="see rating_score()")),
                (
                    "reviews_version",
                    models.PositiveIntegerField(default=0, help_text="rises with every change around its reviews"),
                ),
                ("sales_count", models.PositiveIntegerField(default=0)),
                ("is_on_sale", models.BooleanField(default=True, help_text="or to be ordered ahead")),
                (
                    "open_in",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="where readers choose, from the price up: “EUR USD”",
                        max_length=100,
                    ),
                ),
                ("release_date", models.DateField(help_text="not out yet: readers order ahead", null=True)),
                ("published_at", models.DateTimeField()),
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
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.edition"
                    ),
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
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listing", to="publishing.work"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FreshBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.PositiveIntegerField(
                        help_text="the turn (from 0) times the day's seats, and the seat (from 0)"
                    ),
                ),
                ("is_new", models.BooleanField()),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="catalogue.freshday"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fresh", to="catalogue.listing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BoughtTogether",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(help_text="from 1, the closest")),
                ("readers", models.PositiveIntegerField(help_text="different readers who bought both and kept both")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bought_together",
                        to="catalogue.listing",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalogue.listing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PriceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="price_changes", to="publishing.work"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RankedBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("inputs", models.JSONField()),
                ("rising_place", models.PositiveIntegerField(null=True)),
                ("bestselling_place", models.PositiveIntegerField(null=True)),
                ("rated_place", models.PositiveIntegerField(null=True)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ranked", to="catalogue.listing"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="books",
                        to="catalogue.rankingsnapshot",
                    ),
                ),
            ],
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
            name="SubjectPick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=2)),
                ("language", models.CharField(max_length=35)),
                ("place", models.PositiveSmallIntegerField(help_text="from 0")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalogue.listing"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BundlePrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("price_minor", models.PositiveIntegerField()),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="catalogue.bundle"
                    ),
                ),
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
            name="BundleWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("consented_at", models.DateTimeField(null=True)),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="works", to="catalogue.bundle"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.work"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("bundle", "work"), name="bundle_work_once")],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)), fields=["-published_at", "-id"], name="listing_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)), fields=["-sales_count", "-id"], name="listing_bestselling"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)), fields=["-rating_score", "-id"], name="listing_best_rated"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["changed_at", "id"], name="listing_changed"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("social_image", ""), models.Q(("social_key", ""), _negated=True)),
                fields=["id"],
                name="listing_without_picture",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)), fields=["id", "changed_at"], name="listing_sitemap"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["subject", "-published_at", "-id"],
                name="listing_subject_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["subject", "-sales_count", "-id"],
                name="listing_subject_bestselling",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["subject", "-rating_score", "-id"],
                name="listing_subject_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["section", "-published_at", "-id"],
                name="listing_section_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["section", "-sales_count", "-id"],
                name="listing_section_bestselling",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["section", "-rating_score", "-id"],
                name="listing_section_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["language", "-published_at", "-id"],
                name="listing_language_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["language", "-sales_count", "-id"],
                name="listing_language_bestselling",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("is_on_sale", True)),
                fields=["language", "-rating_score", "-id"],
                name="listing_language_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_on_sale", True)),
                name="listing_tongue_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                models.OrderBy(models.F("sales_count"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_on_sale", True)),
                name="listing_tongue_bestselling",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')"),
                models.OrderBy(models.F("rating_score"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("is_on_sale", True)),
                name="listing_tongue_rated",
            ),
        ),
        migrations.AddIndex(
            model_name="freshbook",
            index=models.Index(fields=["day", "listing"], name="fresh_book_turns"),
        ),
        migrations.AddConstraint(
            model_name="freshbook",
            constraint=models.UniqueConstraint(fields=("day", "place"), name="fresh_place_once"),
        ),
        migrations.AddConstraint(
            model_name="boughttogether",
            constraint=models.UniqueConstraint(fields=("listing", "place"), name="bought_together_place"),
        ),
        migrations.AddIndex(
            model_name="pricechange",
            index=models.Index(fields=["work", "currency", "at", "id"], name="price_change_of_work"),
        ),
        migrations.AddConstraint(
            model_name="rankedbook",
            constraint=models.UniqueConstraint(fields=("snapshot", "listing"), name="ranked_book_once"),
        ),
        migrations.AddConstraint(
            model_name="rankedbook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rising_place__isnull", False)),
                fields=("snapshot", "rising_place"),
                name="ranked_rising_place_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankedbook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("bestselling_place__isnull", False)),
                fields=("snapshot", "bestselling_place"),
                name="ranked_bestselling_place_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankedbook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rated_place__isnull", False)),
                fields=("snapshot", "rated_place"),
                name="ranked_rated_place_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectpick",
            constraint=models.UniqueConstraint(fields=("subject", "language", "place"), name="subject_pick_place"),
        ),
        migrations.RunPython(create_index_and_statistics, migrations.RunPython.noop),
    ]
