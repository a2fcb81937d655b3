"""Tables, definitions, pictures and verse whose parts come and go: they are made anew, and keep all else."""

from __future__ import annotations

import copy
import json

import pytest

from conversion.engine.book.model import (
    Align,
    Asset,
    Book,
    Cell,
    Definition,
    DefinitionList,
    Figure,
    InlineImage,
    Table,
    Text,
    Verse,
    VerseLine,
)
from conversion.engine.editing import (
    Block,
    MalformedChapter,
    NotPossible,
    changes,
    chapter_from_json,
    replace_picture,
)
from conversion.engine.patches import (
    FitState,
    MalformedPatch,
    Op,
    Piece,
    Revision,
    apply_patches,
    patch_from_json,
)
from conversion.engine.patches.pieces import plain
from conversion.engine.patches.reading import anchor_to_json
from tests.conversion.editing.test_saving import Written, new, say
from tests.conversion.editing.wanted import after
from tests.conversion.patches.samples import LINES, paragraph

OLD, NEW = "a" * 64, "b" * 64


def table(*, caption: str = "") -> Table:
    rows = [
        [Cell([paragraph("Port")], header=True), Cell([paragraph("Ships")], header=True, align=Align.END)],
        [Cell([paragraph("Hull")]), Cell([paragraph("12")], align=Align.END)],
    ]
    return Table(rows, header_rows=1, caption=[Text(caption)] if caption else [])


class Illustrated(Written):
    """A chapter with a picture, which another may replace."""

    def __init__(self) -> None:
        super().__init__(LINES[0], Figure(OLD, "A lamp"), LINES[1])
        self.book.assets[OLD] = asset(OLD)

    def keep(self, revision: Revision) -> list[Op]:
        self.patches = after(self.patches, revision)
        return [patch.op for patch in revision.made]

    def replace(self, name: str = "b1") -> list[Op]:
        return self.keep(replace_picture(self.base, self.patches, "c0", name, NEW))


def cell(text: str, number: int) -> Block:
    return Block(f"new-{number}", "cell", {}, blocks=[new(text, number + 50)])


def book_with(text: Written) -> Book:
    """Return the book that is built with the patches."""
    book = copy.deepcopy(text.book)
    fits = apply_patches(book, {text.base.identity: text.base}, text.patches, pictures={NEW: asset("c" * 64)}).fits
    assert {fit.state for fit in fits} == {FitState.APPLIED}
    return book


def asset(sha256: str) -> Asset:
    return Asset(sha256, "image/png", b"", 10, 10)


def saved(text: Written) -> Written:
    """Save what JSON makes of the chapter, with nothing changed: no patch is made."""
    value = json.loads(json.dumps(text.chapter.to_json()))
    revision = changes(text.base, text.patches, chapter_from_json(value))
    assert (revision.made, revision.dropped) == ([], [])
    return text


class TestTables:
    def test_a_row_comes_in(self) -> None:
        text = Written(LINES[0], table(), LINES[1])
        chapter = text.chapter
        chapter.blocks[1].blocks.append(Block("new-1", "row", {}, blocks=[cell("Kiel", 2), cell("7", 3)]))
        text.save(chapter)
        assert sorted(text.ops()) == [Op.INSERT, Op.REMOVE]
        made = next(one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, Table))
        assert [len(row) for row in made.rows] == [2, 2, 2]
        assert made.header_rows == 1
        assert [one.header for one in made.rows[0]] == [True, True]
        assert made.rows[1][1].align is Align.END

    def test_the_old_rows_again_drop_it(self) -> None:
        text = Written(LINES[0], table(), LINES[1])
        before, chapter = text.chapter, text.chapter
        del chapter.blocks[1].blocks[1]
        text.save(chapter)
        text.save(before)
        assert text.patches == []

    def test_a_cell_becomes_a_header(self) -> None:
        text = Written(LINES[0], table(), LINES[1])
        chapter = text.chapter
        chapter.blocks[1].blocks[1].blocks[0].attributes["header"] = True
        text.save(chapter)
        made = next(one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, Table))
        assert [one.header for one in made.rows[1]] == [True, False]

    def test_a_caption_comes_in_and_its_words_are_changed(self) -> None:
        text = Written(LINES[0], table(), LINES[1])
        chapter = text.chapter
        chapter.blocks[1].blocks.insert(0, new("Ships by port", 1, "caption"))
        text.save(chapter)
        chapter = saved(text).chapter
        say(chapter.blocks[1].blocks[0], "Ships in each port")
        text.save(chapter)
        assert text.ops().count(Op.INSERT) == 1
        made = next(one for one in book_with(text).chapters[0].blocks if isinstance(one, Table))
        assert made.caption == [Text("Ships in each port")]

    def test_words_of_a_cell_are_one_patch_of_words(self) -> None:
        text = Written(LINES[0], table(caption="Ports"), LINES[1])
        chapter = text.chapter
        say(chapter.blocks[1].blocks[2].blocks[1].blocks[0], "13")
        text.save(chapter)
        assert text.ops() == [Op.WORDS]

    def test_an_empty_cell_that_is_filled(self) -> None:
        text = Written(LINES[0], Table([[Cell([paragraph("Hull")]), Cell([])]]), LINES[1])
        chapter = text.chapter
        chapter.blocks[1].blocks[0].blocks[1].blocks = [Block("new-1", "paragraph")]  # as an editor shows it
        assert changes(text.base, (), chapter).made == []
        chapter.blocks[1].blocks[0].blocks[1].blocks = [new("12")]
        text.save(chapter)
        assert [len(one.blocks) for one in text.chapter.blocks[1].blocks[0].blocks] == [1, 1]

    def test_a_new_one(self) -> None:
        text = Written()
        chapter = text.chapter
        rows = [Block(f"new-{n}", "row", {}, blocks=[cell("a", n + 10), cell("b", n + 20)]) for n in (1, 2)]
        chapter.blocks.insert(2, Block("new-9", "table", {"header_rows": 1}, blocks=rows))
        text.save(chapter)
        made = next(one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, Table))
        assert (len(made.rows), made.header_rows) == (2, 1)

    @pytest.mark.parametrize(("rows", "header_rows", "code"), [(0, 0, "empty"), (1, 2, "header-rows")])
    def test_a_new_one_that_is_none(self, rows: int, header_rows: int, code: str) -> None:
        text, chapter = Written(), Written().chapter
        made = [Block(f"new-{n}", "row", {}, blocks=[cell("a", n + 10)]) for n in range(rows)]
        chapter.blocks.append(Block("new-9", "table", {"header_rows": header_rows} if header_rows else {}, blocks=made))
        with pytest.raises(NotPossible, match=code):
            text.save(chapter)


class TestDefinitions:
    def test_a_term_comes_in(self) -> None:
        text = Written(LINES[0], DefinitionList([Definition([Text("Keel")], [paragraph("Below.")])]))
        chapter = text.chapter
        chapter.blocks[1].blocks.append(
            Block("new-1", "definition", {}, blocks=[new("Mast", 2, "term"), new("Above.", 3)])
        )
        text.save(chapter)
        made = next(one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, DefinitionList))
        assert [plain([Piece(node.text) for node in one.term if isinstance(node, Text)]) for one in made.items] == [
            "Keel",
            "Mast",
        ]


class TestVerse:
    def test_lines_keep_their_indents_when_one_comes_in(self) -> None:
        lines = [VerseLine([Text("The lamp")]), VerseLine([Text("went out")], 2), VerseLine([Text("at four")], 1)]
        text = Written(LINES[0], Verse([lines[:2], lines[2:]]))
        chapter = text.chapter
        chapter.blocks[1].blocks[1].blocks.append(Block("new-1", "line", {"indent": 3}, (Piece("and so"),)))
        text.save(chapter)
        made = next(one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, Verse))
        assert [line.indent for stanza in made.stanzas for line in stanza] == [0, 2, 1, 3]

    def test_a_line_whose_words_change_keeps_its_indent(self) -> None:
        text = Written(LINES[0], Verse([[VerseLine([Text("The lamp")], 2)]]))
        chapter = text.chapter
        say(chapter.blocks[1].blocks[0].blocks[0], "The light")
        text.save(chapter)
        assert text.ops() == [Op.WORDS]
        made = next(one for one in book_with(text).chapters[0].blocks if isinstance(one, Verse))
        assert made.stanzas[0][0].indent == 2

    @pytest.mark.parametrize("indent", [-1, 10_000, True, "2"])
    def test_what_is_no_indent(self, indent: object) -> None:
        value = Written(LINES[0], Verse([[VerseLine([Text("The lamp")], 2)]])).chapter.to_json()
        value["blocks"][1]["blocks"][0]["blocks"][0]["attributes"] = {"indent": indent}
        with pytest.raises(MalformedChapter, match="attributes"):
            chapter_from_json(value)


class TestPictures:
    def test_one_is_replaced_and_that_is_taken_back(self) -> None:
        text = Illustrated()
        assert text.replace() == [Op.PICTURE]
        assert text.chapter.blocks[1].attributes["asset"] == NEW
        book = book_with(saved(text))
        assert [one.asset for one in book.chapters[0].blocks if isinstance(one, Figure)] == ["c" * 64]
        assert replace_picture(text.base, text.patches, "c0", "b1", OLD).made == []

    def test_one_in_the_text_is_replaced_where_it_stands(self) -> None:
        text = Written(paragraph("Press", InlineImage(OLD, "A key")), LINES[1])
        (key,) = text.chapter.objects
        revision = replace_picture(text.base, (), "c0", key, NEW)
        text.patches = list(revision.made)
        assert text.chapter.objects[key]["asset"] == NEW

    @pytest.mark.parametrize("name", ["b0", "b99", "c1", "new-1", "picture:0000000000000000", ""])
    def test_what_is_no_picture(self, name: str) -> None:
        with pytest.raises(NotPossible, match="no-picture"):
            replace_picture(Illustrated().base, (), "c0", name, NEW)

    def test_a_caption_under_one_that_was_replaced(self) -> None:
        text = Illustrated()
        text.replace()
        chapter = text.chapter
        chapter.blocks[1].blocks = [new("By night", 1, "caption")]
        text.keep(changes(text.base, text.patches, chapter))
        (figure,) = [one for one in book_with(saved(text)).chapters[0].blocks if isinstance(one, Figure)]
        assert (figure.asset, figure.alt, figure.caption) == ("c" * 64, "A lamp", [Text("By night")])

    def test_one_that_was_put_in_is_replaced(self) -> None:
        text = Illustrated()
        chapter = text.chapter
        chapter.blocks.append(Block("new-1", "figure", {"asset": OLD, "alt": "Again"}))
        text.save(chapter)
        name = text.chapter.blocks[-1].id
        assert text.replace(name) == [Op.INSERT]
        assert text.chapter.blocks[-1].attributes == {"asset": NEW, "alt": "Again"}

    def test_a_picture_of_somebody_else(self) -> None:
        text, chapter = Illustrated(), Illustrated().chapter
        chapter.blocks.append(Block("new-1", "figure", {"asset": "d" * 64}))
        with pytest.raises(NotPossible, match="unknown-picture new-1"):
            text.save(chapter)


class TestHostilePatches:
    def of(self, block: dict[str, object]) -> dict[str, object]:
        base = Written().base
        return {
            "op": "insert",
            "base": base.identity,
            "anchor": anchor_to_json(base.anchor(0)),
            "edit": {"blocks": [block], "is_before": False, "target": "block"},
            "author": "",
            "made_at": "",
            "reason": "",
            "revises": "",
        }

    @pytest.mark.parametrize(
        ("kind", "attributes", "children"),
        [
            ("table", {}, []),
            ("table", {}, [("paragraph", {}, [])]),
            ("table", {}, [("row", {}, [("cell", {"colspan": 1001}, [])])]),
            ("table", {}, [("row", {}, [("cell", {"colspan": True}, [])])]),
            ("table", {}, [("row", {}, [("cell", {}, [])]), ("caption", {}, [])]),
            ("row", {}, [("cell", {}, [])]),
            ("definitions", {}, [("definition", {}, [])]),
            ("definitions", {}, [("definition", {}, [("paragraph", {}, [])])]),
            ("figure", {}, []),
            ("figure", {"asset": "../../etc/passwd"}, []),
            ("verse", {"indents": "1,,2"}, []),
            ("caption", {}, []),
        ],
    )
    def test_are_refused(self, kind: str, attributes: dict[str, object], children: list[object]) -> None:
        with pytest.raises(MalformedPatch):
            patch_from_json(self.of(as_json(kind, attributes, children)))

    def test_a_good_one_is_read(self) -> None:
        row = ("row", {}, [("cell", {"header": True}, [("paragraph", {}, [])])])
        assert patch_from_json(self.of(as_json("table", {}, [row]))).op is Op.INSERT


def as_json(kind: str, attributes: dict[str, object], children: list[object]) -> dict[str, object]:
    return {"kind": kind, "text": [], "attributes": attributes, "children": [as_json(*one) for one in children]}
