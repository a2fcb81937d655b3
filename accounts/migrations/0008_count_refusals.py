"""Refused tries are counted by the minute before they are entered in the audit log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_keep_audit_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="a digest of all but the number", max_length=32, primary_key=True, serialize=False
                    ),
                ),
                ("minute", models.DateTimeField(db_index=True)),
                ("verb", models.CharField(max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
