import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0022_price_completed_series"),
        ("storefront", "0053_rate_by_proved_votes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="cartline",
            name="cart_line_one_thing",
        ),
        migrations.AddField(
            model_name="cartline",
            name="series",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.series"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="series",
            field=models.ForeignKey(
                help_text="bought to complete it, at its price",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="publishing.series",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(fields=("cart", "series"), name="cart_series_once"),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bundle__isnull", False), ("edition", None), ("gift_to", ""), ("series", None)),
                    models.Q(("bundle", None), ("edition", None), ("gift_to", ""), ("series__isnull", False)),
                    models.Q(("bundle", None), ("edition__isnull", False), ("series", None)),
                    _connector="OR",
                ),
                name="cart_line_one_thing",
            ),
        ),
    ]
