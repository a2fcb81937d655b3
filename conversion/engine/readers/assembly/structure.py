"""From a flat row of blocks to chapters, divisions and a table of contents.

Used by every reader whose source is one long text. Headings lead; without any, lines such as
"Chapter One" do. The words are never touched: only headings change their level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...book import chapter_titles, clean, language
from ...book.inlines import plain_text
from ...book.model import (
    Anchor,
    AnyBlock,
    Book,
    Chapter,
    Division,
    Heading,
    LineBreak,
    Paragraph,
    ReaderResult,
    TocEntry,
)
from ...book.words import block_text, count_words
from ...findings.model import Severity
from .chapter_lines import promote_chapter_lines
from .draft import Draft
from .sink import Sink
from .title_page import read_title_page

MAX_TOC_SUBHEADINGS = 400
PART_INTRO_WORDS = 150
LONG_SECTION_WORDS = 2000
SHORT_SECTION_WORDS = 300
TITLE_PAGE_WORDS = 250


@dataclass(slots=True)
class Section:
    """A chapter in the making. `depth` 0 are parts or chapters, 1 chapters inside parts."""

    heading: Heading | None
    blocks: list[AnyBlock] = field(default_factory=list)
    depth: int = 0
    title: str = ""
    role: str = "chapter"
    division: Division = Division.BODY
    words: int = 0


def assemble(draft: Draft, sink: Sink, parts: Sequence[Heading] = ()) -> ReaderResult:
    """The finished book of a source that is one flat text. Where the source says so, some of the headings are `parts`
    and the next level their chapters."""
    blocks = sink.finish()
    draft.title_page = read_title_page(blocks, sink.openers, sink.sizes, draft.metadata)
    if not any(isinstance(block, Heading) for block in blocks):
        blocks = promote_chapter_lines(blocks, sink.openers)
    sections = _join_labels(_cut_parts(blocks, parts) if parts else cut_whole(blocks, draft))
    _part_title_page(sections, draft)
    sections = _drop_contents(sections, draft)
    _divide(sections, draft)
    return finish(draft, [_chapter(section, number, draft) for number, section in enumerate(sections, 1)], sections)


def _part_title_page(sections: list[Section], draft: Draft) -> None:
    """A title page is a section of its own where text follows before the first heading."""
    count = len(draft.title_page)
    if not count:
        return
    first = sections[0]
    if first.heading is not None or count >= len(first.blocks):
        return
    if len(sections) > 1 and first.words < TITLE_PAGE_WORDS:  # with a dedication, an epigraph
        return
    page, first.blocks = first.blocks[:count], first.blocks[count:]
    words = sum(count_words(block) for block in page)
    first.words -= words
    sections.insert(0, Section(None, page, words=words))


def finish(draft: Draft, chapters: list[Chapter], sections: list[Section]) -> ReaderResult:
    """Contents list, language and direction for chapters that are ready; `sections` give their depths."""
    toc = _contents(chapters, [section.depth for section in sections])
    return complete(draft, chapters, toc)


def complete(draft: Draft, chapters: list[Chapter], toc: list[TocEntry]) -> ReaderResult:
    """The reading once chapters and contents list stand: settles language and direction, tells what is missing."""
    metadata = draft.metadata
    sample = _sample(chapters)
    other = language.contradicting_language(metadata.language, sample)
    if other:
        draft.tell("language.contradicted", Severity.ADVICE, declared=metadata.language, found=other)
    metadata.language = language.resolve_language(metadata.language, draft.weak_language, sample)
    if language.is_rtl(metadata.language):
        draft.direction = "rtl"
    if sum(chapter.role in ("chapter", "part") for chapter in chapters) < 2 and len(sample) > 20_000:
        draft.tell("structure.no-chapters", Severity.PROBLEM)
    book = Book(
        metadata=metadata,
        chapters=chapters,
        toc=toc,
        notes=draft.notes,
        assets=draft.assets,
        cover=draft.cover,
        direction=draft.direction,
        vertical=draft.vertical,
        kept=draft.kept,
    )
    return ReaderResult(book, draft.findings())


def _sample(chapters: list[Chapter]) -> str:
    """Text from the middle of the book, where forewords in other languages and legal notes are far."""
    size = 0
    texts: list[str] = []
    middle = len(chapters) // 3
    for chapter in chapters[middle:] + chapters[:middle]:
        for block in chapter.blocks:
            texts.append(block_text(block))
            size += len(texts[-1])
            if size > language.SAMPLE_CHARS:
                return " ".join(texts)
    return " ".join(texts)


# ---------------------------------------------------------------- cutting


def cut_whole(blocks: list[AnyBlock], draft: Draft, level: int = 0) -> list[Section]:
    """Sections by headings: of the given `level` only, or of the level that is found to be the chapters'."""
    if level:
        return _split(blocks, level)
    headings = [block for block in blocks if isinstance(block, Heading)]
    base = _chapter_level(headings, blocks, draft)
    deeper = sorted({heading.level for heading in headings if heading.level > base})
    second = deeper[0] if deeper else 0
    whole = _split(blocks, base)
    if not second or not _are_parts(whole, second):
        return whole
    sections: list[Section] = []
    for section in whole:
        if _holds_chapters(section, second):
            sections += _split_part(section, second)
        else:
            sections.append(section)
    return sections


def _cut_parts(blocks: list[AnyBlock], parts: Sequence[Heading]) -> list[Section]:
    sections: list[Section] = []
    for section in _split(blocks, 1):
        is_part = any(section.heading is part for part in parts)
        sections += _split_part(section, 2) if is_part else [section]
    return sections


def _chapter_level(headings: list[Heading], blocks: list[AnyBlock], draft: Draft) -> int:
    """The shallowest level, unless its only heading is the book's title above the chapters."""
    if not headings:
        return 1
    shallowest = min(heading.level for heading in headings)
    top = [heading for heading in headings if heading.level == shallowest]
    deeper = [heading.level for heading in headings if heading.level > shallowest]
    if len(top) != 1 or top[0] is not headings[0] or len(deeper) < 2:
        return shallowest
    second = min(deeper)
    title = clean.title(plain_text(top[0].inlines))
    if (
        deeper.count(second) < 2
        or blocks.index(top[0]) > 3
        or chapter_titles.classify(title)
        or chapter_titles.is_part_line(title)
    ):
        return shallowest
    draft.metadata.title = draft.metadata.title or title
    return second


def _split(blocks: list[AnyBlock], level: int) -> list[Section]:
    """Sections that each begin with a heading of `level` or shallower; the first may have none."""
    sections = [Section(None)]
    for block in blocks:
        if isinstance(block, Heading) and block.level <= level:
            sections.append(Section(block))
        sections[-1].blocks.append(block)
    sections = [section for section in sections if section.blocks]
    for section in sections:
        section.title = clean.title(plain_text(section.heading.inlines)) if section.heading else ""
        section.words = sum(count_words(block) for block in section.blocks)
    return sections


def _holds_chapters(section: Section, second: int) -> bool:
    """The section is a part: soon after its heading come at least two headings of the `second` level."""
    known = chapter_titles.classify(section.title)
    if section.heading is None or (known is not None and known[1] is not Division.BODY):
        return False
    places = [n for n, block in enumerate(section.blocks) if isinstance(block, Heading) and block.level == second]
    if len(places) < 2:
        return False
    return sum(count_words(block) for block in section.blocks[: places[0]]) <= PART_INTRO_WORDS


def _are_parts(sections: list[Section], second: int) -> bool:
    """Second-level headings of this book are chapters: they count, or what follows them is long."""
    parts = [section for section in sections if _holds_chapters(section, second)]
    inner = [b for part in parts for b in part.blocks if isinstance(b, Heading) and b.level == second]
    if not inner:
        return False
    texts = [clean.title(plain_text(heading.inlines)) for heading in inner]
    counting = sum(
        bool(
            chapter_titles.is_label_only(t)
            or chapter_titles.is_chapter_line(t)
            or chapter_titles.number_of(t, alone=False)
        )
        for t in texts
    )
    named = sum(chapter_titles.is_part_line(part.title) for part in parts)
    others = [s for s in sections if s.heading is not None and s.words > PART_INTRO_WORDS and s not in parts]
    if named * 2 <= len(parts) < sum(chapter_titles.classify(other.title) is None for other in others):
        return False  # a few chapters of many have sections
    words = sum(part.words for part in parts)
    short = words < SHORT_SECTION_WORDS * len(inner)
    return (
        named * 2 > len(parts) or (counting * 2 > len(inner) and not short) or words > LONG_SECTION_WORDS * len(inner)
    )


def _split_part(section: Section, second: int) -> list[Section]:
    inner = _split(section.blocks[1:], second)
    own = Section(section.heading, section.blocks[:1], 0, section.title, "part")
    if inner and inner[0].heading is None:
        own.blocks += inner.pop(0).blocks
    own.words = sum(count_words(block) for block in own.blocks)
    for chapter in inner:
        chapter.depth = 1
        if len(chapter.blocks) == 1 and chapter_titles.is_part_line(chapter.title):
            chapter.role = "part"
    depth = 1
    for chapter in inner:
        if chapter.role == "part":
            chapter.depth, depth = 1, 2
        else:
            chapter.depth = depth
    return [own, *inner]


def _join_labels(sections: list[Section]) -> list[Section]:
    """ "Chapter 1" and "The Fox" in two headings of one level are one chapter."""
    joined: list[Section] = []
    for section in sections:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.heading is not None
            and section.heading is not None
            and len(last.blocks) == 1
            and last.role != "part"
            and last.depth == section.depth
            and chapter_titles.is_label_only(last.title)
            and not chapter_titles.is_label_only(section.title)
            and not chapter_titles.is_chapter_line(section.title)
        ):
            last.heading.inlines += [LineBreak(), *section.heading.inlines]
            last.blocks += section.blocks[1:]
            last.title = clean.title(f"{last.title.rstrip('.:')}. {section.title}")
            last.words += section.words
        else:
            joined.append(section)
    return joined


def _drop_contents(sections: list[Section], draft: Draft) -> list[Section]:
    """A typed contents list whose lines are the book's own chapter titles would be there twice."""
    known = {clean.fold(section.title) for section in sections if section.title}
    kept = []
    for section in sections:
        found = chapter_titles.classify(section.title)
        if found is not None and found[0] == "toc" and _repeats(section, known):
            draft.count("source.contents-dropped", Severity.INFO, section.title)
        else:
            kept.append(section)
    return kept or sections


def _repeats(section: Section, known: set[str]) -> bool:
    lines = [line for block in section.blocks[1:] for line in _contents_lines(block)]
    hits = sum(any(line.startswith(title) or title.startswith(line) for title in known) for line in lines[:300] if line)
    return bool(lines) and hits * 10 >= 6 * min(len(lines), 300)


def _contents_lines(block: AnyBlock) -> list[str]:
    return [clean.fold(block_text(block).rstrip("0123456789. \t"))]


# ---------------------------------------------------------------- divisions


def _divide(sections: list[Section], draft: Draft) -> None:
    """Front, body and back: by well-known titles, in order; in the middle of the body every title is a chapter."""
    for number, section in enumerate(sections):
        _classify(section, draft, is_first=not number)
        if section.role == "titlepage" and number > 1:  # the title once more, not the page that shows it
            section.role, section.division = "chapter", Division.BODY
    if len(sections) == 1:
        sections[0].role, sections[0].division = "chapter", Division.BODY
    body = [n for n, section in enumerate(sections) if section.division is Division.BODY]
    first, last = (body[0], body[-1]) if body else (0, len(sections) - 1)
    for number, section in enumerate(sections):
        if section.division is Division.FRONT and number > first:
            late = number > last and section.role in ("copyright-page", "dedication")
            section.division = Division.BACK if late else Division.BODY
        elif section.division is Division.BACK and number < last:
            section.division = Division.FRONT if number < first else Division.BODY


def _classify(section: Section, draft: Draft, *, is_first: bool) -> None:
    if section.heading is None:
        _classify_opening(section, draft, is_first=is_first)
        return
    found = chapter_titles.classify(section.title)
    if found is not None and section.depth == 0:
        section.role, section.division = found
    elif section.role == "chapter" and chapter_titles.is_part_line(section.title) and section.words < PART_INTRO_WORDS:
        section.role = "part"
    elif clean.fold(section.title) == clean.fold(draft.metadata.title) and section.words < TITLE_PAGE_WORDS:
        section.role, section.division = "titlepage", Division.FRONT


def _classify_opening(section: Section, draft: Draft, *, is_first: bool) -> None:
    """What comes before the first heading; below a title page it is text."""
    section.title = draft.metadata.title or clean.title(block_text(section.blocks[0]), 60)
    if section.words < TITLE_PAGE_WORDS and is_first:
        section.role, section.division = _opening_role(section, draft), Division.FRONT


def _opening_role(section: Section, draft: Draft) -> str:
    """A page that does not say the title is no title page: one would be missing then."""
    if any(isinstance(block, Paragraph) and block.role == "dedication" for block in section.blocks):
        return "dedication"
    if draft.title_page and section.blocks[0] is draft.title_page[0]:
        return "titlepage"
    title = clean.fold(draft.metadata.title)
    lines = [clean.fold(block_text(block)) for block in section.blocks]
    return "titlepage" if any(title in line and len(line) < 2 * len(title) + 40 for line in lines) else "preamble"


# ---------------------------------------------------------------- chapters and contents


def _chapter(section: Section, number: int, draft: Draft) -> Chapter:
    level = section.heading.level if section.heading is not None else 1
    relevel(section.blocks, level, draft)
    title = section.title or clean.title(block_text(section.blocks[0]), 60) or str(number)
    return Chapter(f"ch-{number}", title, section.blocks, section.division, section.role)


def relevel(blocks: list[AnyBlock], level: int, draft: Draft) -> None:
    """Move headings so that the chapter's own is 1 and each deeper step is one; jumps are told."""
    previous = 1
    for position, block in enumerate(blocks):
        if not isinstance(block, Heading):
            continue
        wanted = 1 if position == 0 and block.level <= level else max(2, block.level - level + 1)
        if wanted > previous + 1:
            draft.count("structure.heading-jump", Severity.ADVICE, plain_text(block.inlines), block.place)
            wanted = previous + 1
        block.level = previous = min(wanted, 6)


def _contents(chapters: list[Chapter], depths: list[int]) -> list[TocEntry]:
    """One entry a chapter, nested by depth; second-level headings below, unless there are very many."""
    subheadings = sum(isinstance(b, Heading) and b.level == 2 for chapter in chapters for b in chapter.blocks)
    detailed = subheadings <= MAX_TOC_SUBHEADINGS
    top: list[TocEntry] = []
    path: list[tuple[int, TocEntry]] = []
    marks = 0
    for chapter, depth in zip(chapters, depths, strict=True):
        entry = TocEntry(chapter.title, chapter.id)
        while path and path[-1][0] >= depth:
            path.pop()
        (path[-1][1].children if path else top).append(entry)
        path.append((depth, entry))
        if detailed:
            marks = _add_subheadings(chapter, entry, marks)
    return top


def _add_subheadings(chapter: Chapter, entry: TocEntry, marks: int) -> int:
    for block in chapter.blocks:
        title = clean.title(plain_text(block.inlines)) if isinstance(block, Heading) and block.level == 2 else ""
        if isinstance(block, Heading) and title:
            marks += 1
            anchor = Anchor(f"s-{marks}")
            block.inlines.insert(0, anchor)
            entry.children.append(TocEntry(title, chapter.id, anchor.id))
    return marks
