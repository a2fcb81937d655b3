"""Words of a base where people see them, and back: through corrections, splits and joins."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from conversion.engine.editing import Places, WordsPlace, chapter_of, chapters_of, places_of
from conversion.engine.editing.document import TEXTS, every
from conversion.engine.patches import (
    Base,
    InsertEdit,
    JoinEdit,
    NewBlock,
    Patch,
    Piece,
    RemoveEdit,
    SplitEdit,
    base_of,
    words_patches,
)
from tests.conversion.books import rich_book
from tests.conversion.editing.wanted import Author, save
from tests.conversion.patches.samples import LINES, book_of

WORDS = "the keeper slept"

type Shown = Callable[[list[Patch]], WordsPlace | None]


@pytest.fixture
def base() -> Base:
    return base_of(book_of(LINES[:3], LINES[3:]))


def changed(base: Base, block: int, old: str, new: str) -> list[Patch]:
    before = base.blocks[block].text
    assert before.count(old) == 1
    return words_patches(base, block, [Piece(before.replace(old, new))])


def text_at(places: Places, place: WordsPlace | None) -> str:
    assert place is not None
    return places.texts()[place.block][place.start : place.end]


def seen(base: Base, patches: list[Patch], block: str, words: str) -> WordsPlace:
    text = places_of(base, patches).texts()[block]
    assert text.count(words) == 1
    return WordsPlace(block, text.index(words), text.index(words) + len(words))


class TestShown:
    @pytest.fixture
    def shown(self, base: Base) -> Shown:
        found = places_of(base, []).anchor(seen(base, [], "b1", WORDS))
        assert found is not None
        return lambda patches: places_of(base, patches).shown(found[0])

    def test_is_where_it_was_without_corrections(self, base: Base, shown: Shown) -> None:
        assert shown([]) == seen(base, [], "b1", WORDS)

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("The lamp", "At once the brass lamp", WORDS),
            ("keeper", "old warden", "the old warden slept"),
            ("the hour when", "it", WORDS),
            ("and the keeper slept", "and nobody slept", "nobody slept"),
        ],
        ids=["before it", "within it", "after it", "across its edge"],
    )
    def test_follows_corrections(self, base: Base, shown: Shown, old: str, new: str, words: str) -> None:
        patches = changed(base, 1, old, new)
        assert text_at(places_of(base, patches), shown(patches)) == words

    def test_is_nowhere_when_its_words_were_deleted(self, base: Base, shown: Shown) -> None:
        assert shown(changed(base, 1, "the keeper slept ", "")) is None

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (" when the mail boat passed.", "."),
            ("mail boat passed.", "—"),
            ("when the mail boat passed.", "always."),
        ],
        ids=["with words before them", "but for a dash", "for others"],
    )
    def test_is_on_no_other_words(self, base: Base, old: str, new: str) -> None:
        found = places_of(base, []).anchor(seen(base, [], "b1", "mail boat passed."))
        assert found is not None
        assert places_of(base, changed(base, 1, old, new)).shown(found[0]) is None

    def test_follows_a_split_and_a_join(self, base: Base, shown: Shown) -> None:
        first = base.blocks[1].words
        cut = next(number for number, word in enumerate(first) if word.text == "and")
        split = Patch(base.identity, base.anchor(1, cut, cut), SplitEdit())
        assert shown([split]) == seen(base, [split], f"b1.{cut}", WORDS)
        join = Patch(base.identity, base.anchor(0), JoinEdit())
        assert shown([join]) == seen(base, [join], "b0", WORDS)
        assert shown([split, join]) == seen(base, [split, join], f"b1.{cut}", WORDS)

    def test_names_the_block_even_when_it_was_removed(self, base: Base, shown: Shown) -> None:
        removed = Patch(base.identity, base.anchor(1), RemoveEdit())
        place = shown([removed])
        assert place is not None
        assert place.block not in {one.id for one in every(chapter_of(base, [removed], "c0").blocks)}


class TestAnchor:
    def test_of_corrected_words_is_all_that_they_replaced(self, base: Base) -> None:
        patches = changed(base, 1, "keeper slept", "warden woke")
        found = places_of(base, patches).anchor(seen(base, patches, "b1", "warden"))
        assert found is not None
        assert "".join(piece.text for piece in found[1]).strip() == "keeper slept"

    def test_of_words_that_were_put_in_is_the_word_before(self, base: Base) -> None:
        patches = changed(base, 1, "the keeper", "the old keeper")
        found = places_of(base, patches).anchor(seen(base, patches, "b1", "old"))
        assert found is not None
        assert "".join(piece.text for piece in found[1]).strip() == "the"

    def test_ends_with_its_leaf(self, base: Base) -> None:
        join = Patch(base.identity, base.anchor(0), JoinEdit())
        text = places_of(base, [join]).texts()["b0"]
        found = places_of(base, [join]).anchor(WordsPlace("b0", 0, len(text)))
        assert found is not None
        assert (found[0].block, found[0].start, found[0].end) == (0, 0, len(base.blocks[0].words))

    @pytest.mark.parametrize(
        "place",
        [
            WordsPlace("b99", 0, 5),
            WordsPlace("b1", 5000, 5010),
            WordsPlace("b1.3", 0, 5),
            WordsPlace("c1", 0, 5),
            WordsPlace("new-1", 0, 5),
            WordsPlace("b1", 4, 4),
        ],
    )
    def test_is_none_where_there_are_no_words(self, base: Base, place: WordsPlace) -> None:
        assert places_of(base, []).anchor(place) is None

    def test_is_none_in_a_block_that_was_put_in(self, base: Base) -> None:
        patch = Patch(base.identity, base.anchor(1), InsertEdit((NewBlock("paragraph", (Piece("Rain fell."),)),)))
        places = places_of(base, [patch])
        (block,) = [block for block, text in places.texts().items() if text == "Rain fell."]
        assert places.anchor(WordsPlace(block, 0, 4)) is None


@pytest.mark.parametrize("seed", range(8))
def test_texts_are_those_of_the_chapters(seed: int) -> None:
    chance = random.Random(seed)
    base = base_of(rich_book())
    author = Author(chance)
    patches: list[Patch] = []
    for _ in range(4):
        line = chance.choice(chapters_of(base, patches))
        saved = save(base, patches, author.edit(chapter_of(base, patches, line.id), chance.randint(1, 6)))
        patches = patches if saved is None else saved
    places = places_of(base, patches)
    texts = places.texts()
    for line in chapters_of(base, patches):
        chapter = chapter_of(base, patches, line.id)
        for one in every((*chapter.blocks, *(block for note in chapter.notes for block in note.blocks))):
            if one.kind in TEXTS:
                text = "".join(piece.text for piece in one.text)
                assert texts[one.id] == text
                found = places.anchor(WordsPlace(one.id, 0, len(text)))
                if found is not None:
                    shown = places.shown(found[0])
                    assert shown is not None
                    assert shown.block == one.id
