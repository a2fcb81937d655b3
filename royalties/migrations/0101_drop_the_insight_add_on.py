from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("royalties", "0100_move_members_of_insight_to_share")]

    operations = [
        migrations.RemoveField(model_name="planmembership", name="has_insight"),
        migrations.RemoveField(model_name="planprice", name="insight_minor"),
        migrations.AlterField(
            model_name="feeplan",
            name="kind",
            field=models.CharField(
                choices=[("commission", "A share of each sale"), ("monthly", "A monthly fee and a smaller share")],
                max_length=10,
            ),
        ),
    ]
