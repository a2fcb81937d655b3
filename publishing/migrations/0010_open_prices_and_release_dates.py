from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_remember_what_the_upload_before_was_made_into"),
    ]

    operations = [
        migrations.AddField(
            model_name="price",
            name="is_open",
            field=models.BooleanField(
                db_default=False, default=False, help_text="readers choose, from the list price up"
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="suggested_minor",
            field=models.PositiveIntegerField(help_text="of an open price: what the field shows first", null=True),
        ),
        migrations.AddField(
            model_name="work",
            name="release_date",
            field=models.DateField(
                blank=True,
                help_text="the first edition goes on sale that day; readers may order ahead until then",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("suggested_minor", None),
                    models.Q(("is_open", True), ("suggested_minor__gte", models.F("list_price_minor"))),
                    _connector="OR",
                ),
                name="price_suggestion_within_open_price",
            ),
        ),
    ]
