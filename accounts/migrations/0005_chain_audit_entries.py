"""Audit entries say whom they are about, and get a salt and a link of a hash chain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_copies_and_deletions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                ("facts_hash", models.CharField(help_text="salted: it stays when the facts are erased", max_length=64)),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AlterModelOptions(
            name="auditentry",
            options={"ordering": ["-id"], "verbose_name_plural": "audit entries"},
        ),
        migrations.AddField(
            model_name="auditentry",
            name="about",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries_about",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="salt",
            field=models.CharField(
                blank=True, default=accounts.models.new_salt, help_text="empty once the facts are erased", max_length=32
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="facts",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="subject_id",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="subject_kind",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["verb", "id"], name="audit_entry_verb"),
        ),
        migrations.AddField(
            model_name="auditlink",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="link", to="accounts.auditentry"
            ),
        ),
    ]
