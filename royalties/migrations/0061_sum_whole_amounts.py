"""SUM of bigint is numeric on PostgreSQL, with a state outside of the group's row; this one stays a bigint.

Exact all the same: what does not fit is an error. SQLite's SUM of whole numbers is like that by itself.
"""

from django.db import migrations

_CREATE = (
    "CREATE AGGREGATE royalties_sum(bigint) "
    "(SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, INITCOND = '0', PARALLEL = SAFE)"
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP AGGREGATE royalties_sum(bigint)")


class Migration(migrations.Migration):
    dependencies = [("royalties", "0060_tally_what_is_chained")]

    operations = [migrations.RunPython(create, drop)]
