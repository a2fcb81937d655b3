"""From the documents of a spine to chapters and a contents list that follows the source's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...book import chapter_titles, clean, language
from ...book.inlines import is_blank, plain_text
from ...book.model import AnyBlock, Chapter, Division, Heading, Paragraph, ReaderResult, TocEntry
from ...book.page import Page
from ...book.words import block_text, count_words
from ...findings.model import Severity
from ..assembly.anchors import anchor_ids
from ..assembly.draft import Draft
from ..assembly.structure import Section, complete, cut_whole, finish, relevel
from ..html.pages import Site
from .package import NavEntry, Package

WHOLE_BOOK_WORDS = 25_000
_DIVISIONS = {"frontmatter": Division.FRONT, "bodymatter": Division.BODY, "backmatter": Division.BACK}
_ROLES: dict[str, Division] = {
    "titlepage": Division.FRONT,
    "halftitlepage": Division.FRONT,
    "copyright-page": Division.FRONT,
    "imprint": Division.FRONT,
    "dedication": Division.FRONT,
    "epigraph": Division.FRONT,
    "foreword": Division.FRONT,
    "preface": Division.FRONT,
    "introduction": Division.FRONT,
    "prologue": Division.BODY,
    "part": Division.BODY,
    "volume": Division.BODY,
    "chapter": Division.BODY,
    "epilogue": Division.BODY,
    "conclusion": Division.BODY,
    "afterword": Division.BACK,
    "acknowledgments": Division.BACK,
    "appendix": Division.BACK,
    "endnotes": Division.BACK,
    "bibliography": Division.BACK,
    "glossary": Division.BACK,
    "index": Division.BACK,
    "colophon": Division.BACK,
}


@dataclass(slots=True)
class Part:
    """One document of the spine."""

    name: str
    blocks: list[AnyBlock]
    semantics: set[str]
    title: str
    lang: str = ""
    holds_notes: bool = False
    pages: list[Page] = field(default_factory=list)


@dataclass(slots=True)
class _Made:
    """Chapters of one document, with what the contents list needs."""

    part: Part
    sections: list[Section] = field(default_factory=list)


def assemble(draft: Draft, parts: list[Part], package: Package, site: Site) -> ReaderResult:
    """The finished book."""
    labels = {entry.part: entry.title for entry in _flat(package.nav) if entry.part and not entry.fragment}
    made = [_Made(part, _sections(part, labels, draft, alone=len(parts) == 1)) for part in parts if _is_worth(part)]
    sections = [section for one in made for section in one.sections]
    _divide(made, sections)
    chapters: list[Chapter] = []
    firsts: dict[str, str] = {}
    own = language.primary(draft.metadata.language)
    for one in made:
        for section in one.sections:
            chapter = _chapter(section, len(chapters) + 1, draft)
            if one.part.lang and own and language.primary(one.part.lang) != own:
                chapter.lang = one.part.lang
            chapter.pages = one.part.pages
            firsts.setdefault(one.part.name, chapter.id)
            chapters.append(chapter)
    toc = _Contents(chapters, firsts, site).build(package.nav)
    listed = sum(1 for _ in _flat_toc(toc))
    body = sum(chapter.division is Division.BODY for chapter in chapters)
    if listed * 2 < body or not toc:
        return finish(draft, chapters, sections)
    return complete(draft, chapters, toc)


def _is_worth(part: Part) -> bool:
    """A document with something left to show: a list of notes whose notes are out is not."""
    shown = [b for b in part.blocks if not (isinstance(b, Paragraph) and is_blank(b.inlines))]
    if part.holds_notes and all(isinstance(block, Heading) for block in shown):
        return False
    return bool(shown)


def _flat(entries: list[NavEntry]) -> Iterator[NavEntry]:
    for entry in entries:
        yield entry
        yield from _flat(entry.children)


def _flat_toc(entries: list[TocEntry]) -> Iterator[TocEntry]:
    for entry in entries:
        yield entry
        yield from _flat_toc(entry.children)


# ---------------------------------------------------------------- chapters


def _sections(part: Part, labels: dict[str, str], draft: Draft, *, alone: bool) -> list[Section]:
    """One section, or several when headings of the shallowest level come again."""
    levels = [block.level for block in part.blocks if isinstance(block, Heading)]
    words = sum(count_words(block) for block in part.blocks)
    if levels and (alone or words > WHOLE_BOOK_WORDS):
        sections = cut_whole(part.blocks, draft)
    elif levels and levels.count(min(levels)) > 1 and words > 1500 and not part.semantics & {"titlepage", "part"}:
        sections = cut_whole(part.blocks, draft, min(levels))
    else:
        heading = next((b for b in part.blocks if isinstance(b, Heading)), None)
        title = clean.title(plain_text(heading.inlines)) if heading is not None else ""
        sections = [Section(heading, part.blocks, title=title, words=words)]
    for number, section in enumerate(sections):
        label = labels.get(part.name, "") if number == 0 else ""
        section.title = label or section.title or _untitled(section, part, draft)
        _semantics(section, part.semantics if number == 0 or len(sections) == 1 else part.semantics & set(_DIVISIONS))
    return sections


def _untitled(section: Section, part: Part, draft: Draft) -> str:
    if section.heading is None and section.words < 150:
        return draft.metadata.title or part.title or _first_words(section)
    return part.title or _first_words(section)


def _first_words(section: Section) -> str:
    return next((title for b in section.blocks if (title := clean.title(block_text(b), 60))), "—")


def _semantics(section: Section, semantics: set[str]) -> None:
    """Role and division by the source's own semantics, else by a well-known title."""
    role = next((name for name in _ROLES if name in semantics), "")
    division = next((_DIVISIONS[name] for name in _DIVISIONS if name in semantics), None)
    known = chapter_titles.classify(section.title)
    if not role and known is not None and known[0] != "toc":
        role = known[0]
        division = division or known[1]
    elif not role and chapter_titles.is_part_line(section.title) and section.words < 150:
        role = "part"
    section.role = role or ("chapter" if section.role == "chapter" else section.role)
    section.division = division or _ROLES.get(role, Division.BODY)


def _divide(made: list[_Made], sections: list[Section]) -> None:
    """Front comes before the body and back after it; anything else between two chapters is body."""
    body = [n for n, s in enumerate(sections) if s.division is Division.BODY and s.role in ("chapter", "part")]
    if not body:
        for section in sections:
            if section.role == "chapter":
                section.division = Division.BODY
        return
    first, last = body[0], body[-1]
    for number, section in enumerate(sections):
        if first < number < last:
            section.division = Division.BODY
        elif section.division is Division.FRONT and number > last:
            section.division = Division.BACK
        elif section.division is Division.BACK and number < first:
            section.division = Division.FRONT


def _chapter(section: Section, number: int, draft: Draft) -> Chapter:
    levels = [block.level for block in section.blocks if isinstance(block, Heading)]
    relevel(section.blocks, min(levels, default=1), draft)
    return Chapter(f"ch-{number}", section.title, section.blocks, section.division, section.role)


# ---------------------------------------------------------------- contents


class _Contents:
    """Turns the source's contents list into one of chapters and anchors."""

    def __init__(self, chapters: list[Chapter], firsts: dict[str, str], site: Site) -> None:
        self._firsts = firsts
        self._site = site
        self._homes: dict[str, str] = {}
        self._openings: dict[str, set[str]] = {}
        for chapter in chapters:
            for position, block in enumerate(chapter.blocks):
                for anchor in anchor_ids(block):
                    self._homes[anchor] = chapter.id
                    if position == 0:
                        self._openings.setdefault(chapter.id, set()).add(anchor)

    def build(self, entries: list[NavEntry]) -> list[TocEntry]:
        """Entries whose place is gone are left out; their children move up."""
        made: list[TocEntry] = []
        for entry in entries:
            children = self.build(entry.children)
            target = self._target(entry)
            if target is None and children and entry.title:
                target = (children[0].chapter_id, children[0].anchor)
            if target is None or not entry.title:
                made += children
                if target is None and entry.part:
                    self._site.draft.count("repaired.contents", Severity.INFO, entry.title or entry.part)
            else:
                made.append(TocEntry(entry.title, target[0], target[1], children))
        return made

    def _target(self, entry: NavEntry) -> tuple[str, str] | None:
        if not entry.part:
            return None
        if entry.fragment:
            anchor = self._site.anchor(entry.part, entry.fragment)
            home = self._homes.get(anchor)
            if home is not None:
                return home, "" if anchor in self._openings.get(home, ()) else anchor
        first = self._firsts.get(entry.part)
        return None if first is None else (first, "")
