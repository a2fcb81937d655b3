"""Documents of search, with a full-text index that each database keeps by itself; the tables of the search before go.

PostgreSQL: two generated columns with GIN indexes, without lists of pending changes, which every search would have to
read through (`fastupdate`). "é" is a word that nobody can type: it keeps phrases from going from one name into the next.

SQLite: an FTS5 table over the documents with three triggers. Any AlterField on SearchDocument makes the table anew there
and silently drops the triggers: a migration that has one must end with `create_triggers`.
"""

# ruff: noqa: S608 - statements of our own column names
import django.db.models.deletion
from django.db import migrations, models

_NAMES = "title || ' é ' || people || ' é ' || more || ' ' || marks"
POSTGRESQL = [
    "ALTER TABLE storefront_searchdocument "
    f"ADD COLUMN names tsvector GENERATED ALWAYS AS (to_tsvector('simple', {_NAMES})) STORED, "
    f"ADD COLUMN everything tsvector GENERATED ALWAYS AS (to_tsvector('simple', {_NAMES} || ' é ' || text)) STORED",
    "CREATE INDEX search_names ON storefront_searchdocument USING gin (names) WITH (fastupdate = off)",
    "CREATE INDEX search_everything ON storefront_searchdocument USING gin (everything) WITH (fastupdate = off) "
    "WHERE kind = 'b'",
]
_COLUMNS = ("title", "people", "more", "text", "marks")
_LIST = ", ".join(_COLUMNS)
_FTS = "storefront_searchdocument_fts"
_DELETE = f"INSERT INTO {_FTS}({_FTS}, rowid, {_LIST}) VALUES ('delete', old.place, {', '.join(f'old.{c}' for c in _COLUMNS)});"
_INSERT = f"INSERT INTO {_FTS}(rowid, {_LIST}) VALUES (new.place, {', '.join(f'new.{c}' for c in _COLUMNS)});"
TABLE = (
    f"CREATE VIRTUAL TABLE {_FTS} USING fts5({_LIST}, content='storefront_searchdocument', content_rowid='place', "
    "prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M*'\")"
)
TRIGGERS = [
    f"CREATE TRIGGER search_document_insert AFTER INSERT ON storefront_searchdocument BEGIN {_INSERT} END",
    f"CREATE TRIGGER search_document_delete AFTER DELETE ON storefront_searchdocument BEGIN {_DELETE} END",
    f"CREATE TRIGGER search_document_update AFTER UPDATE OF place, {_LIST} ON storefront_searchdocument "
    f"BEGIN {_DELETE} {_INSERT} END",
]


def drop_index_of_before(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS search_entry_{name}")
        schema_editor.execute("DROP TABLE IF EXISTS storefront_searchentry_fts")


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(TABLE)
        create_triggers(apps, schema_editor)


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {_FTS}")  # triggers go with the documents


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(drop_index_of_before, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SearchCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_credits",
                        to="storefront.listing",
                    ),
                ),
                ("kind", models.CharField(choices=[("b", "book"), ("a", "author"), ("s", "series")], max_length=1)),
                ("target", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("place", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "listing",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="storefront.listing",
                    ),
                ),
                ("kind", models.CharField(choices=[("b", "book"), ("a", "author"), ("s", "series")], max_length=1)),
                ("target", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=400)),
                ("note", models.CharField(blank=True, default="", help_text="a book’s byline", max_length=400)),
                (
                    "key",
                    models.CharField(
                        db_index=True, help_text="the kind and the words of the label, no article", max_length=101
                    ),
                ),
                ("books", models.PositiveIntegerField(default=0, help_text="of an author or a series")),
                ("title", models.TextField()),
                ("people", models.TextField(blank=True, default="", help_text="authors and others, series, ISBN")),
                (
                    "more",
                    models.TextField(
                        blank=True, default="", help_text="subtitle; the subject in each interface language"
                    ),
                ),
                ("text", models.TextField(blank=True, default="", help_text="description and chapters")),
                (
                    "marks",
                    models.TextField(blank=True, default="", help_text="words that nobody can type, for filters"),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=2)),
                ("language", models.CharField(blank=True, default="", max_length=35)),
                ("price_band", models.PositiveSmallIntegerField(default=0)),
                ("length_band", models.PositiveSmallIntegerField(default=0)),
                ("formats", models.PositiveIntegerField(default=0)),
                ("features", models.PositiveIntegerField(default=0)),
                ("warnings", models.PositiveIntegerField(default=0)),
                ("is_adult", models.BooleanField(default=False)),
            ],
        ),
        migrations.DeleteModel(
            name="SearchVariant",
        ),
        migrations.RemoveIndex(
            model_name="searchword",
            name="search_word_1",
        ),
        migrations.RemoveIndex(
            model_name="searchword",
            name="search_word_2",
        ),
        migrations.RemoveIndex(
            model_name="searchword",
            name="search_word_3",
        ),
        migrations.RemoveIndex(
            model_name="searchword",
            name="search_word_5",
        ),
        migrations.RemoveField(
            model_name="listing",
            name="search_names",
        ),
        migrations.RemoveField(
            model_name="listing",
            name="search_text",
        ),
        migrations.AlterField(
            model_name="searchword",
            name="books",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name="searchcredit",
            index=models.Index(fields=["target", "kind"], name="search_credit_target"),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(fields=["kind", "-books", "-place"], name="search_document_largest"),
        ),
        migrations.AddConstraint(
            model_name="searchdocument",
            constraint=models.UniqueConstraint(fields=("kind", "target", "label"), name="search_document_once"),
        ),
        migrations.DeleteModel(
            name="SearchEntry",
        ),
        migrations.RunPython(create_index, drop_index),
    ]
