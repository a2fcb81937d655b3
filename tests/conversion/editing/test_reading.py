"""What comes in as a chapter is hostile: it is read into the closed set, or refused with the block that is wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from conversion.engine.editing import MalformedChapter, UnknownChapter, changes, chapter_from_json, chapter_of
from conversion.engine.patches import base_of
from tests.conversion.patches.samples import LINES, book_of

BASE = base_of(book_of(LINES))
STAND_IN = "\ufffc"


def document() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(chapter_of(BASE, [], "c0").to_json()))
    return value


def block(**change: Any) -> dict[str, Any]:
    return {"id": "new-1", "kind": "paragraph", "attributes": {}, "text": ["New."]} | change


def nested(depth: int) -> dict[str, Any]:
    inner = block()
    for number in range(depth):
        inner = {"id": f"new-q{number}", "kind": "quotation", "attributes": {}, "blocks": [inner]}
    return inner


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (block(id="b1"), "id-twice"),
        (block(id="b1<script>"), "id"),
        (block(id=7), "id"),
        (block(id="new-" + "x" * 80), "id"),
        (block(kind="script"), "kind"),
        (block(kind=["paragraph"]), "kind"),
        (block(onclick="x"), "field"),
        (block(attributes=[]), "attributes"),
        (block(attributes={"style": "x"}), "attributes"),
        (block(attributes={"align": "middle"}), "attributes"),
        (block(attributes={"lang": "x" * 99}), "attributes"),
        (block(kind="heading", attributes={"level": 7}), "attributes"),
        (block(kind="heading", attributes={"level": True}), "attributes"),
        (block(kind="heading"), "attributes"),
        (block(text="New."), "form"),
        (block(text=[1]), "piece"),
        (block(text=[["a", [], "note:0123456789abcdef", "x"]]), "piece"),
        (block(text=[["a", [["script"]]]]), "mark"),
        (block(text=[["a", [["link", "javascript:alert(1)"]]]]), "mark"),
        (block(text=[["a", [["link", "data:text/html,x"]]]]), "mark"),
        (block(text=[["a", [["link", "#a"], ["link", "#b"]]]]), "mark"),
        (block(text=[["a", [["code"], ["strong"]]]]), "mark"),
        (block(text=[["a", [["strong"]] * 9]]), "form"),
        (block(text=[[STAND_IN, [], "script:0123456789abcdef"]]), "object"),
        (block(text=[[STAND_IN, [["code"]], "note:0123456789abcdef"]]), "mark"),
        (block(kind="code", text=[["a", [["strong"]]]]), "mark"),
        (block(text=["x" * 150_001]), "too-long"),
        (block(text=["x"] * 5_001), "form"),
        (block(blocks=[block(id="new-2")]), "content"),
        (block(kind="quotation"), "content"),
        (block(kind="line"), "wrong-place"),
        (block(kind="cell", text=[]), "wrong-place"),
        (block(kind="list", text=[], blocks=[block(id="new-2")]), "wrong-place"),
        (block(kind="verse", text=[], blocks=[block(id="new-2", kind="line")]), "wrong-place"),
        (nested(30), "too-deep"),
        ("paragraph", "form"),
    ],
)
def test_bad_blocks_are_refused(wrong: Any, code: str) -> None:
    value = document()
    value["blocks"].insert(1, wrong)
    with pytest.raises(MalformedChapter) as refused:
        chapter_from_json(value)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"base": "x"},
        {"base": None},
        {"chapter": "../etc"},
        {"chapter": "x" * 81},
        {"attributes": {}},
        {"attributes": {"title": 7}},
        {"attributes": {"title": "x" * 400}},
        {"attributes": {"title": "A", "division": "elsewhere"}},
        {"attributes": {"title": "A", "onclick": "x"}},
        {"blocks": {}},
        {"notes": [{"object": "note:x", "blocks": []}]},
        {"notes": ["x"]},
        {"objects": []},
        {"objects": {"picture:x": {}}},
        {"objects": {"picture:0123456789abcdef": {"kind": "picture", "alt": 7}}},
        {"objects": {"picture:0123456789abcdef": {"kind": "picture", "alt": "a\nb"}}},
    ],
)
def test_bad_chapters_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedChapter):
        chapter_from_json(document() | change)


@pytest.mark.parametrize("value", [None, [], "x", 7, {}, {"blocks": []}])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(MalformedChapter):
        chapter_from_json(value)


@pytest.mark.parametrize("name", ["id", "kind"])
def test_what_a_block_must_have(name: str) -> None:
    value = document()
    del value["blocks"][0][name]
    with pytest.raises(MalformedChapter):
        chapter_from_json(value)


def test_text_is_cleaned() -> None:
    value = document()
    value["blocks"][0]["text"] = ["a\x00b\u202ec", f"d{STAND_IN}e"]
    (piece,) = chapter_from_json(value).blocks[0].text
    assert piece.text == "abcde"


def test_of_an_object_only_the_alternative_text_comes_in() -> None:
    key = "picture:0123456789abcdef"
    value = document() | {"objects": {key: {"kind": "picture", "alt": "A", "mathml": "<script>", "asset": "x"}}}
    assert chapter_from_json(value).objects == {key: {"kind": "picture", "alt": "A"}}


def test_another_base_is_refused() -> None:
    chapter = chapter_from_json(document() | {"base": "0" * 32})
    with pytest.raises(MalformedChapter, match="base"):
        changes(BASE, [], chapter)


def test_an_unknown_chapter() -> None:
    chapter = chapter_from_json(document() | {"chapter": "c9"})
    with pytest.raises(UnknownChapter):
        changes(BASE, [], chapter)


def test_names_of_other_blocks_are_new_blocks() -> None:
    """Nobody can name a block of another chapter or of no base: what is not in the list comes in as new."""
    value = copy.deepcopy(document())
    value["blocks"].append(block(id="b999"))
    value["blocks"].append(block(id="c999", kind="quotation", text=[], blocks=[block(id="b888")]))
    made = changes(BASE, [], chapter_from_json(value)).made
    assert [str(patch.op) for patch in made] == ["insert"]
