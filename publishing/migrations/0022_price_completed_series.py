from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0021_where_works_are_sold"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="completing_bps",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="off the list prices, for all books that a reader lacks; 0 offers nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("completing_bps__lte", 5000)), name="series_completing_range"
            ),
        ),
    ]
