"""Of a PDF kept as its author made it nobody knows whether anything flashes, moves or sounds."""

from django.db import migrations

_CHUNK = 500
_FACETS = "subject, language, price_band, length_band, formats, features, warnings, is_adult"


def unclaim(apps, schema_editor):
    from storefront import facets

    listings = apps.get_model("storefront", "Listing").objects
    rows = []
    for row in listings.defer("sample_html", "search_text").iterator(_CHUNK):
        if not any(one["kind"] == "own-pdf" for one in row.details.get("formats", [])):
            continue
        codes = row.details.get("accessibility", [])
        row.details["accessibility"] = ["hazards-unknown" if code == "no-hazards" else code for code in codes]
        row.features = facets.bits(row.details["accessibility"], facets.FEATURES)
        row.facet_words = facets.words_of_book(
            subject=row.subject,
            language=row.language,
            price=row.price_band,
            length=row.length_band,
            formats=row.formats,
            features=row.features,
        )
        rows.append(row)
    if not rows:
        return
    listings.bulk_update(rows, ["details", "features", "facet_words"], batch_size=_CHUNK)
    apps.get_model("storefront", "FacetCount").objects.all().delete()
    schema_editor.execute(
        f"INSERT INTO storefront_facetcount ({_FACETS}, books) "  # noqa: S608 - our own column names
        f"SELECT {_FACETS}, COUNT(*) FROM storefront_listing WHERE is_on_sale GROUP BY {_FACETS}"
    )


class Migration(migrations.Migration):
    dependencies = [("storefront", "0038_fill_trust_and_prices")]

    operations = [migrations.RunPython(unclaim, migrations.RunPython.noop)]
