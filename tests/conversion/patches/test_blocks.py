"""Patches of whole blocks in the next version: attributes, kinds, blocks that come and go, splitting and joining."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import pytest

from conversion.engine.book.model import (
    Anchor,
    AnyBlock,
    Book,
    Cell,
    Figure,
    Heading,
    InlineImage,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Table,
    Text,
    Verse,
)
from conversion.engine.patches import (
    Edit,
    FitState,
    InsertEdit,
    JoinEdit,
    KindEdit,
    NewBlock,
    Patch,
    PictureEdit,
    Piece,
    Reason,
    RemoveEdit,
    SetEdit,
    SplitEdit,
    Target,
    apply_patches,
    base_of,
    words_patches,
)
from tests.conversion.books import png

from .samples import LINES, applied, book_of, paragraph, structural, texts

APPLIED, ADOPTED, CONFLICT = FitState.APPLIED, FitState.ADOPTED, FitState.CONFLICT
NEW = NewBlock("paragraph", (Piece("Quite new.", (("emphasis",),)),))


def become(
    old: Sequence[str | AnyBlock], new: Sequence[str | AnyBlock], block: int, edit: Edit, *, start: int = 0
) -> tuple[FitState, Book]:
    base, patch = structural(book_of(old), block, edit, start=start)
    result, (fit,) = applied(book_of(new), base, patch)
    return fit.state, result.book


def of_container(book: Book, edit: Edit) -> tuple[FitState, Book]:
    """Apply an edit of a book's first container to the same book."""
    base = base_of(book)
    patch = Patch(base.identity, base.container_anchor(0), edit)
    result, (fit,) = applied(copy.deepcopy(book), base, patch)
    return fit.state, result.book


class TestSet:
    EDIT = SetEdit(Target.BLOCK, "level", 2, 3)

    @pytest.mark.parametrize(("level", "state", "after"), [(2, APPLIED, 3), (3, ADOPTED, 3), (4, CONFLICT, 4)], ids=str)
    def test_three_ways(self, level: int, state: FitState, after: int) -> None:
        found, book = become(
            [Heading(2, [Text("The hat")]), *LINES], ["New.", Heading(level, [Text("The hat")]), *LINES], 0, self.EDIT
        )
        assert (found, book.chapters[0].blocks[1].level) == (state, after)

    @pytest.mark.parametrize(("name", "value"), [("level", 9), ("role", "epigraph"), ("inlines", "x"), ("level", True)])
    def test_what_no_heading_has_is_a_conflict(self, name: str, value: str | int) -> None:
        old = [Heading(2, [Text("The hat")]), *LINES]
        assert become(old, old, 0, SetEdit(Target.BLOCK, name, 2, value))[0] is CONFLICT

    def test_the_header_rows_of_a_table(self) -> None:
        rows = [[Cell([paragraph(f"{word} {n}")]) for n in range(2)] for word in ("year", "rain", "snow")]
        book = book_of([LINES[0], Table(rows), *LINES[1:]])
        state, changed = of_container(book, SetEdit(Target.CONTAINER, "header_rows", 0, 1))
        assert (state, changed.chapters[0].blocks[1].header_rows) == (APPLIED, 1)
        assert of_container(book, SetEdit(Target.CONTAINER, "header_rows", 0, 4))[0] is CONFLICT

    def test_the_alt_text_of_a_picture_in_a_line(self) -> None:
        block = paragraph("The hat ", InlineImage("a" * 64, "a hat"), " upon the stones.")
        book = book_of([block, *LINES])
        base = base_of(book)
        patch = Patch(base.identity, base.anchor(0, 2, 3), SetEdit(Target.PICTURE, "alt", "a hat", "a yellow hat"))
        result, (fit,) = applied(copy.deepcopy(book), base, patch)
        assert (fit.state, result.book.chapters[0].blocks[0].inlines[1].alt) == (APPLIED, "a yellow hat")

    def test_the_alt_text_of_a_figure(self) -> None:
        old = [LINES[0], Figure("a" * 64, "hat", [Text("The hat.")]), *LINES[1:]]
        state, book = become(old, copy.deepcopy(old), 1, SetEdit(Target.BLOCK, "alt", "hat", "A yellow hat"))
        assert (state, book.chapters[0].blocks[1].alt) == (APPLIED, "A yellow hat")

    def test_the_alt_text_of_a_figure_that_moved(self) -> None:
        hat, sea = Figure("a" * 64, "hat"), Figure("b" * 64, "sea")
        old = [LINES[0], hat, *LINES[1:3], sea, *LINES[3:]]
        new = copy.deepcopy([LINES[0], *LINES[1:3], sea, *LINES[3:], hat])
        state, book = become(old, new, 1, SetEdit(Target.BLOCK, "alt", "hat", "A yellow hat"))
        assert (state, book.chapters[0].blocks[-1].alt) == (APPLIED, "A yellow hat")


class TestPicture:
    def test_another_picture(self) -> None:
        old, new = png(), png(9, 9)
        book = book_of([LINES[0], Figure(old.sha256, "hat"), *LINES[1:]])
        base, patch = structural(book, 1, PictureEdit(old.sha256, "f" * 64))
        result = apply_patches(book, {base.identity: base}, [patch], pictures={"f" * 64: new})
        assert result.fits[0].state is APPLIED
        assert book.chapters[0].blocks[1].asset == new.sha256
        assert book.assets[new.sha256] == new

    def test_one_that_is_not_there_is_a_conflict(self) -> None:
        book = book_of([LINES[0], Figure("a" * 64, "hat"), *LINES[1:]])
        base, patch = structural(book, 1, PictureEdit("a" * 64, "b" * 64))
        assert applied(book, base, patch)[1][0].state is CONFLICT
        assert book.chapters[0].blocks[1].asset == "a" * 64


class TestKind:
    def test_a_paragraph_becomes_a_heading(self) -> None:
        edit = KindEdit("paragraph", "heading", {"level": 3})
        state, book = become(["The hat", *LINES], ["The hat", *LINES], 0, edit)
        assert (state, book.chapters[0].blocks[0]) == (APPLIED, Heading(3, [Text("The hat")]))

    def test_with_corrected_words(self) -> None:
        base = base_of(book_of(["The hta", *LINES]))
        words = words_patches(base, 0, [Piece("The hat")])
        kind = Patch(base.identity, base.anchor(0), KindEdit("paragraph", "heading", {"level": 2}))
        result, _ = applied(book_of(["The hta", *LINES]), base, kind, *words)
        assert result.book.chapters[0].blocks[0] == Heading(2, [Text("The hat")])

    def test_it_is_one_already(self) -> None:
        edit = KindEdit("paragraph", "heading", {"level": 2})
        assert become(["The yellow hat", *LINES], [Heading(2, [Text("The yellow hat")]), *LINES], 0, edit)[0] is ADOPTED

    def test_a_line_of_signs_becomes_a_scene_break(self) -> None:
        state, book = become([*LINES[:3], "* * *", *LINES[3:]], [*LINES[:3], "* * *", *LINES[3:]], 3,
                             KindEdit("paragraph", "scene_break"))  # fmt: skip
        assert (state, book.chapters[0].blocks[3]) == (APPLIED, SceneBreak("* * *"))

    def test_a_quotation_and_back(self) -> None:
        state, book = become(LINES, LINES, 1, KindEdit("paragraph", "quotation"))
        assert (state, book.chapters[0].blocks[1]) == (APPLIED, Quotation([paragraph(LINES[1])]))
        state, back = of_container(book, KindEdit("quotation", "paragraph"))
        assert (state, back.chapters[0].blocks[1]) == (APPLIED, paragraph(LINES[1]))


class TestInsert:
    EDIT = InsertEdit((NEW,))

    def test_between_two_that_follow_each_other(self) -> None:
        state, book = become(LINES, ["New.", *LINES], 1, self.EDIT)
        assert (state, texts(book)) == (APPLIED, ["New.", *LINES[:2], "Quite new.", *LINES[2:]])

    @pytest.mark.parametrize(("block", "before", "at"), [(5, False, 6), (0, True, 0)])
    def test_at_the_edges(self, block: int, before: bool, at: int) -> None:
        state, book = become(LINES, LINES, block, InsertEdit((NEW,), before))
        assert (state, texts(book)[at]) == (APPLIED, "Quite new.")

    def test_it_is_there_already(self) -> None:
        new = [*LINES[:2], "Quite new.", *LINES[2:]]
        state, book = become(LINES, new, 1, self.EDIT)
        assert (state, texts(book)) == (ADOPTED, new)

    def test_something_else_is_there(self) -> None:
        new = [*LINES[:2], "Something else.", *LINES[2:]]
        state, book = become(LINES, new, 1, self.EDIT)
        assert (state, texts(book)) == (CONFLICT, new)

    def test_blocks_of_all_kinds(self) -> None:
        item = NewBlock("item", children=(NEW,))
        blocks = (
            NewBlock("heading", (Piece("A head"),), {"level": 2}),
            NewBlock("scene_break", attributes={"sign": "***"}),
            NewBlock("verse", (Piece("One\u2028two\u2028\u2028three"),)),
            NewBlock("quotation", children=(NEW,)),
            NewBlock("list", attributes={"ordered": True}, children=(item, item)),
        )
        state, book = become(LINES, LINES, 1, InsertEdit(blocks))
        head, scene, verse, quotation, listed = book.chapters[0].blocks[2:7]
        assert state is APPLIED
        assert (head.level, scene.sign) == (2, "***")
        assert isinstance(verse, Verse) and [len(stanza) for stanza in verse.stanzas] == [2, 1]
        assert isinstance(quotation, Quotation) and isinstance(listed, ListBlock) and listed.ordered

    def test_after_a_list(self) -> None:
        book = book_of([LINES[0], ListBlock([ListItem([paragraph(LINES[1])])]), *LINES[2:]])
        state, changed = of_container(book, InsertEdit((NEW,), target=Target.CONTAINER))
        assert (state, texts(changed)[2]) == (APPLIED, "Quite new.")
        assert isinstance(changed.chapters[0].blocks[2], Paragraph)


class TestRemove:
    def test_a_block_as_the_author_saw_it(self) -> None:
        state, book = become(LINES, ["New.", *LINES], 1, RemoveEdit())
        assert (state, texts(book)) == (APPLIED, ["New.", LINES[0], *LINES[2:]])

    def test_one_with_other_words_stays(self) -> None:
        new = [line.replace("four", "five") for line in LINES]
        state, book = become(LINES, new, 1, RemoveEdit())
        assert (state, texts(book)) == (CONFLICT, new)

    def test_it_is_gone_already(self) -> None:
        assert become(LINES, [LINES[0], *LINES[2:]], 1, RemoveEdit())[0] is ADOPTED

    def test_links_to_it_lead_to_what_follows(self) -> None:
        old = [LINES[0], paragraph(Anchor("there"), LINES[1]), *LINES[2:]]
        _, book = become(old, copy.deepcopy(old), 1, RemoveEdit())
        assert book.chapters[0].blocks[1].inlines[0] == Anchor("there")

    def test_a_whole_list(self) -> None:
        book = book_of([LINES[0], ListBlock([ListItem([paragraph(line)]) for line in LINES[1:3]]), *LINES[3:]])
        state, changed = of_container(book, RemoveEdit(Target.CONTAINER))
        assert (state, texts(changed)) == (APPLIED, [LINES[0], *LINES[3:]])


class TestSplit:
    EDIT = SplitEdit()

    def test_a_block_is_two(self) -> None:
        state, book = become(LINES, ["New.", *LINES], 1, self.EDIT, start=6)
        assert (state, texts(book)[2:4]) == (APPLIED, ["The lamp went out at four,", LINES[1][27:]])

    def test_with_words_corrected_on_both_sides(self) -> None:
        base = base_of(book_of(LINES))
        words = words_patches(base, 1, [Piece(LINES[1].replace("four", "five o’clock").replace("mail", "last"))])
        cut = Patch(base.identity, base.anchor(1, 6, 6), SplitEdit((NewBlock("scene_break"),)))
        result, _ = applied(book_of(LINES), base, cut, *words)
        one, between, other = result.book.chapters[0].blocks[1:4]
        assert one == paragraph("The lamp went out at five o’clock,")
        assert isinstance(between, SceneBreak)
        assert other.inlines[0].text.endswith("when the last boat passed.")

    def test_it_is_two_already(self) -> None:
        new = [LINES[0], LINES[1][:26], LINES[1][27:], *LINES[2:]]
        assert become(LINES, new, 1, self.EDIT, start=6)[0] is ADOPTED

    def test_other_words_at_the_seam(self) -> None:
        new = [line.replace("four, and", "noon when") for line in LINES]
        assert become(LINES, new, 1, self.EDIT, start=6)[0] is CONFLICT


class TestJoin:
    def test_two_blocks_are_one(self) -> None:
        state, book = become(LINES, ["New.", *LINES], 1, JoinEdit())
        assert (state, texts(book)[2:4]) == (APPLIED, [f"{LINES[1]} {LINES[2]}", LINES[3]])

    def test_three_blocks_are_one(self) -> None:
        base = base_of(book_of(LINES))
        patches = [Patch(base.identity, base.anchor(block), JoinEdit()) for block in (1, 2)]
        result, _ = applied(book_of(LINES), base, *patches)
        assert texts(result.book) == [LINES[0], " ".join(LINES[1:4]), *LINES[4:]]

    def test_they_are_one_already(self) -> None:
        new = [LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]]
        assert become(LINES, new, 1, JoinEdit())[0] is ADOPTED

    def test_something_came_between(self) -> None:
        assert become(LINES, [*LINES[:2], "New.", *LINES[2:]], 1, JoinEdit())[0] is CONFLICT


class TestTogether:
    def test_a_block_that_two_are_about(self) -> None:
        base = base_of(book_of(LINES))
        anchor = base.anchor(1)
        kind = Patch(base.identity, anchor, KindEdit("paragraph", "heading"))
        gone = Patch(base.identity, anchor, RemoveEdit())
        result, fits = applied(book_of(LINES), base, kind, gone)
        assert [fit.reason for fit in fits] == [Reason.TOUCHES, Reason.TOUCHES]
        assert texts(result.book) == list(LINES)
