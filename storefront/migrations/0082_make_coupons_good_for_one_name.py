from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0080_judge_tax_evidence_anew")]

    operations = [
        migrations.AddField(
            model_name="coupon",
            name="pen_name",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text=(
                    "without works: the name whose books it is good for; empty: the names that lead to the owner's page"
                ),
                max_length=120,
            ),
        ),
    ]
