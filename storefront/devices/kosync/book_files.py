"""The files of an EPUB as KOReader counts them, and which block of the edition's text each of their blocks is."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from conversion.engine.api import edition_text
from storefront.devices.kosync import xpointers
from storefront.devices.kosync.xpointers import Element

VERSION = 1
_CONTAINER = "META-INF/container.xml"


class Run(NamedTuple):
    """Blocks of a file of the spine, counted from 0, that follow each other in the edition's text, too."""

    file: int
    ordinal: int
    block: int
    length: int


class BookFile:
    """An open EPUB or KEPUB. `read` returns an entry of it by name, if the device has a marked copy with other text."""

    def __init__(self, archive: zipfile.ZipFile, read: Callable[[str], bytes] | None = None) -> None:
        self.spine = _spine(archive)
        self._read = read or archive.read

    def root(self, file: int) -> Element:
        """Return the content of a file of the spine, counted from 0. Raises IndexError, KeyError."""
        return _parsed(self._read(self.spine[file]))

    def runs(self, blocks: Sequence[str]) -> list[Run]:
        """Return where the blocks of the edition's text are in the files, by their words."""
        texts = [[text for _element, text in edition_text.block_elements(self.root(file))] for file in self._all()]
        return runs_of(texts, blocks)

    def _all(self) -> Iterable[int]:
        return range(len(self.spine))


def runs_of(files: Sequence[Sequence[str]], blocks: Sequence[str]) -> list[Run]:
    """Return the runs of blocks that files and edition share: in the same order, then those that stand elsewhere, such
    as notes, if their words are in both once."""
    flat = [(file, ordinal) for file, texts in enumerate(files) for ordinal in range(len(texts))]
    words = [text for texts in files for text in texts]
    pairs: list[tuple[int, int]] = []
    for match in SequenceMatcher(None, words, blocks, autojunk=False).get_matching_blocks():
        pairs += [(match.a + step, match.b + step) for step in range(match.size)]
    here, there = {one for one, _other in pairs}, {other for _one, other in pairs}
    pairs += _elsewhere(
        [(text, index) for index, text in enumerate(words) if index not in here],
        [(text, index) for index, text in enumerate(blocks) if index not in there],
    )
    return _joined([(*flat[index], block) for index, block in sorted(pairs)])


def block_at(runs: Sequence[Run], file: int, ordinal: int) -> tuple[int, bool]:
    """Return the block of the edition that a block of a file is, and True; else the next one after it, and False.

    The cover and the title page stand before the edition's text, so what is in them is its beginning.
    """
    after: Run | None = None
    for run in runs:
        if run.file == file and run.ordinal <= ordinal < run.ordinal + run.length:
            return run.block + ordinal - run.ordinal, True
        if (run.file, run.ordinal) > (file, ordinal) and (after is None or run < after):
            after = run
    if after is not None:
        return after.block, False
    return max((run.block + run.length - 1 for run in runs), default=0), False


def place_of(runs: Sequence[Run], block: int) -> tuple[int, int] | None:
    """Return the file and the ordinal in it of a block of the edition; of one that no file has, those of the next."""
    inside = next((run for run in runs if run.block <= block < run.block + run.length), None)
    if inside is not None:
        return inside.file, inside.ordinal + block - inside.block
    later = min((run for run in runs if run.block > block), key=lambda run: run.block, default=None)
    if later is not None:
        return later.file, later.ordinal
    last = max(runs, key=lambda run: run.block, default=None)
    return (last.file, last.ordinal + last.length - 1) if last is not None else None


def read_place(book: BookFile, runs: Sequence[Run], text: str) -> tuple[int, int] | None:
    """Return the block of the edition and the character in it that a place of KOReader is at; None if it is nowhere."""
    pointer = xpointers.parse(text)
    if pointer is None or not 1 <= pointer.fragment <= len(book.spine):
        return None
    found = xpointers.find(book.root(pointer.fragment - 1), pointer)
    ordinal = found.ordinal if found is not None else 0
    block, is_itself = block_at(runs, pointer.fragment - 1, ordinal)
    return block, found.offset if found is not None and is_itself else 0


def write_place(book: BookFile, runs: Sequence[Run], block: int) -> str:
    """Return the place of KOReader at which a block of the edition begins; "" if it is in no file."""
    place = place_of(runs, block)
    if place is None:
        return ""
    file, ordinal = place
    return xpointers.write(book.root(file), fragment=file + 1, ordinal=ordinal)


def _spine(archive: zipfile.ZipFile) -> list[str]:
    """Return the names of the files of the spine. Raises KeyError for what is no EPUB."""
    container = _parsed(archive.read(_CONTAINER))
    package_name = next(str(one.get("full-path")) for one in container.iter("{*}rootfile"))
    package = _parsed(archive.read(package_name))
    hrefs = {one.get("id"): str(one.get("href")) for one in package.iter("{*}item")}
    folder = posixpath.dirname(package_name)
    ids = [one.get("idref") for one in package.iter("{*}itemref")]
    return [posixpath.normpath(posixpath.join(folder, unquote(hrefs[one]))) for one in ids]


def _parsed(content: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def _elsewhere(here: list[tuple[str, int]], there: list[tuple[str, int]]) -> list[tuple[int, int]]:
    seen, known = Counter(text for text, _index in here), Counter(text for text, _index in there)
    blocks = dict(there)
    return [(index, blocks[text]) for text, index in here if seen[text] == known[text] == 1]


def _joined(places: Iterable[tuple[int, int, int]]) -> list[Run]:
    runs: list[Run] = []
    for file, ordinal, block in places:
        last = runs[-1] if runs else None
        if last is not None and (file, ordinal, block) == (
            last.file,
            last.ordinal + last.length,
            last.block + last.length,
        ):
            runs[-1] = last._replace(length=last.length + 1)
        else:
            runs.append(Run(file, ordinal, block, 1))
    return runs
