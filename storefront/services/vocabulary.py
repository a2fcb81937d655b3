"""The words of titles and names that search mends typos with."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection

from storefront.selectors.folding import LONGEST_WORD

# Each word under itself and under every spelling with one letter left out, as `folding.variants` has it. In order, so
# that two shops' worth of words never wait for each other in a circle.
_SPELLINGS = """
    INSERT INTO storefront_searchvariant (word, variant)
    SELECT DISTINCT w.word,
        CASE n.i WHEN 0 THEN w.word ELSE substr(w.word, 1, n.i - 1) || substr(w.word, n.i + 1) END AS variant
    FROM w, n
    WHERE n.i <= length(w.word)
      AND NOT EXISTS (SELECT 1 FROM storefront_searchvariant AS known WHERE known.word = w.word)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING"""
_PLACES = {
    "postgresql": "SELECT generate_series(0, %s)",
    "sqlite": "SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %s",
}
_WORDS = {"postgresql": "SELECT unnest(%s::text[])", "sqlite": "SELECT value FROM json_each(%s)"}


def learn_words(words: Iterable[str]) -> None:
    """Remember (folded) words under each spelling with a letter left out, in one statement."""
    given = sorted(set(words))
    if given:
        vendor = connection.vendor
        sources = f"WITH RECURSIVE w (word) AS ({_WORDS[vendor]}), n (i) AS ({_PLACES[vendor]})"
        with connection.cursor() as cursor:
            cursor.execute(sources + _SPELLINGS, [given if vendor == "postgresql" else json.dumps(given), LONGEST_WORD])
