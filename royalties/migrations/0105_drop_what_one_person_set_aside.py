from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0104_ask_again_for_what_one_set_aside"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="reconciliationitem",
            name="set_aside_minor",
        ),
        migrations.RemoveField(
            model_name="reconciliationitem",
            name="set_aside_until",
        ),
    ]
