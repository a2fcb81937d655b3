from django.db import migrations


def unrate(apps, schema_editor):
    """No book is rated until the next ranking, which the schedule makes within ten minutes. Its digest is forgotten, so
    that it is made even where no vote changed meanwhile.
    """
    reviewed = apps.get_model("storefront", "Review").objects.order_by().values("work")
    apps.get_model("storefront", "Listing").objects.filter(work__in=reviewed).update(rating_score=3000)
    apps.get_model("storefront", "RankingSnapshot").objects.update(digest="")


class Migration(migrations.Migration):
    dependencies = [("storefront", "0052_keep_flags_and_hide_unlisted_shelves")]

    operations = [migrations.RunPython(unrate, migrations.RunPython.noop)]
