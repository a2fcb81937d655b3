import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0020_subjects_by_thema"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="territory_countries",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="ISO 3166-1: where it is not sold, or is only, by the rule",
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="territory_rule",
            field=models.CharField(
                choices=[
                    ("world", "Everywhere"),
                    ("except", "Everywhere except in these countries"),
                    ("only", "Only in these countries"),
                ],
                db_default="world",
                default="world",
                max_length=6,
            ),
        ),
        migrations.CreateModel(
            name="TerritoryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="territory_changes",
                        to="publishing.work",
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
            },
        ),
    ]
