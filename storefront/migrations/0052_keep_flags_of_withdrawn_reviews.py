import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0051_sum_counts_by_facets")]

    operations = [
        migrations.AddField(
            "reviewflag",
            "case",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="kept_flags",
                to="storefront.reviewcase",
            ),
        ),
        migrations.AlterField(
            "reviewflag",
            "review",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="storefront.review"
            ),
        ),
        migrations.AddConstraint(
            "reviewflag",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("review__isnull", False)),
                    models.Q(("case__isnull", False), ("review", None)),
                    _connector="OR",
                ),
                name="review_flag_of_review_or_case",
            ),
        ),
    ]
