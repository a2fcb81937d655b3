"""Every picture of a text in order, and what a chapter says of those that are decorative."""

from __future__ import annotations

import json

import pytest

from conversion.engine.book.model import Figure, InlineImage, Note, NoteRef, Text
from conversion.engine.editing import (
    LeaveOut,
    MalformedChapter,
    all_pictures,
    chapter_change,
    chapter_from_json,
    merged,
)
from conversion.engine.patches import Base, FitState, Op, SetEdit, apply_patches, base_of
from tests.conversion.editing.test_islands import asset
from tests.conversion.editing.test_saving import Written
from tests.conversion.patches.samples import LINES, book_of, paragraph

A, B, C = "a" * 64, "b" * 64, "c" * 64


class Illustrated(Written):
    def __init__(self) -> None:
        within = paragraph("The sign ", InlineImage(B, "A leaf"), " hung over the door.")
        noted = paragraph("It hangs there still.", NoteRef("n-1"))
        note = Note("n-1", [paragraph("See ", InlineImage(C), " below.")])
        super().__init__(LINES[0], Figure(A, caption=[Text("The lamp")]), within, noted, notes=[note])
        for key in (A, B, C):
            self.book.assets[key] = asset(key)


def save(text: Illustrated, name: str, **values: str | bool) -> list[tuple[str, object]]:
    value = json.loads(json.dumps(text.chapter.to_json()))
    if name.startswith("picture:"):
        value["objects"][name] |= values
    else:
        next(one for one in value["blocks"] if one["id"] == name)["attributes"] |= values
    revision = text.save(chapter_from_json(value))
    return [(patch.edit.name, patch.edit.new) for patch in revision.made if isinstance(patch.edit, SetEdit)]


class TestList:
    def test_has_all_in_order_with_the_words_around(self) -> None:
        text = Illustrated()
        lines = all_pictures(text.base, text.patches)
        assert [(one.asset, one.alt, one.is_decorative) for one in lines] == [
            (A, "", False),
            (B, "A leaf", False),
            (C, "", False),
        ]
        first, second, third = lines
        assert (first.before, first.caption, first.after) == (
            LINES[0] if len(LINES[0].split()) <= 14 else "… " + " ".join(LINES[0].split()[-14:]),
            "The lamp",
            "The sign hung over the door.",
        )
        assert (second.before, second.after) == ("The sign", "hung over the door.")
        assert (third.before, third.after) == ("See", "below.")

    def test_shows_what_patches_say(self) -> None:
        text = Illustrated()
        save(text, "b1", alt="A lamp")
        assert [one.alt for one in all_pictures(text.base, text.patches)] == ["A lamp", "A leaf", ""]

    def test_leaves_out_what_is_left_out(self) -> None:
        text = Illustrated()
        text.book = book_of([*text.book.chapters[0].blocks], ["More words here."])
        text.base = base_of(text.book)
        left = chapter_change(text.base, (), LeaveOut("c0", True), made_at="2026-12-01T00:00:00Z")
        assert all_pictures(text.base, left.made) == ()

    def test_is_empty_without_pictures(self) -> None:
        assert all_pictures(base_of(book_of(LINES)), ()) == ()


class TestDecorative:
    def test_a_figure(self) -> None:
        text = Illustrated()
        assert save(text, "b1", decorative=True) == [("decorative", True)]
        assert [one.is_decorative for one in all_pictures(text.base, text.patches)] == [True, False, False]
        assert save(text, "b1", decorative=False) == []
        assert text.patches == []

    def test_a_picture_within_the_text_loses_its_description(self) -> None:
        text = Illustrated()
        name = all_pictures(text.base, ())[1].name
        assert save(text, name, alt="", decorative=True) == [("alt", ""), ("decorative", True)]
        fits = apply_patches(text.book, {text.base.identity: text.base}, text.patches).fits
        assert {fit.state for fit in fits} == {FitState.APPLIED}
        shown = base_of(text.book)
        assert [(one.alt, one.is_decorative) for one in shown.objects.values() if one.asset == B] == [("", True)]

    def test_a_picture_in_a_note(self) -> None:
        text = Illustrated()
        name = all_pictures(text.base, ())[2].name
        assert save(text, name, alt="A chart") == [("alt", "A chart")]
        assert all_pictures(text.base, text.patches)[2].alt == "A chart"

    @pytest.mark.parametrize("value", [1, "yes", None, ["x"]])
    def test_odd_values_are_refused(self, value: object) -> None:
        text = Illustrated()
        name = all_pictures(text.base, ())[1].name
        document = text.chapter.to_json()
        document["objects"][name]["decorative"] = value
        with pytest.raises(MalformedChapter):
            chapter_from_json(document)
        document = text.chapter.to_json()
        document["blocks"][1]["attributes"]["decorative"] = value
        with pytest.raises(MalformedChapter):
            chapter_from_json(document)

    def test_both_changes_of_two_people_stay(self) -> None:
        text = Illustrated()
        name = all_pictures(text.base, ())[1].name
        ancestor, mine, theirs = (text.chapter for _ in range(3))
        mine.objects[name]["decorative"] = True
        theirs.objects[name]["alt"] = ""
        found = merged(ancestor, mine, theirs).chapter.objects[name]
        assert (found["alt"], found["decorative"]) == ("", True)


class TestBase:
    def test_keeps_the_mark_and_the_identity_of_those_without_one(self) -> None:
        text = Illustrated()
        assert b"true" not in text.base._canonical().split(b'"objects"')[1]
        figure = text.book.chapters[0].blocks[1]
        assert isinstance(figure, Figure)
        figure.decorative = True
        base = base_of(text.book)
        assert base.identity != text.base.identity
        read = Base.from_bytes(base.to_bytes())
        assert read is not None
        assert read.identity == base.identity
        assert [one.is_decorative for one in all_pictures(read, ())] == [True, False, False]

    def test_a_patch_finds_its_picture_in_the_next_version(self) -> None:
        text = Illustrated()
        save(text, "b1", alt="A lamp")
        text.book.chapters[0].blocks[:0] = [paragraph("A new first paragraph that stands before."), paragraph(LINES[2])]
        applied = apply_patches(text.book, {text.base.identity: text.base}, text.patches)
        assert [fit.state for fit in applied.fits] == [FitState.APPLIED]
        assert all(patch.op is Op.SET for patch in text.patches)
