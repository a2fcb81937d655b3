import re
import secrets

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
    dependencies = [("storefront", "0052_keep_flags_of_withdrawn_reviews")]

    operations = [
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
