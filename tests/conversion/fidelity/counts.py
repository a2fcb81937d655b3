"""What a document holds, counted with code that shares nothing with the engine: words, notes, emphasis, formulas,
pictures.

DOCX and ODT are counted in their own markup, HTML and EPUB in theirs, text as it is; Markdown and RTF in what pandoc
makes of them, emphasis of DOCX in what mammoth does.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import mammoth
import pypandoc
from lxml import etree, html

_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_INLINE = re.compile(
    "em|i|strong|b|small|span|a|sub|sup|u|ins|s|cite|q|abbr|code|var|big|font|mark|kbd|tt|bdo|dfn|del|samp|time|ruby|rb"
)
_SILENT = frozenset({"script", "style", "rt", "rp", "math", "svg", "head", "title", "template"})
_EMPHASIS = frozenset({"em", "i"})
_TYPE = "{http://www.idpf.org/2007/ops}type"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


@dataclass
class Counts:
    """`emphasis` is None where nothing but the readers could say what is emphasised."""

    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # words of notes, in order
    references: int = 0
    emphasis: list[str] | None = None
    formulas: int = 0
    pictures: int = 0


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def lost(wanted: Sequence[str], got: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the wanted words that are not there, and those that are there in another place."""
    if list(wanted) == list(got):
        return [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, words in (("wanted", wanted), ("got", got)):
            Path(folder, name).write_text("".join(f"{word}\n" for word in words))
        found = subprocess.run(
            ["diff", "wanted", "got"], cwd=folder, capture_output=True, text=True, check=False
        ).stdout
    gone = [line[2:] for line in found.splitlines() if line.startswith("< ")]
    elsewhere = Counter(line[2:] for line in found.splitlines() if line.startswith("> "))
    missing, moved = [], []
    for word in gone:
        (moved if elsewhere[word] > 0 else missing).append(word)
        elsewhere[word] -= 1
    return missing, moved


# ---------------------------------------------------------------- markup


@dataclass
class _Markup:
    """Collects from HTML and XHTML. `notes` are the ids of elements that are notes."""

    notes: frozenset[str] = frozenset()
    running: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    emphasised: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    def read(self, element: etree._Element, *, in_note: bool = False, is_emphasised: bool = False) -> None:
        if not isinstance(element.tag, str):
            return
        name = element.tag.rpartition("}")[2]
        kinds = " ".join(element.get(key, "") for key in (_TYPE, "role", "class"))
        self.counts.formulas += name == "math" and "image" not in kinds
        self.counts.pictures += name in ("img", "image", "svg") and not _is_inside_drawing(element)
        if element.get("hidden") is not None or "pagebreak" in kinds:
            return
        if re.search("noteref|footnote-ref", kinds):
            self.counts.references += 1
            return
        if name in _SILENT:
            return
        in_note = (
            in_note or element.get("id", "") in self.notes or bool(re.search(r"\b(doc-)?(foot|end|rear)note\b", kinds))
        )
        is_emphasised = is_emphasised or name in _EMPHASIS
        gap = "" if _INLINE.fullmatch(name) else " "
        self._put(gap + (element.text or ""), in_note=in_note, is_emphasised=is_emphasised)
        for child in element.iterchildren():
            self.read(child, in_note=in_note, is_emphasised=is_emphasised)
            self._put(child.tail or "", in_note=in_note, is_emphasised=is_emphasised)
        self._put(gap, in_note=in_note, is_emphasised=is_emphasised)

    def _put(self, text: str, *, in_note: bool, is_emphasised: bool) -> None:
        (self.noted if in_note else self.running).append(text)
        self.emphasised.append(text if is_emphasised else " " if text else "")

    def finished(self) -> Counts:
        self.counts.words, self.counts.notes = words_of("".join(self.running)), words_of("".join(self.noted))
        self.counts.emphasis = words_of("".join(self.emphasised))
        return self.counts


def _is_inside_drawing(element: etree._Element) -> bool:
    return any(str(above.tag).endswith("svg") for above in element.iterancestors())


def of_html(data: bytes) -> Counts:
    root = html.fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    found = _Markup(frozenset(_note_ids([root])))
    body = root.find(".//body")
    found.read(root if body is None else body)
    return found.finished()


def of_epub(path: Path, *, but: frozenset[str] = frozenset(), with_details: bool = False) -> Counts:
    """Count an EPUB in the order of its spine, without the contents list and files of these names. `with_details` its
    title and authors come first, where a manuscript has them on its first page."""
    pages = [page for name, page in _spine(path) if PurePosixPath(name).name not in but]
    found = _Markup(frozenset(_note_ids(pages)))
    if with_details:
        package = _package(path)[1]
        found.running += [f"{e.text} " for name in ("title", "creator") for e in package.iterfind(f".//{{*}}{name}")]
    for page in pages:
        body = page.find("{*}body")
        found.read(page if body is None else body)
    return found.finished()


def _note_ids(pages: Sequence[etree._Element]) -> Iterator[str]:
    for page in pages:
        for element in page.iter(etree.Element):
            if "noteref" in element.get(_TYPE, "") + element.get("role", ""):
                yield element.get("href", "").rpartition("#")[2]


def _package(path: Path) -> tuple[str, etree._Element]:
    with zipfile.ZipFile(path) as archive:
        container = etree.fromstring(archive.read("META-INF/container.xml"))
        name = container.find(".//{*}rootfile").get("full-path")
        return name, etree.fromstring(archive.read(name))


def _spine(path: Path) -> Iterator[tuple[str, etree._Element]]:
    name, package = _package(path)
    with zipfile.ZipFile(path) as archive:
        items = {item.get("id"): item for item in package.iter("{*}item")}
        for reference in package.iter("{*}itemref"):
            item = items[reference.get("idref")]
            if "nav" not in (item.get("properties") or "").split():
                part = str(PurePosixPath(name).parent / item.get("href"))
                yield part, etree.fromstring(archive.read(part), etree.XMLParser(recover=True))


# ---------------------------------------------------------------- word processors


def of_docx(path: Path) -> Counts:
    counts = Counts()
    with zipfile.ZipFile(path) as archive:
        main = next(name for name in archive.namelist() if re.fullmatch(r"word/document\d*\.xml", name))
        root = _without_fallbacks(etree.fromstring(archive.read(main)))
        counts.words = words_of("".join(_docx_text(root)))
        noted = {}
        for kind in ("footnote", "endnote"):
            if f"word/{kind}s.xml" in archive.namelist():
                notes = _without_fallbacks(etree.fromstring(archive.read(f"word/{kind}s.xml")))
                noted |= {(kind, note.get(_W + "id")): note for note in notes.iterchildren(_W + kind)}
    marks = [mark for mark in root.iter(_W + "footnoteReference", _W + "endnoteReference") if not _is_deleted(mark)]
    counts.references = len(marks)
    for mark in marks:
        note = noted.get((mark.tag.removeprefix(_W).removesuffix("Reference"), mark.get(_W + "id")))
        counts.notes += words_of("".join(_docx_text(note))) if note is not None else []
    names = [element.tag.rpartition("}")[2] for element in root.iter(etree.Element) if not _is_deleted(element)]
    counts.formulas = names.count("oMath")
    counts.pictures = names.count("blip") + names.count("imagedata")
    with path.open("rb") as stream:
        second = of_html(b"<body>" + mammoth.convert_to_html(stream).value.encode() + b"</body>")
    counts.emphasis = second.emphasis
    return counts


def _without_fallbacks(root: etree._Element) -> etree._Element:
    for fallback in list(root.iter(_MC + "Fallback")):
        fallback.getparent().remove(fallback)
    return root


def _is_deleted(element: etree._Element) -> bool:
    return any(above.tag in (_W + "del", _W + "moveFrom") for above in element.iterancestors())


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


def of_odt(path: Path) -> Counts:
    counts = Counts()
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("content.xml"))
    body = root.find(f".//{_OFFICE}text")
    running: list[str] = []
    noted: list[str] = []
    _odt_text(body, running, noted)
    counts.words, counts.notes = words_of("".join(running)), words_of("".join(noted))
    names = [element.tag.rpartition("}")[2] for element in body.iter(etree.Element)]
    counts.references = names.count("note")
    counts.formulas = names.count("math")
    images = body.iter("{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}image")
    counts.pictures = len({image.getparent() for image in images})  # a frame may have the same in two forms
    return counts


def _odt_text(element: etree._Element, running: list[str], noted: list[str]) -> None:
    """Words of paragraphs; without generated lists, deletions and comments."""
    running.append(element.text or "")
    for child in element.iterchildren():
        name = str(child.tag).rpartition("}")[2]
        if name == "note":
            _odt_text(child.find(_TEXT + "note-body"), noted, noted)
        elif name in ("tab", "s", "line-break"):
            running.append(" ")
        elif name not in (
            "annotation",
            "tracked-changes",
            "table-of-content",
            "desc",
            "title",
            "sequence-decls",
            "math",
        ):
            _odt_text(child, running, noted)
            running.append(" " if name in ("p", "h") else "")
        running.append(child.tail or "")


# ---------------------------------------------------------------- the rest


def through_pandoc(path: Path, kind: str) -> Counts:
    command = [pypandoc.get_pandoc_path(), "-f", kind, "-t", "html", "--mathml", str(path)]
    made = subprocess.run(command, check=True, capture_output=True, cwd=path.parent).stdout
    return of_html(b"<html><body>" + made + b"</body></html>")


def of_text(path: Path) -> Counts:
    return Counts(words_of(path.read_text(encoding="utf-8")))


def of_source(path: Path) -> Counts:
    """Count a manuscript."""
    if path.suffix in (".md", ".rtf"):
        return through_pandoc(path, "markdown-implicit_figures" if path.suffix == ".md" else "rtf")
    if path.suffix in (".html", ".xhtml"):
        return of_html(path.read_bytes())
    return {".docx": of_docx, ".odt": of_odt, ".epub": of_epub, ".txt": of_text}[path.suffix](path)
