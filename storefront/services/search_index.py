"""The only writer of what search reads: entries of books, authors and series, and the words of their names.

`write` follows a change of listings inside of its transaction, so that a book is found when that commits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model

from storefront import indexing
from storefront.indexing import FACETS, TIERS, Person
from storefront.models import Listing, SearchEntry, SearchVariant, SearchWord
from storefront.selectors.folding import variants

_BATCH = 2000
# Plain values, and of the details only what an entry is made of: reading whole listings takes longer than the rest.
_STORED = (
    *("pk", "slug", "title", "subtitle", "byline", "facet_words", "search_names", "search_text", "sales_count"),
    *FACETS,
)
_DETAILS = ("authors", "series")
REPLACED = ("weight", *FACETS, "label", "note", "target", "key", "names", "marks", "tiers", "related", "text")

# What the database cannot tell from a listing, and keeps: folded words, people, and the entry's own key.
GIVEN = ("id", "listing_id", "key", "related")
# The rest of a book's entry, said in SQL of its listing: `indexing.entry_of`.
_OF_LISTING = {
    "kind": f"'{indexing.BOOK}'",
    "label": "title",
    "note": "byline",
    "target": "slug",
    "names": f"replace(search_names, chr(10), '{indexing.BETWEEN_NAMES}')",
    "text": f"left(replace(search_text, chr(10), '{indexing.BETWEEN_NAMES}'), {indexing.LONGEST_TEXT})",
    "marks": "CASE WHEN facet_words = '' THEN '' ELSE '.' || replace(facet_words, ' ', ' .') END",
    "weight": "sales_count",
    **{name: name for name in FACETS},
}
# What of an entry is counted elsewhere: names, related, is_adult.
type Counted = tuple[str, Sequence[Sequence[str]], bool]

_COUNTED = ("names", "related", "is_adult")
_TABLES: tuple[type[Model], ...] = (SearchEntry, SearchWord, SearchVariant)
# What drops each of some tables' indexes, and what makes it again: those of constraints, too.
_INDEXES = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
  format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('p', 'u')
"""
_OF_WORDS = " USING gin "
# In the order of words, so that two changes never wait for each other in a circle.
_MOVE_WORD = """
INSERT INTO storefront_searchword (word, books) VALUES (%s, %s)
ON CONFLICT (word) DO UPDATE SET books = CASE
    WHEN storefront_searchword.books + %s > 0 THEN storefront_searchword.books + %s ELSE 0 END
"""


def _tiers_by(column: str) -> str:
    """`indexing.tiers_of`, said in SQL."""
    cases = " ".join(f"WHEN {column} >= {least} THEN {tier}" for tier, least in reversed(list(enumerate(TIERS, 1))))
    return f"substr('{indexing.tiers_of(TIERS[-1])}', 1, 2 + 3 * CASE {cases} ELSE 0 END)"


_MOVE_PERSON = f"""
UPDATE storefront_searchentry SET weight = weight + %s, tiers = {_tiers_by("(weight + %s)")}
WHERE kind = %s AND target = %s AND label = %s
"""  # noqa: S608 - our own words and numbers
_FOLLOW_SALES = f"""
UPDATE storefront_searchentry AS entry SET weight = listing.sales_count, tiers = {_tiers_by("listing.sales_count")}
FROM storefront_listing AS listing WHERE entry.listing_id = listing.id AND entry.weight <> listing.sales_count
"""  # noqa: S608 - our own words and numbers
_OF_LISTING["tiers"] = _tiers_by("sales_count")
# In the order of sales: each word of the index ends with the band of its entry, so that those which are met together
# are few, and who searches reads what sells best from the same pages.
_REFILL = f"""
INSERT INTO storefront_searchentry ({", ".join((*GIVEN, *_OF_LISTING))})
SELECT {", ".join(f"kept.{name}" for name in GIVEN)}, {", ".join(_OF_LISTING.values())}
FROM storefront_listing JOIN kept ON kept.listing_id = storefront_listing.id WHERE is_on_sale
ORDER BY sales_count DESC, storefront_listing.id
"""  # noqa: S608 - our own words and numbers


@transaction.atomic
def write(listings: Sequence[Listing]) -> None:
    """Let search know these listings as they are now stored; those off sale are forgotten. Safe to repeat."""
    mine = SearchEntry.objects.filter(listing__in=[one.pk for one in listings])
    old: list[Counted] = list(mine.values_list(*_COUNTED))
    mine.filter(listing__in=[one.pk for one in listings if not one.is_on_sale]).delete()
    entries = [SearchEntry(**indexing.entry_of(one)) for one in listings if one.is_on_sale]
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["listing"], update_fields=REPLACED, batch_size=_BATCH
    )
    _move(away=old, to=[(one.names, one.related, one.is_adult) for one in entries])


@transaction.atomic
def mend(keys: Sequence[int]) -> None:
    """The same for the listings of these keys as they are by then, whoever writes them meanwhile."""
    write(list(Listing.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")))


def follow_sales() -> int:
    """Order books by what they sold by now, in one statement; how many entries changed."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_SALES)
        return int(cursor.rowcount)


@transaction.atomic
def refill() -> None:
    """Make the entries of books anew from the listings where key, names and people of each are right already: counts
    of words, authors and series stay. On PostgreSQL, where searches wait meanwhile."""
    people = [field.attname for field in SearchEntry._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE storefront_searchentry")  # whoever writes books until then is done with them
        for name, columns, those in (("kept", GIVEN, "NOT NULL"), ("people", people, "NULL")):
            cursor.execute(
                f"CREATE TEMPORARY TABLE {name} AS SELECT {', '.join(columns)} "  # noqa: S608 - our own names
                f"FROM storefront_searchentry WHERE listing_id IS {those}"
            )
            cursor.execute(f"ANALYZE {name}")
        dropped = _emptied([SearchEntry])
        cursor.execute(_REFILL)
        cursor.execute(f"INSERT INTO storefront_searchentry ({', '.join(people)}) SELECT * FROM people")  # noqa: S608
        cursor.execute("DROP TABLE kept, people")
    _index(dropped)


@transaction.atomic
def rebuild() -> int:
    """Make everything anew from the listings; how many books there are. On PostgreSQL, searches wait meanwhile."""
    dropped = _emptied(_TABLES)
    books, words, people, learned = 0, Counter[str](), Counter[Person](), set[str]()
    for rows in batched(_stored(), _BATCH):
        entries = [indexing.entry_of(one) for one in rows]
        _insert(SearchEntry, list(entries[0]), ((*one.values(),) for one in entries))
        counted = [(one["names"], one["related"], one["is_adult"]) for one in entries]
        words.update(_words(counted))
        people.update(_people(counted))
        learned |= indexing.words_of(" ".join(names for names, _, _ in counted))
        books += len(entries)
    _insert(SearchWord, ["word", "books"], words.items())
    _insert(SearchVariant, ["word", "variant"], ((word, one) for word in sorted(learned) for one in variants(word)))
    SearchEntry.objects.bulk_create(
        (SearchEntry(**indexing.person_entry(person, count)) for person, count in people.items()), _BATCH
    )
    _index(dropped)
    return books


def _stored() -> Iterator[indexing.ListingLike]:
    """What is on sale, as far as entries are made of it, in the order of `_REFILL`."""
    rows = (
        Listing.objects.on_sale()
        .order_by("-sales_count", "pk")
        .values_list(*_STORED, *(f"details__{one}" for one in _DETAILS))
    )
    for row in rows.iterator(_BATCH):
        *values, authors, series = row
        details = {"authors": authors or [], "series": series or {}}
        yield SimpleNamespace(**dict(zip(_STORED, values, strict=True)), details=details)


def _emptied(models: Sequence[type[Model]]) -> list[str]:
    """Empty the tables. PostgreSQL fills indexes much sooner at once than row by row, so they are dropped: what makes
    them anew."""
    if connection.vendor != "postgresql":
        for model in models:
            model._default_manager.all().delete()
        return []
    connection.check_constraints()
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        cursor.execute(_INDEXES, [tables, tables])
        found = cursor.fetchall()
        for drop, _ in found:
            cursor.execute(drop)
    return [definition for _, definition in found]


def _index(definitions: Sequence[str]) -> None:
    """Make the indexes that were dropped, if any were."""
    if not definitions:
        return
    connection.check_constraints()  # no index is made while checks are outstanding
    with connection.cursor() as cursor:
        for statement in definitions:
            if _OF_WORDS not in statement:
                cursor.execute(statement)
        # PostgreSQL gathers words in a tree, which is filled sooner while it is small. So much it shares with one
        # process of its own (from version 18 on), on the core that has nothing to do meanwhile.
        cursor.execute("SET LOCAL maintenance_work_mem = '64MB'")
        for statement in definitions:
            if _OF_WORDS in statement:
                cursor.execute(statement)


def _insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """New rows, by the quickest way there is."""
    if connection.vendor != "postgresql":
        made = (model(**dict(zip(columns, row, strict=True))) for row in rows)
        model._default_manager.bulk_create(made, _BATCH)
        return
    sql = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row([json.dumps(value) if isinstance(value, list) else value for value in row])


def _move(*, away: Sequence[Counted], to: Sequence[Counted]) -> None:
    """Count the words and people of some books, and no longer those of others."""
    words, people = _words(to), _people(to)
    words.subtract(_words(away))
    people.subtract(_people(away))
    _move_words({word: by for word, by in sorted(words.items()) if by})
    _move_people({person: by for person, by in sorted(people.items()) if by})
    _learn(indexing.words_of(" ".join(names for names, _, _ in to)))


def _words(books: Iterable[Counted]) -> Counter[str]:
    return Counter(word for names, _, is_adult in books if not is_adult for word in indexing.words_of(names))


def _people(books: Iterable[Counted]) -> Counter[Person]:
    return Counter((kind, target, label) for _, related, _ in books for kind, target, label in related)


def _move_words(moves: Mapping[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE_WORD, [(word, max(by, 0), by, by) for word, by in moves.items()])


def _move_people(moves: Mapping[Person, int]) -> None:
    new = [SearchEntry(**indexing.person_entry(person, 0)) for person, by in moves.items() if by > 0]
    SearchEntry.objects.bulk_create(new, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE_PERSON, [(*[by] * (1 + len(TIERS)), *person) for person, by in moves.items()])
    left = [target for (_, target, _), by in moves.items() if by < 0]
    if left:
        SearchEntry.objects.filter(listing=None, target__in=left, weight=0).delete()


def _learn(words: set[str]) -> None:
    """Know the words under every spelling with a letter left out, so that a typo finds them."""
    known = SearchVariant.objects.filter(word__in=words, variant=F("word")).values_list("word", flat=True)
    new = sorted(words - set(known))
    rows = [SearchVariant(word=word, variant=variant) for word in new for variant in sorted(variants(word))]
    SearchVariant.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
