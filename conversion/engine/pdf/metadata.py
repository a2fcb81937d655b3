"""Title, language and XMP of a joined PDF. No moment of making is written: equal books give equal bytes."""

from __future__ import annotations

from dataclasses import dataclass

from ..book.model import Book
from ..markup.terms import terms_for
from ..markup.text import clean, escape, language_tag, one_line
from ..markup.title import title_of
from .file import PdfFile
from .page_batch import text_string

PRODUCER = "Octavo (WeasyPrint)"


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself: entries of its information dictionary, its language, its direction, its XMP packet."""

    info: dict[str, str]
    language: str
    is_rtl: bool
    packet: bytes


def about(book: Book, *, is_described: bool) -> About:
    """Return what a book's PDF says of itself. `is_described` tells that all pictures have alternative text; only then
    is the document declared as PDF/UA."""
    title = title_of(book, terms_for(book.metadata.language))
    language = language_tag(book.metadata.language) or "und"
    authors = [one_line(person.name) for person in book.metadata.contributors if person.role == "aut"]
    authors = [name for name in authors if name]
    info = {"Title": title, "Producer": PRODUCER}
    if authors:
        info["Author"] = ", ".join(authors)
    packet = _packet(book, title, authors, language, is_described=is_described).encode("utf-8", "replace")
    return About(info, language, book.direction == "rtl", packet)


def written(
    file: PdfFile, book: Book, *, is_described: bool, is_facing: bool = False
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Write the metadata; return the entries of the catalog and of the information dictionary.

    Vertical text is bound on the right as well, but only pages that face each other say so: pdfium, and so Chrome,
    takes the letters of such files in reverse order when they are searched or copied.
    """
    told = about(book, is_described=is_described)
    info = {name: text_string(value) for name, value in told.info.items()}
    stream = file.add_stream(b"/Type/Metadata/Subtype/XML", told.packet)
    direction = b"/R2L" if told.is_rtl or (book.vertical and is_facing) else b"/L2R"
    catalog = {
        "Lang": text_string(told.language),
        "ViewerPreferences": b"<</DisplayDocTitle true/Direction%b>>" % direction,
        "Metadata": b"%d 0 R" % stream,
    }
    return catalog, info


def _packet(book: Book, title: str, authors: list[str], language: str, *, is_described: bool) -> str:
    creators = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in authors)
    lines = [
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>',
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>",
        "<dc:format>application/pdf</dc:format>",
        f"<pdf:Producer>{PRODUCER}</pdf:Producer>",
    ]
    if creators:
        lines.append(f"<dc:creator><rdf:Seq>{creators}</rdf:Seq></dc:creator>")
    if rights := one_line(book.metadata.rights):
        lines.append(
            f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{escape(rights)}</rdf:li></rdf:Alt></dc:rights>'
        )
    if description := clean(book.metadata.description).strip():
        lines.append(
            f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(description)}</rdf:li></rdf:Alt>'
            "</dc:description>"
        )
    if is_described:
        lines.append("<pdfuaid:part>1</pdfuaid:part>")
    body = "\n".join(lines)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\n'
        f'{body}\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
    )
