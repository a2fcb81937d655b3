"""Every kind of damage there is a repair for, as data: what is broken, and what must be told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.conversion.repair.damage import (
    after_junk,
    between_junk,
    changed,
    cut_in_text,
    cut_off,
    docx_parts,
    epub_parts,
    in_latin_1,
    linked,
    outside,
    renamed,
    twice,
    with_backslashes,
    without,
    without_directory,
    wrong_checksum,
)


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to break a book. `codes` are what must be told; a container is only opened when a repair is asked for;
    `keeps` is how often the sentence must still be there."""

    name: str
    make: Callable[[dict[str, bytes]], bytes]
    codes: tuple[str, ...]
    is_container: bool = False
    keeps: int = 4


ONE = "OPS/one.xhtml"
OPF = "OPS/book.opf"
XHTML = 'media-type="application/xhtml+xml"'
EPUB_DAMAGES = (
    Damage("unclosed markup", changed(ONE, "</p><p>", "<p><b>"), ("source.markup-repaired",)),
    Damage("bare ampersand", changed(ONE, "grey light", "grey & light"), ("source.markup-repaired",), keeps=2),
    Damage("duplicate ids", changed(ONE, "<p>", '<p id="same">'), ("repaired.duplicate-id",)),
    Damage("dead internal link", changed("OPS/two.xhtml", "one.xhtml", "one.xhtml#gone"), ("source.link-dead",)),
    Damage(
        "page not in manifest", changed(OPF, f'<item id="two" href="two.xhtml" {XHTML}/>', ""), ("repaired.manifest",)
    ),
    Damage("no navigation", without("OPS/nav.xhtml"), ("repaired.navigation",)),
    Damage(
        "contents lead nowhere",
        changed("OPS/nav.xhtml", "</ol>", '<li><a href="three.xhtml">Three</a></li></ol>'),
        ("repaired.contents",),
    ),
    Damage("no language", changed(OPF, "<dc:language>en</dc:language>", ""), ("repaired.language",)),
    Damage("bad date", changed(OPF, "2020-05-01", "May 1st, 2020"), ("repaired.date",)),
    Damage("impossible date", changed(OPF, "2020-05-01", "2020-13-45"), ("repaired.date",)),
    Damage("no identifier", changed(OPF, "urn:isbn:9783161484100", " "), ("repaired.identifier",)),
    Damage(
        "wrong type of a page",
        changed(OPF, f'one.xhtml" {XHTML}', 'one.xhtml" media-type="text/plain"'),
        ("repaired.media-type",),
    ),
    Damage("wrong type of a picture", changed(OPF, "image/png", "image/jpeg"), ("repaired.media-type",)),
    Damage("picture missing", without("OPS/dot.png"), ("source.image-missing",)),
    Damage("page missing", without("OPS/two.xhtml"), ("source.part-absent",), keeps=2),
    Damage("bad nesting", changed(ONE, "<p><img", "<li>loose</li><p><img"), ("repaired.nesting",)),
    Damage("undeclared entities", changed(ONE, "quiet and", "quiet&nbsp;and"), ("repaired.entities",)),
    Damage("wrong encoding", in_latin_1, ("repaired.encoding",), keeps=2),
    Damage("wrong case in a path", renamed(ONE, "OPS/One.XHTML"), ("repaired.path",)),
    Damage("backslash in a path", changed(OPF, 'href="one.xhtml"', 'href=".\\one.xhtml"'), ("repaired.path",)),
    Damage("no namespace", changed(OPF, ' xmlns="http://www.idpf.org/2007/opf"', ""), ("repaired.namespace",)),
    Damage("no spine", changed(OPF, '<itemref idref="one"/><itemref idref="two"/>', ""), ("repaired.spine",)),
    Damage("spine names nothing", changed(OPF, "<spine>", '<spine><itemref idref="ghost"/>'), ("repaired.spine",)),
    Damage("spine repeats", changed(OPF, "<spine>", '<spine><itemref idref="one"/>'), ("source.spine-repeated",)),
    Damage("cut off", cut_off, ("repaired.archive", "repaired.entry-dropped"), is_container=True),
    Damage("no directory", without_directory, ("repaired.archive",), is_container=True),
    Damage("cut in a page", cut_in_text, ("repaired.entry-cut",), is_container=True, keeps=3),
    Damage("wrong checksum", wrong_checksum("OPS/dot.png"), ("repaired.entry-checksum",), is_container=True),
    Damage("entry twice", twice(ONE), ("repaired.entry-twice",), is_container=True),
    Damage("backslashes in the archive", with_backslashes, ("repaired.entry-name",), is_container=True),
    Damage("junk before", after_junk, ("repaired.archive",), is_container=True),
    Damage("junk between", between_junk, ("repaired.archive",), is_container=True),
    Damage("entry outside", outside, ("repaired.entry-outside",), is_container=True),
    Damage("entry is a link", linked, ("repaired.entry-link",), is_container=True),
    Damage(
        "no mimetype, no container",
        without("mimetype", "META-INF/container.xml"),
        ("repaired.mimetype", "repaired.container"),
        is_container=True,
    ),
    Damage("no container", without("META-INF/container.xml"), ("repaired.container",), is_container=True),
    Damage(
        "container leads nowhere",
        changed("META-INF/container.xml", OPF, "OEBPS/content.opf"),
        ("repaired.container",),
        is_container=True,
    ),
    Damage("package missing", without(OPF), ("repaired.package",), is_container=True),
    Damage("package malformed", changed(OPF, "</metadata>", ""), ("repaired.xml",), is_container=True),
)
DOCX_DAMAGES = (
    Damage("no styles", without("word/styles.xml"), ("repaired.part-missing",), keeps=4),
    Damage("no numbering", without("word/numbering.xml"), ("repaired.part-missing",)),
    Damage("no footnotes", without("word/footnotes.xml"), ("source.note-missing",), keeps=3),
    Damage("no relationships", without("word/_rels/document.xml.rels"), ("repaired.relationships",)),
    Damage("no way to the document", without("_rels/.rels"), ("repaired.relationships",)),
    Damage(
        "wrong way to the document",
        changed("_rels/.rels", "word/document.xml", "word/document2.xml"),
        ("repaired.relationships",),
    ),
    Damage(
        "bookmarks twice",
        changed("word/document.xml", "<w:r>", '<w:bookmarkStart w:id="1" w:name="x"/><w:r>'),
        ("repaired.duplicate-id",),
    ),
    Damage(
        "document under another name",
        renamed("word/document.xml", "word/document9.xml"),
        ("repaired.relationships",),
        is_container=True,
    ),
    Damage("no content types", without("[Content_Types].xml"), ("repaired.content-types",), is_container=True),
    Damage("malformed document", changed("word/document.xml", "</w:body>", ""), ("repaired.xml",), is_container=True),
    Damage("control characters", changed("word/document.xml", "Noted", "No\x0bted"), ("source.controls-dropped",)),
    Damage("document cut off", cut_in_text, ("repaired.entry-cut", "repaired.xml"), is_container=True, keeps=2),
    Damage("no directory", without_directory, ("repaired.archive",), is_container=True),
    Damage("wrong checksum", wrong_checksum("word/numbering.xml"), ("repaired.entry-checksum",), is_container=True),
    Damage("backslashes in the archive", with_backslashes, ("repaired.entry-name",), is_container=True),
)


def broken(damage: Damage, extension: str) -> bytes:
    """The damaged file."""
    return damage.make(epub_parts() if extension == "epub" else docx_parts())


def all_damages() -> list[tuple[str, Damage]]:
    return [("epub", damage) for damage in EPUB_DAMAGES] + [("docx", damage) for damage in DOCX_DAMAGES]
