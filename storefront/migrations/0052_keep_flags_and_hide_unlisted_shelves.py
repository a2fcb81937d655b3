import re
import secrets

import django.db.models.deletion
from django.db import migrations, models

_CANNOT_BE_GUESSED = re.compile(r"-[0-9a-f]{16}$")


def fill(apps, schema_editor):
    """Shelves made as unlisted ones keep their address; those that were public before move."""
    shelves = apps.get_model("storefront", "Shelf").objects.filter(unlisted_slug=None).only("slug", "visibility")
    for shelf in shelves.iterator(chunk_size=500):
        if _CANNOT_BE_GUESSED.search(shelf.slug):
            shelf.unlisted_slug = shelf.slug
        elif shelf.visibility == "unlisted":
            shelf.unlisted_slug = f"{shelf.slug[:80]}-{secrets.token_hex(8)}"
        else:
            continue
        shelf.save(update_fields=["unlisted_slug"])


class Migration(migrations.Migration):
    dependencies = [("storefront", "0051_sum_counts_by_facets")]

    operations = [
        migrations.AddField(
            "reviewflag",
            "case",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="kept_flags",
                to="storefront.reviewcase",
            ),
        ),
        migrations.AlterField(
            "reviewflag",
            "review",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="storefront.review"
            ),
        ),
        migrations.AddConstraint(
            "reviewflag",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("review__isnull", False)),
                    models.Q(("case__isnull", False), ("review", None)),
                    _connector="OR",
                ),
                name="review_flag_of_review_or_case",
            ),
        ),
        migrations.AddField(
            "shelf",
            "unlisted_slug",
            models.SlugField(max_length=100, null=True, unique=True, help_text="an address that cannot be guessed"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "shelf",
            models.CheckConstraint(
                condition=models.Q(("visibility", "public"), ("unlisted_slug__isnull", False), _connector="OR"),
                name="shelf_unlisted_has_slug",
            ),
        ),
    ]
