import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import accounts.models
import common.ids
from accounts.migrations import _audit_log


def guard_audit_log(apps, schema_editor):
    for statement in _audit_log.CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard_audit_log(apps, schema_editor):
    for statement in _audit_log.REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="usr", unique=True)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("display_name", models.CharField(max_length=120)),
                ("country", models.CharField(blank=True, help_text="ISO 3166-1, as the person told us", max_length=2)),
                ("language", models.CharField(blank=True, help_text="of mails, ISO 639-1", max_length=2)),
                ("bio", models.TextField(blank=True, max_length=2000)),
                ("is_active", models.BooleanField(default=True)),
                ("is_author", models.BooleanField(default=False)),
                ("is_finance", models.BooleanField(default=False)),
                ("is_moderator", models.BooleanField(default=False)),
                ("is_operator", models.BooleanField(default=False)),
                (
                    "is_guest",
                    models.BooleanField(default=False, help_text="bought without an account: nobody can log in as it"),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_unique_whatever_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_guest", False),
                            models.Q(
                                ("is_author", False),
                                ("is_finance", False),
                                ("is_moderator", False),
                                ("is_operator", False),
                            ),
                            _connector="OR",
                        ),
                        name="user_guest_has_no_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="guest",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("email", models.EmailField(db_index=True, max_length=254)),
                (
                    "link_version",
                    models.PositiveIntegerField(default=1, help_text="links of earlier versions open nothing"),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claimed_guests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("claimed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("claimed_by", None)),
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="guest_claimed_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries_about",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("verb", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(blank=True, default=dict)),
                (
                    "salt",
                    models.CharField(
                        blank=True,
                        default=accounts.models.new_salt,
                        help_text="empty once the facts are erased",
                        max_length=32,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="accounts_au_subject_e934ef_idx"),
                    models.Index(fields=["verb", "id"], name="audit_entry_verb"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="accounts.auditentry"
                    ),
                ),
                ("facts_hash", models.CharField(help_text="salted: it stays when the facts are erased", max_length=64)),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
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
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("times", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="DataCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="cop", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_copies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("made", "Made"), ("failed", "Failed")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("fencing_token", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(help_text="real time, by the database's clock", null=True)),
                ("file", models.CharField(blank=True, help_text="name in private storage", max_length=300)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "data copies",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("user",),
                        name="data_copy_one_waiting_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True),
                            models.Q(models.Q(("file", ""), _negated=True), ("expires_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="data_copy_made_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deletion",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="deletion",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(db_index=True)),
                ("keeps_words", models.BooleanField(default=False)),
                (
                    "mailed_at",
                    models.DateTimeField(
                        help_text="when the person was told the date and how to call it off", null=True
                    ),
                ),
                ("delayed_at", models.DateTimeField(help_text="when the person was told what it waits for", null=True)),
                ("done_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("asked_at"))), name="deletion_due_later"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rol", unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("operator", "Operator"), ("finance", "Finance"), ("moderator", "Moderator")],
                        max_length=9,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("person", "role"),
                        name="role_grant_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted_by", models.F("person")), _negated=True),
                            models.Q(("confirmed_by", models.F("person")), _negated=True),
                            models.Q(("confirmed_by", models.F("granted_by")), _negated=True),
                        ),
                        name="role_grant_by_others",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "finance"), _negated=True),
                            ("confirmed_at", None),
                            ("granted_by", None),
                            ("confirmed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="role_grant_finance_by_two",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard_audit_log, unguard_audit_log),
    ]
