import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("publishing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                            ("at_once", "Right away, one email for each book"),
                            ("weekly", "Once a week, in one email"),
                            ("never", "Never"),
                        ],
                        default="at_once",
                        max_length=7,
                    ),
                ),
                (
                    "weekly_sent_at",
                    models.DateTimeField(help_text="the last weekly email, or when weekly was chosen", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                (
                    "wished_minor",
                    models.PositiveIntegerField(help_text="the price when it was added, if it had one", null=True),
                ),
                (
                    "below_minor",
                    models.PositiveIntegerField(help_text="the price chosen for an alert, if any", null=True),
                ),
                ("alerted_minor", models.PositiveIntegerField(null=True)),
                (
                    "is_awaited",
                    models.BooleanField(
                        default=False, help_text="it was not out yet: the reader is notified when it is"
                    ),
                ),
                ("wished_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(help_text="kept for a day, so that it can be restored", null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="WishAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("price", "Price"), ("out", "Out")], max_length=5)),
                ("price_minor", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "wish",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="library.wish"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("followed_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
                ("made_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(null=True)),
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
            name="ReadingPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chapter_id", models.CharField(max_length=120)),
                ("fraction_bps", models.PositiveIntegerField(default=0)),
                ("locator", models.JSONField(default=dict)),
                ("changed_at", models.DateTimeField()),
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
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "work"), name="reading_position_once")],
            },
        ),
        migrations.AddIndex(
            model_name="wish",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)), fields=["removed_at"], name="wish_removed"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(fields=("user", "work"), name="wish_once"),
        ),
        migrations.AddIndex(
            model_name="wishalert",
            index=models.Index(condition=models.Q(("mailed_at", None)), fields=["made_at"], name="wish_alert_to_mail"),
        ),
    ]
