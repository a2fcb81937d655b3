import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids

# The shelves of before, and the Thema codes they become.
_CODES = {
    "fiction": "FB",
    "mystery": "FF",
    "science-fiction": "FL",
    "children": "YF",
    "poetry": "DC",
    "essays": "DN",
    "science": "PD",
    "travel": "WT",
    "food": "WB",
    "technology": "TB",
}


def to_codes(apps, schema_editor):
    works = apps.get_model("publishing", "Work").objects
    for shelf, code in _CODES.items():
        works.filter(subject=shelf).update(subject=code)


def to_shelves(apps, schema_editor):
    works = apps.get_model("publishing", "Work").objects
    for shelf, code in _CODES.items():
        works.filter(subject=code).update(subject=shelf)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("publishing", "0010_open_prices_and_release_dates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField("ser")),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "title"), name="series_once_per_owner")],
            },
        ),
        migrations.AlterField(
            model_name="work",
            name="subject",
            field=models.CharField(blank=True, help_text="a Thema code of publishing.thema", max_length=20),
        ),
        migrations.AddField(
            model_name="work",
            name="warnings",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="values of ContentWarning, as the author names them",
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="is_adult",
            field=models.BooleanField(db_default=False, default=False, help_text="for readers of 18 and over"),
        ),
        migrations.AddField(
            model_name="work",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="works",
                to="publishing.series",
            ),
        ),
        migrations.AddField(
            model_name="work",
            name="series_number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.RunPython(to_codes, to_shelves),
    ]
