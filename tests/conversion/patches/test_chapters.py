"""Patches of chapters in the next version: titles, order, merging, dividing, leaving out."""

from __future__ import annotations

import copy
import json

from conversion.engine.book.model import Anchor, Book, Division, Heading, Paragraph, Text
from conversion.engine.patches import (
    Base,
    Edit,
    Fit,
    FitState,
    MergeChapterEdit,
    MoveChapterEdit,
    Patch,
    SetEdit,
    SplitChapterEdit,
    Target,
    anchored,
    apply_patches,
    base_of,
    fit_from_json,
    fit_to_json,
)
from tests.conversion.books import prose

from .samples import applied, book_of

APPLIED, ADOPTED, CONFLICT = FitState.APPLIED, FitState.ADOPTED, FitState.CONFLICT
SEEDS = ("salt", "iron", "amber", "chalk")


def chapter(seed: str) -> list:
    words = prose(120, seed).split(".")
    return [Heading(1, [Text(seed.title())]), *(f"{seed} {n} {line.strip()}." for n, line in enumerate(words) if line)]


def novel(*seeds: str) -> Book:
    return book_of(*(chapter(seed) for seed in seeds), titles=[seed.title() for seed in seeds])


def become(new: Book, number: int, edit: Edit) -> tuple[FitState, Book]:
    base = base_of(novel(*SEEDS))
    result, (fit,) = applied(new, base, Patch(base.identity, base.chapter_anchor(number), edit))
    return fit.state, result.book


def titles(book: Book) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def contents(book: Book) -> list[str]:
    return [entry.title for entry in book.toc]


def behind(number: int) -> MoveChapterEdit:
    base: Base = base_of(novel(*SEEDS))
    return MoveChapterEdit(base.chapter_anchor(number))


class TestSet:
    def test_a_title_and_the_contents(self) -> None:
        edit = SetEdit(Target.CHAPTER, "title", "Iron", "Rust")
        state, book = become(novel("iron", "salt", "amber", "chalk"), 1, edit)
        assert (state, titles(book)[0], contents(book)[0]) == (APPLIED, "Rust", "Rust")

    def test_a_title_that_the_manuscript_changed(self) -> None:
        new = novel(*SEEDS)
        new.chapters[1].title = "Steel"
        assert become(new, 1, SetEdit(Target.CHAPTER, "title", "Iron", "Rust"))[0] is CONFLICT

    def test_a_division(self) -> None:
        state, book = become(novel(*SEEDS), 0, SetEdit(Target.CHAPTER, "division", "bodymatter", "frontmatter"))
        assert (state, book.chapters[0].division) == (APPLIED, Division.FRONT)

    def test_left_out(self) -> None:
        state, book = become(novel(*SEEDS), 1, SetEdit(Target.CHAPTER, "left_out", False, True))
        assert (state, titles(book), contents(book)) == (
            APPLIED,
            ["Salt", "Amber", "Chalk"],
            ["Salt", "Amber", "Chalk"],
        )
        new = novel("salt", "amber", "chalk")
        assert become(new, 1, SetEdit(Target.CHAPTER, "left_out", False, True))[0] is ADOPTED


class TestMove:
    def test_behind_another(self) -> None:
        state, book = become(novel(*SEEDS), 0, behind(2))
        assert (state, titles(book)) == (APPLIED, ["Iron", "Amber", "Salt", "Chalk"])
        assert contents(book) == titles(book)

    def test_to_the_front(self) -> None:
        state, book = become(novel(*SEEDS), 2, MoveChapterEdit(None))
        assert (state, titles(book)) == (APPLIED, ["Amber", "Salt", "Iron", "Chalk"])
        assert contents(book) == titles(book)

    def test_it_is_there_already(self) -> None:
        assert become(novel("iron", "amber", "salt", "chalk"), 0, behind(2))[0] is ADOPTED

    def test_the_manuscript_moved_it_elsewhere(self) -> None:
        state, book = become(novel("iron", "salt", "chalk", "amber"), 1, behind(3))
        assert (state, titles(book)) == (CONFLICT, ["Iron", "Salt", "Chalk", "Amber"])

    def test_it_counts_in_the_next_version_too(self) -> None:
        """The chapter that it follows has other words by then."""
        old, new = novel(*SEEDS), novel(*SEEDS)
        new.chapters[2].blocks.append(Paragraph([Text("A new end of this chapter, quite unlike the others.")]))
        base, following = base_of(old), base_of(new)
        patch = Patch(base.identity, base.chapter_anchor(0), behind(2))
        (fit,) = apply_patches(copy.deepcopy(new), {base.identity: base}, [patch]).fits
        there = anchored(patch, following.identity, fit_from_json(json.loads(json.dumps(fit_to_json(fit)))))
        assert there is not None
        result, (fit,) = applied(new, following, there)
        assert fit.state is APPLIED
        assert titles(result.book) == ["Iron", "Amber", "Salt", "Chalk"]

    def test_a_fit_that_does_not_say_what_it_follows_places_nothing(self) -> None:
        base = base_of(novel(*SEEDS))
        patch = Patch(base.identity, base.chapter_anchor(0), behind(2))
        assert anchored(patch, base.identity, Fit(patch.identity, APPLIED, base.chapter_anchor(0))) is None
        first = Patch(base.identity, base.chapter_anchor(2), MoveChapterEdit(None))
        assert anchored(first, base.identity, Fit(first.identity, APPLIED, base.chapter_anchor(2))) == first

    def test_in_a_version_that_moved_others(self) -> None:
        state, book = become(novel("amber", "salt", "iron", "chalk"), 0, behind(3))
        assert (state, titles(book)) == (APPLIED, ["Amber", "Iron", "Chalk", "Salt"])


class TestMerge:
    def test_into_the_one_before(self) -> None:
        state, book = become(novel(*SEEDS), 1, MergeChapterEdit())
        assert (state, titles(book)) == (APPLIED, ["Salt", "Amber", "Chalk"])
        heading = next(b for b in book.chapters[0].blocks if isinstance(b, Heading) and Anchor("c1") in b.inlines)
        assert heading.inlines[-1] == Text("Iron")
        assert (book.toc[1].chapter_id, book.toc[1].anchor) == ("c0", "c1")

    def test_they_are_one_already(self) -> None:
        new = book_of([*chapter("salt"), *chapter("iron")], chapter("amber"), chapter("chalk"))
        assert become(new, 1, MergeChapterEdit())[0] is ADOPTED

    def test_another_stands_in_front(self) -> None:
        assert become(novel("salt", "amber", "iron", "chalk"), 1, MergeChapterEdit())[0] is CONFLICT


class TestSplit:
    def become(self, new: Book) -> tuple[FitState, Book]:
        base = base_of(novel(*SEEDS))
        patch = Patch(base.identity, base.anchor(4), SplitChapterEdit("More salt"))
        result, (fit,) = applied(new, base, patch)
        return fit.state, result.book

    def test_a_chapter_begins_with_the_block(self) -> None:
        state, book = self.become(novel("iron", "salt", "amber", "chalk"))
        assert (state, titles(book)) == (APPLIED, ["Iron", "Salt", "More salt", "Amber", "Chalk"])
        assert contents(book) == titles(book)
        assert (len(book.chapters[1].blocks), book.chapters[2].blocks[0].inlines[0].text[:6]) == (4, "salt 3")

    def test_it_does_already(self) -> None:
        whole = chapter("salt")
        new = book_of(whole[:4], whole[4:], *(chapter(seed) for seed in SEEDS[1:]))
        assert self.become(new)[0] is ADOPTED
