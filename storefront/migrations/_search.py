"""Full text and facets as the databases have them, frozen as the first migration makes them. Nothing else imports this.

PostgreSQL makes vectors straight from an entry's words, which are folded already: no parser decides anew what a word
is. Every word ends with the first letter of the entry's kind and a letter for its band of sales, so that it has a list
of its own for each. There is no list of pending changes, which every search would have to read through (`fastupdate`).
`storefront.selectors.search_sql` repeats the expressions.

The indexes by language are partial, and PostgreSQL learns nothing from them of how many books a language has; without
the statistics it would take every language for a rarity.

SQLite asks for marks and tiers in their own columns instead. It rebuilds a table to alter it and drops its triggers
with it: a migration that alters SearchEntry makes them anew.
"""

_POSTGRESQL = [
    "CREATE INDEX listing_facets ON storefront_listing USING gin (to_tsvector('simple', facet_words))",
    """
    CREATE INDEX search_words ON storefront_searchentry USING gin ((
      array_to_tsvector(array_remove(string_to_array(replace(
        names || ' ' || marks || ' ', ' ',
        left(kind, 1) || '>' || chr(97 + width_bucket(
          weight, ARRAY[1,2,3,4,6,8,12,16,24,32,48,64,96,128,256,512,1024,4096,16384])) || ' '
      ), ' '), ''))
    )) WITH (fastupdate = off)
    """,
    """
    CREATE INDEX search_text ON storefront_searchentry USING gin ((
      array_to_tsvector(array_remove(string_to_array(replace(
        names || ' ' || text || ' ' || marks || ' ', ' ',
        left(kind, 1) || '>' || chr(97 + width_bucket(
          weight, ARRAY[1,2,3,4,6,8,12,16,24,32,48,64,96,128,256,512,1024,4096,16384])) || ' '
      ), ' '), ''))
    )) WITH (fastupdate = off) WHERE kind = 'book'
    """,
    "CREATE STATISTICS listing_tongue ON (rtrim(substr(language, 1, 3), '-')) FROM storefront_listing",
]

_SQLITE = [
    "CREATE VIRTUAL TABLE storefront_searchentry_fts "
    "USING fts5(names, text, marks, tiers, content='storefront_searchentry', content_rowid='id')",
    """
    CREATE TRIGGER search_entry_insert AFTER INSERT ON storefront_searchentry
    BEGIN
      INSERT INTO storefront_searchentry_fts(rowid, names, text, marks, tiers)
      VALUES (new.id, new.names, new.text, new.marks, new.tiers);
    END
    """,
    """
    CREATE TRIGGER search_entry_delete AFTER DELETE ON storefront_searchentry
    BEGIN
      INSERT INTO storefront_searchentry_fts(storefront_searchentry_fts, rowid, names, text, marks, tiers)
      VALUES ('delete', old.id, old.names, old.text, old.marks, old.tiers);
    END
    """,
    """
    CREATE TRIGGER search_entry_update AFTER UPDATE OF names, text, marks, tiers ON storefront_searchentry
    WHEN old.names <> new.names OR old.text <> new.text OR old.marks <> new.marks OR old.tiers <> new.tiers
    BEGIN
      INSERT INTO storefront_searchentry_fts(storefront_searchentry_fts, rowid, names, text, marks, tiers)
      VALUES ('delete', old.id, old.names, old.text, old.marks, old.tiers);
      INSERT INTO storefront_searchentry_fts(rowid, names, text, marks, tiers)
      VALUES (new.id, new.names, new.text, new.marks, new.tiers);
    END
    """,
]

CREATE = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}
# What is on the tables goes with them.
REMOVE = {"postgresql": [], "sqlite": ["DROP TABLE storefront_searchentry_fts"]}
