import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rev", unique=True)),
                ("stars", models.PositiveSmallIntegerField()),
                ("title", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(blank=True, max_length=5000)),
                ("is_verified", models.BooleanField(default=True, help_text="the buyer has kept the book")),
                (
                    "uncounted",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "They count"),
                            ("free", "The copy was free or nearly free"),
                            ("maker", "Written by someone who worked on the book"),
                        ],
                        default="",
                        help_text="maintained by services/ratings.py",
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
                            ("spoiler", "Collapsed behind a spoiler warning"),
                            ("flagged", "Collapsed after readers flagged it"),
                            ("hidden", "Removed by a moderator"),
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
                            ("spoiler", "Gives away the plot"),
                            ("abuse", "Insults or threatens people"),
                            ("off_topic", "Not about the book"),
                            ("ring", "Coordinated praise or criticism"),
                        ],
                        default="",
                        help_text="the rule it was collapsed or removed by",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="publishing.work"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HelpfulVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helpful_votes", to="community.review"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="mod", unique=True)),
                ("is_reply", models.BooleanField(default=False)),
                (
                    "reported",
                    models.CharField(
                        blank=True, choices=[("book", "Book"), ("shelf", "Shelf")], default="", max_length=5
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Awaiting decision"),
                            ("decided", "Decided"),
                            ("appealed", "Appealed"),
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
                            ("spoiler", "Gives away the plot"),
                            ("abuse", "Insults or threatens people"),
                            ("off_topic", "Not about the book"),
                            ("ring", "Coordinated praise or criticism"),
                            ("copyright", "Infringes a copyright"),
                            ("illegal", "Illegal content"),
                            ("adult", "For adults, but not marked as such"),
                            ("metadata", "Misleading title, description or details"),
                            ("hate", "Hateful content"),
                            ("stolen", "Spam, or text copied from elsewhere"),
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
                            ("keep", "No change"),
                            ("spoiler", "Collapsed behind a spoiler warning"),
                            ("hide", "Removed from the page"),
                            ("adult", "Marked for adults"),
                            ("offsale", "Taken off sale"),
                            ("private", "Hidden from everyone except its owner"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "evidence",
                    models.TextField(blank=True, default="", help_text="shown to the writer", max_length=3000),
                ),
                ("reason", models.TextField(blank=True, help_text="shown to the writer", max_length=2000)),
                (
                    "release_date",
                    models.DateField(help_text="the announced date when the book was taken off sale", null=True),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("appeal", models.TextField(blank=True, max_length=3000)),
                ("appealed_at", models.DateTimeField(null=True)),
                (
                    "appeal_outcome",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "Decision upheld"), ("overturned", "Decision overturned")],
                        max_length=10,
                    ),
                ),
                ("appeal_reason", models.TextField(blank=True, max_length=2000)),
                ("appeal_decided_at", models.DateTimeField(null=True)),
                ("appeal_told_at", models.DateTimeField(null=True)),
                (
                    "appeal_decided_by",
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
                (
                    "edition",
                    models.ForeignKey(
                        help_text="the one taken off sale",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="community.review",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        help_text="empty for a shelf",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publishing.work",
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
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("copyright", "Infringes a copyright"),
                            ("illegal", "Illegal content"),
                            ("adult", "For adults, but not marked as such"),
                            ("metadata", "Misleading title, description or details"),
                            ("hate", "Hateful content"),
                            ("stolen", "Spam, or text copied from elsewhere"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("words", models.TextField(max_length=2000)),
                (
                    "right_holder",
                    models.CharField(blank=True, help_text="who holds the rights to the original", max_length=200),
                ),
                ("original", models.CharField(blank=True, help_text="where to find it", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(help_text="when they were told what was decided", null=True)),
                (
                    "undone_told_at",
                    models.DateTimeField(help_text="when they were told that an appeal undid it", null=True),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="community.reviewcase"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                            ("spoiler", "Collapsed behind a spoiler warning"),
                            ("flagged", "Collapsed after readers flagged it"),
                            ("hidden", "Removed by a moderator"),
                        ],
                        default="",
                        help_text="set by moderators only",
                        max_length=8,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply", to="community.review"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("spam", "Advertising or spam"),
                            ("spoiler", "Gives away the plot"),
                            ("abuse", "Insults or threatens people"),
                            ("off_topic", "Not about the book"),
                            ("ring", "Coordinated praise or criticism"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("weight", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="when a moderator decided", null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_flags",
                        to="community.reviewcase",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="community.review",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="community.reviewreply",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reply",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="cases",
                to="community.reviewreply",
            ),
        ),
        migrations.CreateModel(
            name="ReviewVouch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weight", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="when a moderator decided", null=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="vouches", to="community.review"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="shf", unique=True)),
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
                            ("public", "Public: listed, and anyone can find it"),
                            ("unlisted", "Unlisted: only for people who have the address"),
                        ],
                        default="public",
                        max_length=8,
                    ),
                ),
                ("is_editors", models.BooleanField(default=False)),
                ("is_hidden", models.BooleanField(default=False, help_text="hidden from others by a moderator")),
                ("books_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "search_words",
                    models.TextField(blank=True, help_text="normalized words of the title and the owner's name"),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shelves", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-changed_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="shelf",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="cases", to="community.shelf"
            ),
        ),
        migrations.CreateModel(
            name="ShelfBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "shelf",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="books", to="community.shelf"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shelved", to="publishing.work"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["work", "-helpful_score", "-id"], name="review_helpful"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(fields=("work", "user"), name="review_once"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars__gte", 1), ("stars__lte", 5)), name="review_stars_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="helpfulvote",
            constraint=models.UniqueConstraint(fields=("review", "user"), name="helpful_vote_once"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("case", "user"), name="report_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewflag",
            constraint=models.UniqueConstraint(fields=("review", "user"), name="review_flag_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewflag",
            constraint=models.UniqueConstraint(fields=("reply", "user"), name="reply_flag_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewflag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("reply", None), ("review__isnull", False)),
                    models.Q(("case", None), ("reply__isnull", False), ("review", None)),
                    models.Q(("case__isnull", False), ("reply", None), ("review", None)),
                    _connector="OR",
                ),
                name="review_flag_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewvouch",
            constraint=models.UniqueConstraint(fields=("review", "user"), name="review_vouch_once"),
        ),
        migrations.AddIndex(
            model_name="shelf",
            index=models.Index(fields=["visibility", "-changed_at", "-id"], name="shelf_newest"),
        ),
        migrations.AddIndex(
            model_name="shelf",
            index=models.Index(fields=["visibility", "-books_count", "-id"], name="shelf_longest"),
        ),
        migrations.AddConstraint(
            model_name="shelf",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility", "public"), ("unlisted_slug__isnull", False), _connector="OR"),
                name="shelf_unlisted_has_slug",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewcase",
            index=models.Index(fields=["state", "-id"], name="review_case_by_state"),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("review",), name="review_case_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("reply",), name="reply_case_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reported", "book"), ("state", "open")), fields=("work",), name="book_case_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("shelf",), name="shelf_case_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reported", "shelf"), ("work", None)),
                    models.Q(models.Q(("reported", "shelf"), _negated=True), ("shelf", None), ("work__isnull", False)),
                    _connector="OR",
                ),
                name="review_case_of_work_or_shelf",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appeal_decided_by", None),
                    models.Q(("appeal_decided_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="review_appeal_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfbook",
            constraint=models.UniqueConstraint(fields=("shelf", "work"), name="shelf_book_once"),
        ),
    ]
