import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("conversion", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="ser", unique=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "completing_bps",
                    models.PositiveIntegerField(
                        default=0, help_text="discount on the list prices for completing the series; 0 offers none"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "title"), name="series_once_per_owner"),
                    models.CheckConstraint(
                        condition=models.Q(("completing_bps__lte", 5000)), name="series_completing_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="wrk", unique=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="works", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "has_own_address",
                    models.BooleanField(
                        default=False, help_text="the owner chose the slug, so it does not follow the title"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=300)),
                ("subtitle", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(blank=True, help_text="BCP 47", max_length=35)),
                ("description", models.TextField(blank=True, max_length=4000)),
                ("subject", models.CharField(blank=True, help_text="a Thema code of publishing.thema", max_length=20)),
                (
                    "warnings",
                    models.JSONField(
                        blank=True, default=list, help_text="values of ContentWarning, chosen by the author"
                    ),
                ),
                ("is_adult", models.BooleanField(default=False, help_text="for readers of 18 and over")),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="works",
                        to="publishing.series",
                    ),
                ),
                ("series_number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("imprint", models.CharField(blank=True, max_length=120)),
                ("sample_bps", models.PositiveIntegerField(default=1000, help_text="share of the body shown for free")),
                (
                    "cover_file",
                    models.CharField(blank=True, help_text="uploaded cover, name in private storage", max_length=300),
                ),
                ("cover_name", models.CharField(blank=True, max_length=300)),
                (
                    "design",
                    models.CharField(
                        default="classic",
                        help_text="the engine's name of the interior design of the PDFs",
                        max_length=20,
                    ),
                ),
                (
                    "keep_design",
                    models.BooleanField(default=False, help_text="keep the design of an uploaded EPUB or HTML"),
                ),
                ("embed_fonts", models.BooleanField(default=False, help_text="embed the fonts in the EPUB")),
                (
                    "fixes",
                    models.JSONField(blank=True, default=list, help_text="codes of findings that the engine fixes"),
                ),
                (
                    "preview_job",
                    models.ForeignKey(
                        blank=True,
                        help_text="job that renders the design previews",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversion.conversionjob",
                    ),
                ),
                (
                    "release_date",
                    models.DateField(
                        blank=True,
                        help_text="the first edition goes on sale that day; readers may pre-order until then",
                        null=True,
                    ),
                ),
                (
                    "late_date",
                    models.DateField(help_text="the missed release date that the owner was told about", null=True),
                ),
                (
                    "territory_rule",
                    models.CharField(
                        choices=[
                            ("world", "Everywhere"),
                            ("except", "Everywhere except in these countries"),
                            ("only", "Only in these countries"),
                        ],
                        default="world",
                        max_length=6,
                    ),
                ),
                (
                    "territory_countries",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="ISO 3166-1: the countries that the rule excludes or includes",
                    ),
                ),
                (
                    "details_read_at",
                    models.DateTimeField(help_text="when empty details were filled from the manuscript", null=True),
                ),
                (
                    "held_by",
                    models.CharField(
                        blank=True, default="", help_text="public id of the case that keeps it off sale", max_length=40
                    ),
                ),
                (
                    "adult_by",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="public id of the case that marked it for adults",
                        max_length=40,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sample_bps__gte", 100), ("sample_bps__lte", 5000)),
                        name="work_sample_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="old_addresses", to="publishing.work"
                    ),
                ),
                ("left_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "old addresses",
                "ordering": ["-left_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Contributor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="con", unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contributors", to="publishing.work"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="credits_offered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_email",
                    models.EmailField(
                        blank=True,
                        default="",
                        help_text="address of an invited person without an account, until they answer",
                        max_length=254,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "mailed_at",
                    models.DateTimeField(help_text="when the invitation was mailed", null=True),
                ),
                (
                    "left",
                    models.ForeignKey(
                        blank=True,
                        help_text="the person who unlinked their account; their shares of the royalty stay theirs",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits_left",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "is_on_page",
                    models.BooleanField(
                        default=True,
                        help_text="the name links to the person's page, which shows the book; off for a pen name",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("aut", "Author"),
                            ("edt", "Editor"),
                            ("trl", "Translator"),
                            ("ill", "Illustrator"),
                            ("aui", "Foreword"),
                        ],
                        default="aut",
                        max_length=3,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("work", "user", "role"), name="contributor_once_per_role")
                ],
            },
        ),
        migrations.CreateModel(
            name="SplitAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="spl", unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="split_agreements",
                        to="publishing.work",
                    ),
                ),
                ("effective_at", models.DateTimeField()),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "mailed_at",
                    models.DateTimeField(help_text="when the people who have to agree were mailed", null=True),
                ),
            ],
            options={
                "ordering": ["-effective_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SplitShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="publishing.splitagreement",
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="publishing.contributor"
                    ),
                ),
                ("share_bps", models.PositiveIntegerField()),
                ("consented_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["contributor__position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "contributor"), name="split_share_once"),
                    models.CheckConstraint(condition=models.Q(("share_bps__lte", 10000)), name="split_share_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Manuscript",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="man", unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="manuscripts", to="publishing.work"
                    ),
                ),
                ("file", models.CharField(help_text="name in private storage", max_length=300)),
                ("name", models.CharField(help_text="file name as uploaded", max_length=300)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField()),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-uploaded_at"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="edn", unique=True)),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="editions", to="publishing.work"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "manuscript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="publishing.manuscript"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="conversion.conversionjob"
                    ),
                ),
                (
                    "job_before",
                    models.ForeignKey(
                        help_text="finished job of the draft's previous upload",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversion.conversionjob",
                    ),
                ),
                (
                    "checked_job",
                    models.ForeignKey(
                        help_text="the last finished job, whose findings stay visible while the next one runs",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversion.conversionjob",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("identifier", models.CharField(help_text="urn:uuid:… or urn:isbn:…", max_length=60)),
                ("notes", models.TextField(blank=True, help_text="release notes for readers", max_length=2000)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["work", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("work", "number"), name="edition_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("work",), name="edition_one_published"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="publishing.edition"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["decided_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("edition", "code"), name="override_once_per_code")],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="publishing.work"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("list_price_minor", models.PositiveIntegerField()),
                ("is_open", models.BooleanField(default=False, help_text="readers choose, from the list price up")),
                (
                    "suggested_minor",
                    models.PositiveIntegerField(help_text="the amount first shown for an open price", null=True),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("work", "currency"), name="price_once_per_currency"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suggested_minor", None),
                            models.Q(("is_open", True), ("suggested_minor__gte", models.F("list_price_minor"))),
                            _connector="OR",
                        ),
                        name="price_suggestion_within_open_price",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms_accepted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("version", models.CharField(help_text="a version in publishing.author_terms", max_length=20)),
                ("accepted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["accepted_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("person", "version"), name="terms_accepted_once")],
            },
        ),
        migrations.CreateModel(
            name="RightsStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rights_statement",
                        to="publishing.edition",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("own", "I wrote it, and I hold the rights"),
                            ("together", "I wrote it with others, and they all agree"),
                            ("contract", "The rights holder has given me the right to publish it"),
                            ("free", "It is in the public domain: nobody holds the rights any more"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "ai_text",
                    models.CharField(
                        choices=[("none", "No AI"), ("assisted", "AI-assisted"), ("generated", "AI-generated")],
                        max_length=10,
                    ),
                ),
                (
                    "ai_images",
                    models.CharField(
                        choices=[("none", "No AI"), ("assisted", "AI-assisted"), ("generated", "AI-generated")],
                        max_length=10,
                    ),
                ),
                (
                    "ai_translation",
                    models.CharField(
                        choices=[("none", "No AI"), ("assisted", "AI-assisted"), ("generated", "AI-generated")],
                        max_length=10,
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("stated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TerritoryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="territory_changes",
                        to="publishing.work",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("world", "Everywhere"),
                            ("except", "Everywhere except in these countries"),
                            ("only", "Only in these countries"),
                        ],
                        max_length=6,
                    ),
                ),
                ("countries", models.JSONField(default=list, help_text="ISO 3166-1")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
            },
        ),
    ]
