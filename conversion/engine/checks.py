"""Coded remarks on a Book, and on what was made of it, in words an author can act on (conversion/messages.py).

Each check looks at the whole Book once and yields findings; remarks about typing are gathered, so that a habit
kept over forty chapters is one finding with a count. Nothing here changes the Book.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .book import (
    Book,
    Chapter,
    CodeBlock,
    CodeSpan,
    Division,
    Figure,
    Finding,
    Heading,
    InlineImage,
    LineBreak,
    Link,
    Math,
    NoteRef,
    Paragraph,
    Ruby,
    Severity,
    Table,
    Text,
    TocEntry,
)
from .markup.walk import Node, count_words, plain, walk

SAME_CODE_AT_MOST = 30
QUOTE_CHARACTERS = 120
LONG_CHAPTER_WORDS = 20_000
UNDIVIDED_WORDS = 15_000
SMALL_PICTURE_PX = 600
PHONE_COLUMNS = 4
STAND_IN = "\ufffc"  # for what is set among the words and is none: formulas, pictures, note marks

_STRAIGHT_QUOTE = re.compile(r"(?<![0-9])[\"']|[\"'](?![0-9])")
_CURLY_QUOTE = re.compile("[“”‘’„«»]")
_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERED = re.compile(
    r"(?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|глава)\s+([0-9]{1,3}|[ivxlc]{1,8}|[a-z]{3,9})\b",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_SEVERITIES = list(reversed(Severity))


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of running text, with its spaces as typed, and the chapter it stands in."""

    chapter: Chapter
    block: Paragraph | Heading | CodeBlock
    text: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A Book with what every check needs, gathered in one walk over the chapters (notes not entered)."""

    book: Book
    nodes: list[tuple[Chapter, Node]]
    passages: list[Passage]
    words_of: dict[str, int]  # by chapter id
    whole_text: str  # of paragraphs and headings, a line each

    @property
    def words(self) -> int:
        return sum(self.words_of.values())


def look(book: Book) -> Looked:
    """Walk over the Book once, for the checks here and in `fidelity.py`."""
    nodes: list[tuple[Chapter, Node]] = []
    passages: list[Passage] = []
    for chapter in book.chapters:
        passages += _passages(chapter, nodes)
    words_of = dict.fromkeys((chapter.id for chapter in book.chapters), 0)
    for passage in passages:
        words_of[passage.chapter.id] += _words(passage.text)
    typed = "\n".join(passage.text for passage in passages if not isinstance(passage.block, CodeBlock))
    return Looked(book, nodes, passages, words_of, typed)


def of_book(looked: Looked) -> list[Finding]:
    """All remarks on the Book."""
    return [finding for check in BOOK_CHECKS for finding in check(looked)]


def _words(text: str) -> int:
    """As `count_words`, without its look at scripts where no character needs it."""
    if STAND_IN in text:
        text = text.replace(STAND_IN, " ")
    return len(text.split()) if not text or max(text) < "\u3040" else count_words(text)


def _passages(chapter: Chapter, nodes: list[tuple[Chapter, Node]]) -> list[Passage]:
    """The chapter's passages; every element is added to `nodes` on the way. Text follows the block it is in."""
    open_now: list[tuple[Paragraph | Heading | CodeBlock, list[str]]] = []
    for node in walk(chapter.blocks):
        kind = type(node)
        if kind is Text or kind is CodeSpan:
            open_now[-1][1].append(node.text)
            continue
        nodes.append((chapter, node))
        if kind is Paragraph or kind is Heading:
            open_now.append((node, []))
        elif kind is CodeBlock:
            open_now.append((node, [node.text]))
        elif kind is LineBreak:
            open_now[-1][1].append("\n")
        elif kind is Ruby:
            open_now[-1][1].extend(base for base, _ in node.pairs)
        elif kind in (Math, InlineImage, NoteRef) and open_now:
            open_now[-1][1].append(STAND_IN)
    return [Passage(chapter, block, "".join(parts)) for block, parts in open_now]


def ordered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The gravest first, at most thirty of one code, otherwise in the order they were made."""
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda item: _SEVERITIES.index(item.severity)):
        seen[finding.code] += 1
        if seen[finding.code] <= SAME_CODE_AT_MOST:
            yield finding


def quote_around(text: str, start: int = 0) -> str:
    """Up to 120 characters of the text around a place in it."""
    begin = max(0, start - QUOTE_CHARACTERS // 3)
    return " ".join(text[begin : begin + QUOTE_CHARACTERS].replace(STAND_IN, "").split())


# ---------------------------------------------------------------- typing


@dataclass(frozen=True, slots=True)
class _Habit:
    """A pattern of typing, remarked once for the whole book. One of `signs` is in every text that matches."""

    code: str
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    not_in: tuple[str, ...] = ()  # languages where it is right


_HABITS = (
    _Habit("text.double-spaces", ("  ", " \u00a0", "\u00a0 "), re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")),
    _Habit("text.hyphens-for-dash", ("--",), re.compile(r"(?<!-)--(?!-)")),
    _Habit("text.tabs", ("\t",), re.compile(r"\t")),
    _Habit("text.spaced-layout", ("   ", "\u00a0\u00a0", "\u2003"), re.compile(r"^[ \u00a0\u2003]{3,}\S")),
    _Habit(
        "text.space-before-punctuation",
        (" ,", " ;", " :", " !", " ?", " ."),
        re.compile(r"(?<=\w) [,;:!?.](?=\s|$)"),
        not_in=("fr",),
    ),
)


def habits(looked: Looked) -> Iterator[Finding]:
    """Double spaces, "--", tabs, spaces as layout, spaces before punctuation."""
    language = looked.book.metadata.language[:2].lower()
    for habit in _HABITS:
        if language not in habit.not_in and any(sign in looked.whole_text for sign in habit.signs):
            yield from _gathered(habit.code, _matches(habit.pattern, looked))


def mixed_quotes(looked: Looked) -> Iterator[Finding]:
    """Straight quotation marks in a book that otherwise has curly ones."""
    text = looked.whole_text
    if ('"' in text or "'" in text) and _CURLY_QUOTE.search(text):
        yield from _gathered("text.quotes-mixed", _matches(_STRAIGHT_QUOTE, looked))


def _matches(pattern: re.Pattern[str], looked: Looked) -> Iterator[tuple[Passage, int]]:
    for passage in looked.passages:
        if not isinstance(passage.block, CodeBlock):
            for match in pattern.finditer(passage.text):
                yield passage, match.start()


def _gathered(code: str, found: Iterable[tuple[Passage, int]]) -> Iterator[Finding]:
    places = list(found)
    if places:
        passage, start = places[0]
        yield Finding(
            code,
            Severity.ADVICE,
            chapter=passage.chapter.title,
            quote=quote_around(passage.text, start),
            place=passage.block.place,
            facts={"count": len(places)},
        )


# ---------------------------------------------------------------- structure


def heading_jumps(looked: Looked) -> Iterator[Finding]:
    """Headings more than one level below the one before them."""
    level, inside = 1, ""
    jumps: list[tuple[Passage, int]] = []
    for passage in looked.passages:
        if passage.chapter.id != inside:
            level, inside = 1, passage.chapter.id
        if isinstance(passage.block, Heading):
            if passage.block.level > level + 1:
                jumps.append((passage, 0))
            level = passage.block.level
    yield from _gathered("structure.heading-jump", jumps)


def chapter_lengths(looked: Looked) -> Iterator[Finding]:
    """Chapters without text, very long ones, and a long book in one piece."""
    body = list(looked.book.body())
    openings = set(_with_children(looked.book.toc))
    for chapter in looked.book.chapters:
        words = looked.words_of.get(chapter.id, 0)
        if chapter.id not in openings and not _has_content(chapter):
            yield Finding("structure.chapter-empty", Severity.ADVICE, chapter=chapter.title)
        elif words > LONG_CHAPTER_WORDS and len(body) > 1:
            yield Finding("structure.chapter-long", Severity.ADVICE, chapter=chapter.title, facts={"words": words})
    if len(body) == 1 and looked.words_of.get(body[0].id, 0) > UNDIVIDED_WORDS:
        yield Finding("structure.no-chapters", Severity.PROBLEM)


def _with_children(entries: list[TocEntry]) -> Iterator[str]:
    """Chapters that open a division: parts, books, epilogues with chapters of their own."""
    for entry in entries:
        if entry.children:
            yield entry.chapter_id
            yield from _with_children(entry.children)


def _has_content(chapter: Chapter) -> bool:
    """Whether anything follows the title; a part's page may hold its title alone."""
    if chapter.division is not Division.BODY or chapter.role == "part":
        return bool(chapter.blocks)
    return any(
        isinstance(block, Figure | Table | CodeBlock) or (plain([block]) and not isinstance(block, Heading))
        for block in chapter.blocks
    ) or any(type(node) in (InlineImage, Heading) for node in walk(chapter.blocks[1:]))


def numbering(looked: Looked) -> Iterator[Finding]:
    """A number left out, or given twice, in "Chapter 1, Chapter 2, …"."""
    before = None
    for chapter in looked.book.body():
        match = _NUMBERED.match(chapter.title.strip())
        number = _number(match[1].lower()) if match else None
        if number is None:
            continue
        if before is not None and number not in (before + 1, 1):
            facts: dict[str, str | int] = {"found": number, "expected": before + 1}
            yield Finding("structure.numbering-gap", Severity.ADVICE, chapter=chapter.title, facts=facts)
        before = number


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(text) + 1
    if set(text) <= set(_ROMAN):
        values = [_ROMAN[letter] for letter in text]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return sum(-value if value < following else value for value, following in pairs)
    return None


# ---------------------------------------------------------------- pictures, tables, links, notes, numbers


def pictures(looked: Looked) -> Iterator[Finding]:
    """Pictures without a description, and pictures too small for a page."""
    for chapter, node in looked.nodes:
        if type(node) not in (Figure, InlineImage) or node.asset not in looked.book.assets:
            continue
        asset = looked.book.assets[node.asset]
        facts: dict[str, str | int] = {"name": asset.name, "width": asset.width, "needed": SMALL_PICTURE_PX}
        if not node.alt.strip():
            yield _at("image.alt-missing", Severity.ADVICE, chapter, node, facts={"name": asset.name})
        if type(node) is Figure and asset.width < SMALL_PICTURE_PX and asset.media_type != "image/svg+xml":
            yield _at("image.small", Severity.ADVICE, chapter, node, facts=facts)


def wide_tables(looked: Looked) -> Iterator[Finding]:
    """Tables with more columns than a phone shows side by side."""
    for chapter, node in looked.nodes:
        if type(node) is Table:
            columns = max((sum(cell.colspan for cell in row) for row in node.rows), default=0)
            if columns > PHONE_COLUMNS:
                facts: dict[str, str | int] = {"columns": columns, "limit": PHONE_COLUMNS}
                yield _at("table.wide", Severity.ADVICE, chapter, node, quote=plain([node]), facts=facts)


def dead_links(looked: Looked) -> Iterator[Finding]:
    """Links to places that are not in the book."""
    places = {str(node.id) for _, node in looked.nodes if type(node).__name__ == "Anchor"}
    places |= {chapter.id for chapter in looked.book.chapters} | set(looked.book.notes)
    for chapter, node in looked.nodes:
        if type(node) is Link and node.href.startswith("#") and node.href[1:] not in places:
            yield _at("link.dead", Severity.PROBLEM, chapter, node, quote=plain([node]))


def notes(looked: Looked) -> Iterator[Finding]:
    """Marks without a note, and notes that nothing points to."""
    called = set()
    for chapter, node in looked.nodes:
        if type(node) is NoteRef:
            called.add(node.note_id)
            if node.note_id not in looked.book.notes:
                yield _at("note.missing", Severity.PROBLEM, chapter, node, facts={"label": node.label})
    inner = [note.blocks for note in looked.book.notes.values()]
    called |= {node.note_id for blocks in inner for node in walk(blocks) if type(node) is NoteRef}
    for key, note in looked.book.notes.items():
        if key not in called:
            yield Finding("note.unused", Severity.ADVICE, quote=quote_around(plain(note.blocks)))


def book_number(looked: Looked) -> Iterator[Finding]:
    """An ISBN whose check digit does not fit."""
    scheme, _, number = looked.book.metadata.identifier.lower().rpartition("isbn:")
    if scheme and not _is_isbn(number):
        yield Finding("metadata.isbn-wrong", Severity.PROBLEM, facts={"isbn": number[:20]})


def _is_isbn(number: str) -> bool:
    from stdnum import isbn  # loading it takes longer than all checks; few manuscripts have a number

    return bool(isbn.is_valid(number))


def _at(
    code: str,
    severity: Severity,
    chapter: Chapter,
    node: Node,
    *,
    quote: str = "",
    facts: dict[str, str | int] | None = None,
) -> Finding:
    place = getattr(node, "place", None)
    made = Finding(code, severity, chapter=chapter.title, quote=quote_around(quote), facts=facts or {})
    return Finding(made.code, severity, made.chapter, made.quote, place, made.facts) if place else made


BOOK_CHECKS: tuple[Callable[[Looked], Iterator[Finding]], ...] = (
    chapter_lengths,
    heading_jumps,
    numbering,
    mixed_quotes,
    habits,
    pictures,
    wide_tables,
    dead_links,
    notes,
    book_number,
)
