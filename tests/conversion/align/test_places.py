"""Where notes and points of an edition stand in the next."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversion.engine.align import Anchor, AnchorState, EditionMap, Placer, Position, align
from tests.conversion.align.edits import Editor, edition
from tests.conversion.align.test_align import BLOCKS, LINES

VOCABULARY = " ".join(LINES).lower().split()


def placer(old: Sequence[str], new: Sequence[str]) -> Placer:
    return Placer(EditionMap.from_bytes(align(old, new).to_bytes()), old, new)


def found(old: Sequence[str], new: Sequence[str], quote: str) -> tuple[Anchor, str]:
    """The anchor of a quotation of the old text, and the words it stands on."""
    block = next(index for index, text in enumerate(old) if quote in text)
    start = old[block].index(quote)
    anchor = placer(old, new).place(Position(block, start), Position(block, start + len(quote)))
    return anchor, text_of(new, anchor)


def text_of(texts: Sequence[str], anchor: Anchor) -> str:
    if anchor.start is None or anchor.end is None:
        return ""
    if anchor.start.block == anchor.end.block:
        return texts[anchor.start.block][anchor.start.offset : anchor.end.offset]
    between = texts[anchor.start.block + 1 : anchor.end.block]
    return "|".join(
        [texts[anchor.start.block][anchor.start.offset :], *between, texts[anchor.end.block][: anchor.end.offset]]
    )


class TestPlace:
    def test_exact_behind_a_foreword(self) -> None:
        anchor, words = found(LINES, ["Foreword", "Much was new.", *LINES], "the keeper slept")
        assert (anchor.state, words, anchor.score) == (AnchorState.EXACT, "the keeper slept", 1.0)

    def test_exact_though_marks_around_and_between_changed(self) -> None:
        new = [line.replace("“", "« ").replace("”", " »").replace(",", ";") for line in LINES]
        anchor, words = found(LINES, new, "asked the girl who had brought the oil, and she")
        assert anchor.state is AnchorState.EXACT
        assert words == "asked the girl who had brought the oil; and she"

    def test_exact_in_the_half_of_a_split_block(self) -> None:
        first, second = LINES[1].split(", and ")
        anchor, words = found(LINES, [LINES[0], first, f"and {second}", *LINES[2:]], "the keeper slept")
        assert (anchor.state, words) == (AnchorState.EXACT, "the keeper slept")

    def test_exact_over_two_blocks(self) -> None:
        anchor = placer(LINES, ["New", *LINES]).place(Position(1, 80), Position(2, 20))
        assert anchor == Anchor(AnchorState.EXACT, Position(2, 80), Position(3, 20), 1.0)

    def test_exact_where_two_blocks_were_joined(self) -> None:
        new = [LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]]
        anchor = placer(LINES, new).place(Position(1, 80), Position(2, 20))
        assert (anchor.state, text_of(new, anchor)) == (AnchorState.EXACT, f"{LINES[1][80:]} {LINES[2][:20]}")

    def test_moved(self) -> None:
        new = [*LINES[1:5], LINES[0], LINES[5]]
        anchor, words = found(LINES, new, "a harbour in winter")
        assert (anchor.state, words) == (AnchorState.MOVED, "a harbour in winter")

    def test_changed_inside(self) -> None:
        new = [line.replace("went out at four", "burned low and went out at half past four") for line in LINES]
        anchor, words = found(LINES, new, "The lamp went out at four, and")
        assert anchor.state is AnchorState.CHANGED
        assert words == "The lamp burned low and went out at half past four, and"

    def test_changed_by_a_typo_at_its_edge(self) -> None:
        new = [line.replace("upon the stones", "upon the sotnes") for line in LINES]
        anchor, words = found(LINES, new, "a hat upon the stones")
        assert (anchor.state, words) == (AnchorState.CHANGED, "a hat upon the sotnes")

    def test_changed_for_one_word_that_was_spelled_otherwise(self) -> None:
        anchor, words = found(LINES, [line.replace("harbour", "harbor") for line in LINES], "harbour")
        assert (anchor.state, words) == (AnchorState.CHANGED, "harbor")

    def test_unplaced_when_another_word_took_its_place(self) -> None:
        anchor, words = found(LINES, [line.replace("harbour", "castle") for line in LINES], "harbour")
        assert (anchor.state, words) == (AnchorState.UNPLACED, "")

    def test_unplaced_when_most_words_are_gone(self) -> None:
        new = [line.replace("the keeper slept through the hour", "he dreamt of other things, far") for line in LINES]
        anchor, _ = found(LINES, new, "and the keeper slept through the hour when")
        assert (anchor.state, anchor.start) == (AnchorState.UNPLACED, None)
        assert anchor.score < 0.5

    def test_unplaced_between_two_places_as_good(self) -> None:
        new = ["It is a truth universally", *LINES[1:4] * 3, "acknowledged that a harbour", *LINES[4:]]
        anchor, _ = found(LINES, new, "is a truth universally acknowledged that a harbour")
        assert anchor.state is AnchorState.UNPLACED

    def test_goes_to_the_larger_part(self) -> None:
        new = ["It is a truth universally acknowledged that a harbour", *LINES[1:], "in winter belongs to nobody."]
        anchor, words = found(LINES, new, "a truth universally acknowledged that a harbour in winter")
        assert (anchor.state, words) == (AnchorState.CHANGED, "a truth universally acknowledged that a harbour")

    def test_part_of_a_word(self) -> None:
        anchor, words = found(LINES, ["New", *LINES], "keep")
        assert (anchor.state, words) == (AnchorState.EXACT, "keep")

    def test_marks_alone(self) -> None:
        old = [*LINES[:3], "* * *", *LINES[3:]]
        anchor, words = found(old, ["New", *old], "* * *")
        assert (anchor.state, words) == (AnchorState.EXACT, "* * *")
        assert found(old, ["New", *LINES], "* * *")[0].state is AnchorState.UNPLACED

    def test_marks_alone_over_two_blocks(self) -> None:
        old = ["* * *", LINES[2]]
        anchor = placer(old, ["New", *old]).place(Position(0, 0), Position(1, 1))
        assert anchor == Anchor(AnchorState.EXACT, Position(1, 0), Position(2, 1), 1.0)

    def test_astral_characters_count_once(self) -> None:
        anchor, words = found(["𠮷野家で会う。", *LINES], [LINES[0], "🍜𠮷野家で会う。", *LINES[1:]], "野家")
        assert (anchor.start, words) == (Position(1, 2), "野家")

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ((9, 0), (9, 9)),
            ((0, 900), (0, 950)),
            ((2, 5), (1, 5)),
            ((-1, 0), (-1, 4)),
            ((3, 3), (3, 3)),
            ((2, 90), (3, 0)),
        ],
    )
    def test_a_range_that_is_none_is_unplaced(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        anchor = placer(LINES, LINES).place(Position(*start), Position(*end))
        assert anchor.state is AnchorState.UNPLACED

    def test_nothing_can_be_placed_in_nothing(self) -> None:
        assert placer(LINES, []).place(Position(0, 0), Position(0, 9)).state is AnchorState.UNPLACED
        assert placer([], LINES).place(Position(0, 0), Position(0, 9)).state is AnchorState.UNPLACED


class TestPoint:
    def test_inside_what_stayed(self) -> None:
        assert placer(LINES, ["New", *LINES]).point(Position(3, 17)) == Position(4, 17)

    def test_in_a_gap_goes_to_the_nearest_word_that_stayed(self) -> None:
        new = [line.replace("went out at four", "was lit") for line in LINES]
        assert placer(LINES, new).point(Position(1, 22)).block == 1

    def test_in_a_dropped_block_goes_to_the_following(self) -> None:
        assert placer(LINES, [*LINES[:2], *LINES[3:]]).point(Position(2, 30)) == Position(2, 0)

    def test_in_the_last_block_dropped_goes_to_the_end_of_the_one_before(self) -> None:
        assert placer(LINES, LINES[:5]).point(Position(5, 30)) == Position(4, len(LINES[4]))

    def test_in_a_renamed_heading_stays_there(self) -> None:
        old, new = [LINES[0], "Chapter", LINES[1]], [LINES[0], "The Hat", LINES[1]]
        assert placer(old, new).point(Position(1, 0)) == Position(1, 0)

    def test_without_anything_in_common_keeps_its_share(self) -> None:
        old, new = ["abc def"] * 4, ["吾輩は猫である"] * 8
        assert placer(old, new).point(Position(2, 0)).block in (3, 4)

    def test_in_no_text_at_all(self) -> None:
        assert placer(LINES, []).point(Position(3, 3)) == Position(0, 0)
        assert placer([], LINES).point(Position(3, 3)) == Position(0, 0)

    @given(BLOCKS, BLOCKS, st.integers(-1, 13), st.integers(-1, 200))
    @settings(max_examples=200, deadline=None)
    def test_never_fails(self, old: list[str], new: list[str], block: int, offset: int) -> None:
        point = placer(old, new).point(Position(block, offset))
        assert point == (0, 0) or 0 <= point.offset <= len(new[point.block])


class TestProperties:
    @given(BLOCKS, st.data())
    @settings(max_examples=200, deadline=None)
    def test_the_identity_places_every_range_exactly(self, blocks: list[str], data: st.DataObject) -> None:
        ends = [Position(block, offset) for block, text in enumerate(blocks) for offset in range(len(text) + 1)]
        if not ends:
            return
        start, end = sorted((data.draw(st.sampled_from(ends)), data.draw(st.sampled_from(ends))))
        anchor = placer(blocks, blocks).place(start, end)
        if text_of(blocks, Anchor(AnchorState.EXACT, start, end, 1.0)).strip("|"):
            wanted = text_of(blocks, Anchor(AnchorState.EXACT, start, end, 1.0)).strip("|")
            assert text_of(blocks, anchor) == wanted
            assert anchor.state is AnchorState.EXACT

    @given(st.integers(0, 10_000), st.integers(1, 12))
    @settings(max_examples=60, deadline=None)
    def test_a_note_whose_words_no_edit_touched_stands_on_them(self, seed: int, edits: int) -> None:
        chance = random.Random(seed)
        first = edition([(0, " ".join(chance.choices(VOCABULARY, k=chance.randint(8, 30)))) for _ in range(18)])
        editor = Editor(first, chance)
        # New words are none of the book's: of two "the" nobody can say which one is the old one.
        editor.vocabulary = [f"{letter}{letter}x" for letter in "abcdefghijklm"]
        for _ in range(edits):
            chance.choice([editor.typo, editor.insert, editor.split, editor.move, editor.rewrite])()
        old, new = first.texts(), editor.book.texts()
        place = placer(old, new)
        texts = editor.book.words()
        for block, paragraph in enumerate(first.paragraphs):
            ids = [word.id for word in paragraph.words]
            for index in range(0, len(ids) - 6, 3):
                kept = [number for number in ids[index : index + 6] if number in texts]
                anchor = place.place(
                    Position(block, paragraph.span(index, index + 5)[0]),
                    Position(block, paragraph.span(index, index + 5)[1]),
                )
                if _stand_together(editor.book.paragraphs, ids[index : index + 6], first.words()):
                    assert anchor.start is not None
                    assert anchor.end is not None
                    assert editor.book.words_in(anchor.start, anchor.end) == kept


def _stand_together(paragraphs: Sequence, ids: list[int], texts: dict[int, str]) -> bool:
    """Whether the words stand unchanged, one after the other, in one paragraph."""
    for paragraph in paragraphs:
        numbers = [word.id for word in paragraph.words]
        if ids[0] in numbers:
            start = numbers.index(ids[0])
            words = paragraph.words[start : start + len(ids)]
            return [word.id for word in words] == ids and all(word.text == texts[word.id] for word in words)
    return False
