"""Patches as JSON: every kind comes back, and nothing hostile comes in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion.engine.book.model import Anchor, Emphasis, LineBreak, Link, Ruby, Text
from conversion.engine.patches import (
    CommentEdit,
    Edit,
    Fit,
    FitState,
    InsertEdit,
    JoinEdit,
    KindEdit,
    MalformedPatch,
    MergeChapterEdit,
    MoveChapterEdit,
    NewBlock,
    Op,
    Patch,
    PictureEdit,
    Piece,
    Reason,
    RemoveEdit,
    SetEdit,
    SplitChapterEdit,
    SplitEdit,
    Target,
    WordsEdit,
    base_of,
    fit_from_json,
    fit_to_json,
    patch_from_json,
    patch_to_json,
)
from conversion.engine.patches.base import Base
from tests.conversion.books import rich_book

from .samples import LINES, book_of, correction, paragraph

NOTE = Piece("\ufffc", kept="note:0123456789abcdef")
LINKED = Piece("a link", (("emphasis",), ("link", "https://example.org/")))
ITEM = NewBlock("item", children=(NewBlock("paragraph", (LINKED,)),))

EDITS: list[Edit] = [
    WordsEdit((Piece("old"), NOTE), (Piece("new "), NOTE, LINKED, Piece("海", (("ruby", "うみ"),)))),
    WordsEdit((), (Piece("schön", (("language", "de-AT", "ltr", ""),)), Piece("\u2028"))),
    SetEdit(Target.BLOCK, "level", 2, 3),
    SetEdit(Target.CHAPTER, "left_out", False, True),
    InsertEdit((NewBlock("heading", (Piece("Head"),), {"level": 2}), NewBlock("list", children=(ITEM,))), True),
    RemoveEdit(Target.CONTAINER),
    SplitEdit((NewBlock("scene_break", attributes={"sign": "***"}),)),
    JoinEdit(),
    KindEdit("paragraph", "heading", {"level": 2}),
    PictureEdit("a" * 64, "b" * 64),
    MoveChapterEdit(None),
    MergeChapterEdit(),
    SplitChapterEdit("A title"),
    CommentEdit((Piece("words"),)),
]


def row() -> dict[str, Any]:
    value = patch_to_json(correction(book_of(LINES), 1, "four", "five")[1])
    return json.loads(json.dumps(value))


class TestRoundTrip:
    @pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.op)
    def test_every_edit_comes_back(self, edit: Edit) -> None:
        base = base_of(book_of(LINES))
        patch = Patch(base.identity, base.anchor(1, 2, 3), edit, "usr_1", "2026-03-01T12:00:00Z", "A slip.", "c" * 32)
        assert patch_from_json(json.loads(json.dumps(patch_to_json(patch)))) == patch

    def test_there_is_an_example_of_each(self) -> None:
        assert {edit.op for edit in EDITS} == set(Op)

    def test_a_chapter_moves_behind_another(self) -> None:
        base = base_of(book_of(LINES[:2], LINES[2:]))
        patch = Patch(base.identity, base.chapter_anchor(0), MoveChapterEdit(base.chapter_anchor(1)))
        assert patch_from_json(json.loads(json.dumps(patch_to_json(patch)))) == patch

    def test_a_fit_comes_back(self) -> None:
        anchor = base_of(book_of(LINES)).anchor(1, 2, 3)
        for fit in (
            Fit("a" * 32, FitState.APPLIED, anchor),
            Fit("a" * 32, FitState.CONFLICT, None, Reason.CHANGED, (Piece("theirs"), NOTE), anchor),
        ):
            assert fit_from_json(json.loads(json.dumps(fit_to_json(fit)))) == fit

    def test_the_identity_is_of_all_that_a_patch_is(self) -> None:
        one = patch_from_json(row())
        other = patch_from_json(row() | {"reason": "Another reason."})
        assert one.identity == patch_from_json(row()).identity != other.identity


BAD_PIECES: list[Any] = [
    None,
    "text",
    [None],
    [{"text": 1}],
    [{"text": "x", "marks": "emphasis"}],
    [{"text": "x", "marks": [["script"]]}],
    [{"text": "x", "marks": [["emphasis", "extra"]]}],
    [{"text": "x", "marks": [["link", "javascript:alert(1)"]]}],
    [{"text": "x", "marks": [["link", "//example.org"]]}],
    [{"text": "x", "marks": [["link", "data:text/html,x"]]}],
    [{"text": "x", "marks": [["link", ""]]}],
    [{"text": "x", "marks": [["link", "https://a.example/"], ["link", "https://b.example/"]]}],
    [{"text": "x", "marks": [["code"], ["emphasis"]]}],
    [{"text": "x", "marks": [["language", "not a language", "", ""]]}],
    [{"text": "x", "marks": [["language", "de", "up", ""]]}],
    [{"text": "x", "marks": [["emphasis"]] * 9}],
    [{"text": "x", "html": "<b>"}],
    [{"text": "\ufffc", "kept": "note:fedcba9876543210"}],  # not among the old words
    [{"text": "\ufffc", "kept": "script:0123456789abcdef"}],
    [{"text": "x" * 150_001}],
    [{"text": "x"}] * 5_001,
]


class TestHostile:
    @pytest.mark.parametrize("pieces", BAD_PIECES, ids=lambda pieces: repr(pieces)[:60])
    def test_bad_text_is_refused(self, pieces: Any) -> None:
        value = row()
        value["edit"]["new"] = pieces
        with pytest.raises(MalformedPatch):
            patch_from_json(value)

    def test_control_characters_are_cleaned_away(self) -> None:
        value = row()
        value["edit"]["new"] = [{"text": "fi\x00ve\u202e\ud800"}]
        assert patch_from_json(value).edit.new == (Piece("five"),)

    @pytest.mark.parametrize(
        ("path", "bad"),
        [
            (("op",), "eval"),
            (("base",), "../../etc"),
            (("author",), "<script>"),
            (("made_at",), "yesterday"),
            (("reason",), "x" * 2001),
            (("revises",), 7),
            (("anchor", "key"), "z" * 32),
            (("anchor", "start"), -1),
            (("anchor", "start"), True),
            (("anchor", "end"), 1),
            (("anchor", "block"), 10**12),
            (("anchor", "place"), {"part": "x" * 501, "index": 0}),
            (("anchor", "extra"), 1),
            (("edit", "extra"), 1),
            (("extra",), 1),
        ],
        ids=str,
    )
    def test_bad_values_are_refused(self, path: tuple[str, ...], bad: Any) -> None:
        value = row()
        inner = value
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = bad
        with pytest.raises(MalformedPatch):
            patch_from_json(value)

    @pytest.mark.parametrize(
        ("op", "edit"),
        [
            ("insert", {"blocks": [], "is_before": False, "target": "block"}),
            ("insert", {}),
            ("kind", {"old": "paragraph", "new": "table", "attributes": {}}),
            ("kind", {"old": "paragraph", "new": "heading", "attributes": {"level": 7}}),
            ("remove", {"target": "chapter"}),
            ("picture", {"old": "a" * 64, "new": "../cover"}),
            ("split_chapter", {"title": 7}),
            ("set", {"target": "block", "name": "alt", "old": "", "new": None}),
            ("set", {"target": "block", "name": "alt", "old": "", "new": 1.5}),
            ("join", {"blocks": []}),
        ],
    )
    def test_bad_edits_are_refused(self, op: str, edit: dict[str, Any]) -> None:
        with pytest.raises(MalformedPatch):
            patch_from_json(row() | {"op": op, "edit": edit})

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "table"},
            {"kind": "figure"},
            {"kind": "scene_break"},  # with text
            {"kind": "item"},
            {"kind": "list"},  # whose children are no items
            {"attributes": {"onclick": "x"}},
            {"attributes": {"role": "<b>"}},
            {"text": [{"text": "\ufffc", "kept": "script:0123456789abcdef"}]},
            {"kind": "code", "text": [{"text": "\ufffc", "kept": "picture:0123456789abcdef"}]},
            {"children": [{"kind": "paragraph", "text": [], "attributes": {}, "children": []}]},
            {"text": None},
        ],
        ids=str,
    )
    def test_bad_blocks_are_refused(self, change: dict[str, Any]) -> None:
        block = {"kind": "paragraph", "text": [{"text": "x"}], "attributes": {}, "children": []} | change
        if change == {"kind": "list"}:
            block |= {"text": [], "children": [{"kind": "paragraph", "text": [], "attributes": {}, "children": []}]}
        edit = {"blocks": [block], "is_before": False, "target": "block"}
        with pytest.raises(MalformedPatch):
            patch_from_json(row() | {"op": "insert", "edit": edit})

    def test_blocks_within_blocks_without_end_are_refused(self) -> None:
        block: dict[str, Any] = {"kind": "quotation", "text": [], "attributes": {}, "children": []}
        for _ in range(50):
            block = {"kind": "quotation", "text": [], "attributes": {}, "children": [block]}
        edit = {"blocks": [block], "is_before": False, "target": "block"}
        with pytest.raises(MalformedPatch):
            patch_from_json(row() | {"op": "insert", "edit": edit})

    @pytest.mark.parametrize("value", [None, [], "patch", 7, {}], ids=str)
    def test_anything_else_is_refused(self, value: Any) -> None:
        with pytest.raises(MalformedPatch):
            patch_from_json(value)


class TestBase:
    def test_comes_back_from_bytes(self) -> None:
        for book in (rich_book(), book_of(LINES)):
            base = base_of(book)
            again = Base.from_bytes(base.to_bytes())
            assert again == base
            assert again is not None and again.identity == base.identity
            assert again.to_bytes() == base.to_bytes()

    def test_another_version_is_made_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        content = base_of(book_of(LINES)).to_bytes()
        monkeypatch.setattr("conversion.engine.patches.base.VERSION", 99)
        assert Base.from_bytes(content) is None

    def test_keys_ignore_typography(self) -> None:
        one = list(base_of(book_of(["“Don’t” — he sa­id…"])).keys)
        assert one == list(base_of(book_of(['"Don\'t" -- he said...'])).keys)
        assert one != list(base_of(book_of(["“don’t” — he said…"])).keys)

    def test_keys_ignore_link_targets_and_marks(self) -> None:
        plain = list(base_of(book_of([paragraph("one two")])).keys)
        assert plain == list(base_of(book_of([paragraph(Anchor("x"), Emphasis([Text("one")]), " two")])).keys)

    def test_an_anchor_is_found_by_its_key(self) -> None:
        base = base_of(book_of(LINES))
        anchor = base.anchor(3)
        assert base.block_of(anchor) == 3
        assert base.block_of(anchor._replace(block=0)) == 3
        assert base.block_of(anchor._replace(key="0" * 32)) is None

    def test_a_twin_is_found_by_its_neighbours(self) -> None:
        base = base_of(book_of([LINES[0], "Yes.", LINES[1], "Yes.", LINES[2]]))
        assert base.block_of(base.anchor(3)._replace(block=0)) == 3

    def test_words_have_their_marks_and_breaks(self) -> None:
        block = paragraph("one ", Link([Text("two"), LineBreak(), Text("three")], "#c1"), Ruby([("海", "うみ")]))
        words = base_of(book_of([block])).blocks[0].words
        assert [word.text for word in words] == ["one", "two", "three", "海"]
        assert words[1].gap == (Piece("\u2028", (("link", "#c1"),)),)
