from django.db import migrations

import common.ids


class Migration(migrations.Migration):
    dependencies = [("storefront", "0085_fill_public_ids_of_cart_lines")]

    operations = [
        migrations.AlterField(
            model_name="cartline",
            name="public_id",
            field=common.ids.PublicIdField(max_length=40, prefix="crl"),
        ),
    ]
