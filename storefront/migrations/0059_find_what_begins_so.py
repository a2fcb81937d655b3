"""Keys of titles without their article, and indexes for what begins as somebody types."""

from django.db import migrations, models
from django.db.models.functions import Left

# As `storefront.selectors.folding.ARTICLES` was.
_ARTICLES = [
    "the",
    "a",
    "an",
    "der",
    "die",
    "das",
    "den",
    "ein",
    "eine",
    "le",
    "la",
    "les",
    "un",
    "une",
    "el",
    "los",
    "las",
    "una",
    "il",
    "lo",
    "gli",
    "o",
    "os",
    "um",
    "uma",
    "de",
    "het",
    "een",
    "det",
    "en",
    "ett",
]


def leave_out_articles(apps, schema_editor):
    place = "strpos" if schema_editor.connection.vendor == "postgresql" else "instr"
    begins = " OR ".join(f"key LIKE '{article} _%%'" for article in _ARTICLES)
    schema_editor.execute(
        f"UPDATE storefront_searchentry SET key = substr(key, {place}(key, ' ') + 1) "  # noqa: S608 - our own words
        f"WHERE kind <> 'author' AND ({begins})",
        (),
    )


class Migration(migrations.Migration):
    dependencies = [("storefront", "0058_drop_full_text_of_listings")]

    operations = [
        migrations.RunPython(leave_out_articles, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="searchentry",
            name="key",
            field=models.CharField(help_text="the label’s folded words, a title’s without its article", max_length=100),
        ),
        *(
            migrations.AddIndex(
                model_name="searchentry",
                index=models.Index(
                    models.F("kind"), Left("key", edge), models.F("weight").desc(), name=f"search_key_{edge}"
                ),
            )
            for edge in (1, 3, 6)
        ),
    ]
