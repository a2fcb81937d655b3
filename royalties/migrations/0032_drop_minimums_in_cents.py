from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("royalties", "0031_count_minimums_in_units")]

    operations = [migrations.RemoveField(model_name="payoutaccount", name="minimum_minor")]
