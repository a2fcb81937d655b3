"""What a finished PDF is held to, each rule a function from a `Pdf` to complaints: part of `bench/pdf_checks.py`.

Everything is measured in the file itself, with pikepdf (objects, structure, fonts) and pdfium (words and their places).
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as c

from conversion.engine.book.model import AnyBlock, Book, CodeBlock, Heading, Paragraph, Table, Text
from conversion.engine.book.walk import plain, walk
from conversion.engine.markup.terms import terms_for
from conversion.engine.markup.text import language_tag
from conversion.engine.markup.title import title_of
from conversion.engine.targets import Target

EDGE_PT = 0.75  # what a glyph's box may stand beyond the page: the side bearing of an italic
_SHOWN = {"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"}
_FACE_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_TOP = 200  # letters of a page among which a word may go on
_PARTS = 40  # letters of a passage that are sought at once
_SQUARE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_WORDS = re.compile(r"[\s\u2013\u2014]+")  # beside a dash there may be the number of a note
_RTL = re.compile("[\u0590-\u08ff]")
_TATWEEL = "\u0640"
_READING = 0.62  # of the usual size, up to which letters are readings of others


def letters(text: str) -> str:
    """Letters and digits alone, in one form: hyphens at line ends, ligatures and marks make no difference."""
    spelt = unicodedata.normalize("NFKD", text.replace("\u00ad", ""))
    return "".join(char for char in spelt if char.isalnum() and char != _TATWEEL).casefold()


@dataclass
class Pdf:
    """One file with what it was made from."""

    path: Path
    book: Book
    target: Target
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pdf = pikepdf.open(self.path)
        self.pages = pypdfium2.PdfDocument(self.path)

    def close(self) -> None:
        self.pages.close()
        self.pdf.close()

    @cached_property
    def texts(self) -> list[str]:
        """The words inside each page's box, in the order of the file."""
        found = []
        for index in range(len(self.pages)):
            page = self.pages[index]
            text = page.get_textpage()
            found.append(text.get_text_bounded())
            text.close()
            page.close()
        return found

    @cached_property
    def letters(self) -> str:
        texts = _in_structure(self.pdf) if self.book.vertical else self.texts
        return letters("".join(map(_joined, texts)))

    @cached_property
    def outline(self) -> list[tuple[int, str, int]]:
        """Depth, title and page index of each bookmark."""
        found = []
        for mark in self.pages.get_toc(max_depth=10):
            place = mark.get_dest()
            index = place.get_index() if place is not None else None
            found.append((mark.level, mark.get_title(), -1 if index is None else index))
        return found

    def holds(self, text: str) -> bool:
        """Whether the words of a passage stand on the pages: together, or at least each of them."""
        wanted = letters(text)
        if not wanted or wanted in self.letters:
            return True
        runs = _leftward(text) if _RTL.search(text) else [letters(word)[:_PARTS] for word in _WORDS.split(text)]
        return all(run in self.letters or self._is_parted(run) for run in runs)

    def _is_parted(self, word: str) -> bool:
        """Whether a word begins on one page and goes on near the top of the next: heads and folios stand between."""
        for before, after in pairwise(self.page_letters):
            top = after[:_TOP]
            if any(word[at:] in top and word[:at] in before for at in range(1, len(word))):
                return True
        return False

    @cached_property
    def page_letters(self) -> list[str]:
        return [letters(_joined(text)) for text in self.texts]


def _in_structure(pdf: pikepdf.Pdf) -> list[str]:
    """What each element of the document's structure shows, in the order in which it is read out, without the small
    letters of readings. pdfium's own order is made for horizontal lines."""
    shown = {page.obj.objgen: _marked(page) for page in pdf.pages}
    lengths = Counter[float]()
    for marks in shown.values():
        for texts in marks.values():
            for size, text in texts:
                lengths[size] += len(text)
    least = lengths.most_common(1)[0][0] * _READING if lengths else 0.0
    found: list[str] = []
    waiting: list[tuple[pikepdf.Object, pikepdf.Object | None]] = [(pdf.Root.StructTreeRoot, None)]
    while waiting:
        node, page = waiting.pop()
        if isinstance(node, pikepdf.Dictionary):
            page = node.get("/Pg", page)
            if "/MCID" in node:
                node = node.MCID
            else:
                kids = node.get("/K", pikepdf.Array())
                waiting += [(kid, page) for kid in reversed(list(kids) if isinstance(kids, pikepdf.Array) else [kids])]
                continue
        texts = shown[page.objgen].get(int(node), []) if page is not None else []
        found.append("".join(text for size, text in texts if size > least))
    return found


def _marked(page: pikepdf.Page) -> dict[int, list[tuple[float, str]]]:
    """The texts of a page by their marks, each with its size."""
    maps = {name: _unicode(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
    found: dict[int, list[tuple[float, str]]] = {}
    texts: dict[bytes, str] = {}
    size, marks = 0.0, [-1]
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator in ("BDC", "BMC"):
            about = operands[1] if operator == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else {}
            marks.append(int(about.get("/MCID", -1)))
        elif operator == "EMC":
            marks.pop()
        elif operator == "Tf":
            texts, size = maps.get(str(operands[0]), {}), float(operands[1])
        elif operator in ("Tj", "TJ"):
            parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            text = "".join(texts.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))
            found.setdefault(marks[-1], []).append((size, text))
    return found


def _unicode(font: pikepdf.Object) -> dict[bytes, str]:
    """What the codes of a font stand for."""
    pairs = re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", font.ToUnicode.read_bytes())
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _joined(text: str) -> str:
    return re.sub(r"[\ufffe\x02]\s*", "", text)


# ---------------------------------------------------------------- rules


def tagged(pdf: Pdf) -> Iterator[str]:
    """A structure tree, and all that is shown on a page in it or an artifact."""
    root = pdf.pdf.Root
    if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "no structure tree"
        return
    numbers = root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    loose, strange = [], []
    for index, page in enumerate(pdf.pdf.pages):
        count = len(parents.get(int(page.obj.get("/StructParents", -1)), ())) if "/StructParents" in page.obj else 0
        is_loose, is_strange = _unmarked(page, count)
        loose += [index + 1] * is_loose
        strange += [index + 1] * is_strange
    if loose:
        yield f"content outside the structure on pages {_some(loose)}"
    if strange:
        yield f"marked content without an element on pages {_some(strange)}"


def _unmarked(page: pikepdf.Page, count: int) -> tuple[bool, bool]:
    """Whether something is shown outside of marked content, and whether a mark has no element."""
    depth: list[bool] = []
    is_loose = is_strange = False
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            tag = str(instruction.operands[0])
            about = instruction.operands[1] if operator == "BDC" else {}
            mark = about.get("/MCID") if isinstance(about, pikepdf.Dictionary) else None
            is_strange |= mark is not None and int(mark) >= count
            depth.append(tag == "/Artifact" or mark is not None or (bool(depth) and depth[-1]))
        elif operator == "EMC":
            depth.pop()
        elif operator in _SHOWN and not (depth and depth[-1]):
            is_loose = True
    return is_loose, is_strange


def told(pdf: Pdf) -> Iterator[str]:
    """Title, shown as the window's, and language."""
    root = pdf.pdf.Root
    about = pdf.book.metadata
    wanted = title_of(pdf.book, terms_for(about.language))
    if str(pdf.pdf.docinfo.get("/Title", "")) != wanted:
        yield "another title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "title is not displayed"
    if str(root.get("/Lang", "")) != (language_tag(about.language) or "und"):
        yield "another language"


def contents(pdf: Pdf) -> Iterator[str]:
    """The printed contents tell the titles and pages of the outline."""
    lost = [title for _, title, index in pdf.outline if index < 0]
    if lost:
        yield f"bookmarks that lead nowhere: {_some(lost)}"
    printed = _printed_contents(pdf)
    if printed is None:
        return
    for level in (0, 1):
        marks = [(title, index) for depth, title, index in pdf.outline if depth == level and index >= 0]
        missing = [title for title, index in marks if not _is_listed(pdf, printed, title, index)]
        if missing and (level == 0 or len(missing) < len(marks) / 2):
            yield f"not in the contents with their page: {len(missing)} of {len(marks)}, {_some(missing)}"


def _printed_contents(pdf: Pdf) -> str | None:
    """The letters of the pages of contents, None where there are none."""
    if not pdf.target.has_contents or pdf.book.is_fixed:
        return None
    heading = letters(terms_for(pdf.book.metadata.language).contents)
    opening = re.compile(rf"\d*{re.escape(heading)}")  # a folio may be told first
    start = next((n for n, text in enumerate(pdf.page_letters[:40]) if opening.match(text)), None)
    if start is None:
        return None
    end = min((index for _, _, index in pdf.outline if index > start), default=start + 1)
    return "".join(pdf.page_letters[start:end])


def _is_listed(pdf: Pdf, printed: str, title: str, index: int) -> bool:
    label = letters(pdf.pages.get_page_label(index) or str(index + 1))
    wanted = letters(title)
    if pdf.book.direction == "rtl":  # pdfium turns Latin words round, and tells numbers where it likes
        words = _leftward(title)
        return all(word in printed or word[::-1] in printed for word in words) and label in printed
    if wanted + label in printed or label + wanted in printed:
        return True
    start = wanted[: _PARTS // 2]  # a long title is broken over lines, and its number stands on the last
    return bool(re.search(f"{re.escape(start)}.{{0,{len(wanted) + 30}}}{re.escape(label)}", printed))


def inside(pdf: Pdf) -> Iterator[str]:
    """No words and no picture beyond the edge of a page."""
    words, pictures = [], []
    for index in range(len(pdf.pages)):
        page = pdf.pages[index]
        width, height = page.get_size()
        text = page.get_textpage()
        count = c.FPDFText_CountRects(text.raw, 0, -1)
        if any(_is_out(_text_box(text.raw, number), width, height) for number in range(count)):
            words.append(index + 1)
        for thing in page.get_objects(filter=(c.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
            if _is_out(thing.get_bounds(), width, height) and thing.level == 0:
                pictures.append(index + 1)
        text.close()
        page.close()
    if words:
        yield f"words outside of pages {_some(words)}"
    if pictures:
        yield f"pictures outside of pages {_some(sorted(set(pictures)))}"


def _text_box(text: object, number: int) -> tuple[float, float, float, float]:
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    c.FPDFText_GetRect(text, number, left, top, right, bottom)
    return left.value, bottom.value, right.value, top.value


def _is_out(box: tuple[float, float, float, float], width: float, height: float) -> bool:
    left, bottom, right, top = box
    return left < -EDGE_PT or bottom < -EDGE_PT or right > width + EDGE_PT or top > height + EDGE_PT


def whole(pdf: Pdf) -> Iterator[str]:
    """Every cell of a table and every line of code is on the pages, and every paragraph and heading."""
    lost: dict[str, list[str]] = {"cells": [], "lines of code": [], "paragraphs": []}
    for chapter in pdf.book.chapters:
        for node in walk(chapter.blocks):
            if isinstance(node, Table):
                texts = [plain(cell.blocks) for row in node.rows for cell in row]
                lost["cells"] += [text for text in texts if not pdf.holds(text)]
            elif isinstance(node, CodeBlock):
                lost["lines of code"] += [line for line in node.text.splitlines() if not pdf.holds(line)]
            elif isinstance(node, Paragraph | Heading):
                lost["paragraphs"] += [text for text in [_told(node)] if not pdf.holds(text)]
    for kind, texts in lost.items():
        if texts:
            yield f"{len(texts)} {kind} are not whole: {_some([text[:50] for text in texts])}"


def _told(block: AnyBlock) -> str:
    return plain([block])


def embedded(pdf: Pdf) -> Iterator[str]:
    """Every face is in the file."""
    missing: dict[str, None] = {}
    for font in pdf.pdf.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        if font.get("/Subtype") in ("/Type0", "/Type3"):
            continue
        described = font.get("/FontDescriptor")
        if described is None or not any(name in described for name in _FACE_FILES):
            missing[str(font.get("/BaseFont", "?"))] = None
    if missing:
        yield f"faces that are not embedded: {_some(list(missing))}"


def in_order(pdf: Pdf) -> Iterator[str]:
    """Arabic, Hebrew and Japanese come out of the file in the order of reading."""
    wrong = []
    count = 0
    for chapter in pdf.book.chapters:
        for node in walk(chapter.blocks):
            text = plain([node]) if isinstance(node, Paragraph) else ""
            if len(text) < 12 or not (_RTL.search(text) or _SQUARE.search(text)):
                continue
            count += 1
            runs = _runs(node)
            if not all(run in pdf.letters for run in runs):
                wrong.append(text[:30])
    if wrong:
        yield f"{len(wrong)} of {count} paragraphs are not in reading order: {_some(wrong)}"


def _runs(paragraph: AnyBlock) -> list[str]:
    """Words that must stand together: of two directions each by itself, else as many as are sought at once. Readings of
    ruby stand between the words they are readings of."""
    text = plain([paragraph])
    if _RTL.search(text):
        return [run for run in _leftward(text) if len(run) > 1 and _RTL.search(run)]
    pieces = [letters(node.text) for node in walk([paragraph]) if isinstance(node, Text)]
    return [piece[start : start + 12] for piece in pieces for start in range(0, min(len(piece), 120), 12)]


def _leftward(text: str) -> list[str]:
    """Runs of letters and of figures. pdfium turns figures round that stand beside letters, and takes a mark that is
    raised for another line, so words are sought in parts."""
    return [letters(run) for run in re.findall(r"[^\W\d_]+|\d+", text)]


def vertical(pdf: Pdf) -> Iterator[str]:
    """A vertical book has letters below each other."""
    if not pdf.book.vertical:
        return
    down = across = 0
    for index in range(min(len(pdf.pages), 30)):
        page = pdf.pages[index]
        text = page.get_textpage()
        places = [_origin(text.raw, n) for n in range(min(text.count_chars(), 400))]
        for (x, y), (next_x, next_y) in pairwise(places):
            down += abs(x - next_x) < 1 < y - next_y
            across += abs(y - next_y) < 1 < next_x - x
        text.close()
        page.close()
    if across > down:
        yield "a vertical book is set in horizontal lines"


def _origin(text: object, number: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(text, number, x, y)
    return x.value, y.value


def _some(found: list[object] | list[str] | list[int]) -> str:
    """The first few."""
    shown = ", ".join(str(one) for one in list(dict.fromkeys(found))[:4])
    return f"{shown} …" if len(found) > 4 else shown


RULES: dict[str, Callable[[Pdf], Iterator[str]]] = {
    "tagged": tagged,
    "told": told,
    "contents": contents,
    "inside": inside,
    "whole": whole,
    "embedded": embedded,
    "order": in_order,
    "vertical": vertical,
}
