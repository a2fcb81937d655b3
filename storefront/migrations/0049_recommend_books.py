import django.db.models.deletion
from django.db import migrations, models


def _key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _listing(related_name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to="storefront.listing"
    )


class Migration(migrations.Migration):
    dependencies = [("storefront", "0048_say_when_listings_changed")]

    operations = [
        migrations.CreateModel(
            name="BoughtTogether",
            fields=[
                ("id", _key()),
                ("place", models.PositiveSmallIntegerField(help_text="from 1, the closest")),
                (
                    "readers",
                    models.PositiveIntegerField(help_text="different readers who bought both and kept both"),
                ),
                ("listing", _listing("bought_together")),
                ("other", _listing("+")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("listing", "place"), name="bought_together_place")]
            },
        ),
        migrations.CreateModel(
            name="SubjectPick",
            fields=[
                ("id", _key()),
                ("subject", models.CharField(max_length=2)),
                ("language", models.CharField(max_length=35)),
                ("place", models.PositiveSmallIntegerField(help_text="from 0")),
                ("listing", _listing("+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "language", "place"), name="subject_pick_place")
                ]
            },
        ),
        migrations.CreateModel(
            name="RecommendationRun",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("counted_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="recommendation_run_single_row")
                ]
            },
        ),
    ]
