import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("royalties", "0005_say_what_was_returned")]

    operations = [
        migrations.AddConstraint(
            model_name="salerefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "paid_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("tax_minor"), "+", models.F("processor_fee_minor")
                                    ),
                                    "+",
                                    models.F("platform_fee_minor"),
                                ),
                                "+",
                                models.F("royalty_minor"),
                            ),
                            "-",
                            models.F("promotion_minor"),
                        ),
                    )
                ),
                name="sale_refund_adds_up",
            ),
        ),
    ]
