"""Make the pages from the record and put them into the Book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from ..book import clean, isbn
from ..book.matter import Matter, MatterKind
from ..book.model import (
    AnyBlock,
    Book,
    Chapter,
    Division,
    Heading,
    Inline,
    LineBreak,
    ListBlock,
    ListItem,
    Paragraph,
    Strong,
    Text,
    TitlePage,
    TocEntry,
)
from ..book.names import shortened
from ..markup.text import one_line
from .record_terms import print_term, role_terms
from .terms import MatterTerms, terms_for

MAX_WORDS_CHARACTERS = 8_000  # of one page's own words
MAX_TITLE_CHARACTERS = 300
MAX_OTHER_WORKS = 60

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_ROLE_TERMS: dict[str, Callable[[MatterTerms], str]] = {
    "trl": lambda terms: terms.translated,
    "edt": lambda terms: terms.edited,
    "ill": lambda terms: terms.illustrated,
    "aui": lambda terms: terms.foreword,
    "cov": lambda terms: terms.cover,
    "pfr": lambda terms: terms.proofread,
}


type Allow = Callable[[str], AbstractContextManager[object, bool | None]]

# What to call the pages in a finding; translations are in `conversion/fact_terms.py`.
_PAGES = {
    MatterKind.TITLE: "title page",
    MatterKind.COPYRIGHT: "copyright page",
    MatterKind.DEDICATION: "dedication",
    MatterKind.ABOUT: "about the author",
    MatterKind.ALSO_BY: "also by the author",
}


def add_matter(book: Book, matter: Matter, allow: Allow = nullcontext) -> Book:
    """Return the book with the wanted pages. Without the wish for a title page, writers set none. `allow` is given the
    name of each page and decides what becomes of an error in making it; without it, errors are raised.

    A book of drawn pages stays as it is: its author designed all of them.
    """
    if book.is_fixed or not book.chapters:
        return book
    own_roles = {chapter.role for chapter in book.chapters}
    maker = _Maker(book, matter, terms_for(book.metadata.language), allow)
    title_page = book.title_page
    with allow(_PAGES[MatterKind.TITLE]):
        title_page = maker.title_page()
    made = [chapter for chapter in maker.chapters() if chapter.role not in own_roles]
    front = [chapter for chapter in made if chapter.division is Division.FRONT]
    back = [chapter for chapter in made if chapter.division is Division.BACK]
    ids = {chapter.id for chapter in book.chapters}
    for chapter in made:
        while chapter.id in ids:
            chapter.id += "-made"
    toc = [*book.toc, *(TocEntry(chapter.title, chapter.id) for chapter in back)] if book.toc else []
    return replace(book, chapters=[*front, *book.chapters, *back], toc=toc, title_page=title_page)


def without_made(book: Book) -> Book:
    """Return the book without pages made from the record: what an author takes along and may upload again."""
    if not any(chapter.is_made for chapter in book.chapters):
        return book
    ids = {chapter.id for chapter in book.chapters if chapter.is_made}
    return replace(
        book,
        chapters=[chapter for chapter in book.chapters if not chapter.is_made],
        toc=[entry for entry in book.toc if entry.chapter_id not in ids],
    )


@dataclass(slots=True)
class _Maker:
    """Makes the pages of one book. `terms` are in its language."""

    book: Book
    matter: Matter
    terms: MatterTerms
    allow: Allow

    def title_page(self) -> TitlePage:
        """Return what writers add to the title page that they set from the metadata."""
        page = self.matter.page(MatterKind.TITLE)
        if page is None:
            return TitlePage(is_made=False)
        words = [line for line in map(one_line, _cut(page.words).split("\n")) if line]
        return TitlePage(credits=tuple(self._credits()), words=tuple(words))

    def chapters(self) -> Iterator[Chapter]:
        """Yield the pages that have something to say, in reading order."""
        makers = (
            (MatterKind.COPYRIGHT, Division.FRONT, self._copyright),
            (MatterKind.DEDICATION, Division.FRONT, self._dedication),
            (MatterKind.ABOUT, Division.BACK, self._about),
            (MatterKind.ALSO_BY, Division.BACK, self._also_by),
        )
        for kind, division, make in makers:
            page, made = self.matter.page(kind), None
            if page is not None:
                with self.allow(_PAGES[kind]):
                    made = make(_cut(page.words))
            if made is not None and made[1]:
                title, blocks = made
                yield Chapter(f"made-{kind}", title, blocks, division, str(kind), is_made=True)

    # ------------------------------------------------------------ the pages

    def _copyright(self, words: str) -> tuple[str, list[AnyBlock]]:
        about, matter, terms = self.book.metadata, self.matter, self.terms
        blocks: list[AnyBlock] = []
        if title := one_line(about.title):
            subtitle = one_line(about.subtitle)
            rest: list[Inline] = [LineBreak(), Text(subtitle)] if subtitle else []
            blocks.append(Paragraph([Strong([Text(title)]), *rest]))
        names = self._names("aut")
        if matter.is_public_domain:
            blocks.append(self._line(terms.public_domain))
        elif names:
            year = matter.first_year or matter.year
            blocks.append(Paragraph([Text(f"© {year} {names}" if year else f"© {names}")]))
        if credits := self._credits():
            blocks.append(self._lines(credits))
        if rights := one_line(about.rights):
            blocks.append(Paragraph([Text(rights)]))
        elif not matter.is_public_domain:
            blocks.append(self._line(terms.rights_reserved))
        facts = []
        if publisher := one_line(about.publisher):
            facts.append(terms.published_by.format(name=publisher))
        if matter.edition and matter.year:
            facts.append(terms.edition.format(number=matter.edition, year=matter.year))
        facts += self._isbns()
        if facts:
            blocks.append(self._lines(facts))
        return terms.copyright, [*blocks, *_paragraphs(words)]

    def _dedication(self, words: str) -> tuple[str, list[AnyBlock]]:
        return self.terms.dedication, [replace(block, role="dedication") for block in _paragraphs(words)]

    def _about(self, words: str) -> tuple[str, list[AnyBlock]]:
        """Return the author's own words, or what the profiles say."""
        lives = [(one_line(life.name), _cut(life.text)) for life in self.matter.biographies]
        lives = [life for life in lives if life[1]]
        title = self.terms.about if len(self._people("aut")) < 2 else self.terms.about_all
        blocks: list[AnyBlock] = list(_paragraphs(words))
        for name, life in lives if not blocks else []:
            if len(lives) > 1 and name:
                blocks.append(Heading(2, [Text(name)]))
            blocks += _paragraphs(life)
        return title, [self._heading(title), *blocks] if blocks else []

    def _also_by(self, words: str) -> tuple[str, list[AnyBlock]]:
        titles = [shortened(one_line(title), MAX_TITLE_CHARACTERS) for title in self.matter.other_works]
        items = [ListItem([Paragraph([Text(title)])]) for title in titles[:MAX_OTHER_WORKS] if title]
        blocks: list[AnyBlock] = [ListBlock(items)] if items else []
        blocks += _paragraphs(words)
        title = self.terms.also_by.format(names=self._names("aut")) if self._names("aut") else ""
        return title, [self._heading(title), *blocks] if blocks and title else []

    # ------------------------------------------------------------ their parts

    def _people(self, role: str) -> list[str]:
        found = (one_line(person.name) for person in self.book.metadata.contributors if person.role == role)
        return [name for name in found if name]

    def _names(self, role: str) -> str:
        separator = "、" if self.book.metadata.language[:2] in ("ja", "zh") else ", "
        return separator.join(self._people(role))

    def _credits(self) -> list[str]:
        """Return a line for each role other than the author's."""
        terms = {role: term(self.terms) for role, term in _ROLE_TERMS.items()}
        terms |= role_terms(self.book.metadata.language)
        return [term.format(names=names) for role, term in terms.items() if (names := self._names(role))]

    def _isbns(self) -> list[str]:
        """Return a line for each ISBN; with two of them, each says of what it is."""
        screen = _shown_isbn(self.book.metadata.identifier)
        paper = isbn.printed(self.book.trade.print_isbn) if self.book.trade.print_isbn else ""
        if not paper:
            return [f"ISBN {screen}"] if screen else []
        of_paper = f"ISBN {paper} ({print_term(self.book.metadata.language)})"
        return [f"ISBN {screen} (EPUB)", of_paper] if screen else [of_paper]

    def _line(self, text: str) -> Paragraph:
        """Return a line of ours: English where the book's language has no words of its own."""
        return Paragraph([Text(text)], lang="en" if self._is_foreign else "")

    def _lines(self, texts: list[str]) -> Paragraph:
        inlines: list[Inline] = []
        for text in texts:
            inlines += [LineBreak(), Text(text)] if inlines else [Text(text)]
        return Paragraph(inlines, lang="en" if self._is_foreign else "")

    def _heading(self, text: str) -> Heading:
        return Heading(1, [Text(text)], lang="en" if self._is_foreign else "")

    @property
    def _is_foreign(self) -> bool:
        return self.terms.is_english and not self.book.metadata.language.lower().startswith("en")


def _shown_isbn(identifier: str) -> str:
    number = isbn.isbn_in(identifier)
    return isbn.printed(number) if number and isbn.is_valid(number) else ""


def _cut(words: str) -> str:
    return clean.text(words.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_WORDS_CHARACTERS].strip()


def _paragraphs(words: str) -> list[Paragraph]:
    """Return an author's plain text as paragraphs; single line ends are kept."""
    paragraphs = []
    for part in _PARAGRAPH_END.split(words):
        inlines: list[Inline] = []
        for line in (" ".join(line.split()) for line in part.split("\n")):
            if line:
                inlines += [LineBreak(), Text(line)] if inlines else [Text(line)]
        if inlines:
            paragraphs.append(Paragraph(inlines))
    return paragraphs
