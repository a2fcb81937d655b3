from django.db import migrations

import common.ids


class Migration(migrations.Migration):
    dependencies = [("storefront", "0083_take_classes_out_of_samples")]

    operations = [
        migrations.AddField(
            model_name="cartline",
            name="public_id",
            field=common.ids.PublicIdField(max_length=40, null=True, prefix="crl"),
        ),
    ]
