from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0066_index_languages_without_regions")]

    operations = [
        migrations.AddField(model_name="preorder", name="late_date", field=models.DateField(null=True)),
    ]
