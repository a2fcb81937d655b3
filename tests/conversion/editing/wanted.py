"""Chapters as random authors want them, and whether patches make them so."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from conversion.engine.book.model import Book
from conversion.engine.editing import Block, ChapterText, NotPossible, changes, chapter_of, chapters_of
from conversion.engine.editing.document import TEXTS, every
from conversion.engine.patches import Base, FitState, Patch, Piece, Revision, apply_patches
from conversion.engine.patches.leaves import leaves_of
from conversion.engine.patches.words import Word, pieces_of_words, text_of, words_of

VOCABULARY = ("lamp", "harbour", "never", "the", "and", "“Why?”", "1923", "so—so", "Öl", "…")
LISTS = ("quotation", "aside")  # containers whose blocks may be anything


class Author:
    """Changes a chapter at random places. Whatever it does is possible, but for `NotPossible` in `save`."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._names = count()

    def edit(self, chapter: ChapterText, edits: int) -> ChapterText:
        wanted = copy.deepcopy(chapter)
        for _ in range(edits):
            self.chance.choice(EDITS)(self, wanted)
        return wanted

    def _name(self) -> str:
        return f"new-{next(self._names)}"

    def _sentence(self) -> tuple[Piece, ...]:
        text = " ".join(self.chance.choices(VOCABULARY, k=self.chance.randint(1, 6)))
        marks = self.chance.choice(((), (), (("emphasis",),)))
        return (Piece(text, marks),)

    def _paragraph(self) -> Block:
        return Block(self._name(), "paragraph", {}, self._sentence())

    # ------------------------------------------------------------ words

    def words(self, chapter: ChapterText) -> None:
        notes = [block for note in chapter.notes for block in note.blocks]
        texts = [one for one in every((*chapter.blocks, *notes)) if one.kind in TEXTS and one.kind != "code"]
        if not texts:
            return
        block = self.chance.choice(texts)
        words = words_of(block.text)
        free = [n for n, word in enumerate(words) if not any(piece.kept for piece in word.pieces)]
        luck = self.chance.random()
        at = self.chance.randint(0, len(words))
        if luck < 0.4 or not free:
            words[at:at] = words_of((*self._sentence(), Piece(" ")))
        elif luck < 0.7:
            del words[self.chance.choice(free)]
        elif luck < 0.9:
            one = self.chance.choice(free)
            words[one] = Word((Piece(self.chance.choice(VOCABULARY)),), words[one].gap)
        else:
            one = self.chance.choice(free)
            words[one] = Word(tuple(Piece(p.text, (("strong",),)) for p in words[one].pieces), words[one].gap)
        block.text = tidy(words)

    # ------------------------------------------------------------ blocks

    def _siblings(self, chapter: ChapterText) -> list[Block]:
        lists = [chapter.blocks, *(note.blocks for note in chapter.notes)]
        lists += [one.blocks for one in every(chapter.blocks) if one.kind in ("quotation", "aside", "item", "cell")]
        return self.chance.choice([one for one in lists if one] or [chapter.blocks])

    def _flowing(self, siblings: Sequence[Block]) -> list[int]:
        return [n for n, one in enumerate(siblings) if one.kind in ("paragraph", "heading")]

    def split(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        for at in self.chance.sample(places := self._flowing(siblings), min(1, len(places))):
            block = siblings[at]
            words = words_of(block.text)
            if len(words) < 2:
                continue
            cut = self.chance.randint(0, len(words))
            rest = replace(
                block, id=self._name(), text=tidy(words[cut:]), origin=block.id, attributes={**block.attributes}
            )
            block.text = tidy(words[:cut])
            siblings.insert(at + 1, rest)

    def join(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        places = [
            n for n in self._flowing(siblings) if n + 1 < len(siblings) and siblings[n].kind == siblings[n + 1].kind
        ]
        for at in self.chance.sample(places, min(1, len(places))):
            blank = (Piece(" "),) if self.chance.random() < 0.8 else ()
            siblings[at].text = tidy(words_of((*siblings[at].text, *blank, *siblings[at + 1].text)))
            del siblings[at + 1]

    def insert(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        made = self.chance.choice(
            (self._paragraph, self._paragraph, self._heading, self._scene, self._list, self._quotation, self._verse)
        )()
        siblings.insert(self.chance.randint(0, len(siblings)), made)

    def _heading(self) -> Block:
        return Block(self._name(), "heading", {"level": self.chance.randint(1, 6)}, self._sentence())

    def _scene(self) -> Block:
        return Block(self._name(), "scene_break", {"sign": "***"} if self.chance.random() < 0.5 else {})

    def _list(self) -> Block:
        items = [Block(self._name(), "item", {}, blocks=[self._paragraph()]) for _ in range(self.chance.randint(1, 3))]
        return Block(self._name(), "list", {"ordered": True, "start": 1}, blocks=items)

    def _quotation(self) -> Block:
        return Block(
            self._name(), "quotation", {}, blocks=[self._paragraph() for _ in range(self.chance.randint(1, 2))]
        )

    def _verse(self) -> Block:
        lines = [Block(self._name(), "line", {}, self._sentence()) for _ in range(3)]
        stanzas = [Block(self._name(), "stanza", {}, blocks=part) for part in (lines[:2], lines[2:])]
        return Block(self._name(), "verse", {}, blocks=stanzas)

    def remove(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        if siblings:
            del siblings[self.chance.randrange(len(siblings))]

    def move(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        if siblings:
            block = siblings.pop(self.chance.randrange(len(siblings)))
            siblings.insert(self.chance.randint(0, len(siblings)), block)

    def wrap(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        for at in self.chance.sample(places := self._flowing(siblings), min(1, len(places))):
            siblings[at] = Block(self._name(), "quotation", {}, blocks=[siblings[at]])

    def unwrap(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        places = [n for n, one in enumerate(siblings) if one.kind == "quotation"]
        for at in self.chance.sample(places, min(1, len(places))):
            siblings[at : at + 1] = siblings[at].blocks

    def kind(self, chapter: ChapterText) -> None:
        siblings = self._siblings(chapter)
        places = [n for n, one in enumerate(siblings) if one.kind in ("paragraph", "heading", "scene_break")]
        for at in self.chance.sample(places, min(1, len(places))):
            block = siblings[at]
            if block.kind == "scene_break":
                sign = str(block.attributes.get("sign", ""))
                block.text = (Piece(sign),) if sign.strip() else ()
                block.kind, block.attributes = "paragraph", {}
            elif block.kind == "paragraph" and self.chance.random() < 0.3 and not any(p.kept for p in block.text):
                block.kind, block.attributes, block.text = "scene_break", {"sign": "# #"}, ()
            elif block.kind == "paragraph":
                block.kind, block.attributes = "heading", {"level": self.chance.randint(1, 6)}
            else:
                block.kind, block.attributes = "paragraph", {"align": "center"}

    def attribute(self, chapter: ChapterText) -> None:
        found = [
            one for one in every(chapter.blocks) if one.kind in ("paragraph", "heading", "quotation", "list", "figure")
        ]
        if found:
            block = self.chance.choice(found)
            if block.kind == "figure":
                block.attributes["alt"] = "A lamp"
            else:
                block.attributes["lang"] = self.chance.choice(("de", "fr"))

    def title(self, chapter: ChapterText) -> None:
        chapter.attributes["title"] = f"Title {self.chance.randint(1, 9)}"


def tidy(words: Sequence[Word]) -> tuple[Piece, ...]:
    """Return a text as an editor has it: no blank at its end, and none alone."""
    words = words_of(pieces_of_words(words))
    while words and not words[-1].pieces:
        words.pop()
    if words:
        words[-1] = replace(words[-1], gap=())
    return tuple(pieces_of_words(words))


EDITS: tuple[Callable[[Author, ChapterText], None], ...] = (
    *(Author.words,) * 6,
    *(Author.split, Author.join, Author.insert, Author.remove) * 2,
    *(Author.move, Author.wrap, Author.unwrap, Author.kind, Author.attribute, Author.title),
)


# ---------------------------------------------------------------- comparing


def content(blocks: Sequence[Block]) -> list[object]:
    """Return blocks without their ids. A caption or a line of verse without words is none."""
    return [
        (one.kind, dict(one.attributes), one.text, content(one.blocks))
        for one in blocks
        if not (one.kind in ("caption", "line") and not one.text)
    ]


def everything(chapter: ChapterText, before: ChapterText | None = None) -> object:
    """Return all that matters of a chapter. A note goes with its mark; a title that nobody changed follows its
    heading."""
    marks = set(_kept(chapter.blocks))
    notes = []
    for note in chapter.notes:
        if note.object in marks:
            marks |= set(_kept(note.blocks))
            notes.append((note.object, content(note.blocks)))
    is_same = before is not None and before.attributes["title"] == chapter.attributes["title"]
    return chapter.attributes | ({"title": ""} if is_same else {}), content(chapter.blocks), notes


def _kept(blocks: Sequence[Block]) -> Iterator[str]:
    return (piece.kept for block in every(blocks) for piece in block.text if piece.kept)


def texts_of(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in every(blocks):
        if block.kind in TEXTS and (text := "".join(piece.text for piece in block.text)):
            yield block.kind, text


def shown(base: Base, patches: Sequence[Patch]) -> list[tuple[str, str]]:
    """Return the kinds and texts of the whole book as an editor shows it, in the order wanted, without notes."""
    return [
        one
        for line in chapters_of(base, patches)
        if not line.is_left_out
        for one in texts_of(chapter_of(base, patches, line.id).blocks)
    ]


def built(book: Book, base: Base, patches: Sequence[Patch]) -> list[tuple[str, str]]:
    """Return the same of the book that is built with the patches; each must apply."""
    patched = copy.deepcopy(book)
    fits = apply_patches(patched, {base.identity: base}, patches).fits
    assert [fit for fit in fits if fit.state is not FitState.APPLIED] == []
    leaves = leaves_of(patched)
    return [
        (leaf.kind, text)
        for span in leaves.chapters
        for leaf in leaves.leaves[span.start : span.stop]
        if leaf.kind in TEXTS and (text := text_of(leaf.words))
    ]


def after(patches: Sequence[Patch], revision: Revision) -> list[Patch]:
    """Return all patches of the book after a chapter was saved."""
    gone = {patch.identity for patch in revision.dropped}
    return [*(patch for patch in patches if patch.identity not in gone), *revision.made]


def save(base: Base, patches: Sequence[Patch], wanted: ChapterText) -> list[Patch] | None:
    """Return the patches after a save, or None where it is not possible."""
    try:
        return after(patches, changes(base, patches, wanted, author="usr_author", made_at="2026-12-01T00:00:00Z"))
    except NotPossible:
        return None
