from importlib import import_module

from django.db import migrations, models
from django.db.models.functions import Now

facets = import_module("storefront.migrations.0030_narrow_by_facets")


class Migration(migrations.Migration):
    dependencies = [("storefront", "0043_wishes_and_follows")]

    operations = [
        migrations.RunPython(facets.without_search, facets.with_search),
        # Books there are count as changed by this release: whoever follows the feeds reads them once more.
        migrations.AddField(
            "listing",
            "changed_at",
            models.DateTimeField(db_default=Now(), help_text="when what it says of the book last changed"),
        ),
        migrations.AddField(
            "listing",
            "social_image",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="public file: the picture of a link to it",
                max_length=300,
            ),
        ),
        migrations.AddField(
            "listing",
            "social_key",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="what the picture was drawn from, as a digest",
                max_length=64,
            ),
        ),
        migrations.AddIndex("listing", models.Index(fields=["changed_at", "id"], name="listing_changed")),
        migrations.AddIndex(
            "listing",
            models.Index(
                condition=models.Q(("social_image", ""), models.Q(("social_key", ""), _negated=True)),
                fields=["id"],
                name="listing_without_picture",
            ),
        ),
        migrations.AddIndex(
            "listing",
            models.Index(condition=models.Q(("is_on_sale", True)), fields=["id", "changed_at"], name="listing_sitemap"),
        ),
        migrations.RunPython(facets.with_search, facets.without_search),
    ]
