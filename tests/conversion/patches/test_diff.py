"""Patches from a block's words in the base and now; undone in any order they leave no trace."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from conversion.engine.book.model import Emphasis, Inline, Link, NoteRef, Strong, Text
from conversion.engine.patches import Base, Patch, Piece, UnknownNode, base_of, patched, revised, words_patches
from conversion.engine.patches.leaves import key_of
from conversion.engine.patches.pieces import inlines_of, pieces_of
from conversion.engine.patches.words import Word, pieces_of_words, text_of, words_of

from .samples import LINES, book_of, paragraph

VOCABULARY = ("the", "a", "of", "and", "sea", "lamp", "went", "out", "he", "—", "“yes”", "no,", "海", "は夜", "end.")
MARKS = ((), (), (), (("emphasis",),), (("strong",),), (("emphasis",), ("link", "https://example.org/")))


def base_and_patches(before: Sequence[Inline] | str, now: Sequence[Piece]) -> tuple[Base, list[Patch]]:
    block = paragraph(before) if isinstance(before, str) else paragraph(*before)
    base = base_of(book_of([block, *LINES]))
    return base, words_patches(base, 0, now)


class TestWordsPatches:
    def test_no_change_is_no_patch(self) -> None:
        assert base_and_patches(LINES[0], [Piece(LINES[0])])[1] == []

    def test_one_word_is_one_patch_of_one_word(self) -> None:
        _, (patch,) = base_and_patches("The lamp went out.", [Piece("The lamps went out.")])
        assert (patch.anchor.start, patch.anchor.end) == (1, 2)
        assert (patch.edit.old, patch.edit.new) == ((Piece("lamp "),), (Piece("lamps "),))

    def test_a_word_put_in_takes_none_away(self) -> None:
        _, (patch,) = base_and_patches("The lamp went out.", [Piece("The old lamp went out.")])
        assert (patch.anchor.start, patch.anchor.end) == (1, 1)

    def test_two_places_are_two_patches(self) -> None:
        _, found = base_and_patches("The lamp went out at four.", [Piece("A lamp went out at five.")])
        assert [(one.anchor.start, one.anchor.end) for one in found] == [(0, 1), (5, 6)]

    def test_marks_alone_are_a_patch(self) -> None:
        now = [Piece("The "), Piece("lamp", (("emphasis",),)), Piece(" went out.")]
        _, (patch,) = base_and_patches("The lamp went out.", now)
        assert patch.edit.new == (Piece("lamp", (("emphasis",),)), Piece(" "))

    def test_a_note_mark_that_moved_makes_one_patch(self) -> None:
        before = [Text("The lamp"), NoteRef("n"), Text(" went out at four, and the keeper slept.")]
        book = book_of([paragraph(*before), *LINES])
        mark = pieces_of(before, key_of(book))[1]
        now = [Piece("The lamp went out at four"), mark, Piece(", and the keeper slept.")]
        base = base_of(book)
        found = words_patches(base, 0, now)
        assert len(found) == 1
        assert text_of(patched(base.blocks[0].words, found)) == "".join(piece.text for piece in now)

    def test_a_node_from_elsewhere_is_refused(self) -> None:
        with pytest.raises(UnknownNode):
            base_and_patches("The lamp.", [Piece("The lamp."), Piece("\ufffc", kept="note:0123456789abcdef")])


class TestRevised:
    def test_an_edit_that_touches_one_revises_it(self) -> None:
        before = "The lamp went out at four, and the keeper slept."
        base, known = base_and_patches(before, [Piece("The lamps went out at four, and the keeper snored.")])
        now = words_patches(base, 0, [Piece("The old lamps went out at four, and the keeper snored.")])
        result = revised(known, now)
        assert result.kept == [known[1]]
        assert [patch.revises for patch in result.made] == [known[0].identity]
        assert result.dropped == [known[0]]

    def test_one_that_was_typed_back_is_dropped(self) -> None:
        before = "The lamp went out at four."
        base, known = base_and_patches(before, [Piece("The lamps went out at four.")])
        result = revised(known, words_patches(base, 0, [Piece(before)]))
        assert (result.kept, result.made, result.dropped) == ([], [], known)


# ---------------------------------------------------------------- any block, any edits, any order

type Undo = Callable[[Sequence[Word], Sequence[Word], Patch, Sequence[Patch]], Sequence[Word]]


def without(base: Sequence[Word], now: Sequence[Word], patch: Patch, left: Sequence[Patch]) -> Sequence[Word]:
    """Undo by building without the patch."""
    return patched(base, left)


def put_back(base: Sequence[Word], now: Sequence[Word], patch: Patch, left: Sequence[Patch]) -> Sequence[Word]:
    """The toy: put "before" back for "after", where it is found first."""
    text = text_of(now)
    before = "".join(piece.text for piece in patch.edit.old)
    after = "".join(piece.text for piece in patch.edit.new)
    return words_of([Piece(text.replace(after, before, 1))])


def some_pieces(chance: random.Random, length: int) -> list[Piece]:
    found = []
    for _ in range(length):
        gap = chance.choice((" ", " ", " ", "\u00a0", "  "))
        found.append(Piece(chance.choice(VOCABULARY) + gap, chance.choice(MARKS)))
    if found:
        found[-1] = Piece(found[-1].text.strip(), found[-1].marks)
    return found


def edited(pieces: Sequence[Piece], chance: random.Random) -> list[Piece]:
    now = list(pieces)
    for _ in range(chance.randint(0, 8)):
        at = chance.randrange(len(now) + 1)
        luck = chance.random()
        if luck < 0.3:
            now[at:at] = some_pieces(chance, chance.randint(1, 3))
        elif luck < 0.6:
            now[at : at + 1] = some_pieces(chance, 1)
        elif luck < 0.9:
            del now[at : at + chance.randint(1, 3)]
        else:
            now[at : at + 2] = [Piece(piece.text, chance.choice(MARKS)) for piece in now[at : at + 2]]
    return now


def normal(pieces: Sequence[Piece]) -> list[Piece]:
    return pieces_of_words(words_of(pieces))


def one_round(chance: random.Random, undo: Undo) -> tuple[bool, int]:
    """Edit a block, apply all patches, undo all in random order. Return whether it held, and how many there were."""
    before = some_pieces(chance, chance.randint(1, 24))
    now = edited(before, chance)
    base = base_of(book_of([paragraph(*inlines_of(before))]))
    words = base.blocks[0].words
    left = words_patches(base, 0, now)
    count = len(left)
    spans = [(patch.anchor.start, patch.anchor.end) for patch in left]
    assert all(end < start for (_, end), (start, _) in pairwise(spans)), spans
    current: Sequence[Word] = patched(words, left)
    held = pieces_of_words(current) == normal(now)
    chance.shuffle(left)
    while left:
        patch = left.pop()
        current = undo(words, current, patch, left)
        expected = text_of(patched(words, left))
        held = held and text_of(current) == expected
    return held and text_of(current) == text_of(words), count


def broken(rounds: int, undo: Undo) -> tuple[int, int]:
    chance = random.Random("undo in any order")
    results = [one_round(chance, undo) for _ in range(rounds)]
    return sum(not held for held, _ in results), sum(count for _, count in results)


def test_undone_in_any_order_they_were_never_there() -> None:
    failed, patches = broken(300, without)
    assert failed == 0
    assert patches > 500


@pytest.mark.nightly
def test_undone_in_any_order_they_were_never_there_20000_times() -> None:
    failed, patches = broken(20_000, without)
    assert failed == 0
    assert patches > 35_000


def test_putting_before_back_for_after_is_caught() -> None:
    failed, _ = broken(300, put_back)
    assert failed > 30


def test_inlines_and_pieces_are_the_same_text() -> None:
    inlines = [Text("One "), Emphasis([Text("two "), Strong([Text("three")])]), Link([Text(" four")], "#c1")]
    book = book_of([paragraph(*inlines)])
    assert inlines_of(pieces_of(inlines, key_of(book))) == inlines
