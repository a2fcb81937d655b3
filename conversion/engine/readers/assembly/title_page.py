"""A title page that no style names: title and author in large type on the first page.

Many manuscripts have no style for a title. Their first lines are only larger than the text, and a page break, a heading
or a chapter's line follows. What those lines say becomes the book's details; the lines stay where they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from ...book import chapter_titles, clean
from ...book.inlines import plain_text
from ...book.model import AnyBlock, Contributor, Figure, Heading, Metadata, Paragraph, SceneBreak
from ...book.words import block_text

MAX_BLOCKS = 14  # of a title page
MAX_TITLE_LINES = 4
MAX_LINE_CHARS = 160
MAX_TITLE_CHARS = 200
LARGER = 1.25  # a title is so many times the size of the text
_SLIGHTLY_LARGER = 1.05
_BY = re.compile(r"(?:written by|by|von|par|por|door|przez)(?:\s*:)?\s+(.+)", re.IGNORECASE | re.DOTALL)
_BY_ALONE = re.compile(
    r"(?:(?:a|an|the|ein|eine|un|une) [\w ]{1,30} )?(?:by|von|par|por|door|przez)\s*:?", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:;|,? and |,? und |,? et |,? y |&)\s*")
_PARTICLE = re.compile(
    r"de|del|della|di|da|do|dos|du|des|la|le|les|van|von|der|den|ten|ter|zu|zum|af|av|al|bin|ibn|and|und|et|y|e|&"
)
_NO_NAME = re.compile(
    r"a|an|the|der|die|das|ein|eine|le|la|les|un|une|el|los|las|il|lo|gli|of|and|for|from|in|on|to|my|our|your|books?"
    r"|volume|vol|part|draft|first|second|third|new|edition|novel|roman|novella|story|stories|tales|poems|poetry|memoir"
    r"|press|publishing|verlag|copyright|revised|complete|collected|selected"
)
_GENRE = re.compile(
    r"(?:(?:a|an|the|ein|eine|un|une|el|il) )?(?:[\w’'-]+ ){0,3}(?:novel|novella|memoir|story|stories|tales?|poems"
    r"|poetry|essays|play|romance|thriller|mystery|saga|trilogy|roman|erzählung(?:en)?|geschichten?|gedichte|krimi|récits?"
    r"|nouvelles|poèmes|novela|cuentos|poemas|romanzo|racconti)(?: (?:in|of|about|from|von|aus|en|de) .{1,60})?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w.’'\-]*\.?")


@dataclass(frozen=True, slots=True)
class _Line:
    index: int
    text: str
    size: float


def read_title_page(
    blocks: list[AnyBlock], openers: Set[int], sizes: Mapping[int, float], metadata: Metadata
) -> list[AnyBlock]:
    """Enter what a title page in large type says, and return its blocks; none where there is no such page.

    `openers` are blocks that start a page, `sizes` those of the first paragraphs by their `id`.
    """
    end = _end(blocks, openers)
    lines = [
        _Line(number, clean.title(plain_text(block.inlines), MAX_TITLE_CHARS), sizes[id(block)])
        for number, block in enumerate(blocks[:end])
        if isinstance(block, Paragraph) and id(block) in sizes and block_text(block).strip()
    ]
    title = _title(lines, blocks, end, sizes)
    names, others = _authors(lines, title, may_guess=not metadata.contributors)
    if not title or not (names or _is_parted(blocks, openers, end)):
        return []
    text = clean.title(" ".join(line.text for line in title))
    page = clean.fold(" ".join(line.text for line in lines))
    if not metadata.title or clean.fold(metadata.title) not in page:  # properties are often those of another book
        metadata.title = text
    if names:
        metadata.contributors = [Contributor(clean.title(name, 120)) for name in names]
    metadata.subtitle = metadata.subtitle or _subtitle(others, title[-1], _usual(blocks, sizes))
    return blocks[:end]


def _end(blocks: list[AnyBlock], openers: Set[int]) -> int:
    """How many blocks are before the first heading, chapter's line, page break and longer text."""
    for number, block in enumerate(blocks[:MAX_BLOCKS]):
        text = " ".join(block_text(block).split())
        if (
            not isinstance(block, Paragraph | Figure | SceneBreak)
            or (number in openers and number)
            or len(text) > MAX_LINE_CHARS
            or _opens_chapter(text)
        ):
            return number
    return 0 if len(blocks) > MAX_BLOCKS else len(blocks)


def _opens_chapter(text: str) -> bool:
    return bool(
        chapter_titles.is_chapter_line(text)
        or chapter_titles.is_part_line(text)
        or chapter_titles.is_label_only(text)
        or chapter_titles.classify(text)
    )


def _is_parted(blocks: list[AnyBlock], openers: Set[int], end: int) -> bool:
    """Whether more than a paragraph of text ends the page: large lines above text may be a chapter's."""
    following = blocks[end] if end < len(blocks) else None
    return (
        end in openers
        or isinstance(following, Heading)
        or (following is not None and _opens_chapter(block_text(following)))
    )


def _usual(blocks: list[AnyBlock], sizes: Mapping[int, float]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for block in blocks:
        if id(block) in sizes:
            letters[sizes[id(block)]] += len(block_text(block))
    return letters.most_common(1)[0][0] if letters else 0


def _title(lines: list[_Line], blocks: list[AnyBlock], end: int, sizes: Mapping[int, float]) -> list[_Line]:
    """The lines in the largest type, if they stand out and nothing after the page is as large."""
    largest = max((line.size for line in lines), default=0)
    usual = _usual(blocks, sizes)
    if largest < usual * LARGER or not usual:
        return []
    later = [block for block in blocks[end:] if sizes.get(id(block), 0) >= largest]
    if any(not _opens_chapter(block_text(block)) for block in later):
        return []
    first = next(number for number, line in enumerate(lines) if line.size == largest)
    title = [lines[first]]
    for line in lines[first + 1 :]:
        if line.size != largest or line.index != title[-1].index + 1 or _BY.fullmatch(line.text):
            break
        title.append(line)
    has_words = any(char.isalpha() for line in title for char in line.text)
    is_short = sum(len(line.text) for line in title) <= MAX_TITLE_CHARS and len(title) <= MAX_TITLE_LINES
    return title if has_words and is_short else []


def _authors(lines: list[_Line], title: list[_Line], *, may_guess: bool) -> tuple[list[str], list[_Line]]:
    """The names on the page, and the lines that are neither names nor title. A line says "by" or looks like a name."""
    others = [line for line in lines if line not in title]
    for number, line in enumerate(others):
        if (found := _BY.fullmatch(line.text)) and _is_name(names := found.group(1)):
            return _names(names), others[:number]
        following = others[number + 1] if number + 1 < len(others) else None
        if _BY_ALONE.fullmatch(line.text) and following is not None and _is_name(following.text):
            return _names(following.text), others[: number + 1]
    named = [line for line in others if _is_name(line.text)]
    if not may_guess or not title or not named:
        return [], others
    below = [line for line in named if line.index > title[0].index]
    author = below[-1] if below else named[-1]
    return _names(author.text), [line for line in others if line is not author]


def _names(text: str) -> list[str]:
    return [name for name in _AND.split(text) if name][:10]


def _is_name(text: str) -> bool:
    """Whether a line looks like the names of people: two to ten words with capitals, none of them a title's."""
    words = text.replace(",", " ").split()
    names = [word for word in words if not _PARTICLE.fullmatch(word)]
    if not 2 <= len(names) <= len(words) <= 10 or len(text) > 80:
        return False
    return all(
        _WORD.fullmatch(word) and word[0].isupper() and not _NO_NAME.fullmatch(word.strip(".").lower())
        for word in names
    )


def _subtitle(others: list[_Line], title: _Line, usual: float) -> str:
    """The line below the title, if it is larger than text or says what kind of book this is."""
    line = next((line for line in others if line.index == title.index + 1), None)
    if line is None or not any(char.isalpha() for char in line.text):
        return ""
    if _BY_ALONE.fullmatch(line.text) or _is_name(line.text):
        return ""
    return line.text if line.size >= usual * _SLIGHTLY_LARGER or _GENRE.fullmatch(line.text) else ""
