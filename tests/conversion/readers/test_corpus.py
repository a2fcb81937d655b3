"""Every manuscript of the shared corpus reads whole: no word lost, none out of order."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import mammoth
import pytest
from lxml import etree, html

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import Book, Emphasis, Figure, InlineImage, Math, NoteRef, Ruby, SmallCaps, Strong
from conversion.engine.book.words import blocks_text
from conversion.engine.errors import AuthorFixable
from tests.conversion.readers.build import nodes, read
from tests.conversion.readers.rtf_writer import rtf_of

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD = re.compile(r"[^\W_]+")
_WINDOW = 20_000  # how far notes may stand from where their text came
# Nothing to read in these: a table without words, text hidden by a condition, a picture outside the file.
_WITHOUT_TEXT = {"tbl-having-tables.docx", "hiddenTextByVariable.odt", "imageRelative.odt"}
# Their whole text is a generated contents list.
_CONTENTS_ONLY = {"pageref.docx"}
# Pictures that cannot be in the text: on other machines, in files beside this one, on the page of the cover.
_PICTURES_ELSEWHERE = {"flatland.docx": 10, "flatland.html": 10, "shp-inline-shape-access.docx": 1}
_PICTURES_ELSEWHERE |= {"childrens-literature.epub": 1, "regime-anticancer-arabic.epub": 1}
_INLINE = re.compile(
    "em|i|strong|b|small|span|a|sub|sup|u|ins|s|cite|q|abbr|code|var|big|font|mark|kbd|tt|bdo|dfn|del|samp|time|ruby|rb"
)


def _files(*endings: str) -> list[Path]:
    return sorted(path for ending in endings for path in CORPUS.glob(f"*/*.{ending}")) if CORPUS.is_dir() else []


def _book_words(book: Book) -> list[str]:
    chapters = [blocks_text(chapter.blocks) for chapter in book.chapters]
    return _WORD.findall(" ".join(_title_block(book))) + _WORD.findall("\n".join(chapters))


def _lost(wanted: list[str], got: list[str]) -> int:
    """How many of the wanted words are not found in order."""
    lost = position = 0
    for word in wanted:
        try:
            position = got.index(word, position, position + _WINDOW) + 1
        except ValueError:
            lost += 1
    return lost


def _docx_root(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        part = next(name for name in archive.namelist() if re.fullmatch(r"word/document\d*\.xml", name))
        root = etree.fromstring(archive.read(part))
    for fallback in list(root.iter("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")):
        fallback.getparent().remove(fallback)
    return root


def _docx_text(element: etree._Element) -> Iterator[str]:
    for child in element.iterchildren():
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in (_W + "tab", _W + "br", _W + "cr"):
            yield " "
        elif child.tag not in (_W + "del", _W + "moveFrom"):
            yield from _docx_text(child)
            if child.tag == _W + "p":
                yield " "


def _markup_text(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    name = element.tag.rsplit("}", 1)[-1]
    kinds = f"{element.get('{http://www.idpf.org/2007/ops}type', '')} {element.get('class', '')}"
    if name in ("script", "style", "rt", "rp", "math", "svg") or re.search("pagebreak|noteref|footnote-ref", kinds):
        return
    yield "" if _INLINE.fullmatch(name) else " "
    yield element.text or ""
    for child in element.iterchildren():
        yield from _markup_text(child)
        yield child.tail or ""
    yield "" if _INLINE.fullmatch(name) else " "


def _spine(path: Path) -> Iterator[etree._Element]:
    """The body of each page in order."""
    with zipfile.ZipFile(path) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        opf = container.find(".//{*}rootfile").get("full-path")
        package = etree.fromstring(archive.read(opf))
        items = {item.get("id"): item for item in package.iter("{*}item")}
        for reference in package.iter("{*}itemref"):
            item = items[reference.get("idref")]
            if "nav" not in (item.get("properties") or ""):
                page = etree.fromstring(
                    archive.read(str(Path(opf).parent / item.get("href"))), etree.XMLParser(recover=True)
                )
                yield page.find("{*}body")


def _html_body(path: Path) -> etree._Element:
    return html.fromstring(path.read_bytes()).find(".//body")


@pytest.mark.parametrize("path", _files("docx"), ids=lambda path: path.name)
def test_docx_keeps_every_word(path: Path) -> None:
    if path.name in _WITHOUT_TEXT:
        with pytest.raises(AuthorFixable, match=r"source\.no-text"):
            read(path)
        return
    reading = read(path)
    book = reading.book
    wanted, got = _WORD.findall("".join(_docx_text(_docx_root(path)))), _book_words(book)
    assert book.chapters
    if path.name not in _CONTENTS_ONLY:
        assert _lost(wanted, got) == 0
        if not any(finding.code == "source.drawing-told" for finding in reading.findings):
            assert len(got) <= len(wanted) * 1.001 + 8  # the author's name of the properties, numbers of headings


@pytest.mark.parametrize("path", _files("epub", "html"), ids=lambda path: path.name)
def test_markup_keeps_every_word(path: Path) -> None:
    book = read(path).book
    for formula in nodes(book, Math):
        formula.alt = ""  # words for the ear, which the source does not show
    bodies = _spine(path) if path.suffix == ".epub" else [_html_body(path)]
    wanted = _WORD.findall("".join(text for body in bodies for text in _markup_text(body)))
    notes = [word for note in book.notes.values() for word in _WORD.findall(blocks_text(note.blocks))]
    got = _WORD.findall("\n".join(blocks_text(chapter.blocks) for chapter in book.chapters))
    assert book.chapters
    if nodes(book, Ruby):  # words of Japanese end where ruby does: compare letters
        wanted, got = list("".join(wanted)), list("".join(got))
    title_block = sum(len(_WORD.findall(text)) for text in _title_block(book)) if path.suffix == ".html" else 0
    missing = Counter(wanted) - Counter(got + notes)
    assert missing.total() <= len(wanted) * 0.0005 + len(book.notes) + title_block + 1  # labels of notes, "Endnotes"
    assert _lost(got, wanted) == 0


def _title_block(book: Book) -> list[str]:
    return [book.metadata.title, book.metadata.subtitle, *(who.name for who in book.metadata.contributors)]


def _count(root: etree._Element) -> Counter[str]:
    """Notes, formulas and pictures by the names of their elements, in DOCX and in markup."""
    kinds = {"footnoteReference": "notes", "endnoteReference": "notes", "oMath": "formulas", "math": "formulas"}
    kinds |= {"blip": "pictures", "imagedata": "pictures", "img": "pictures", "image": "pictures"}
    found = Counter[str]()
    for element in root.iter(etree.Element):
        name = element.tag.rsplit("}", 1)[-1]
        is_note = "noteref" in element.get("{http://www.idpf.org/2007/ops}type", "") + element.get("role", "")
        if not any(above.tag in (_W + "del", _W + "moveFrom") for above in element.iterancestors()):
            found["notes" if is_note else kinds.get(name, "")] += 1
    return found


@pytest.mark.parametrize("path", _files("docx", "epub", "html"), ids=lambda path: path.name)
def test_notes_formulas_and_pictures_are_all_there(path: Path) -> None:
    if path.name in _WITHOUT_TEXT:
        pytest.skip("refused, as the tests above say")
    roots = {".docx": lambda: [_docx_root(path)], ".epub": lambda: _spine(path), ".html": lambda: [_html_body(path)]}
    wanted = sum((_count(root) for root in roots[path.suffix]()), Counter())
    book = read(path).book
    everything = [book.chapters, list(book.notes.values())]
    assert len(nodes(everything, Math)) == wanted["formulas"]
    assert len(nodes(everything, NoteRef)) >= wanted["notes"]  # some pages have notes without saying so
    pictures = len(nodes(everything, InlineImage)) + len(nodes(everything, Figure))
    assert pictures + _PICTURES_ELSEWHERE.get(path.name, 0) == wanted["pictures"]


@pytest.mark.parametrize("path", _files("txt"), ids=lambda path: path.name)
def test_text_keeps_every_word(path: Path) -> None:
    book = read(path).book
    wanted = _WORD.findall(path.read_text(encoding="utf-8"))
    got = _book_words(book) + [word for note in book.notes.values() for word in _WORD.findall(blocks_text(note.blocks))]
    assert len(wanted) - len(got) == 2 * len(book.notes)  # a note's number stands at both its ends
    assert len(book.chapters) > 1


@pytest.mark.parametrize("path", _files("md", "odt", "rtf"), ids=lambda path: path.name)
def test_markdown_odt_and_rtf_read(path: Path) -> None:
    if path.name in _WITHOUT_TEXT:
        with pytest.raises(AuthorFixable, match=r"source\.no-text"):
            read(path)
    else:
        assert read(path).book.chapters


@pytest.mark.parametrize(
    ("name", "chapters"),
    [("pride-and-prejudice", 61), ("flatland", 26), ("poe-poetry", 53), ("war-and-peace", 387)],
)
def test_formats_agree_on_the_same_book(name: str, chapters: int) -> None:
    found = {path.suffix: len(read(path).book.chapters) for path in _files("docx", "html", "md") if path.stem == name}
    found.pop(".docx" if name == "flatland" else "", None)
    assert set(found.values()) == {chapters}


def _emphasised(html_text: str, tag: str) -> str:
    root = html.fromstring(f"<div>{html_text}</div>")
    outer = [e for e in root.iter(tag) if all(a.tag != tag for a in e.iterancestors())]
    return "".join(_WORD.findall(" ".join("".join(e.itertext()) for e in outer)))


@pytest.mark.parametrize("name", ["pride-and-prejudice", "poe-poetry"])
@pytest.mark.filterwarnings("ignore")
def test_emphasis_agrees_with_mammoth(name: str) -> None:
    path = CORPUS / name / f"{name}.docx"
    with path.open("rb") as stream:
        second = mammoth.convert_to_html(stream).value
    book = read(path).book
    ours = [book.chapters, list(book.notes.values())]
    for tag, kind in (("em", Emphasis), ("strong", Strong)):
        words = "".join(_WORD.findall(" ".join(plain_text([node]) for node in nodes(ours, kind))))
        assert words == _emphasised(second, tag)


@pytest.mark.parametrize("name", ["pride-and-prejudice", "poe-poetry", "war-and-peace"])
def test_rtf_agrees_with_docx_on_the_same_book(name: str, tmp_path: Path) -> None:
    path = CORPUS / name / f"{name}.docx"
    one, other = read(path).book, read(rtf_of(path, tmp_path / "a.rtf")).book
    assert _book_words(other) == _book_words(one)
    assert [blocks_text(note.blocks) for note in other.notes.values()] == [
        blocks_text(note.blocks) for note in one.notes.values()
    ]
    assert [chapter.title for chapter in other.chapters] == [chapter.title for chapter in one.chapters]
    for kind in (Emphasis, Strong, SmallCaps):
        words = [
            "".join(_WORD.findall(plain_text(nodes([book.chapters, list(book.notes.values())], kind))))
            for book in (one, other)
        ]
        assert words[0] == words[1]
