"""Check chapters: empty, short, long, duplicated, cut off, out of order, numbered or titled inconsistently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from ..book import chapter_titles, clean
from ..book.model import (
    AnyBlock,
    Chapter,
    CodeBlock,
    Division,
    Figure,
    Heading,
    InlineImage,
    ListBlock,
    Math,
    Paragraph,
    Table,
    Text,
    TocEntry,
)
from ..book.walk import Node, plain, walk
from ..findings.model import Finding
from .analysis import BookAnalysis, Passage, is_body
from .making import finding_at_elements, make_finding

LONG_CHAPTER_WORDS = 20_000
UNDIVIDED_WORDS = 15_000
SHORT_WORDS, USUAL_WORDS = 60, 1000
MIN_TO_COMPARE = 3
MIN_CUT_WORDS = 12
PROSE_WORDS = 300  # shorter ones may be poems, two of which may share a title
MIN_CONTENTS_LINES = 3
_FRONT_ONLY = frozenset({"dedication", "epigraph", "preface", "foreword", "titlepage", "halftitlepage"})
_FIRST = frozenset({"titlepage"})
_BEFORE_PREFACES = frozenset({"dedication", "epigraph"})
_PREFACES = frozenset({"preface", "foreword", "introduction"})
_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERED = re.compile(
    r"(?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|глава)\s+([0-9]{1,3}|[ivxlc]{1,8}|[a-z]{3,9})\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"((?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|глава)\s+)?(?:(\d{1,3})|([ivxlc]{1,8})|([a-z]{3,9}))(?=[\s.:)—–-]|$)",
    re.IGNORECASE,
)
_PAGE_AFTER = re.compile(r"[\s.…·_]*\d{0,4}$")


def lengths(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report chapters without text, very short and very long ones, and a long book that is a single chapter."""
    body = list(analysis.book.body())
    openings = set(_with_children(analysis.book.toc))
    by_length = sorted(analysis.words_of[chapter.id] for chapter in body)
    usual = by_length[len(body) // 2] if len(body) > MIN_TO_COMPARE else 0  # importing `statistics` takes longer
    for chapter in analysis.book.chapters:
        words = analysis.words_of[chapter.id]
        if chapter.id not in openings and not has_content(chapter):
            yield make_finding("structure.chapter-empty", chapter)
        elif words > LONG_CHAPTER_WORDS and len(body) > 1:
            yield make_finding("structure.chapter-long", chapter, words=words)
        elif words < SHORT_WORDS and usual > USUAL_WORDS and chapter.id not in openings and _should_be_long(chapter):
            yield make_finding("structure.chapter-short", chapter, quote=plain(chapter.blocks), words=words)
    if len(body) == 1 and analysis.words_of[body[0].id] > UNDIVIDED_WORDS:
        yield make_finding("structure.no-chapters")
    if not any(map(has_content, analysis.book.chapters)):
        yield make_finding("structure.nothing-written")


def _should_be_long(chapter: Chapter) -> bool:
    return is_body(chapter) and chapter.role == "chapter" and chapter_titles.classify(chapter.title) is None


def _with_children(entries: list[TocEntry]) -> Iterator[str]:
    """Yield the ids of chapters that open a division: parts, books, epilogues with chapters of their own."""
    for entry in entries:
        if entry.children:
            yield entry.chapter_id
            yield from _with_children(entry.children)


def has_content(chapter: Chapter) -> bool:
    """Return whether anything follows the title; the page of a part may hold its title alone."""
    if chapter.division is not Division.BODY or chapter.role in ("part", "halftitlepage"):
        return bool(chapter.blocks)
    return any(
        isinstance(block, Figure | Table | CodeBlock) or (plain([block]) and not isinstance(block, Heading))
        for block in chapter.blocks
    ) or any(type(node) in (InlineImage, Heading, Math) for node in walk(chapter.blocks[1:]))


def empty_ids(analysis: BookAnalysis) -> set[str]:
    """Return the ids of empty chapters, for the fix."""
    openings = set(_with_children(analysis.book.toc))
    return {c.id for c in analysis.book.chapters if c.id not in openings and not has_content(c)}


def texts(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report chapters that appear twice, and chapters that end inside a sentence."""
    seen: dict[int, Chapter] = {}
    cut: list[tuple[Chapter, Node, str]] = []
    by_chapter: dict[str, list[str]] = {}
    for passage in analysis.passages:
        if type(passage.block) is not Heading:
            by_chapter.setdefault(passage.chapter.id, []).append(passage.text)
    for chapter in analysis.book.chapters:
        text = by_chapter.get(chapter.id, [])
        if sum(map(len, text)) > 200 and seen.setdefault(hash(tuple(text)), chapter) is not chapter:
            yield make_finding("structure.chapter-doubled", chapter, quote=text[0])
        if is_body(chapter):
            cut += _cut(chapter)
    yield from finding_at_elements("structure.chapter-cut", cut)


def _cut(chapter: Chapter) -> list[tuple[Chapter, Node, str]]:
    last = chapter.blocks[-1] if chapter.blocks else None
    if type(last) is not Paragraph or last.align or last.role:
        return []
    text = plain([last])
    words = text.split()
    unfinished = text[-1:].islower() or text.endswith((",", " and"))
    return [(chapter, last, " ".join(words[-12:]))] if unfinished and len(words) >= MIN_CUT_WORDS else []


def numbering(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report a number that is left out, or given twice, in "Chapter 1, Chapter 2, …"."""
    before = None
    for chapter in analysis.book.body():
        match = _NUMBERED.match(chapter.title.strip())
        number = _number(match[1].lower()) if match else None
        if number is None:
            if before is not None and chapter_titles.number_of(chapter.title.strip(), alone=True) == before + 1:
                before += 1  # "IV" after "Chapter 3" continues the count
            continue
        if before is not None and number not in (before + 1, 1):
            yield make_finding("structure.numbering-gap", chapter, found=number, expected=before + 1)
        before = number


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(text) + 1
    return chapter_titles.roman(text) or None


# ---------------------------------------------------------------- titles


def names(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report titles that are given twice, numbered in different ways or typed in capitals, and chapters without a
    title."""
    body = [chapter for chapter in analysis.book.body() if chapter.role == "chapter"]
    yield from _same(analysis, body)
    yield from _mixed(body)
    shouted = [
        c for c in body if c.title.isupper() and len(c.title.split()) > 1 and not chapter_titles.is_label_only(c.title)
    ]
    if len(shouted) > 2 and len(shouted) * 2 > len(body):
        yield from finding_at_elements("structure.titles-capitals", [(c, None, c.title) for c in shouted])
    untitled = [
        c for c in body if analysis.words_of[c.id] and not any(type(block) is Heading for block in c.blocks[:3])
    ]
    if len(body) >= len(untitled) + 3:
        yield from finding_at_elements("structure.chapter-untitled", [(c, None, plain(c.blocks[:2])) for c in untitled])


def _same(analysis: BookAnalysis, body: list[Chapter]) -> Iterator[Finding]:
    parents = dict(_parents(analysis.book.toc, ""))
    seen: dict[tuple[str, str], Chapter] = {}
    for chapter in body:
        title = clean.fold(chapter.title)
        if title and not chapter_titles.is_label_only(chapter.title):
            earlier = seen.setdefault((parents.get(chapter.id, ""), title), chapter)
            if (
                earlier is not chapter
                and min(analysis.words_of[earlier.id], analysis.words_of[chapter.id]) > PROSE_WORDS
            ):
                yield make_finding("structure.titles-same", chapter, quote=chapter.title)


def _parents(entries: list[TocEntry], parent: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if not entry.anchor:
            yield entry.chapter_id, parent
        yield from _parents(entry.children, entry.chapter_id)


def _mixed(body: list[Chapter]) -> Iterator[Finding]:
    styles = [(chapter, style) for chapter in body if (style := _style(chapter.title))]
    if len(styles) < 4:
        return
    (usual, count), *others = Counter(style for _, style in styles).most_common()
    if others and count * 10 >= len(styles) * 6:
        odd = [(chapter, None, chapter.title) for chapter, style in styles if style != usual]
        example = next(chapter.title for chapter, style in styles if style == usual)
        yield from finding_at_elements("structure.titles-mixed", odd, usual=example[:60])


def _style(title: str) -> str:
    """Return how a title is numbered: "Chapter 1", "CHAPTER I", "One" …; "" for one without a number."""
    match = _LABEL.match(title.strip())
    if match is None:
        return ""
    word, digits, roman, spelled = match.groups()
    kind = "1" if digits else ""
    if roman and chapter_titles.roman(roman):
        kind = "I" if word or (roman.isupper() and chapter_titles.is_label_only(title)) else ""
    elif roman or spelled:
        name = (roman or spelled).lower()
        kind = "one" if name in _NUMBER_WORDS and (word or chapter_titles.is_label_only(title)) else ""
    if not kind or (
        digits and not word and not chapter_titles.is_label_only(title) and not re.match(r"\d+[.:)]\s", title)
    ):
        return ""
    return f"{word.strip() if word else ''} {kind}"


# ---------------------------------------------------------------- order


def order(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report front matter that comes late or out of its usual order, a second title page, and parts without
    chapters."""
    chapters = analysis.book.chapters
    first = next((n for n, chapter in enumerate(chapters) if is_body(chapter)), len(chapters))
    for number, chapter in enumerate(chapters):
        if number > first and chapter.role in _FRONT_ONLY and is_body(chapter):
            yield make_finding("structure.front-late", chapter, quote=plain(chapter.blocks))
    front = chapters[:first]
    pages = [chapter for chapter in chapters if chapter.role == "titlepage"]
    if len(pages) > 1:
        yield make_finding("structure.title-page-doubled", pages[1], quote=plain(pages[1].blocks))
    prefaced = False
    for chapter in front:
        if chapter.role in _BEFORE_PREFACES and prefaced:
            yield make_finding("structure.front-order", chapter, quote=plain(chapter.blocks))
        prefaced = prefaced or chapter.role in _PREFACES
    openings = set(_with_children(analysis.book.toc))
    for chapter, following in zip_longest(chapters, chapters[1:]):
        alone = following is None or following.role == "part" or not is_body(following)
        if chapter.role == "part" and alone and chapter.id not in openings and analysis.words_of[chapter.id] < 100:
            yield make_finding("structure.part-empty", chapter, quote=chapter.title)


def contents(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report a table of contents typed by hand: its page numbers are wrong, and every edition gets a generated one."""
    found = typed_contents(analysis)
    if found:
        chapter, block = found[0]
        yield make_finding("structure.contents-typed", chapter, block, quote=plain([block]), lines=len(found))


def typed_contents(analysis: BookAnalysis) -> list[tuple[Chapter, AnyBlock]]:
    """Return runs of paragraphs or list items that name chapters one after another, before the text begins."""
    names = {clean.fold(chapter.title) for chapter in analysis.book.chapters if len(chapter.title) > 2}
    longest = max(map(len, names), default=0) + 20
    found: list[tuple[Chapter, AnyBlock]] = []
    for chapter in analysis.book.chapters[:12]:
        run: list[AnyBlock] = []
        for block in [*chapter.blocks[:400], None]:
            lines = _contents_lines(block) if block is not None and not _is_long(block, longest) else [" "]
            if lines and all(line in names for line in lines):
                run.append(block)  # type: ignore[arg-type]
            elif run and block is not None and len(lines) == 1 and not lines[0]:
                continue
            else:
                if sum(len(_contents_lines(one)) for one in run) >= MIN_CONTENTS_LINES:
                    found += [(chapter, one) for one in run]
                run = []
    return found


def _is_long(block: AnyBlock, limit: int) -> bool:
    """Return whether a block is long, judged by its first piece of text alone, since nearly every block is prose."""
    first = block.inlines[0] if type(block) is Paragraph and block.inlines else None
    return type(first) is Text and len(first.text) > limit


def _contents_lines(block: AnyBlock) -> list[str]:
    """Return each line of a block as an entry of a table of contents, without its page number."""
    if type(block) is Paragraph:
        return [clean.fold(_PAGE_AFTER.sub("", plain([block])))]
    if type(block) is ListBlock:
        return [clean.fold(_PAGE_AFTER.sub("", plain(item.blocks))) for item in block.items]
    return []


def is_prose(passage: Passage) -> bool:
    return type(passage.block) is Paragraph and not passage.in_verse


CHECKS = (lengths, texts, numbering, names, order, contents)
