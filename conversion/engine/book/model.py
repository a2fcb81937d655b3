"""The intermediate document: every reader builds a `Book`, every writer reads one.

A closed set of elements. What has no element here cannot reach an artifact; this is how a manuscript's active content,
remote references and broken markup are left behind. Writers rebuild from these values and never copy source markup. All
text is plain Unicode (no entities); all markup is a node.

Conventions: `lang` is a BCP 47 tag or "" (inherit); `direction` is "ltr", "rtl" or "" (inherit); asset keys are the
sha256 hex digest of the asset's re-encoded bytes; ids (`Chapter.id`, `Note.id`, `Anchor.id`) match `[a-z][a-z0-9-]*`
and are unique in the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from ..findings.model import Finding, SourcePlace
from .page import Page

# ---------------------------------------------------------------- inline


@dataclass(slots=True)
class Text:
    text: str


@dataclass(slots=True)
class Emphasis:
    children: list[Inline]


@dataclass(slots=True)
class Strong:
    children: list[Inline]


@dataclass(slots=True)
class SmallCaps:
    children: list[Inline]


@dataclass(slots=True)
class Underline:
    children: list[Inline]


@dataclass(slots=True)
class Strike:
    children: list[Inline]


@dataclass(slots=True)
class Subscript:
    children: list[Inline]


@dataclass(slots=True)
class Superscript:
    children: list[Inline]


@dataclass(slots=True)
class CodeSpan:
    text: str


@dataclass(slots=True)
class Language:
    """A run of text in another language, direction or style (`dress`) than its block."""

    children: list[Inline]
    lang: str = ""
    direction: str = ""
    dress: str = ""


@dataclass(slots=True)
class Link:
    """A link. `href` is an absolute http(s) or mailto URL, or `#id` of an `Anchor` or a chapter."""

    children: list[Inline]
    href: str


@dataclass(slots=True)
class NoteRef:
    """A reference to `Book.notes[note_id]`; `label` is what the source showed (may be "")."""

    note_id: str
    label: str = ""


@dataclass(slots=True)
class LineBreak:
    pass


@dataclass(slots=True)
class InlineImage:
    """A picture within text. A `decorative` one has nothing to describe; its `alt` is then left out."""

    asset: str
    alt: str = ""
    dress: str = ""
    decorative: bool = False


@dataclass(slots=True)
class Ruby:
    """Pairs of base text and its annotation, in reading order."""

    pairs: list[tuple[str, str]]


@dataclass(slots=True)
class Math:
    """A formula. `mathml` is a rebuilt `<math>` element of presentation MathML, serialised, without scripts or
    links."""

    mathml: str
    alt: str = ""
    display: bool = False


@dataclass(slots=True)
class Anchor:
    """A link target. Carries no text."""

    id: str


@dataclass(slots=True)
class PageMark:
    """A page break of the source's print edition inside running text; `label` is the page number as printed."""

    label: str


type Inline = (
    Text
    | Emphasis
    | Strong
    | SmallCaps
    | Underline
    | Strike
    | Subscript
    | Superscript
    | CodeSpan
    | Language
    | Link
    | NoteRef
    | LineBreak
    | InlineImage
    | Ruby
    | Math
    | Anchor
    | PageMark
)


# ---------------------------------------------------------------- blocks


@dataclass(slots=True, kw_only=True)
class Block:
    """Fields that every block has. `dress` names a style of `Book.kept`, if the block has one."""

    lang: str = ""
    direction: str = ""
    dress: str = ""
    place: SourcePlace = SourcePlace()  # noqa: RUF009 (frozen)


class Align(StrEnum):
    AUTO = ""
    CENTER = "center"
    END = "end"  # the right in left-to-right text


@dataclass(slots=True)
class Paragraph(Block):
    inlines: list[Inline]
    align: Align = Align.AUTO
    role: str = ""  # "", "dedication", "epigraph", "attribution", "caption", "signature"


@dataclass(slots=True)
class Heading(Block):
    """A heading. `level` is 1 to 6; level 1 opens a chapter."""

    level: int
    inlines: list[Inline]


@dataclass(slots=True)
class VerseLine:
    inlines: list[Inline]
    indent: int = 0  # steps of one em


@dataclass(slots=True)
class Verse(Block):
    stanzas: list[list[VerseLine]]


@dataclass(slots=True)
class Quotation(Block):
    blocks: list[AnyBlock]


@dataclass(slots=True)
class ListItem:
    blocks: list[AnyBlock]
    checked: bool | None = None  # task lists


@dataclass(slots=True)
class ListBlock(Block):
    items: list[ListItem]
    ordered: bool = False
    start: int = 1
    style: str = ""  # "", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman", "decimal"


@dataclass(slots=True)
class Definition:
    term: list[Inline]
    blocks: list[AnyBlock]


@dataclass(slots=True)
class DefinitionList(Block):
    items: list[Definition]


@dataclass(slots=True)
class Cell:
    blocks: list[AnyBlock]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align = Align.AUTO


@dataclass(slots=True)
class Table(Block):
    """A table. `rows` includes the header rows, which are the first `header_rows`."""

    rows: list[list[Cell]]
    header_rows: int = 0
    caption: list[Inline] = field(default_factory=list)


@dataclass(slots=True)
class Figure(Block):
    """A picture of its own, perhaps with a caption; `decorative` as in `InlineImage`."""

    asset: str
    alt: str = ""
    caption: list[Inline] = field(default_factory=list)
    picture_dress: str = ""
    decorative: bool = False


@dataclass(slots=True)
class CodeBlock(Block):
    text: str
    language: str = ""


@dataclass(slots=True)
class SceneBreak(Block):
    """A scene break. `sign` is how the source marked it: "***", "#" ..., " " for an empty line, "" for a rule."""

    sign: str = ""


@dataclass(slots=True)
class Aside(Block):
    """A box beside the text: a sidebar, or a text box of the source."""

    blocks: list[AnyBlock]


type AnyBlock = (
    Paragraph
    | Heading
    | Verse
    | Quotation
    | ListBlock
    | DefinitionList
    | Table
    | Figure
    | CodeBlock
    | SceneBreak
    | Aside
)

# ---------------------------------------------------------------- the whole


class Division(StrEnum):
    FRONT = "frontmatter"
    BODY = "bodymatter"
    BACK = "backmatter"


@dataclass(slots=True)
class Chapter:
    """One file of the result. `role` is an EPUB structural semantics term without prefix ("chapter", "part",
    "dedication", "epigraph", "preface", "titlepage", "copyright-page", "appendix" ...).

    A chapter of fixed layout has `pages`. Its `blocks` then hold the same pictures and words as running text, with an
    `Anchor` for each page's id, for readers who cannot or do not want to look at pages.
    """

    id: str
    title: str
    blocks: list[AnyBlock]
    division: Division = Division.BODY
    role: str = "chapter"
    lang: str = ""
    direction: str = ""
    pages: list[Page] = field(default_factory=list)
    is_made: bool = False  # made from the record (`matter/`), not by the manuscript


@dataclass(slots=True)
class Note:
    id: str
    blocks: list[AnyBlock]
    kind: str = "footnote"  # or "endnote"
    lang: str = ""


@dataclass(slots=True)
class TocEntry:
    """An entry of the table of contents. `anchor` is an `Anchor.id` inside the chapter, or "" for its start."""

    title: str
    chapter_id: str
    anchor: str = ""
    children: list[TocEntry] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Asset:
    """A picture, re-encoded: `media_type` is image/jpeg, image/png or image/svg+xml (rebuilt). Sizes in pixels."""

    sha256: str
    media_type: str
    data: bytes
    width: int
    height: int
    name: str = ""


@dataclass(slots=True, frozen=True)
class Contributor:
    """A person who worked on the book. `role` is a MARC relator code: aut, edt, trl, ill, aui ..."""

    name: str
    role: str = "aut"


@dataclass(slots=True)
class Metadata:
    title: str = ""
    subtitle: str = ""
    contributors: list[Contributor] = field(default_factory=list)
    language: str = ""  # BCP 47; never from the server's locale
    description: str = ""
    identifier: str = ""  # urn:uuid:… or urn:isbn:…
    publisher: str = ""
    rights: str = ""
    published: str = ""  # ISO 8601 date
    subjects: list[str] = field(default_factory=list)
    source: str = ""  # what the book was made from, as its manuscript says: an address, an edition
    page_source: str = ""  # the print edition that the page marks refer to: its ISBN, or in words


@dataclass(slots=True, frozen=True)
class AuthorFont:
    """A re-encoded font of the author's own. `family` is a CSS string, including its quotation marks."""

    family: str
    weight: str
    style: str
    data: bytes


@dataclass(slots=True, frozen=True)
class AuthorDesign:
    """The author's own design, for EPUBs (`readers/author_design/`). `rules` are CSS rules for our own class names, the
    dresses of blocks; a URL in them is `asset:` followed by the key of one of the `pictures`."""

    rules: str
    faces: tuple[AuthorFont, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What writers add to the title page that they set from the metadata; without `is_made` they set none."""

    is_made: bool = True
    credits: tuple[str, ...] = ()  # "Translated by …"
    words: tuple[str, ...] = ()  # the author's own lines


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """What only the record of a work knows, for shops and libraries; no manuscript has it.

    `subject_codes` are (heading, Thema code); `licence` is the address of a licence's text.
    """

    print_isbn: str = ""
    subject_codes: tuple[tuple[str, str], ...] = ()
    licence: str = ""
    is_mining_reserved: bool = False


@dataclass(slots=True)
class Book:
    metadata: Metadata
    chapters: list[Chapter]
    toc: list[TocEntry] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    cover: str = ""  # asset key of the source's own cover
    direction: str = "ltr"
    vertical: bool = False  # vertical writing (Japanese)
    spread: str = ""  # fixed pages: "none" shows single pages, "both" always pairs, "" what fits the screen
    kept: AuthorDesign | None = None
    title_page: TitlePage = TitlePage()
    trade: TradeFacts = TradeFacts()

    @property
    def pages(self) -> list[Page]:
        """All fixed-layout pages, in order."""
        return [page for chapter in self.chapters for page in chapter.pages]

    @property
    def is_bound_right(self) -> bool:
        """Whether pages run from right to left, so that the first page is a left-hand one."""
        return self.direction == "rtl" or self.vertical

    @property
    def is_fixed(self) -> bool:
        """Whether the whole book is fixed pages: a picture book, a comic, a PDF."""
        return bool(self.chapters) and all(chapter.pages for chapter in self.chapters)

    def body(self) -> Iterator[Chapter]:
        """Yield the chapters of the body, in order."""
        return (chapter for chapter in self.chapters if chapter.division is Division.BODY)


@dataclass(slots=True)
class ReaderResult:
    """The result of a reader."""

    book: Book
    findings: list[Finding] = field(default_factory=list)
