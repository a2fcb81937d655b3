"""Pages, and how much time they take."""

from __future__ import annotations

from tests.support.node import run_module

BOOK = """
import { makePagination } from "$/pagination.js";
const text = { blocks: [2, 1, 0, 3], characters: [1500, 100, 0, 2000] };
const pages = [[0, 0], [0, 1024], [3, 448], [4, 300]];
const toc = [[0, 0], [2, 0], null, [3, 600]];
const book = makePagination({ pages, labels: null, toc }, text);
"""


class TestPagination:
    def test_a_place_is_on_the_page_that_begins_before_it(self) -> None:
        script = (
            BOOK + "answer([[0, 0], [0, 1023], [0, 1024], [2, 99], [3, 448], [9, 0]].map((at) => book.pageAt(...at)));"
        )
        assert run_module(script) == [0, 0, 1, 1, 2, 3]

    def test_counts_the_pages_left_in_a_chapter(self) -> None:
        """The first chapter ends within the second page, where the second one is and the last begins."""
        script = (
            BOOK + "answer([book.pagesLeft(0, 0), book.pagesLeft(0, 1), book.pagesLeft(1, 1), book.pagesLeft(3, 1)]);"
        )
        assert run_module(script) == [1, 0, 0, 2]

    def test_knows_pages_by_name(self) -> None:
        script = (
            BOOK
            + """const print = makePagination({ pages, labels: ["xi", "xii", "1", "2"], toc }, text);
            answer([book.named(" 4 "), book.named("5"), book.label(0),
                    print.named("XII"), print.named("3"), print.last]);"""
        )
        assert run_module(script) == [3, -1, "1", 1, -1, "2"]

    def test_contents_have_pages(self) -> None:
        assert run_module(BOOK + "answer(book.contents);") == [0, 1, None, 2]

    def test_characters_left(self) -> None:
        script = BOOK + "answer([book.charactersLeft(0, 1000), book.charactersLeft(3, 5000)]);"
        assert run_module(script) == [{"chapter": 500, "book": 2600}, {"chapter": 0, "book": 0}]


PACE = """
import { makePace } from "$/pace.js";
const kept = {};
const storage = { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) };
const pace = makePace("en-GB", storage);
let [character, at] = [0, 0];
const read = (characters, seconds) => pace.turned((character += characters), (at += 1000 * seconds));
pace.reset(0, 0);
"""


class TestPace:
    def test_is_the_median_once_there_are_five_turns(self) -> None:
        script = (
            PACE
            + """
        const told = [];
        for (const seconds of [60, 60, 30, 60, 100]) { told.push(pace.minutes(3000)); read(1000, seconds); }
        told.push(pace.minutes(3000), makePace("en", storage).minutes(3000), makePace("ja", storage).minutes(3000));
        answer(told);"""
        )
        assert run_module(script) == [None] * 5 + [3, 3, None]

    def test_leafing_breaks_jumps_and_turning_back_do_not_count(self) -> None:
        script = (
            PACE
            + """
        for (let n = 0; n < 9; n += 1) {
          read(1000, 2.9); read(1000, 181); read(-500, 60); pace.reset(); read(1000, 60);
        }
        answer([pace.minutes(1), kept]);"""
        )
        assert run_module(script) == [None, {}]

    def test_only_the_last_twenty_turns_count(self) -> None:
        script = (
            PACE
            + """
        for (let n = 0; n < 30; n += 1) read(1000, 60);
        for (let n = 0; n < 20; n += 1) read(2000, 60);
        answer(pace.minutes(2000));"""
        )
        assert run_module(script) == 1

    def test_a_damaged_store_is_no_obstacle(self) -> None:
        script = (
            PACE
            + """
        kept["reader-pace"] = '{"en": 7'; const damaged = makePace("en", storage);
        kept["reader-pace"] = '{"en": {"a": 1}}';
        answer([damaged.minutes(1), makePace("en", storage).minutes(1)]);"""
        )
        assert run_module(script) == [None, None]
