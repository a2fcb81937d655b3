"""Books built by hand: one with every element there is, and one with everything that can be wrong."""

from __future__ import annotations

import hashlib
import struct
import zlib

from conversion.engine.book.model import (
    Align,
    Anchor,
    Aside,
    Asset,
    Book,
    Cell,
    Chapter,
    CodeBlock,
    CodeSpan,
    Contributor,
    Definition,
    DefinitionList,
    Division,
    Emphasis,
    Figure,
    Heading,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Math,
    Metadata,
    Note,
    NoteRef,
    PageMark,
    Paragraph,
    Quotation,
    Ruby,
    SceneBreak,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Text,
    TocEntry,
    Underline,
    Verse,
    VerseLine,
)

MODIFIED = "2026-03-01T12:00:00+00:00"
MATHML = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>=</mo><mfrac><mrow><mo>−</mo><mi>b</mi>'
    "<mo>±</mo><msqrt><msup><mi>b</mi><mn>2</mn></msup><mo>−</mo><mn>4</mn><mi>a</mi><mi>c</mi></msqrt></mrow>"
    "<mrow><mn>2</mn><mi>a</mi></mrow></mfrac></math>"
)


def png(width: int = 4, height: int = 3, grey: int = 128) -> Asset:
    """Return a grey picture of the given size in pixels."""
    rows = b"".join(b"\x00" + bytes([grey]) * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return Asset(hashlib.sha256(data).hexdigest(), "image/png", data, width, height)


def text(*parts: str | Inline, **options: str) -> Paragraph:
    """Return a paragraph of strings and inline elements."""
    inlines: list[Inline] = [Text(part) if isinstance(part, str) else part for part in parts]
    paragraph = Paragraph(inlines)
    for name, value in options.items():
        setattr(paragraph, name, value)
    return paragraph


def prose(words: int, seed: str = "salt") -> str:
    """Return ordinary text of so many words."""
    stock = f"the {seed} road ran down between grey walls to a harbour where nobody had waited for years and years"
    cycle = stock.split()
    chosen = [cycle[(index * 7 + index // 5) % len(cycle)] for index in range(words)]
    sentences = [" ".join(chosen[start : start + 11]).capitalize() + "." for start in range(0, words, 11)]
    return " ".join(sentences)


def plain_book(chapters: int = 3, words: int = 300) -> Book:
    """Return a novel in small: chapters of plain paragraphs."""
    made = [
        Chapter(
            f"chapter-{number}",
            f"Chapter {number}",
            [Heading(1, [Text(f"Chapter {number}")])]
            + [text(prose(words // 5, seed)) for seed in ("salt", "iron", "amber", "chalk", "tin")],
        )
        for number in range(1, chapters + 1)
    ]
    metadata = Metadata(
        title="The Salt Road",
        contributors=[Contributor("Ines Marlow")],
        language="en-GB",
        identifier="urn:uuid:5b1f9f4e-4a50-4f6e-9b5c-0d1f2b3a4c5d",
    )
    return Book(metadata, made, [TocEntry(chapter.title, chapter.id) for chapter in made])


def rich_book() -> Book:
    """Return a book that holds every element, used as intended."""
    picture, wide = png(), png(1200, 30, 90)
    notes = {
        "n1": Note("n1", [text("A note with ", Emphasis([Text("emphasis")]), " and ", NoteRef("n2", "2"), ".")]),
        "n2": Note("n2", [text("A note of a note."), Quotation([text("Quoted in it.")])], kind="endnote", lang="fr"),
        "n3": Note("n3", [text("An endnote.", PageMark("99"))], kind="endnote"),
    }
    chapters = [
        Chapter("dedication", "", [text("For nobody in particular", role="dedication")], Division.FRONT, "dedication"),
        Chapter("one", "The Beginning", _first(picture), lang="en"),
        Chapter("two", "Things", _second(picture, wide)),
        Chapter("afterword", "Afterword", _third(), Division.BACK, "afterword"),
    ]
    toc = [
        TocEntry("The Beginning", "one", "", [TocEntry("A section", "one", "section-a")]),
        TocEntry("Things", "two"),
        TocEntry("Afterword", "afterword"),
    ]
    metadata = Metadata(
        title="Every Element & Its <Kin>",
        subtitle="A Test in Prose",
        contributors=[Contributor("Ines Marlow"), Contributor("Teo Brandt", "ill"), Contributor("Ana Reis", "trl")],
        language="en",
        description="A book that holds everything once.",
        identifier="urn:uuid:0f5d9c1e-0c39-4b0e-8a51-5a4a8a3f7a10",
        publisher="Marlow & Daughters",
        rights="CC0",
        published="2026-02-03",
        subjects=["Testing", "Typography"],
    )
    assets = {asset.sha256: asset for asset in (picture, wide)}
    return Book(metadata, chapters, toc, notes, assets, cover=picture.sha256)


def _first(picture: Asset) -> list:
    return [
        Heading(1, [Text("The Beginning")]),
        text("All that is gold does not tarnish in a test", role="epigraph"),
        text("— an old ledger", role="attribution"),
        text(
            "It began ", PageMark("1"), "with ", Emphasis([Text("emphasis")]), ", ", Strong([Text("weight")]), ", ",
            SmallCaps([Text("Small Capitals")]), ", ", Underline([Text("a rule")]), ", ", Strike([Text("a cut")]),
            ", H", Subscript([Text("2")]), "O, E=mc", Superscript([Text("2")]), ", ", CodeSpan("x < y && z"),
            " and a note", NoteRef("n1", "1"), "; again", NoteRef("n1", "1"), ".",
        ),
        text(Language([Text("Où est la plume ?")], "fr"), " she asked, ", Language([Text("שלום")], "he", "rtl"), "."),
        text("See ", Link([Text("the things")], "#two"), ", ", Link([Text("the section")], "#section-a"), ", ",
             Link([Text("the web"), NoteRef("n3")], "https://example.org/a b?q=ü&r=1#top"), " or ",
             Link([Text("write")], "mailto:ines@example.org"), "."),
        SceneBreak(),
        text("One line", LineBreak(), "and another, with ", InlineImage(picture.sha256, "a grey dot"), "."),
        Heading(2, [Anchor("section-a"), Text("A section")]),
        Verse([[VerseLine([Text("The wind went out")]), VerseLine([Text("and did not come back")], 2)],
               [VerseLine([Text("The wind came in "), Emphasis([Text("again")])])]]),
        Quotation([text("A quotation of some length that should be set apart."), text("In two paragraphs.")]),
        text("Yours, I.", role="signature"),
        text("Centred", align=Align.CENTER),
        text("At the end", align=Align.END),
    ]  # fmt: skip


def _second(picture: Asset, wide: Asset) -> list:
    cell = lambda words, **options: Cell([text(words)], **options)  # noqa: E731
    return [
        Heading(1, [Text("Things")]),
        Heading(3, [Text("A heading that jumps")]),
        ListBlock([ListItem([text("one")]), ListItem([text("two"), ListBlock([ListItem([text("nested")])])])]),
        ListBlock([ListItem([text("three")]), ListItem([text("four"), text("more")])], True, 3, "lower-roman"),
        ListBlock([ListItem([text("done")], True), ListItem([text("to do")], False)]),
        DefinitionList([Definition([Text("Octavo")], [text("A sheet folded three times.")])]),
        Table(
            [[cell("Item", header=True), cell("Price", header=True, align=Align.END)],
             [cell("Rope", header=True), cell("4.00", align=Align.END)],
             [Cell([text("Both")], colspan=2)], [Cell([text("Tall")], rowspan=9), cell("x")], [cell("y")]],
            1, [Text("Prices")],
        ),
        Table([[cell(f"Column {number} holds unbreakable_identifier_{number}") for number in range(9)]]),
        Figure(picture.sha256, "A grey square", [Text("Fig. 1: grey")]),
        Figure(wide.sha256, "A long grey band"),
        CodeBlock("def f(x):\n    return x < 3 and " + "very_long_name_" * 12 + "\n", "python"),
        text("Inline ", Math(MATHML, "x equals the usual formula"), " and displayed:"),
        text(Math(MATHML, "x equals the usual formula", display=True)),
        Aside([Heading(2, [Text("In a box")]), text("Beside the text.")]),
        text("Ruby: ", Ruby([("東", "とう"), ("京", "きょう"), ("へ", "")]), ".", lang="ja"),
        text("مرحبا بالعالم", lang="ar", direction="rtl"),
        text("The page turns ", PageMark("2"), "here and ", PageMark("2"), "there."),
    ]  # fmt: skip


def _third() -> list:
    return [Heading(1, [Text("Afterword")]), text("It ended", PageMark("iii"), ".", NoteRef("n3", "*"))]


def hostile_book() -> Book:
    """Return a book in which everything that can be wrong is wrong. It must still come out valid."""
    gone = "0" * 64
    blocks = [
        Heading(4, [Text("Deep\x0b first")]),
        Heading(1, [Anchor("same"), Text("")]),
        Heading(6, [Text("Deeper")]),
        text(""),
        text(Text("\x00\x01\ud800\ufffe"), Emphasis([]), Link([], "https://example.org")),
        text(Anchor("same"), Anchor("9 odd id!"), "x", Anchor("chapter"), Anchor("titlepage")),
        text(Link([Text("dangling")], "#nowhere"), Link([Text("script")], "javascript:alert(1)")),
        text(Link([Text("outer "), Emphasis([Link([Text("inner")], "#same"), NoteRef("loop")])], "#9 odd id!")),
        text(Link([Text("bad host")], "http://exa mple/"), Link([Text("bad port")], "http://example.org:x/")),
        text(Link([Text("pipe")], "http://example.org/a|b[c]{d}\\e%zz"), Link([Text("num")], "http://999.1/")),
        text(NoteRef("missing", "7"), NoteRef("missing"), NoteRef("loop", "<&>"), NoteRef("empty")),
        text(Math("<math><mi>x", "broken"), Math("<script/>", ""), Math("<math><mfrac><mi>a</mi></mfrac></math>", "")),
        text(Math('<math onclick="x" href="y"><maction><mi mathcolor="red">z</mi></maction><foo>t</foo></math>')),
        text(InlineImage(gone, "lost picture"), InlineImage(gone), Ruby([]), Ruby([("a", ""), ("", "b")])),
        text("tagged", lang="not a tag!", direction="sideways"), text(Language([Text("y")], "en_us_x!"), lang="x-y"),
        text(PageMark(""), PageMark("  a\tb "), PageMark("a b")),
        Verse([]), Verse([[]]), Verse([[VerseLine([], 99), VerseLine([Text("far")], -4)]]),
        Quotation([]), ListBlock([]), ListBlock([ListItem([])], True, -3, "weird"), DefinitionList([]),
        DefinitionList([Definition([], [])]),
        Table([]), Table([[]]), Table([], 0, [Text("caption only")]), Table([[Cell([])]], 9),
        Table([[Cell([text("z")], colspan=0, rowspan=-1)], []], 1),
        Table([[Cell([Table([[Cell([text("in")])]])], colspan=9999)]]),
        Figure(gone, ""), Figure(gone, "described"), Figure(gone, "", [Text("only caption")]),
        CodeBlock("", 'x" onload="y'), CodeBlock("\n\n]]>\x07"), Aside([]), SceneBreak(), SceneBreak(),
    ]  # fmt: skip
    notes = {
        "loop": Note("loop", [text("I refer to myself", NoteRef("loop")), CodeBlock("x")]),
        "empty": Note("empty", []),
        "unused": Note("unused", [text("Nobody refers to me", Anchor("in-note"))], kind="strange", lang="??"),
    }
    chapters = [
        Chapter("chapter", "", [], role="nonsense"),
        Chapter("chapter", " ", blocks, role='x" y="', lang="zz_ZZ_zz!", direction="up"),
        Chapter("Cover", "Cover & <co>", [Figure(gone)], Division.FRONT, "titlepage"),
        Chapter("sample-end", "", [text("Only text without a heading, and quite a lot of it too.")], role="preface"),
    ]
    toc = [
        TocEntry("Backwards", "sample-end", "", [TocEntry("Up", "chapter")]),
        TocEntry("", "nowhere", "gone", [TocEntry("", "Cover", "gone")]),
    ]
    metadata = Metadata(
        title=" \x00 ", language="klingon!", identifier="urn:uuid:nonsense", published="last week",
        contributors=[Contributor("", "aut"), Contributor("A \x02B", "boss")], subjects=["", " s "],
    )  # fmt: skip
    return Book(metadata, chapters, toc, notes, {}, cover=gone, direction="nowhere", vertical=True)
