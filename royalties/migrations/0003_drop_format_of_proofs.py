from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0002_close_by_two_always"),
    ]

    operations = [
        migrations.RemoveField(model_name="statementproof", name="file_format"),
    ]
