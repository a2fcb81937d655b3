"""Documents of search, with a full-text index that each database keeps by itself.

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
    "ALTER TABLE search_searchdocument "
    f"ADD COLUMN names tsvector GENERATED ALWAYS AS (to_tsvector('simple', {_NAMES})) STORED, "
    f"ADD COLUMN everything tsvector GENERATED ALWAYS AS (to_tsvector('simple', {_NAMES} || ' é ' || text)) STORED",
    "CREATE INDEX search_names ON search_searchdocument USING gin (names) WITH (fastupdate = off)",
    "CREATE INDEX search_everything ON search_searchdocument USING gin (everything) WITH (fastupdate = off) "
    "WHERE kind = 'b'",
]
_COLUMNS = ("title", "people", "more", "text", "marks")
_LIST = ", ".join(_COLUMNS)
_FTS = "search_searchdocument_fts"
_DELETE = f"INSERT INTO {_FTS}({_FTS}, rowid, {_LIST}) VALUES ('delete', old.place, {', '.join(f'old.{c}' for c in _COLUMNS)});"
_INSERT = f"INSERT INTO {_FTS}(rowid, {_LIST}) VALUES (new.place, {', '.join(f'new.{c}' for c in _COLUMNS)});"
TABLE = (
    f"CREATE VIRTUAL TABLE {_FTS} USING fts5({_LIST}, content='search_searchdocument', content_rowid='place', "
    "prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M*'\")"
)
TRIGGERS = [
    f"CREATE TRIGGER search_document_insert AFTER INSERT ON search_searchdocument BEGIN {_INSERT} END",
    f"CREATE TRIGGER search_document_delete AFTER DELETE ON search_searchdocument BEGIN {_DELETE} END",
    f"CREATE TRIGGER search_document_update AFTER UPDATE OF place, {_LIST} ON search_searchdocument "
    f"BEGIN {_DELETE} {_INSERT} END",
]


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
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("books", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="SearchCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("b", "book"), ("a", "author"), ("s", "series")], max_length=1)),
                ("target", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=400)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_credits",
                        to="catalogue.listing",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["target", "kind"], name="search_credit_target")],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("place", models.BigAutoField(primary_key=True, serialize=False)),
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
                (
                    "listing",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="catalogue.listing",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "-books", "-place"], name="search_document_largest")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "target", "label"), name="search_document_once")
                ],
            },
        ),
        migrations.RunPython(create_index, drop_index),
    ]
