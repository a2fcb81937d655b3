"""Closing a month keeps writers out by a lock on the entries, which only whoever may change them may take.

The application's role may not (`manage.py grant_application_role`), so the owner's function takes it.
"""

from django.db import migrations

_CREATE = """
DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION royalties_keep_writers_out() RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = %I, pg_temp
    AS 'LOCK TABLE royalties_journalentry IN SHARE ROW EXCLUSIVE MODE'
  $function$, current_schema());
END $$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE, params=None)
        schema_editor.execute("REVOKE EXECUTE ON FUNCTION royalties_keep_writers_out() FROM PUBLIC")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION royalties_keep_writers_out()")


class Migration(migrations.Migration):
    dependencies = [("royalties", "0108_keep_where_the_audit_log_ended")]

    operations = [migrations.RunPython(create, drop)]
