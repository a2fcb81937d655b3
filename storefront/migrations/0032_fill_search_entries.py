from collections import Counter

from django.db import migrations

_CHUNK = 1000
_READ = (
    *("slug", "title", "subtitle", "byline", "language", "subject", "details", "facet_words", "search_names"),
    *("search_text", "sales_count", "price_band", "length_band", "formats", "features", "warnings", "is_adult"),
)


def fill(apps, schema_editor):
    """Entries of what is on sale, with series, subjects and everybody's names among what a book is looked for by."""
    from storefront import indexing
    from storefront.selectors.folding import variants

    listings, entries = apps.get_model("storefront", "Listing"), apps.get_model("storefront", "SearchEntry")
    words, people = Counter(), Counter()
    rows = []

    def write():
        listings.objects.bulk_update(rows, ["search_names"])
        new = [entries(**indexing.entry_of(one)) for one in rows]
        entries.objects.bulk_create(new)
        for one in new:
            if not one.is_adult:
                words.update(indexing.words_of(one.names))
            people.update(tuple(person) for person in one.related)
        rows.clear()

    for row in listings.objects.filter(is_on_sale=True).only(*_READ).order_by("pk").iterator(_CHUNK):
        row.search_names = indexing.names_of(row)
        rows.append(row)
        if len(rows) == _CHUNK:
            write()
    write()
    word, variant = apps.get_model("storefront", "SearchWord"), apps.get_model("storefront", "SearchVariant")
    word.objects.bulk_create([word(word=one, books=books) for one, books in words.items()], batch_size=_CHUNK)
    variant.objects.bulk_create(
        (variant(word=one, variant=spelling) for one in words for spelling in variants(one)),
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )
    entries.objects.bulk_create(
        [entries(**indexing.person_entry(person, books)) for person, books in people.items()], batch_size=_CHUNK
    )


class Migration(migrations.Migration):
    dependencies = [("storefront", "0031_search_entries")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
