import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConversionJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="job", unique=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("source_file", models.CharField(help_text="name in private storage", max_length=300)),
                ("source_name", models.CharField(help_text="file name as uploaded", max_length=300)),
                ("source_sha256", models.CharField(max_length=64)),
                ("source_bytes", models.PositiveBigIntegerField(default=0)),
                ("cover_file", models.CharField(blank=True, help_text="name in private storage", max_length=300)),
                ("cover_name", models.CharField(blank=True, max_length=300)),
                ("options", models.JSONField(default=dict, help_text="formats, targets, overrides, sample_bps")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("canceled", "Canceled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=20)),
                ("progress", models.JSONField(default=list, help_text="what happened so far: stage, facts, at")),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                (
                    "fencing_token",
                    models.PositiveIntegerField(
                        default=0, help_text="rises with every claim; only its holder may write"
                    ),
                ),
                ("lease_until", models.DateTimeField(help_text="real time, by the database's clock", null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "due_at",
                    models.DateTimeField(
                        help_text="orders waiting jobs: a large source is due later than a small one or a correction",
                        null=True,
                    ),
                ),
                ("enqueued_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("failure_code", models.CharField(blank=True, max_length=60)),
                ("failure_facts", models.JSONField(default=dict)),
                ("failure_mailed_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.JSONField(
                        default=dict, help_text="title, language, chapters, words, source format, engine version"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["state", "lease_until"],
                        name="job_open",
                    ),
                    models.Index(fields=["requested_by", "started_at"], name="job_last_start"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Artifact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="art", unique=True)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="artifacts",
                        to="conversion.conversionjob",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("target", models.CharField(blank=True, max_length=20)),
                (
                    "file",
                    models.CharField(help_text="name in private storage; in public storage for covers", max_length=300),
                ),
                ("media_type", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "kind", "target"), name="artifact_once_per_job")
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="conversion.conversionjob",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("severity", models.CharField(max_length=10)),
                ("chapter", models.CharField(blank=True, max_length=300)),
                ("quote", models.CharField(blank=True, max_length=300)),
                ("facts", models.JSONField(default=dict)),
                (
                    "area",
                    models.JSONField(help_text="where on a page: target, page, left, top, width, height", null=True),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
    ]
