"""Seven kinds of books for the reader, converted from manuscripts of the shared corpus, each once a session.

Without the corpus there are two of our own (`small_books`).
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conversion.engine.contract import ConversionRequest, ConversionResult
from conversion.engine.pipeline import convert
from publishing.models import Edition, EditionState, Work
from tests.factories.conversion import make_artifact, make_done_job
from tests.factories.publishing import make_published_edition
from tests.support import small_books

NOVEL, VERSE, PICTURES, TABLES, ARABIC, VERTICAL, PAGES = KINDS = (
    *("novel", "verse", "pictures", "tables", "arabic", "vertical", "pages"),
)
_FILES = {
    NOVEL: "war-and-peace/war-and-peace.epub",
    VERSE: "wasteland/wasteland.epub",
    PICTURES: "flatland/flatland.epub",
    TABLES: "rust-book/rust-book.md",
    ARABIC: "regime-anticancer-arabic/regime-anticancer-arabic.epub",
    VERTICAL: "kusamakura-japanese-vertical-writing/kusamakura-japanese-vertical-writing.epub",
    PAGES: "cole-voyage-of-life/cole-voyage-of-life.epub",
}
STAND_INS = {VERSE: small_books.verse, ARABIC: small_books.arabic}
_QUERIES = {
    TABLES: "BitXorAssign",  # in the last column of its widest table
    PAGES: "sheltered experience of",  # on the second page
}
_AT = 0.55  # of the book, from which on words to search are chosen
_FIXED = (
    b'<meta property="rendition:layout">pre-paginated</meta>'
    b'<meta property="rendition:viewport">width=1024, height=1500</meta>'
)
_FOREWORD = "An early reader asked for a few words at the beginning, and here is number {}."
_BODY = re.compile(rb"<body\b[^>]*>")


@dataclass(frozen=True)
class Converted:
    """A book for the web reader, and words that it has once, in its second half."""

    kind: str
    web: bytes
    title: str
    language: str
    is_pages: bool
    is_leftward: bool  # whether the next page is on the left
    query: str


@cache
def converted(corpus: Path | None, kind: str, *, has_foreword: bool = False) -> Converted:
    """The manuscript of this kind as it is, or with a foreword, as for a new edition."""
    with tempfile.TemporaryDirectory() as folder:
        source = corpus / _FILES[kind] if corpus else _stand_in(kind, Path(folder))
        if kind == PAGES:
            source = _all_fixed(source, Path(folder, source.name))
        if has_foreword:
            source = _with_foreword(source, Path(folder))
        out = Path(folder, "out")
        out.mkdir()
        request = ConversionRequest(source, source.name, out, formats=("web",))
        return _read(kind, convert(request, lambda progress: None), out / "web.zip")


def publish(book: Converted, *, work: Work | None = None) -> Edition:
    """On sale, as the first edition of a work or in place of the one before."""
    job = make_done_job(result={"title": book.title, "language": book.language})
    job.artifacts.filter(kind="web").delete()
    make_artifact(job, kind="web", content=book.web)
    if work is None:
        return make_published_edition(slug="lighthouse", job=job)
    Edition.objects.filter(work=work).update(state=EditionState.SUPERSEDED)
    return make_published_edition(work=work, job=job)


def _read(kind: str, result: ConversionResult, archive: Path) -> Converted:
    with zipfile.ZipFile(archive) as opened:
        about = json.loads(opened.read("book.json"))
        texts = [text for _, text in json.loads(opened.read("text.json"))["blocks"]]
    return Converted(
        kind=kind,
        web=archive.read_bytes(),
        title=result.title,
        language=result.language,
        is_pages=about["kind"] == "pages",
        is_leftward=about["direction"] == "rtl" or about["vertical"],
        query=_QUERIES.get(kind) or _query(texts, is_spaced=not result.language.startswith("ja")),
    )


def _query(texts: list[str], *, is_spaced: bool) -> str:
    """Three words, or seven characters, that are in the book once."""
    whole = "\n".join(texts).casefold()
    start = int(_AT * len(texts))
    for text in texts[start:] + texts[:start]:
        words = " ".join(text.split()[1:4]) if is_spaced else text[2:9]
        is_plain = len(words) >= 7 and words.replace(" ", "").isalpha()
        if is_plain and whole.count(words.casefold()) == 1:
            return words
    raise AssertionError("every three words are there twice")


def _stand_in(kind: str, folder: Path) -> Path:
    source = folder / f"{kind}.html"
    source.write_text(STAND_INS[kind](), encoding="utf-8")
    return source


def _all_fixed(source: Path, target: Path) -> Path:
    """An EPUB in which only the plates are fixed, with all of it in fixed layout: its text is drawn as pages, too."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith(".opf"):
                content = content.replace(b"</metadata>", _FIXED + b"</metadata>")
            new.writestr(entry, content)
    return target


def _with_foreword(source: Path, folder: Path) -> Path:
    target = folder / f"with-foreword-{source.name}"
    if source.suffix == ".md":
        lines = "\n\n".join(_FOREWORD.format(number) for number in range(12))
        target.write_text(f"# Foreword\n\n{lines}\n\n{source.read_text(encoding='utf-8')}", encoding="utf-8")
        return target
    if source.suffix == ".html":
        lines = "".join(f"<p>{_FOREWORD.format(number)}</p>" for number in range(12))
        target.write_text(
            source.read_text(encoding="utf-8").replace("<body>", f"<body><h1>Foreword</h1>{lines}"), encoding="utf-8"
        )
        return target
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        package = next(old.read(name) for name in old.namelist() if name.endswith(".opf"))
        count = 1 if b"pre-paginated" in package else 12
        added = "".join(f"<p>{_FOREWORD.format(number)}</p>" for number in range(count)).encode()
        first = _first_with_text(old, package)
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == first:
                content = _BODY.sub(lambda found: found[0] + added, content, count=1)
            new.writestr(entry, content)
    return target


def _first_with_text(epub: zipfile.ZipFile, package: bytes) -> str:
    text = package.decode()
    items = {re.search(r'\bid="([^"]+)"', item)[1]: item for item in re.findall(r"<item\b[^>]+>", text)}  # type: ignore[index]
    for idref in re.findall(r'<itemref\b[^>]*\bidref="([^"]+)"', text):
        href = re.search(r'\bhref="([^"]+)"', items[idref])[1]  # type: ignore[index]
        name = next(one for one in epub.namelist() if one.endswith(f"/{href}") or one == href)
        if "nav" not in items[idref] and len(re.sub(rb"<[^>]+>", b"", epub.read(name))) > 500:
            return name
    raise AssertionError("no text in this book")
