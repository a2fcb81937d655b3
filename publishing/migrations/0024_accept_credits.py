import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0023_tell_authors_of_late_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contributor",
            name="asked",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="credits_offered",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contributor",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contributor",
            name="left",
            field=models.ForeignKey(
                blank=True,
                help_text="accepted and left again: shares of the royalty go on being theirs",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits_left",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contributor",
            name="mailed_at",
            field=models.DateTimeField(help_text="when the person was told that they are asked", null=True),
        ),
    ]
