import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("publishing", "0002_work_reading_age"),
        ("reading", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SyncState",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reading_sync",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cursor", models.PositiveBigIntegerField(default=0)),
                ("forgotten_cursor", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=[("browser", "Browser"), ("plain", "Plain")], max_length=7)),
                ("name", models.CharField(blank=True, help_text="“Firefox on Android”", max_length=80)),
                ("seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reading_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FurthestPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.PositiveIntegerField(null=True)),
                ("offset", models.PositiveIntegerField(default=0)),
                ("page", models.CharField(blank=True, max_length=120)),
                ("share_bps", models.PositiveIntegerField()),
                ("at", models.DateTimeField(help_text="when the reader was there, by the device's corrected clock")),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
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
        ),
        migrations.CreateModel(
            name="LastPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.PositiveIntegerField(null=True)),
                ("offset", models.PositiveIntegerField(default=0)),
                ("page", models.CharField(blank=True, max_length=120)),
                ("share_bps", models.PositiveIntegerField()),
                ("at", models.DateTimeField(help_text="when the reader was there, by the device's corrected clock")),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="reading.device"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.edition",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.work"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(help_text="made by the device")),
                (
                    "kind",
                    models.CharField(choices=[("highlight", "Highlight"), ("bookmark", "Bookmark")], max_length=9),
                ),
                ("made_at", models.DateTimeField(help_text="by the device's corrected clock")),
                ("start_block", models.PositiveIntegerField()),
                ("start_offset", models.PositiveIntegerField()),
                ("end_block", models.PositiveIntegerField()),
                ("end_offset", models.PositiveIntegerField()),
                ("page", models.CharField(blank=True, help_text="in a book of pages, the page's id", max_length=120)),
                ("exact", models.TextField(blank=True)),
                ("prefix", models.CharField(blank=True, max_length=64)),
                ("suffix", models.CharField(blank=True, max_length=64)),
                ("chapter", models.CharField(blank=True, help_text="its title", max_length=300)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("yellow", "Yellow"),
                            ("green", "Green"),
                            ("blue", "Blue"),
                            ("pink", "Pink"),
                            ("purple", "Purple"),
                        ],
                        default="yellow",
                        max_length=6,
                    ),
                ),
                ("body", models.TextField(blank=True)),
                (
                    "other_body",
                    models.TextField(blank=True, help_text="written apart from the body, and not yet settled"),
                ),
                ("placed", models.JSONField(null=True)),
                ("deleted_at", models.DateTimeField(help_text="by our clock", null=True)),
                ("registers", models.JSONField(default=dict)),
                ("cursor", models.PositiveBigIntegerField(help_text="of the person's SyncState at its last change")),
                ("changed_at", models.DateTimeField(help_text="by our clock")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="publishing.edition"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reading_notes",
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
        ),
        migrations.CreateModel(
            name="ReaderSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=500)),
                ("stamp", models.CharField(max_length=100)),
                ("cursor", models.PositiveBigIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reader_settings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="reading_device_once"),
        ),
        migrations.AddConstraint(
            model_name="furthestplace",
            constraint=models.UniqueConstraint(fields=("user", "work"), name="furthest_place_once"),
        ),
        migrations.AddConstraint(
            model_name="lastplace",
            constraint=models.UniqueConstraint(fields=("device", "work"), name="last_place_once"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["user", "cursor"], name="note_by_cursor"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["user", "work", "start_block", "start_offset"], name="note_by_place"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)), fields=["deleted_at"], name="note_by_deletion"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("user", "uid"), name="note_once"),
        ),
        migrations.AddConstraint(
            model_name="readersetting",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="reader_setting_once"),
        ),
    ]
