"""Full text indexes over entries on PostgreSQL in which each word has a list of its own for each kind and band of sales.

Until here a common word was asked for among the bestsellers as two words, its own and that of their tier, and the list
of all books with it was read for that. Now every word of an entry ends with the first letter of its kind and a letter
for its band: "lighthouseb>h". Lists of the bestsellers are short, what stands in one band is not read again for the next,
and authors and series are told apart by the index. `storefront.selectors.search_sql` repeats the expressions.

As before, vectors are made straight from the words, which are folded already, and there is no list of pending changes,
which every search would have to read through (`fastupdate`). SQLite has nothing to change.

People go on publishing and buying while the indexes are made; that takes two scans of the table each. Searches of the
release before need the indexes of 0033, which go in a later release; a shop without books has none to search yet.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("storefront.migrations.0033_index_search_entries")

# The weight from which on an entry is in the next band; the first, of those below, is "a".
_EDGES = "1,2,3,4,6,8,12,16,24,32,48,64,96,128,256,512,1024,4096,16384"


def _vector(*columns):
    words = " || ' ' || ".join(columns)
    ending = f"left(kind, 1) || '>' || chr(97 + width_bucket(weight, ARRAY[{_EDGES}])) || ' '"
    return f"array_to_tsvector(array_remove(string_to_array(replace({words} || ' ', ' ', {ending}), ' '), ''))"


_INDEXES = {
    "search_words": (_vector("names", "marks"), ""),
    "search_text": (_vector("names", "text", "marks"), " WHERE kind = 'book'"),
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (vector, of) in _INDEXES.items():
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")  # of a migration that was cut off, and not valid
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON storefront_searchentry "
            f"USING gin (({vector})) WITH (fastupdate = off){of}"
        )
    if not apps.get_model("storefront", "SearchEntry").objects.exists():
        for statement in _BEFORE.POSTGRES_BACK:
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in _BEFORE.POSTGRES:
        schema_editor.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    for name in _INDEXES:
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("storefront", "0063_fill_open_prices")]

    operations = [migrations.RunPython(make, drop)]
