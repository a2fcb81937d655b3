"""Convert one random document, and say what became of it."""

from __future__ import annotations

import contextlib
import io
import random
import signal
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image

from bench.fuzz.documents import generated
from bench.fuzz.mutations import MAX_BYTES, mutated
from conversion.engine.contract import ConversionRequest
from conversion.engine.errors import AuthorFixable
from conversion.engine.exports.own import own_book
from conversion.engine.pipeline import convert
from conversion.engine.steps.missing_files import faults
from tests.conversion.books import rich_book

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
FORMATS = ("base", "web", "sample", "epub", "kepub", "kindle", "text", "markdown", "docx")
TOO_LONG_S = 60
_XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: `crash` is a traceback or a sentence, "" where there was none."""

    name: str
    kind: str  # the format, or the code of the refusal
    crash: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    name: str
    data: bytes


def bases(folders: Sequence[Path] = (BOOKS,)) -> list[Base]:
    """Return the documents to damage, and one of our own form."""
    own = Base("own.octavo-book.json", own_book(rich_book()))
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [own, *(Base(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= MAX_BYTES)]


def document(seed: int, known: Sequence[Base]) -> tuple[str, bytes]:
    """Return the name and the content of the document of a seed: generated, damaged, or both."""
    chance = random.Random(f"fuzz {seed}")
    if chance.random() < 0.5:
        name, data = generated(chance)
        return name, mutated(data, chance) if chance.random() < 0.3 else data
    base = chance.choice(known)
    return base.name, mutated(base.data, chance)


def tried(seed: int, known: Sequence[Base], folder: Path, formats: Sequence[str] = FORMATS) -> Outcome:
    """Convert the document of a seed in a new folder inside `folder`."""
    name, data = document(seed, known)
    source = folder / f"{seed}"
    source.write_bytes(data)
    cover = folder / "cover.png"
    if not cover.exists():
        Image.new("RGB", (60, 90), (40, 60, 80)).save(cover)
    words = io.StringIO()
    try:
        with tempfile.TemporaryDirectory(dir=folder) as out, contextlib.redirect_stderr(words), _hurried():
            request = ConversionRequest(source, name, Path(out), formats=tuple(formats), cover=cover)
            result = convert(request, lambda progress: None)
            if missing := faults(result):
                return Outcome(name, result.source_format, f"{', '.join(missing)}\n{words.getvalue()}")
            epub = next((Path(out) / file.path for file in result.artifacts if file.kind == "epub"), None)
            return Outcome(name, result.source_format, "\n".join(_disorder(epub)) if epub is not None else "")
    except AuthorFixable as refusal:
        return Outcome(name, refusal.code)
    except Exception:
        return Outcome(name, "", traceback.format_exc())
    finally:
        source.unlink()


@contextlib.contextmanager
def _hurried() -> Iterator[None]:
    """Raise TimeoutError in what takes too much of the processor's time."""

    def stop(number: int, frame: Any) -> None:
        raise TimeoutError(f"more than {TOO_LONG_S} seconds of the processor's time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, TOO_LONG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _disorder(epub: Path) -> Iterator[str]:
    """Yield what is not in order in an EPUB: files that do not parse, ids that come twice, links that lead nowhere."""
    ids: dict[str, set[str]] = {}
    links: list[tuple[str, str]] = []
    with zipfile.ZipFile(epub) as archive:
        names = set(archive.namelist())
        for name in sorted(name for name in names if name.endswith((".xhtml", ".opf", ".ncx", ".svg"))):
            try:
                root = etree.fromstring(archive.read(name), etree.XMLParser(huge_tree=True))
            except etree.XMLSyntaxError as error:
                yield f"{name}: {error}"
                continue
            found = Counter(str(element.get("id")) for element in root.iter(etree.Element) if element.get("id"))
            yield from (f"{name}: the id {each} is there {count} times" for each, count in found.items() if count > 1)
            ids[name] = set(found)
            folder = name.rpartition("/")[0]
            for element in root.iter(etree.Element):
                target = element.get("href") or element.get("src") or ""
                if target and ":" not in target.partition("/")[0].partition("#")[0]:
                    links.append((name, _resolved(folder, name, target)))
    for name, target in links:
        path, _, fragment = target.partition("#")
        if path not in names or (fragment and path in ids and fragment not in ids[path]):
            yield f"{name}: {target} leads nowhere"


def _resolved(folder: str, name: str, target: str) -> str:
    path, mark, fragment = target.partition("#")
    if not path:
        return f"{name}{mark}{fragment}"
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts) + mark + fragment
