"""What books have cost, which pages show, put into listings that were written before they kept it.

A book at a time would ask for a million books a million times: a chunk's histories are read together, and only listings
without one are written. A transaction for each chunk: on a large shop this takes minutes, and readers go on reading.
"""

import json

from django.db import migrations, transaction

_CHUNK = 1000
_MOST_STEPS = 60  # as `storefront.selectors.prices` keeps


def _histories(change, works):
    found = {}
    rows = change.filter(work__in=works).order_by("at", "pk").values_list("work_id", "currency", "at", "amount_minor")
    for work, currency, at, amount in rows:
        found.setdefault(work, {}).setdefault(currency, []).append([at.isoformat(), amount])
    return {
        work: {currency: steps[-_MOST_STEPS:] for currency, steps in currencies.items()}
        for work, currencies in found.items()
    }


def fill(apps, schema_editor):
    connection = schema_editor.connection
    listings = apps.get_model("storefront", "Listing").objects.using(connection.alias)
    changes = apps.get_model("storefront", "PriceChange").objects.using(connection.alias)
    last = 0
    while keys := list(listings.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        with transaction.atomic(connection.alias):
            rows = listings.select_for_update().filter(pk__in=keys).exclude(details__has_key="price_history")
            old = list(rows.order_by("pk").values_list("pk", "work_id", "details"))
            histories = _histories(changes, [work for _, work, _ in old])
            values = [
                (json.dumps({**details, "price_history": histories[work]}), pk)
                for pk, work, details in old
                if work in histories
            ]
            if values:
                with connection.cursor() as cursor:
                    cursor.executemany("UPDATE storefront_listing SET details = %s WHERE id = %s", values)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0060_know_open_prices_by_currency")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
