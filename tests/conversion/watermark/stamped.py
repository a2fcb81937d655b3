"""A small novel with a dash in every second sentence, as EPUB and KEPUB, and copies of it."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from conversion.engine.contract import ConversionRequest
from conversion.engine.pipeline import convert
from conversion.engine.watermark import CopyKey, Stamp, stamp_epub

_WORDS = """
    harbour lamp water winter letter stone garden window river morning evening island bridge thunder feather copper
    silver orchard meadow kettle ladder candle basket mirror hammer needle saddle pepper ribbon button blanket whistle
    falls rises waits burns turns keeps leaves opens follows carries forgets remembers answers gathers wanders lingers
"""
CHAPTERS = 8
TOKEN = "ab" * 32
NUMBER = "ord_k3v9"


def manuscript(dash: str = "—", *, chapters: int = CHAPTERS) -> str:
    """The novel as HTML: 15 dashes a chapter."""
    chance, all_words = random.Random(28), _WORDS.split()

    def sentence() -> str:
        words = " ".join(chance.sample(all_words, 9))
        return f"{words.capitalize()}{dash}<i>{chance.choice(all_words)}</i> {chance.choice(all_words)}."

    def chapter(number: int) -> str:
        return f"<h1>Chapter {number}</h1>" + "".join(f"<p>{sentence()} {sentence()} End.</p>" for _ in range(8))

    body = "".join(chapter(number) for number in range(1, chapters + 1))
    return f'<!DOCTYPE html><html lang="en"><head><title>The Harbour</title></head><body>{body}</body></html>'


@cache
def novel(kind: str = "epub", dash: str = "—") -> bytes:
    """The novel as this kind of file, with a drawn cover."""
    with TemporaryDirectory() as folder:
        source, out = Path(folder, "novel.html"), Path(folder, "out")
        source.write_text(manuscript(dash), encoding="utf-8")
        out.mkdir()
        convert(ConversionRequest(source, "novel.html", out, formats=(kind,)), lambda *_a, **_k: None)
        return next(path for path in out.rglob("*.epub")).read_bytes()


def sha256(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def copy_of(file: bytes, token: str = TOKEN, *, number: str = NUMBER, name: str = "") -> bytes:
    out = io.BytesIO()
    stamp_epub(io.BytesIO(file), out, Stamp(token, sha256(file), number, name=name))
    return out.getvalue()


def key_of(file: bytes, token: str = TOKEN, *, number: str = NUMBER) -> CopyKey:
    return CopyKey(token[:6], token, number, (sha256(file),))


def entries(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive as another program writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def rewritten(file: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The file with each entry changed, or left out where `change` returns None."""
    changed = {name: change(name, content) for name, content in entries(file).items()}
    return zipped({name: content for name, content in changed.items() if content is not None})
