from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0067_index_the_largest_names")]

    operations = [
        migrations.AddField(model_name="preorder", name="late_date", field=models.DateField(null=True)),
    ]
