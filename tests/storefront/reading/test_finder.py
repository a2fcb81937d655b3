"""Search in the browser finds what the server finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from conversion.engine.edition_text import EditionText, TextBlock
from storefront.reading.selectors import book_search
from tests.support.node import run_module

BLOCKS = [
    (0, "The Harbour"),
    (0, "Rain fell on the quay; 𠮷 rain fell on the Straße, and “rain”—only rain—fell on the masts of the Maßstab."),
    (1, "Café, CAFE\u0301s and o\ufb03ces. が か 吾輩は猫である。名前はまだ無い。"),
    (2, "rain and more " * 60 + "end"),
]
QUERIES = [
    "rain",
    "RAIN fell",
    *["s", "ss", "strasse", '"rain"-only', "offices", "cafe", "か", "猫である", "𠮷", "xyz", "e"],
]
SCRIPT = """
import { foundByServer, makeFinder } from "$/finder.js";
const finder = makeFinder(given.blocks);
const all = (found) => Array.from({ length: found.count }, (_, number) => Object.values(found.hit(number)));
answer(given.queries.map((query) => all(finder.find(query))));
"""


def given(value: Any) -> str:
    return f"const given = {json.dumps(value)};"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[book_search.Found]]:
    text = EditionText(tuple(TextBlock(*block) for block in BLOCKS))
    monkeypatch.setattr(book_search, "archive_text", lambda file: text)
    book_search._folded.cache_clear()
    yield [book_search.search_book("any", query) for query in QUERIES]
    book_search._folded.cache_clear()


class TestFinder:
    def test_finds_what_the_server_finds(self, answers: list[book_search.Found]) -> None:
        found = run_module(given({"blocks": BLOCKS, "queries": QUERIES}) + SCRIPT)
        for query, browsers, servers in zip(QUERIES, found, answers, strict=True):
            expected: list[Any] = [
                [hit.block, hit.start, hit.end, hit.part, hit.before, hit.words, hit.after] for hit in servers.hits
            ]
            assert browsers == expected, query
        assert [len(hits) for hits in found][:4] == [64, 2, 8, 2]

    def test_knows_the_hits_of_a_chapter(self) -> None:
        script = """
        import { foundByServer, makeFinder } from "$/finder.js";
        const found = makeFinder(given).find("rain");
        const ofServer = { count: 5, hits: [[1, 0, 4, 0, "", "Rain", ""], [3, 0, 4, 2, "", "rain", ""]] };
        answer([found.between(0, 2), found.between(2, 3), found.between(3, 99).length,
              foundByServer(ofServer).between(0, 2), foundByServer(ofServer).between(2, 9)]);
        """
        assert run_module(given(BLOCKS) + script) == [[0, 1, 2, 3], [], 60, [0], [1]]
