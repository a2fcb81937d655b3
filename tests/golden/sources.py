"""From the text of a golden book to the file that is converted.

Placeholders keep the files small and their invisible characters visible:

    {{U+00AD}}                       one character
    {{prose 300}}                    plain English, never the same twice in a book
    {{repeat 5: line %n\\n}}          a text so many times; %n counts from 1, \\n is the end of a line,
                                     [[prose 9]] a placeholder in it
    {{picture 1200x800 png}}         a picture as data address, or as bytes where it is a whole part of a container;
                                     further words: plain, clear, moving, press, noisy, broken
"""

from __future__ import annotations

import base64
import io
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from conversion.engine.contract import AuthorDetails, Contributor, ConversionRequest
from tests.conversion.readers import build
from tests.conversion.readers import fixed_sources as fixed
from tests.conversion.repair import kinds

from .cases import Source

_ABOUT = {
    "title": "Salt",
    "author": "Ann Lee",
    "language": "en",
    "description": "A lighthouse keeper counts the ships that do not come, and finds that one of them is his.",
    "subjects": "fiction",
    "rights": "© 2026 Ann Lee",
}
_METADATA = "<dc:title>Salt</dc:title><dc:language>en</dc:language><dc:identifier>urn:x:salt</dc:identifier>"
_PLACEHOLDER = re.compile(r"\{\{(U\+|\w+ ?)(.*?)\}\}", re.DOTALL)


def request_for(source: Source, folder: Path) -> ConversionRequest:
    """The manuscript written into a folder, with what is asked for. Details that the case leaves empty are left to
    the manuscript."""
    out = folder / "out"
    out.mkdir(parents=True)
    asked = {key: Filler().text(value) for key, value in (_ABOUT | source.request).items()}
    extension = asked.get("name", "").rpartition(".")[2] or {"fixed": "epub"}.get(source.kind, source.kind)
    if source.kind == "damage":
        extension = source.text.partition(":")[0].strip()
    path = folder / f"book.{extension}"
    path.write_bytes(_content(source, folder))
    cover = None
    if "cover" in asked:
        cover = folder / "cover"
        cover.write_bytes(_picture(asked["cover"]))
    return ConversionRequest(
        path,
        asked.get("name") or path.name,
        out,
        formats=tuple(asked.get("formats", "").split()),
        targets=tuple(asked.get("targets", "print").split()),
        overrides=_overrides(asked),
        cover=cover,
        jobs=1,
        repair="repair" in asked,
    )


def _overrides(asked: dict[str, str]) -> AuthorDetails:
    return AuthorDetails(
        title=asked["title"],
        subtitle=asked.get("subtitle", ""),
        contributors=tuple(Contributor(name.strip()) for name in asked["author"].split(";") if name.strip()),
        language=asked["language"],
        description=asked["description"],
        identifier=asked.get("identifier", ""),
        rights=asked["rights"],
        published=asked.get("published", ""),
        subjects=tuple(filter(None, asked["subjects"].split("; "))),
    )


def _content(source: Source, folder: Path) -> bytes:
    """The file of a source. `folder` is for builders that write."""
    fill = Filler()
    make = _BUILDERS.get(source.kind)
    if make is not None:
        return make(source, fill, folder / "built")
    encoding = source.request.get("encoding", "utf-8")
    return fill.text(source.text).encode(encoding)


def _docx(source: Source, fill: Filler, path: Path) -> bytes:
    named = {name: fill.text(text) for name, text in source.parts.items() if "/" not in name}
    styles = build.HEADINGS + named.pop("styles", "")
    body = fill.text(source.text)
    return build.docx(path, body, styles=styles, **named, parts=_files(source.parts, fill)).read_bytes()


def _epub(source: Source, fill: Filler, path: Path) -> bytes:
    pages = {name: fill.text(text) for name, text in source.parts.items() if name.endswith(".xhtml")}
    named = {"metadata": _METADATA, "nav": "".join(f'<li><a href="{name}">{name[:-6]}</a></li>' for name in pages)}
    named |= {
        name: fill.text(source.parts[name]) for name in ("nav", "metadata", "items", "spine") if name in source.parts
    }
    return build.epub(path, pages, **named, parts=_files(source.parts, fill, only="OPS/")).read_bytes()


def _fixed(source: Source, fill: Filler, _path: Path) -> bytes:
    bodies = [fill.text(body) for name, body in source.parts.items() if name.startswith("page")]
    css = fill.text(source.parts.get("css", ""))
    return fixed.fixed_epub(bodies, css=css, files=_files(source.parts, fill, only="OPS/"))


def _pdf(source: Source, fill: Filler, path: Path) -> bytes:
    pages = [textwrap.fill(page.strip(), 60) for page in fill.text(source.text).strip("\n-").split("---")]
    width, height = map(int, source.request.get("size", "300x400").split("x"))
    made = fixed.acting_pdf() if "acting" in source.request else fixed.pdf(pages, size=(width, height))
    return fixed.saved(made, path).read_bytes()


def _damage(source: Source, _fill: Filler, _path: Path) -> bytes:
    """One of `tests/conversion/repair/kinds.py`, by extension and name."""
    extension, _, name = source.text.partition(":")
    known = {(where, each.name): each for where, each in kinds.all_damages()}
    return kinds.broken(known[extension.strip(), name.strip()], extension.strip())


_BUILDERS: dict[str, Callable[[Source, Filler, Path], bytes]] = {
    "docx": _docx,
    "epub": _epub,
    "fixed": _fixed,
    "cbz": lambda source, fill, _: fixed.archive(_files(source.parts, fill)),
    "zip": lambda source, fill, _: fixed.archive(_files(source.parts, fill)),
    "pdf": _pdf,
    "damage": _damage,
}


def _files(parts: dict[str, str], fill: Filler, only: str = "") -> dict[str, bytes | str]:
    """Parts of a container whose names are those of files."""
    return {name: fill.part(text) for name, text in parts.items() if "." in name and name.startswith(only)}


# ---------------------------------------------------------------- placeholders


class Filler:
    """Fills placeholders in; prose goes on from one to the next."""

    def __init__(self) -> None:
        self._sentences = _sentences()

    def text(self, text: str) -> str:
        """The text with everything filled in."""
        return _PLACEHOLDER.sub(lambda match: self._filled(match[1].strip(), match[2]), text)

    def part(self, text: str) -> bytes | str:
        """As `text`, but a picture that stands alone is a file."""
        match = _PLACEHOLDER.fullmatch(text.strip())
        return _picture(match[2]) if match and match[1].strip() == "picture" else self.text(text)

    def _filled(self, name: str, rest: str) -> str:
        given: dict[str, Callable[[str], str]] = {
            "U+": lambda code: chr(int(code, 16)),
            "prose": lambda words: self._prose(int(words)),
            "repeat": lambda rest: self.text(_repeated(rest)),
            "picture": lambda words: "data:image/x;base64," + base64.b64encode(_picture(words)).decode(),
        }
        return given[name](rest)

    def _prose(self, words: int) -> str:
        made: list[str] = []
        while len(made) < words:
            made += next(self._sentences).split()
        return " ".join(made)


def _repeated(rest: str) -> str:
    count, _, text = rest.partition(": ")
    text = text.replace("\\n", "\n").replace("[[", "{{").replace("]]", "}}")
    return "".join(text.replace("%n", str(number)) for number in range(1, int(count) + 1))


_WHO = "The keeper|A pilot|Her brother|The cook|An old sailor|The ferryman|A neighbour|The harbour master"
_DID = "carried|hid|sold|forgot|painted|counted|mended"
_WHAT = (
    "the brass lamp|a coil of rope|three oars|the blue ledger|a chest of tea|his grey coat|the chart of the bay|"
    "two dry biscuits"
)
_WHERE = "behind the chapel|under the pier|in the boathouse|at low tide|before the rain came|on a Sunday|near the mill"


def _sentences() -> Iterator[str]:
    """Some three thousand sentences, all different."""
    parts = [text.split("|") for text in (_WHERE, _WHAT, _DID, _WHO)]
    for where, what, did, who in itertools.product(*parts):
        yield f"{who} {did} {what} {where}."


def _picture(words: str) -> bytes:
    """A picture from its size, its format and what is special about it."""
    size, *rest = words.split()
    width, height = map(int, size.split("x"))
    if "broken" in rest:
        return b"\x89PNG\r\n\x1a\n" + b"broken" * 20
    image = Image.new("RGB", (width, height), "#c8d8e8")
    if "noisy" in rest:
        image = Image.effect_noise((width, height), 200).convert("RGB")
    elif "plain" not in rest:
        pen = ImageDraw.Draw(image)
        for x in range(0, width, max(1, width // 40)):
            pen.line((x, 0, width - x, height), fill="#203040", width=max(1, width // 200))
    for word, tone in (("dark", "#101418"), ("pale", "#d0d0d0")):
        if word in rest:
            image = Image.new("RGB", (width, height), tone)
    return _saved(image, rest)


def _saved(image: Image.Image, rest: list[str]) -> bytes:
    out = io.BytesIO()
    if "moving" in rest:
        image.save(out, "GIF", save_all=True, append_images=[Image.new("RGB", image.size, "red")])
    elif "press" in rest:
        image.convert("CMYK").save(out, "JPEG")
    elif "clear" in rest:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
        image.save(out, "PNG")
    else:
        image.save(out, "PNG" if "png" in rest else "JPEG")
    return out.getvalue()
