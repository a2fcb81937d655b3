"""The canonical text of an edition: a list of blocks, the same from web archive, EPUB and KEPUB, whatever wrote them.

Readers' places and notes count in it: a place is a block's number and an offset in code points. It is made from the
chapter files that are delivered, so a browser computes the same from its DOM.

The rules, version 1. A change of any of them is a new version.

1.  A block is the text of an outermost `p`, `h1` to `h6`, `li`, `td`, `th`, `dd`, `dt`, `caption`, `figcaption` or
    `pre`, in document order; one inside another belongs to the outer one. Element names are local names.
2.  Left out with all they contain: `rt` and `rp`; elements whose role is `doc-noteref`, `doc-backlink` or
    `doc-pagebreak`; elements whose class is `label`, inside an `aside` of the role `doc-footnote` (the numbers that our
    notes begin with). The text after them stays.
3.  `br`, `hr`, and the beginning and the end of every element in `EDGES` count as a blank, so that the cells of a table
    within a list item do not run together. All other elements are transparent.
4.  U+00AD, U+200B, U+2060 and U+FEFF are removed.
5.  The text is brought to NFC.
6.  Every run of white space becomes one U+0020, and none stays at either end. White space is U+0009 to U+000D, U+0020,
    U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F and U+3000.
7.  A block without text is no block: it has no number.
8.  Chapters follow each other as in `chapters` of `book.json`. Notes are where their chapter file has them: at its end.
9.  In a book of pages blocks come from `pages/<id>.json`, in the order of `pages.json`: a page's lines with the
    same `block`, in order of the first, joined by a blank, or by nothing after a line that is `joined`; then each text
    of `rest`; both through rules 4 to 7. A page whose file is missing has none.

`fold` is for comparing only: offsets in folded text mean nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

VERSION = 1
FILE = "text.json"

BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dd", "dt", "caption", "figcaption", "pre"}
)
EDGES = BLOCKS | frozenset(
    {
        "article", "aside", "blockquote", "br", "div", "dl", "figure", "footer", "header", "hr", "nav", "ol", "section",
        "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_LEFT_OUT = frozenset({"rt", "rp"})
_LEFT_OUT_ROLES = frozenset({"doc-noteref", "doc-backlink", "doc-pagebreak"})
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_UNEVEN_SPACE = re.compile("  |[\t-\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟＂＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_FOLDED = {**dict.fromkeys(map(ord, _QUOTES), "'"), **dict.fromkeys(map(ord, _DASHES), "-")}

type Element = etree._Element
type Json = dict[str, Any]


class TextBlock(NamedTuple):
    """A block: the index of its chapter file, or of its page, in the archive, and its text."""

    part: int
    text: str


class SampleRun(NamedTuple):
    """Blocks of a sample that are blocks of the edition: first here, first there, and how many."""

    here: int
    there: int
    length: int


@dataclass(frozen=True, slots=True)
class EditionText:
    """The text of one archive. `sample_runs` say where the blocks of a sample stand in its edition; a block in none of
    them has no place there that can be known. A whole edition has no runs."""

    blocks: tuple[TextBlock, ...]
    sample_runs: tuple[SampleRun, ...] = ()

    def texts(self) -> list[str]:
        return [block.text for block in self.blocks]

    def to_json(self) -> str:
        """Return the content of `text.json`. Equal texts give equal bytes."""
        value: Json = {"version": VERSION, "blocks": self.blocks}
        if self.sample_runs:
            value["sample_runs"] = self.sample_runs
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, content: str | bytes) -> EditionText | None:
        """Return the text, or None for one that was made by other rules."""
        value = json.loads(content)
        if value["version"] != VERSION:
            return None
        runs = tuple(SampleRun(*run) for run in value.get("sample_runs", ()))
        return cls(tuple(TextBlock(*block) for block in value["blocks"]), runs)


def text_of_archive(archive: zipfile.ZipFile) -> EditionText:
    """Return the text of a web archive: as it is stored, else made from its chapters or pages.

    A sample from before `text.json` has no runs; the aligner finds them. Raises KeyError, ValueError or
    etree.XMLSyntaxError for an archive that none of our engines wrote.
    """
    names = set(archive.namelist())
    if FILE in names and (stored := EditionText.from_json(archive.read(FILE))) is not None:
        return stored
    if "pages.json" in names:
        pages = [f"pages/{page['id']}.json" for page in json.loads(archive.read("pages.json"))["pages"]]
        return of_pages(json.loads(archive.read(name)) if name in names else {} for name in pages)
    chapters = json.loads(archive.read("book.json"))["chapters"]
    return of_chapters(archive.read(chapter["href"]) for chapter in chapters)


def of_chapters(files: Iterable[bytes]) -> EditionText:
    """Return the text of chapter files, given in the order of the book."""
    return EditionText(tuple(TextBlock(part, text) for part, file in enumerate(files) for text in chapter_texts(file)))


def of_pages(pages: Iterable[Mapping[str, Any]]) -> EditionText:
    """Return the text of pages, given as the contents of their `pages/<id>.json`, {} for one without."""
    return EditionText(tuple(TextBlock(part, text) for part, page in enumerate(pages) for text in page_texts(page)))


def chapter_texts(file: bytes) -> list[str]:
    """Return the blocks of one chapter file."""
    running, notes = split_texts(file)
    return running + notes


def split_texts(file: bytes) -> tuple[list[str], list[str]]:
    """Return the blocks of a chapter file: those of the running text, and those of the notes after it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    running: list[str] = []
    notes: list[str] = []
    for element, text in block_elements(etree.fromstring(file, parser)):
        (notes if _is_in_note(element) else running).append(text)
    return running, notes


def block_elements(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield the elements of a chapter that are blocks, each with its text. It must be parsed without comments and
    processing instructions."""
    for element in _outermost(root):
        if text := normalised(_raw(element)):
            yield element, text


def page_texts(page: Mapping[str, Any]) -> list[str]:
    """Return the blocks of a page, given as the content of its `pages/<id>.json`."""
    paragraphs: dict[int, str] = {}
    joined: set[int] = set()
    for line in page.get("lines", ()):
        number = line["block"]
        joint = "" if number not in paragraphs or number in joined else " "
        paragraphs[number] = paragraphs.get(number, "") + joint + line["text"]
        (joined.add if line["joined"] else joined.discard)(number)
    texts = map(normalised, [*paragraphs.values(), *page.get("rest", ())])
    return [text for text in texts if text]


def normalised(text: str) -> str:
    """Return text without invisible characters, in NFC, with single blanks: rules 4 to 6."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if _UNEVEN_SPACE.search(text):  # most blocks are even, and looking costs less than replacing every blank
        text = _SPACE.sub(" ", text)
    return text.strip(" ")


def fold(text: str) -> str:
    """Return text for comparing: without case, with one kind of quotation mark and one kind of dash."""
    return text.translate(_FOLDED).casefold()


def _outermost(root: Element) -> Iterator[Element]:
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if _name(element) in BLOCKS:
            walk.skip_subtree()
            yield element


def _raw(block: Element) -> str:
    """Return a block's text with blanks at the edges of the elements in it, before it is normalised."""
    if len(block) == 0:
        return block.text or ""
    return "".join([piece[2] for piece in text_pieces(block)])


def text_pieces(block: Element) -> Iterator[tuple[Element | None, bool, str]]:
    """Yield the pieces that make up a block's text before it is normalised: the element, whether the piece is its tail,
    and the text; no element for a blank at an edge."""
    walk = etree.iterwalk(block, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element is not block and _is_left_out(element):
            walk.skip_subtree()
        elif event == "start" or element is not block:
            if _name(element) in EDGES:
                yield None, False, " "
            if text := element.text if event == "start" else element.tail:
                yield element, event == "end", text


def _is_left_out(element: Element) -> bool:
    return (
        _name(element) in _LEFT_OUT
        or element.get("role") in _LEFT_OUT_ROLES
        or (element.get("class") == "label" and _is_in_note(element))
    )


def _is_in_note(element: Element) -> bool:
    return any(_name(above) == "aside" and above.get("role") == "doc-footnote" for above in element.iterancestors())


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
