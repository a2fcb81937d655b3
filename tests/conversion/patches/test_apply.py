"""Corrections of words in the next version of a manuscript: applied exactly, found done, or in conflict."""

from __future__ import annotations

import copy

import pytest

from conversion.engine.book.model import (
    Anchor,
    CodeBlock,
    Emphasis,
    Heading,
    LineBreak,
    Link,
    Math,
    Note,
    NoteRef,
    Strong,
    Text,
)
from conversion.engine.patches import (
    CommentEdit,
    FitState,
    Patch,
    Piece,
    Reason,
    WordsEdit,
    apply_patches,
    base_of,
    words_patches,
)
from conversion.engine.patches.leaves import key_of
from conversion.engine.patches.pieces import pieces_of

from .samples import LINES, applied, book_of, carried, correction, paragraph, texts

APPLIED, ADOPTED, CONFLICT = FitState.APPLIED, FitState.ADOPTED, FitState.CONFLICT


class TestSameVersion:
    def test_the_correction_is_in_the_book(self) -> None:
        state, text = carried(book_of(LINES), book_of(LINES), 1, "four", "five")
        assert state is APPLIED
        assert text[1] == LINES[1].replace("four", "five")
        assert text[:1] + text[2:] == [LINES[0], *LINES[2:]]

    def test_a_twin_gets_its_own(self) -> None:
        lines = [LINES[0], "Yes, he said.", LINES[1], "Yes, he said.", LINES[2]]
        state, text = carried(book_of(lines), book_of(lines), 3, "Yes", "No")
        assert (state, text[1], text[3]) == (APPLIED, "Yes, he said.", "No, he said.")

    def test_undoing_one_leaves_the_others(self) -> None:
        base = base_of(book_of(LINES))
        now = LINES[1].replace("four", "five").replace("mail", "last")
        one, other = words_patches(base, 1, [Piece(now)])
        result, _ = applied(book_of(LINES), base, other)
        assert texts(result.book)[1] == LINES[1].replace("mail", "last")
        result, _ = applied(book_of(LINES), base, one)
        assert texts(result.book)[1] == LINES[1].replace("four", "five")


class TestNextVersion:
    def test_a_block_that_moved_and_was_edited(self) -> None:
        new = [*LINES[1:5], LINES[0].replace("winter", "summer"), LINES[5]]
        state, text = carried(book_of(LINES), book_of(new), 0, "truth", "fact")
        assert (state, text[4]) == (APPLIED, new[4].replace("truth", "fact"))

    def test_straight_quotation_marks_move_nothing(self) -> None:
        new = [line.translate(str.maketrans("“”", '""')) for line in LINES]
        state, text = carried(book_of(LINES), book_of(new), 2, "girl", "boy")
        assert (state, text[2]) == (APPLIED, new[2].replace("girl", "boy"))

    def test_what_the_author_did_in_the_manuscript_too_is_adopted(self) -> None:
        new = [line.replace("four", "five") for line in LINES]
        state, text = carried(book_of(LINES), book_of(new), 1, "four", "five")
        assert (state, text) == (ADOPTED, new)

    def test_a_word_that_is_gone_there_too_is_adopted(self) -> None:
        new = [line.replace("much ", "") for line in LINES]
        assert carried(book_of(LINES), book_of(new), 3, "much ", "") == (ADOPTED, new)

    def test_other_words_are_a_conflict_that_shows_them(self) -> None:
        new = [line.replace("at four", "by noon") for line in LINES]
        base, patch = correction(book_of(LINES), 1, "four", "five")
        result, (fit,) = applied(book_of(new), base, patch)
        assert (fit.state, fit.reason) == (CONFLICT, Reason.CHANGED)
        assert texts(result.book) == new
        assert "".join(piece.text for piece in fit.theirs) == new[1]
        assert fit.guess is not None
        guessed = base_of(book_of(new)).blocks[1].words[fit.guess.start : fit.guess.end]
        assert "noon" in "".join(word.text for word in guessed)

    def test_a_copy_makes_its_text_nobodys(self) -> None:
        new = [*LINES[:3], LINES[1], *LINES[3:]]
        assert carried(book_of(LINES), book_of(new), 1, "four", "five") == (CONFLICT, new)

    def test_a_block_that_is_gone(self) -> None:
        new = [*LINES[:1], *LINES[2:]]
        base, patch = correction(book_of(LINES), 1, "four", "five")
        _, (fit,) = applied(book_of(new), base, patch)
        assert (fit.state, fit.reason) == (CONFLICT, Reason.GONE)

    def test_a_twin_whose_other_is_gone(self) -> None:
        """Which of the two is left cannot be known."""
        old = [LINES[0], "Yes, he said.", LINES[1], "Yes, he said.", LINES[2]]
        new = [LINES[0], LINES[1], "Yes, he said.", LINES[2]]
        assert carried(book_of(old), book_of(new), 1, "Yes", "No") == (CONFLICT, new)

    def test_a_lookalike_in_its_place_is_not_it(self) -> None:
        old = [LINES[0], "He looked at her and said nothing at all.", LINES[1]]
        new = [LINES[0], "She looked at him and said nothing of it at all.", LINES[1]]
        assert carried(book_of(old), book_of(new), 1, "her and", "them and") == (CONFLICT, new)

    def test_lookalikes_that_changed_places(self) -> None:
        one, other = "He looked at her and smiled at last.", "He looked at him and smiled at last."
        old, new = [LINES[0], one, LINES[1], other, LINES[2]], [LINES[0], other, LINES[1], one, LINES[2]]
        state, text = carried(book_of(old), book_of(new), 1, "smiled", "laughed")
        assert (state, text) == (APPLIED, [*new[:3], one.replace("smiled", "laughed"), new[4]])

    def test_twins_of_which_one_was_copied_again(self) -> None:
        old = [LINES[0], "Yes, he said.", LINES[1], "Yes, he said.", LINES[2]]
        new = [LINES[0], "Yes, he said.", "Yes, he said.", LINES[1], "Yes, he said.", LINES[2]]
        assert carried(book_of(old), book_of(new), 1, "Yes", "No") == (CONFLICT, new)

    def test_words_that_now_stand_twice(self) -> None:
        old = [*LINES[:5], "He went to the door and stood there for a while in the rain."]
        new = [*LINES[:5], "He went to the door and stood there for a while in the rain, and to the door again."]
        base, patch = correction(book_of(old), 5, "to the", "to a")
        result, (fit,) = applied(book_of(new), base, patch)
        assert fit.state is APPLIED  # two words more on each side stand once
        assert texts(result.book)[5].startswith("He went to a door and stood")

    def test_a_split_block_keeps_its_corrections(self) -> None:
        first, _, second = LINES[1].partition(", ")
        new = [LINES[0], first, second, *LINES[2:]]
        state, text = carried(book_of(LINES), book_of(new), 1, "mail", "last")
        assert (state, text[2]) == (APPLIED, second.replace("mail", "last"))

    def test_joined_blocks_keep_theirs(self) -> None:
        new = [LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]]
        state, text = carried(book_of(LINES), book_of(new), 2, "oil", "bread")
        assert (state, text[1]) == (APPLIED, new[1].replace("oil", "bread"))

    def test_no_base_is_a_conflict(self) -> None:
        _, patch = correction(book_of(LINES), 1, "four", "five")
        result, (fit,) = applied(book_of(LINES), base_of(book_of(LINES[1:])), patch)
        assert (fit.state, texts(result.book)) == (CONFLICT, list(LINES))

    def test_the_anchor_is_anew_after_each_build(self) -> None:
        first, second = book_of(LINES), book_of(["A foreword.", *LINES])
        third = book_of(["Another foreword.", "And more.", *(line.replace("four", "six") for line in LINES[1:])])
        base, patch = correction(first, 3, "wind", "sea")
        result, (fit,) = applied(second, base, patch)
        assert fit.anchor is not None
        moved = Patch(result.base.identity, fit.anchor, patch.edit)
        result, (fit,) = applied(third, result.base, moved)
        assert fit.state is APPLIED
        assert "but the sea," in " ".join(texts(result.book))

    def test_an_adopted_one_stays_adopted(self) -> None:
        second = book_of([line.replace("four", "five") for line in LINES])
        base, patch = correction(book_of(LINES), 1, "four", "five")
        result, (fit,) = applied(second, base, patch)
        assert fit.anchor is not None
        again = Patch(result.base.identity, fit.anchor, patch.edit)
        result, (fit,) = applied(copy.deepcopy(second), result.base, again)
        assert fit.state is ADOPTED
        result, (fit,) = applied(book_of(LINES), result.base, again)
        assert (fit.state, texts(result.book)[1]) == (APPLIED, LINES[1].replace("four", "five"))


class TestTogether:
    def test_two_about_the_same_words_are_both_in_conflict(self) -> None:
        book = book_of(LINES)
        base, one = correction(book, 1, "at four", "by five")
        _, other = correction(book, 1, "four", "six")
        result, fits = applied(book_of(LINES), base, one, other)
        assert [fit.reason for fit in fits] == [Reason.TOUCHES, Reason.TOUCHES]
        assert texts(result.book) == list(LINES)

    def test_a_suggestion_is_placed_and_gives_way(self) -> None:
        book = book_of(LINES)
        base, accepted = correction(book, 1, "at four", "by five")
        _, touching = correction(book, 1, "four", "six")
        _, apart = correction(book, 1, "mail", "last")
        bases = {base.identity: base}
        result = apply_patches(book_of(LINES), bases, [accepted], suggested=[touching, apart])
        fits = {fit.patch: fit for fit in result.fits}
        assert [fits[one.identity].state for one in (accepted, touching, apart)] == [APPLIED, CONFLICT, APPLIED]
        assert fits[touching.identity].reason is Reason.TOUCHES
        assert texts(result.book)[1] == LINES[1].replace("at four", "by five")

    def test_the_same_twice_is_one(self) -> None:
        base, patch = correction(book_of(LINES), 1, "four", "five")
        _, fits = applied(book_of(LINES), base, patch, patch)
        assert len(fits) == 1


class TestMarks:
    def test_only_the_marks_change(self) -> None:
        base = base_of(book_of(LINES))
        before, _, after = LINES[1].partition("mail boat")
        (patch,) = words_patches(base, 1, [Piece(before), Piece("mail boat", (("emphasis",),)), Piece(after)])
        result, (fit,) = applied(book_of(LINES), base, patch)
        assert fit.state is APPLIED
        assert result.book.chapters[0].blocks[1].inlines == [Text(before), Emphasis([Text("mail boat")]), Text(after)]

    def test_words_in_what_became_italics_are_italic(self) -> None:
        new = book_of(LINES[:1], LINES[2:])
        new.chapters[0].blocks.append(paragraph(Emphasis([Text(LINES[1])])))
        base, patch = correction(book_of(LINES), 1, "four", "five")
        result, (fit,) = applied(new, base, patch)
        assert fit.state is APPLIED
        assert result.book.chapters[0].blocks[1].inlines == [Emphasis([Text(LINES[1].replace("four", "five"))])]

    def test_marks_that_both_changed_are_a_conflict(self) -> None:
        base = base_of(book_of(LINES))
        before, _, after = LINES[1].partition("mail boat")
        (patch,) = words_patches(base, 1, [Piece(before), Piece("mail boat", (("emphasis",),)), Piece(after)])
        new = book_of(LINES)
        new.chapters[0].blocks[1] = paragraph(before, Strong([Text("mail boat")]), after)
        _, (fit,) = applied(new, base, patch)
        assert (fit.state, fit.reason) == (CONFLICT, Reason.MARKS)

    def test_marks_that_are_there_already_are_adopted(self) -> None:
        base = base_of(book_of(LINES))
        before, _, after = LINES[1].partition("mail boat")
        (patch,) = words_patches(base, 1, [Piece(before), Piece("mail boat", (("emphasis",),)), Piece(after)])
        new = book_of(LINES)
        new.chapters[0].blocks[1] = paragraph(before, Emphasis([Text("mail boat")]), after)
        _, (fit,) = applied(new, base, patch)
        assert fit.state is ADOPTED


class TestNodes:
    def test_a_note_mark_beside_the_correction_stays(self) -> None:
        old, new = book_of(LINES), book_of(LINES)
        for number, book in enumerate((old, new)):
            book.chapters[0].blocks[1] = paragraph("The lamp went out at four", NoteRef(f"n{number}"), " and no more.")
            book.notes[f"n{number}"] = Note(f"n{number}", [paragraph(f"At {number} in truth.")])
        base = base_of(old)
        pieces = pieces_of(old.chapters[0].blocks[1].inlines, key_of(old))
        now = [Piece("The lamp went out at five"), pieces[1], Piece(" and no longer.")]
        patches = words_patches(base, 1, now)
        result, fits = applied(new, base, *patches)
        assert [fit.state for fit in fits] == [APPLIED, APPLIED]
        inlines = result.book.chapters[0].blocks[1].inlines
        assert inlines == [Text("The lamp went out at five"), NoteRef("n1"), Text(" and no longer.")]

    def test_a_formula_that_changed_is_a_conflict(self) -> None:
        def book(formula: str) -> object:
            made = book_of(LINES)
            made.chapters[0].blocks[1] = paragraph("We see that ", Math(formula), " holds for all of them.")
            return made

        old, new = book("<math>1</math>"), book("<math>2</math>")
        base = base_of(old)
        pieces = pieces_of(old.chapters[0].blocks[1].inlines, key_of(old))
        (patch,) = words_patches(base, 1, [pieces[0], pieces[1], Piece(" held for all of them.")])
        _, (fit,) = applied(new, base, patch)
        assert fit.state is CONFLICT

    def test_a_node_that_the_words_did_not_have_comes_in_nowhere(self) -> None:
        base, patch = correction(book_of(LINES), 1, "four", "five")
        edit = WordsEdit(patch.edit.old, (Piece("\ufffc", kept="note:0123456789abcdef"),))
        result, (fit,) = applied(book_of(LINES), base, Patch(patch.base, patch.anchor, edit))
        assert (fit.state, texts(result.book)) == (CONFLICT, list(LINES))

    def test_a_patch_of_another_base_is_a_conflict(self) -> None:
        base, patch = correction(book_of(LINES), 1, "four", "five")
        moved = patch.anchor._replace(start=patch.anchor.start - 1, end=patch.anchor.end - 1)
        result, (fit,) = applied(book_of(LINES), base, Patch(patch.base, moved, patch.edit))
        assert (fit.state, texts(result.book)) == (CONFLICT, list(LINES))

    def test_a_link_target_among_removed_words_stays(self) -> None:
        old = book_of(LINES)
        old.chapters[0].blocks[1] = paragraph("The lamp went ", Anchor("here"), "out at four and no more.")
        base, patch = correction(copy.deepcopy(old), 1, "out at four ", "")
        result, _ = applied(old, base, patch)
        inlines = result.book.chapters[0].blocks[1].inlines
        assert Anchor("here") in inlines
        assert texts(result.book)[1] == "The lamp went and no more."

    def test_line_breaks_and_links_are_kept(self) -> None:
        inlines = [Text("One line"), LineBreak(), Link([Text("another line")], "https://example.org/"), Text(" here.")]
        old = book_of([paragraph(*inlines), *LINES])
        base = base_of(old)
        pieces = pieces_of(inlines, key_of(old))
        now = [Piece("A line"), *pieces[1:]]
        (patch,) = words_patches(base, 0, now)
        result, _ = applied(old, base, patch)
        assert result.book.chapters[0].blocks[0].inlines == [Text("A line"), *inlines[1:]]

    def test_code_keeps_its_indentation(self) -> None:
        old = book_of([CodeBlock("def f():\n    return 1\n"), *LINES])
        base, patch = correction(copy.deepcopy(old), 0, "return 1", "return 2")
        result, _ = applied(old, base, patch)
        assert result.book.chapters[0].blocks[0] == CodeBlock("def f():\n    return 2\n")


class TestHeadings:
    def test_the_contents_follow_a_corrected_heading(self) -> None:
        def book() -> object:
            return book_of([Heading(1, [Text("The Lihgthouse")]), *LINES], titles=["The Lihgthouse"])

        base, patch = correction(book(), 0, "Lihgthouse", "Lighthouse")
        result, _ = applied(book(), base, patch)
        assert result.book.chapters[0].title == "The Lighthouse"
        assert result.book.toc[0].title == "The Lighthouse"


class TestComments:
    @pytest.mark.parametrize(("new", "state"), [(LINES, APPLIED), (LINES[2:], CONFLICT)])
    def test_find_their_words_and_change_nothing(self, new: tuple[str, ...], state: FitState) -> None:
        base = base_of(book_of(LINES))
        patch = Patch(base.identity, base.anchor(1, 2, 5), CommentEdit((Piece("went out at"),)))
        result, (fit,) = applied(book_of(new), base, patch)
        assert fit.state is state
        assert texts(result.book) == list(new)
