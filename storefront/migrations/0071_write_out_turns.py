from datetime import UTC

from django.db import migrations, models

from common import clock

_MINUTES_A_DAY = 24 * 60


def write_out(apps, _schema_editor):
    """Days that are over keep their turns, each written out. Those from today on are planned anew by the new rule."""
    FreshDay = apps.get_model("storefront", "FreshDay")
    FreshBook = apps.get_model("storefront", "FreshBook")
    today = clock.now().astimezone(UTC).date()
    FreshDay.objects.filter(day__gte=today).delete()
    for day in FreshDay.objects.all():
        books = list(FreshBook.objects.filter(day=day).order_by("place").values_list("listing", "is_new"))
        FreshBook.objects.filter(day=day).delete()
        taken = min(day.seats, len(books))
        spots = range(_MINUTES_A_DAY // day.minutes * taken)
        FreshBook.objects.bulk_create(
            (
                FreshBook(
                    day=day,
                    listing_id=books[spot % len(books)][0],
                    is_new=books[spot % len(books)][1],
                    place=spot // taken * day.seats + spot % taken,
                )
                for spot in spots
            ),
            batch_size=5000,
        )


def forget(apps, _schema_editor):
    """Delete all days. The release before knew one row for each book of a day, and could neither read nor keep these; it
    plans today anew within ten minutes, and what had been on the shelf until then is not told any more."""
    apps.get_model("storefront", "FreshBook").objects.all().delete()
    apps.get_model("storefront", "FreshDay").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("storefront", "0070_moderate_replies_and_rate_paid_copies")]

    operations = [
        migrations.RemoveConstraint(model_name="freshbook", name="fresh_book_once"),
        migrations.AlterField(
            model_name="freshbook",
            name="place",
            field=models.PositiveIntegerField(
                help_text="the turn (from 0) times the day's seats, and the seat (from 0)"
            ),
        ),
        migrations.AddIndex(
            model_name="freshbook", index=models.Index(fields=["day", "listing"], name="fresh_book_turns")
        ),
        migrations.RunPython(write_out, forget),
    ]
