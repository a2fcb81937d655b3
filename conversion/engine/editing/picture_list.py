"""Every picture of a text in order, with what it says and what stands around it: to describe them one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..patches.attributes import Value
from ..patches.leaves import FIGURE
from ..patches.pictures import pictures_of
from ..patches.pieces import BREAK, STAND_IN, Piece
from .chapters import Reading, Section
from .document import Block, ChapterText, every
from .saving import chapter_of, pictures_in

_AROUND = 14  # words


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A picture as the text shows it. `name` is the id of a figure, or the key of a picture within the text, which a
    chapter may show several times and describes once."""

    chapter: str
    title: str  # of the chapter
    name: str
    asset: str
    alt: str
    is_decorative: bool
    before: str = ""
    after: str = ""
    caption: str = ""


def pictures_of_text(reading: Reading) -> Iterator[PictureLine]:
    """Yield the pictures of all chapters but those that are left out."""
    has_new = any(True for _ in pictures_of(reading.patches))
    for section in reading.sections:
        if section.left_out is None and (has_new or _has_pictures(reading, section)):
            yield from _of_chapter(chapter_of(reading, section.id))


def _has_pictures(reading: Reading, section: Section) -> bool:
    base = reading.base
    of_notes = (leaf for note in base.notes for leaf in range(note.first, note.end))
    is_figure = any(base.blocks[leaf].kind == FIGURE for leaf in (*section.leaves(), *of_notes))
    return is_figure or any(True for _ in pictures_in(base, section))


def _of_chapter(chapter: ChapterText) -> Iterator[PictureLine]:
    blocks = [*every(chapter.blocks), *every(block for note in chapter.notes for block in note.blocks)]
    title = str(chapter.attributes.get("title", ""))
    told: set[str] = set()
    for number, block in enumerate(blocks):
        if block.kind == FIGURE:
            own = len(list(every(block.blocks)))
            yield _line(
                chapter,
                title,
                block.id,
                block.attributes,
                before=_last_words(_text_before(blocks, number)),
                after=_first_words(_text_after(blocks, number + own)),
                caption=" ".join(_plain(one.text) for one in every(block.blocks)).strip(),
            )
            continue
        for place, piece in enumerate(block.text):
            about = chapter.objects.get(piece.kept, {})
            if about.get("kind") != "picture" or piece.kept in told:
                continue
            told.add(piece.kept)
            before, after = _plain(block.text[:place]), _plain(block.text[place + 1 :])
            yield _line(
                chapter,
                title,
                piece.kept,
                about,
                before=_last_words(before or _text_before(blocks, number)),
                after=_first_words(after or _text_after(blocks, number)),
            )


def _line(chapter: ChapterText, title: str, name: str, about: dict[str, Value], **around: str) -> PictureLine:
    return PictureLine(
        chapter.chapter,
        title,
        name,
        str(about.get("asset", "")),
        str(about.get("alt", "")),
        bool(about.get("decorative")),
        **around,
    )


def _text_before(blocks: Sequence[Block], number: int) -> str:
    return next(filter(None, (_plain(block.text) for block in reversed(blocks[:number]))), "")


def _text_after(blocks: Sequence[Block], number: int) -> str:
    return next(filter(None, (_plain(block.text) for block in blocks[number + 1 :])), "")


def _plain(pieces: Sequence[Piece]) -> str:
    text = "".join(piece.text for piece in pieces)
    return " ".join(text.replace(BREAK, " ").replace(STAND_IN, " ").split())


def _last_words(text: str) -> str:
    words = text.split()
    return " ".join(words[-_AROUND:]) if len(words) <= _AROUND else f"… {' '.join(words[-_AROUND:])}"


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:_AROUND]) if len(words) <= _AROUND else f"{' '.join(words[:_AROUND])} …"
