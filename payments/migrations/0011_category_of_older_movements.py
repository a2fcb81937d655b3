from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_more_of_the_sandbox")]

    operations = [
        # Types and categories had the same words while there were only charges, refunds and transfers.
        migrations.RunSQL(
            "UPDATE payments_sandboxbalancetransaction SET category = kind WHERE category = ''",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
