"""Pairs of blocks and runs of characters between two versions of a text."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.align import EditionMap, Pair, PairKind, Span, align
from conversion.engine.align.tokens import Vocabulary, words_between
from conversion.engine.edition_text import fold

LINES = (
    "It is a truth universally acknowledged that a harbour in winter belongs to nobody.",
    "The lamp went out at four, and the keeper slept through the hour when the mail boat passed.",
    "“Who is there?” asked the girl who had brought the oil, and she set down both her cans.",
    "Nobody answered but the wind, which had much to say that night of ships and their masters.",
    "In the morning they found a hat upon the stones, a good one, lined with yellow silk.",
    "He said he had bought it in a town whose name he would not tell for any money.",
)
BLOCKS = st.lists(st.sampled_from([*LINES, "* * *", "Yes.", "吾輩は猫である。名前はまだ無い。"]), max_size=12)


def pairs(edition_map: EditionMap) -> list[tuple[int, int, str]]:
    return [(pair.old, pair.new, pair.kind.value) for pair in edition_map.all_pairs()]


def carried(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """What the runs and spans say: characters there, characters here."""
    aligned = align(old, new)
    return [
        (
            old[run.old][run.old_start : run.old_start + run.length],
            new[run.new][run.new_start : run.new_start + run.length],
        )
        for block, text in enumerate(old)
        for run in aligned.runs_of(block, len(text))
    ]


class TestAlign:
    def test_equal_editions_are_one_span(self) -> None:
        aligned = align(LINES, LINES)
        assert aligned.spans == (Span(0, 0, 6, moved=False),)
        assert (aligned.runs, aligned.changes, aligned.pairs) == ((), (), ())

    def test_a_foreword_shifts_all(self) -> None:
        assert align(LINES, ["Foreword", *LINES]).spans == (Span(0, 1, 6, moved=False),)

    def test_quotation_marks_and_dashes_of_the_same_length_change_nothing(self) -> None:
        assert align([LINES[2]], [LINES[2].replace("“", "«").replace("”", "»")]).spans == (Span(0, 0, 1, moved=False),)

    def test_other_marks_leave_runs_between_them(self) -> None:
        assert carried(["One -- two"], ["One — two"]) == [("One", "One"), ("two", "two")]

    def test_a_moved_block(self) -> None:
        new = [*LINES[1:5], LINES[0], LINES[5]]
        assert (0, 4, "moved") in pairs(align(LINES, new))

    def test_a_moved_and_changed_block(self) -> None:
        new = [*LINES[1:5], LINES[0].replace("winter", "summer"), LINES[5]]
        aligned = align(LINES, new)
        assert aligned.pairs == (Pair(0, 4, PairKind.MOVED, 93),)
        assert aligned.changes[0][1:3] == (57, 63)

    def test_a_split_block(self) -> None:
        first, _, second = LINES[1].partition(", ")
        aligned = align(LINES, [LINES[0], first, second, *LINES[2:]])
        assert pairs(aligned)[1:3] == [(1, 1, "split"), (1, 2, "split")]

    def test_joined_blocks(self) -> None:
        aligned = align(LINES, [LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]])
        assert pairs(aligned)[1:3] == [(1, 1, "joined"), (2, 1, "joined")]

    def test_halves_that_changed_places(self) -> None:
        first, second = LINES[1], LINES[3]
        words = [here for here, _ in carried([f"{first} {second}"], [f"{second} {first}"])]
        assert sorted(words) == sorted([first.rstrip("."), second.rstrip(".")]) or sorted(words) == sorted(
            [first, second]
        )

    def test_a_sentence_that_went_to_another_block(self) -> None:
        old = [f"{LINES[0]} {LINES[1]}", *LINES[2:]]
        new = [LINES[0], *LINES[2:5], f"{LINES[5]} {LINES[1]}"]
        assert any(LINES[1].rstrip(".") in here for here, _ in carried(old, new))

    def test_a_twin_keeps_its_own_neighbours(self) -> None:
        old = [*LINES[:2], "Yes, he said.", *LINES[2:4], "Yes, he said.", *LINES[4:]]
        new = [*LINES[:2], "Yes, he siad.", *LINES[2:4], "Yes, he said.", *LINES[4:]]
        aligned = align(old, new)
        assert [(pair.old, pair.new) for pair in aligned.all_pairs()] == [(block, block) for block in range(8)]

    def test_twins_that_are_both_edited_stay_where_they_are(self) -> None:
        """Though the first is more like what became of the second."""
        twin = LINES[1]
        old = [LINES[0], twin, *LINES[2:4], twin.replace("mail", "last"), *LINES[4:]]
        first = twin.replace("lamp", "light").replace("keeper", "guard").replace("hour", "night")
        aligned = align(old, [LINES[0], first, *LINES[2:4], twin.replace("four", "five"), *LINES[4:]])
        assert [(pair.old, pair.new) for pair in aligned.all_pairs()] == [(block, block) for block in range(7)]

    def test_a_moved_chapter_takes_its_common_lines_along(self) -> None:
        chapter = [LINES[0], "Yes.", LINES[1], "Yes."]
        rest = [LINES[2], "Yes.", LINES[3], "Yes.", LINES[4], LINES[5]]
        aligned = align([*chapter, *rest], [*rest, *chapter])
        assert aligned.spans == (Span(0, 6, 4, moved=True), Span(4, 0, 6, moved=False))

    def test_words_in_common_by_chance_are_none(self) -> None:
        old, new = (
            "He walked slowly down the long grey street again",
            "Nobody ever knew whether the queen had been there",
        )
        assert carried([LINES[0], old, LINES[1]], [LINES[0], new, LINES[1]])[1:-1] == []

    def test_a_renamed_heading_is_paired_by_its_place(self) -> None:
        aligned = align([*LINES[:2], "Chapter Two", *LINES[2:]], [*LINES[:2], "A hat", *LINES[2:]])
        assert aligned.pairs == (Pair(2, 2, PairKind.ONE, 0),)
        assert not any(change.alike for change in aligned.changes)

    def test_what_is_dropped_has_no_partner(self) -> None:
        aligned = align(LINES, [*LINES[:2], *LINES[3:]])
        assert 2 not in {pair.old for pair in aligned.all_pairs()}

    def test_a_typo_is_a_change_and_another_word_is_not_alike(self) -> None:
        aligned = align(["the quick brown fox jumps"], ["the quikc brown cat jumps"])
        assert [(change.old_start, change.alike) for change in aligned.changes] == [(4, True), (16, False)]

    @pytest.mark.parametrize(
        "text", ["吾輩は猫である。名前はまだ無い。", "แมวตัวนี้ไม่มีชื่อ", "ແມວໂຕນີ້ບໍ່ມີຊື່", "ឆ្មានេះគ្មានឈ្មោះ", "ဒီကြောင်မှာနာမည်မရှိဘူး"]
    )
    def test_scripts_without_spaces_go_by_character(self, text: str) -> None:
        inside = len(text) // 2
        old, new = [text], [text[:inside] + "X" + text[inside:]]
        assert carried(old, new) == [
            (text[:inside].rstrip("。"), text[:inside].rstrip("。")),
            (text[inside:].rstrip("。"),) * 2,
        ]

    @pytest.mark.parametrize(("old", "new"), [([], []), ([], ["a"]), (["a"], []), (["", "—"], ["—", ""])])
    def test_nothing_is_no_trouble(self, old: list[str], new: list[str]) -> None:
        assert align(old, new).old_blocks == len(old)

    def test_equal_cells_without_end_are_no_trap(self) -> None:
        chance = random.Random(1)
        old = [chance.choice(("0", "1", "x")) for _ in range(6000)]
        new = [chance.choice(("0", "1", "x")) for _ in range(6000)]
        start = time.process_time()
        align(old, new)
        assert time.process_time() - start < 10


class TestProperties:
    @given(BLOCKS, BLOCKS)
    @settings(max_examples=200, deadline=None)
    def test_no_character_is_in_two_runs(self, old: list[str], new: list[str]) -> None:
        aligned = align(old, new)
        here: set[tuple[int, int]] = set()
        there: set[tuple[int, int]] = set()
        for block, text in enumerate(old):
            for run in aligned.runs_of(block, len(text)):
                for index in range(run.length):
                    assert (block, run.old_start + index) not in here
                    assert (run.new, run.new_start + index) not in there
                    here.add((block, run.old_start + index))
                    there.add((run.new, run.new_start + index))
                before = text[run.old_start : run.old_start + run.length]
                after = new[run.new][run.new_start : run.new_start + run.length]
                assert _words(before) == _words(after)

    @given(BLOCKS, BLOCKS)
    @settings(max_examples=100, deadline=None)
    def test_comes_back_from_bytes(self, old: list[str], new: list[str]) -> None:
        aligned = align(old, new)
        assert EditionMap.from_bytes(aligned.to_bytes()) == aligned
        assert align(old, new).to_bytes() == aligned.to_bytes()

    @given(BLOCKS)
    def test_the_identity_is_all_spans(self, blocks: list[str]) -> None:
        assert sum(span.length for span in align(blocks, blocks).spans) == len(blocks)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Don’t—he said—stop", ["Don’t", "he", "said", "stop"]),
            ("हिन्दी में", ["हिन्दी", "में"]),
            ("مَرْحَبًا، بالعالم", ["مَرْحَبًا", "بالعالم"]),
            ("第3章 Café", ["第", "3", "章", "Café"]),
            ("한국어 단어", ["한국어", "단어"]),
        ],
    )
    def test_are_found_in_any_script(self, text: str, words: list[str]) -> None:
        assert [text[start:end] for start, end in words_between(text, 0, len(text))] == words

    def test_a_block_of_marks_is_one_word(self) -> None:
        assert [word[1:] for word in Vocabulary().words("* * *")] == [(0, 5)]


def _words(text: str) -> list[str]:
    return [fold(text[start:end]) for start, end in words_between(text, 0, len(text))]
