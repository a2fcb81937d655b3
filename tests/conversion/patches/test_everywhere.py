"""Every operation on every block of a book with every element: it applies or it is in conflict, and the book that is
left can be rendered."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from conversion.engine.book.model import Book
from conversion.engine.patches import (
    Edit,
    FitState,
    InsertEdit,
    JoinEdit,
    KindEdit,
    MergeChapterEdit,
    MoveChapterEdit,
    NewBlock,
    Patch,
    Piece,
    RemoveEdit,
    SetEdit,
    SplitChapterEdit,
    SplitEdit,
    Target,
    apply_patches,
    base_of,
    words_patches,
)
from conversion.engine.patches.base import Base
from conversion.engine.patches.leaves import TEXT_KINDS, leaves_of
from conversion.engine.patches.words import pieces_of_words
from conversion.engine.web.text import parts_of
from tests.conversion.books import hostile_book, rich_book

NEW = NewBlock("paragraph", (Piece("Quite new.", (("strong",), ("link", "#nowhere"))),))


def of_blocks(base: Base) -> Iterator[Patch]:
    edits: list[Edit] = [
        RemoveEdit(),
        InsertEdit((NEW,)),
        InsertEdit((NEW,), True),
        JoinEdit(),
        SplitChapterEdit("A title"),
        *(KindEdit("paragraph", kind) for kind in ("heading", "scene_break", "quotation")),
        *(KindEdit(kind, "paragraph") for kind in ("heading", "scene_break")),
        SetEdit(Target.BLOCK, "lang", "", "de-AT"),
    ]
    for block in range(len(base.blocks)):
        yield from (Patch(base.identity, base.anchor(block), edit) for edit in edits)
        for cut in range(1, min(4, len(base.blocks[block].words))):
            yield Patch(base.identity, base.anchor(block, cut, cut), SplitEdit((NEW,)))


def of_containers(base: Base) -> Iterator[Patch]:
    edits: list[Edit] = [
        RemoveEdit(Target.CONTAINER),
        InsertEdit((NEW,), target=Target.CONTAINER),
        KindEdit("quotation", "paragraph"),
        SetEdit(Target.CONTAINER, "direction", "", "rtl"),
        SetEdit(Target.CONTAINER, "header_rows", 0, 1),
    ]
    for container in range(len(base.containers)):
        yield from (Patch(base.identity, base.container_anchor(container), edit) for edit in edits)


def of_chapters(base: Base) -> Iterator[Patch]:
    last = base.chapter_anchor(len(base.chapters) - 1)
    edits: list[Edit] = [
        MergeChapterEdit(),
        MoveChapterEdit(None),
        MoveChapterEdit(last),
        SetEdit(Target.CHAPTER, "left_out", False, True),
        SetEdit(Target.CHAPTER, "role", "chapter", "preface"),
    ]
    for chapter in range(len(base.chapters)):
        yield from (Patch(base.identity, base.chapter_anchor(chapter), edit) for edit in edits)


def of_words(base: Base) -> Iterator[Patch]:
    for block, leaf in enumerate(base.blocks):
        if leaf.kind in TEXT_KINDS:
            for at in range(block % 4, len(leaf.words), 4):
                now = [*leaf.words[:at], *leaf.words[at + 1 :]]
                yield from words_patches(base, block, pieces_of_words(now))


@pytest.mark.parametrize("make", [of_words, of_blocks, of_containers, of_chapters], ids=lambda make: make.__name__)
def test_each_alone(make) -> None:
    book = rich_book()
    base = base_of(book)
    states = []
    for patch in make(base):
        patched = copy.deepcopy(book)
        (fit,) = apply_patches(patched, {base.identity: base}, [patch]).fits
        states.append(fit.state)
        if fit.state is FitState.APPLIED:
            list(parts_of(patched))
        else:
            assert base_of(patched).identity == base.identity
    assert FitState.APPLIED in states


@pytest.mark.parametrize("book", [rich_book(), hostile_book()], ids=["rich", "hostile"])
def test_all_at_once(book: Book) -> None:
    """Most are about the same blocks, and so in conflict; nothing fails."""
    base = base_of(book)
    patches = [*of_words(base), *of_blocks(base), *of_containers(base), *of_chapters(base)]
    patched = copy.deepcopy(book)
    fits = apply_patches(patched, {base.identity: base}, patches).fits
    assert len(fits) == len({patch.identity for patch in patches})
    list(parts_of(patched))


@pytest.mark.parametrize("book", [rich_book(), hostile_book()], ids=["rich", "hostile"])
def test_words_that_are_written_back_are_the_same(book: Book) -> None:
    again = copy.deepcopy(book)
    for leaf in leaves_of(again).leaves:
        leaf.write(leaf.words)
    assert base_of(again).identity == base_of(book).identity
    assert [part.running for part in parts_of(again)] == [part.running for part in parts_of(book)]
