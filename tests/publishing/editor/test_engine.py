"""The editor and the engine: real chapters there and back without loss, and what each command becomes as patches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from conversion.engine.book.model import Book, Link
from conversion.engine.book.walk import walk
from conversion.engine.editing import changes, chapter_from_json, chapter_of, chapters_of
from conversion.engine.patches import Base, Revision, base_of
from conversion.engine.patches.leaves import leaves_of
from conversion.engine.readers import read_source
from tests.conversion.books import hostile_book, rich_book
from tests.publishing.editor.steps import HEAD
from tests.support.chapter_server import Json, plain
from tests.support.node import EDITOR, run_module

DEMO = settings.BASE_DIR / "demo/books"
CORPUS = (
    "childrens-literature/childrens-literature.epub",
    "flatland/flatland.epub",
    "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
    "linear-algebra/linear-algebra.epub",
    "poe-poetry/poe-poetry.epub",
    "regime-anticancer-arabic/regime-anticancer-arabic.epub",
    "wasteland/wasteland.epub",
)
THERE_AND_BACK = """
import { readFileSync } from "node:fs";
const chapters = JSON.parse(readFileSync(file, "utf8"));
answer(chapters.map((chapter) => write(open(chapter))));
"""


def documents(base: Base) -> list[Json]:
    return [json.loads(json.dumps(chapter_of(base, [], line.id).to_json())) for line in chapters_of(base, [])]


def back(tmp_path: Path, chapters: Iterable[Json]) -> list[Json]:
    """The chapters as the editor writes them."""
    file = tmp_path / "chapters.json"
    file.write_text(json.dumps(list(chapters)), encoding="utf-8")
    found: list[Json] = run_module(f"{HEAD}const file = {json.dumps(str(file))};{THERE_AND_BACK}", EDITOR)
    return found


def read(path: Path) -> Book:
    return read_source(path, path.name)[1].book


def check(tmp_path: Path, books: Iterable[Book]) -> int:
    """Check that the books' chapters come back as they were; the number of chapters."""
    count = 0
    for book in books:
        given = documents(base_of(book))
        assert back(tmp_path, given) == given
        count += len(given)
    return count


class TestThereAndBack:
    def test_books_with_every_element(self, tmp_path: Path) -> None:
        assert check(tmp_path, [rich_book(), hostile_book()]) > 4

    def test_books_of_the_demonstration(self, tmp_path: Path) -> None:
        books = ("off-by-one.md", "the-tide-clerk.docx", "nine-windows.epub")
        assert check(tmp_path, (read(DEMO / name) for name in books)) > 5

    @pytest.mark.corpus
    def test_books_of_the_corpus(self, tmp_path: Path, corpus: Path) -> None:
        assert check(tmp_path, (read(corpus / name) for name in CORPUS if (corpus / name).exists())) > 50

    def test_the_engine_sees_no_change(self, tmp_path: Path) -> None:
        book = rich_book()
        for leaf in leaves_of(book).leaves:
            for link in walk(leaf.inlines or []):
                if isinstance(link, Link):
                    link.href = "https://example.org/a?q=1#top"  # as readers clean it
        base = base_of(book)
        for value in back(tmp_path, documents(base)):
            assert changes(base, [], chapter_from_json(value)) == Revision()


BOOK = """# The Harbour

Rain fell on the water. Nobody came down.

The keeper lit the lamp.

> Quoted words.

* * *

- Oil
- Wick

| Day | Water |
|-----|-------|
| Mon | 5.12  |

    lamp.light()

The end of it.
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    path = tmp_path_factory.mktemp("book") / "harbour.md"
    path.write_text(BOOK, encoding="utf-8")
    return base_of(read(path))


def leaves(blocks: Iterable[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from leaves(block.get("blocks", []))


# What a hand does with the block that has these words, and the kinds of patches that it becomes.
COMMANDS = {
    "a word": ("Rain fell", "at(editor, id, 4); type(' softly');", ["words"]),
    "a mark": ("Rain fell", "at(editor, id, 0, 4); run(editor, toggle('strong'));", ["words"]),
    "a language": ("Rain fell", "at(editor, id, 1); run(editor, setMark('language', french));", ["words"]),
    "a split": ("Rain fell", "at(editor, id, 24); run(editor, enter);", ["split"]),
    "a join": ("The keeper", "at(editor, id, 0); run(editor, joinBackward); type(' ');", ["join"]),
    "a paragraph more": ("The end", "at(editor, id, 14); run(editor, enter); type('More.');", ["insert"]),
    "a paragraph less": ("The keeper", "cut(id);", ["remove"]),
    "a heading": ("The keeper", "at(editor, id, 1); run(editor, KINDS['heading-3']);", ["kind"]),
    "a quotation": ("The keeper", "at(editor, id, 1); run(editor, KINDS.quotation);", ["kind"]),
    "no quotation": ("Quoted", "at(editor, id, 1); run(editor, KINDS.paragraph);", ["kind"]),
    "a scene break": ("The keeper", "at(editor, id, 1); run(editor, addSceneBreak);", ["insert"]),
    "a move": ("The keeper", "at(editor, id, 1); run(editor, move(-1));", ["insert", "remove"]),
    "a cell": ("5.12", "at(editor, id, 4); type(' a.m.');", ["words"]),
    "an item": ("Oil", "at(editor, id, 3); type(' of whales');", ["words"]),
    "code": ("lamp.light", "at(editor, id, 12); type(' # on');", ["words"]),
    "a list": ("The end", "at(editor, id, 1); run(editor, KINDS.list);", ["insert", "remove"]),
    "verse": ("The end", "at(editor, id, 1); run(editor, KINDS.verse);", ["insert", "remove"]),
}
HANDS = """
import { joinBackward } from "$/../../../node_modules/prosemirror-commands/dist/index.js";
const french = { lang: "fr", direction: "", dress: "" };
const found = [];
const editing = (id, work) => {
  const editor = open(chapter);
  const type = (words) => apply(editor, editor.state.tr.insertText(words));
  const cut = (block) => {
    const pos = findBlock(editor.state.doc, block);
    apply(editor, editor.state.tr.delete(pos, pos + editor.state.doc.nodeAt(pos).nodeSize));
  };
  work({ editor, id, type, cut });
  found.push(write(editor));
};
"""


def test_each_command_becomes_the_patches_that_say_it(base: Base) -> None:
    [line] = chapters_of(base, [])
    document = chapter_of(base, [], line.id).to_json()
    by_words = {
        words: next(
            leaf["id"] for leaf in leaves(document["blocks"]) if plain(leaf).startswith(words) and "text" in leaf
        )
        for words, _, _ in COMMANDS.values()
    }
    work = "".join(
        f"editing({json.dumps(by_words[words])}, ({{ editor, id, type, cut }}) => {{ {steps} }});\n"
        for words, steps, _ in COMMANDS.values()
    )
    given = f"const chapter = {json.dumps(document)};\n"
    found = run_module(f"{HEAD}{given}{HANDS}{work}answer(found);", EDITOR)
    kinds = {}
    for name, written in zip(COMMANDS, found, strict=True):
        revision = changes(base, [], chapter_from_json(written))
        kinds[name] = sorted(patch.op.value for patch in revision.made)
    assert kinds == {name: wanted for name, (_, _, wanted) in COMMANDS.items()}
