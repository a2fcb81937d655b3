"""Books of plain prose, with everything the engine for plain prose sets, and ways to look at what it made."""

from __future__ import annotations

from pathlib import Path

from conversion.engine.book.model import (
    Align,
    Anchor,
    AnyBlock,
    Book,
    Chapter,
    CodeSpan,
    Contributor,
    Definition,
    DefinitionList,
    Emphasis,
    Heading,
    Inline,
    Language,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Metadata,
    Note,
    NoteRef,
    PageMark,
    Paragraph,
    Quotation,
    SceneBreak,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    TocEntry,
    Underline,
    Verse,
    VerseLine,
)
from conversion.engine.pdf.binding import Binder
from conversion.engine.pdf.faces import Faces
from conversion.engine.pdf.file import PdfFile
from conversion.engine.pdf.page_batch import PageBatch, dictionary
from conversion.engine.pdf.part import Part
from conversion.engine.pdf.renderer import Renderer
from conversion.engine.targets import Target
from conversion.engine.typography.designs import DESIGNS, Design

_STOCK = [
    "the",
    "ferry",
    "left",
    "before",
    "the",
    "light",
    "came",
    "over",
    "the",
    "breakwater",
    "and",
    "nobody",
    "on",
    "the",
    "quay",
    "remembered",
    "afterwards",
    "whether",
    "its",
    "lanterns",
    "had",
    "been",
    "burning",
    "while",
    "grandmother",
    "counted",
    "seventeen",
    "passengers",
    "twenty-three",
    "parcels",
    "one",
    "bewildered",
    "accordionist",
    "and",
    "an",
    "extraordinarily",
    "quarrelsome",
    "heron;",
    "I",
    "thought",
    "of",
    "it",
    "often—though",
    "never",
    "for",
    "long—in",
    "those",
    "uncomfortable",
    "winters",
    "of",
    "unaccountable",
    "silence,",
    "when",
    "correspondence",
    "was",
    "infrequent",
    "and",
    "explanations",
    "impossible",
]


def prose(words: int, seed: int = 0) -> str:
    """Return ordinary sentences of so many words, different ones for each seed."""
    chosen = [_STOCK[(index * 11 + index // 7 + seed * 5) % len(_STOCK)] for index in range(words)]
    sentences = [" ".join(chosen[start : start + 13]) for start in range(0, words, 13)]
    return " ".join(sentence[0].upper() + sentence[1:].rstrip(";,") + "." for sentence in sentences)


def text(*parts: str | Inline, **options: object) -> Paragraph:
    """Return a paragraph of strings and inline elements."""
    paragraph = Paragraph([Text(part) if isinstance(part, str) else part for part in parts])
    for name, value in options.items():
        setattr(paragraph, name, value)
    return paragraph


def novel(chapters: int = 1, paragraphs: int = 12, words: int = 90) -> Book:
    """Return a novel in small."""
    made = [
        Chapter(
            f"chapter-{number}",
            f"Chapter {number}",
            [
                Heading(1, [Text(f"Chapter {number}")]),
                *(text(prose(words + 17 * (at % 4), seed=number * 31 + at)) for at in range(paragraphs)),
            ],
        )
        for number in range(1, chapters + 1)
    ]
    return book_of(made)


def book_of(chapters: list[Chapter], notes: dict[str, Note] | None = None) -> Book:
    about = Metadata(
        title="The Quarrelsome Heron",
        contributors=[Contributor("Ines Marlow")],
        language="en-GB",
        identifier="urn:uuid:5b1f9f4e-4a50-4f6e-9b5c-0d1f2b3a4c5d",
    )
    return Book(about, chapters, [TocEntry(chapter.title, chapter.id) for chapter in chapters], notes or {})


def chapter_of(*blocks: AnyBlock, notes: dict[str, Note] | None = None) -> Book:
    """Return a book of one chapter."""
    heading = Heading(1, [Text("The Landing")])
    return book_of([Chapter("landing", "The Landing", [heading, *blocks])], notes)


def everything() -> Book:
    """Return a chapter with every element that is set as plain prose."""
    notes = {
        "n1": Note("n1", [text("A short note with ", Emphasis([Text("emphasis")]), ".")]),
        "n2": Note("n2", [text(prose(40, seed=3)), text(prose(30, seed=4))]),
        "n3": Note("n3", [text("An endnote, which stands at the end.")], kind="endnote"),
    }
    first = Chapter(
        "one",
        "Of Everything",
        [
            Heading(1, [Text("Of Everything")]),
            text(prose(70)),
            text(
                "Plain, ", Emphasis([Text("slanted, ")]), Strong([Text("heavy and ")]),
                Emphasis([Strong([Text("both")])]),
                "; H", Subscript([Text("2")]), "O and e", Superscript([Text("x")]), ", ", CodeSpan("make test"), ", ",
                Underline([Text("a line below")]), " and ", Strike([Text("through")]), " and ",
                SmallCaps([Text("Small Capitals")]), ", half", Emphasis([Text("slanted")]), "-words, ",
                Language([Text("une phrase française assez longue")], "fr"), ".",
            ),
            text("A reference", NoteRef("n1", "1"), " and another", NoteRef("n2", "2"), " in one paragraph, ",
                 prose(40, seed=9)),
            text("An end is told of", NoteRef("n3", "3"), ". A ", Link([Text("link to the second chapter")], "#two"),
                 ", a ", Link([Text("link out of the book")], "https://example.org/somewhere?a=1&b=2"), " and a ",
                 Link([Text("link to a section")], "#section"), "."),
            SceneBreak(),
            text("After the break. ", prose(30, seed=2), PageMark("12"), LineBreak(), "A forced line."),
            Heading(2, [Anchor("section"), Text("A Section")]),
            text(prose(40, seed=5)),
            Heading(3, [Text("A smaller section")]),
            text("Centred.", align=Align.CENTER),
            text("To the right.", align=Align.END),
            Quotation([text(prose(30, seed=6)), text("A second paragraph, quoted."),
                       text("Somebody", role="attribution")]),
            Verse([
                [VerseLine([Text("A first line of verse,")]), VerseLine([Text("a second moved in,")], indent=2),
                 VerseLine([Text("and a third that is so very long that it must turn over on narrow pages.")])],
                [VerseLine([Text("Another stanza")]), VerseLine([Text("of two lines.")])],
            ]),
            ListBlock([ListItem([text("One thing")]), ListItem([text("Another: ", prose(25, seed=7)),
                       ListBlock([ListItem([text("Below it")])])])]),
            ListBlock([ListItem([text("First")]), ListItem([text("Second")])],
                      ordered=True, start=9, style="lower-roman"),
            DefinitionList([Definition([Text("Heron")], [text("A quarrelsome bird.")])]),
            text("Yours, the heron", role="signature"),
        ],
    )  # fmt: skip
    second = Chapter("two", "Of Nothing", [Heading(1, [Text("Of Nothing")]), text("Nothing. ", prose(60, seed=8))])
    return book_of([first, second], notes)


# ---------------------------------------------------------------- looking


def press_for(book: Book, folder: Path, design: Design = DESIGNS["classic"], *, is_prose_ours: bool = True) -> Renderer:
    return Renderer(book, folder, None, design, is_prose_ours=is_prose_ours)


def bound(renderer: Renderer, *parts: Part) -> bytes:
    """Return parts as a PDF, without title page and contents."""
    file = PdfFile()
    binder = Binder(file, Faces(file, renderer.face))
    for part in parts:
        binder.add(PageBatch.read(Path(part.path)))
    catalog = {"Type": b"/Catalog"} | binder.write(lambda name: None)
    path = renderer.folder / "bound.pdf"
    file.save(path, root=file.add(dictionary(catalog)), info=file.add(b"<<>>"))
    return path.read_bytes()


def set_alone(book: Book, target: Target, folder: Path, design: Design = DESIGNS["classic"]) -> tuple[Part, bytes]:
    """Set the first piece of a book with our own engine; return the part and its PDF."""
    renderer = press_for(book, folder, design)
    assert renderer.prose is not None
    part = renderer.prose.set_piece(target, 0, folder, is_verso=False)
    return part, bound(renderer, part)
