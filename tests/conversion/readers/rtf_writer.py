"""A DOCX written as RTF, from its XML alone: two formats of one book to hold against each other.

It knows paragraphs, headings, bold, italic, small capitals, line breaks and notes, which is what novels are made of.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ON = {"b": "\\b", "i": "\\i", "smallCaps": "\\scaps"}
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}


class _Writer:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._roots = {name: self._root(archive, name) for name in ("document", "styles", "footnotes", "endnotes")}
        styles = self._roots["styles"]
        self._styles = {} if styles is None else {s.get(W + "styleId"): s for s in styles.iter(W + "style")}
        self._numbers = {name: number for number, name in enumerate(self._styles, 1)}
        self._italic = {name: self._formats(s.find(W + "rPr")) for name, s in self._styles.items()}

    @staticmethod
    def _root(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
        part = f"word/{name}.xml"
        return etree.fromstring(archive.read(part)) if part in archive.namelist() else None

    def write(self) -> str:
        """The whole file."""
        body = self._roots["document"].find(W + "body")
        paragraphs = "\n".join(self._paragraph(p) for p in body.iter(W + "p"))
        styles = "".join(
            f"{{\\s{self._numbers[name]} {style.find(W + 'name').get(W + 'val')};}}"
            for name, style in self._styles.items()
            if style.get(W + "type") == "paragraph"
        )
        return f"{{\\rtf1\\ansi\\uc1{{\\stylesheet{styles}}}\n{paragraphs}}}"

    def _paragraph(self, paragraph: etree._Element) -> str:
        name = paragraph.find(f"{W}pPr/{W}pStyle")
        number = f"\\s{self._numbers[name.get(W + 'val')]}" if name is not None else ""
        return f"\\pard{number} {''.join(self._run(run) for run in paragraph.iter(W + 'r'))}\\par"

    def _run(self, run: etree._Element) -> str:
        properties = run.find(W + "rPr")
        style = properties.find(W + "rStyle") if properties is not None else None
        formats = self._formats(properties) | self._italic.get(style.get(W + "val") if style is not None else "", set())
        look = "".join(sorted(formats)) + " " if formats else ""
        return f"{{{look}{''.join(self._piece(child) for child in run)}}}"

    @staticmethod
    def _formats(properties: etree._Element | None) -> set[str]:
        found = set() if properties is None else {child.tag.removeprefix(W) for child in properties}
        return {_ON[name] for name in found if name in _ON}

    def _piece(self, child: etree._Element) -> str:
        if child.tag == W + "t":
            return "".join(self._char(char) for char in child.text or "")
        if child.tag in (W + "br", W + "cr"):
            return "\\line "
        if child.tag == W + "tab":
            return "\\tab "
        return self._note(child) if child.tag in _NOTES else ""

    @staticmethod
    def _char(char: str) -> str:
        if char.isascii():
            return f"\\{char}" if char in "\\{}" else char
        units = char.encode("utf-16-le")
        return "".join(
            f"\\u{int.from_bytes(units[at : at + 2], 'little', signed=True)}?" for at in range(0, len(units), 2)
        )

    def _note(self, reference: etree._Element) -> str:
        root = self._roots[_NOTES[reference.tag]]
        note = next(n for n in root if n.get(W + "id") == reference.get(W + "id"))
        kind = "\\ftnalt" if reference.tag == W + "endnoteReference" else ""
        paragraphs = "".join(self._paragraph(p) for p in note.iter(W + "p"))
        return f"{{\\super\\chftn}}{{\\*\\footnote{kind}\\chftn {paragraphs}}}"


def rtf_of(docx: Path, into: Path) -> Path:
    """The RTF of a DOCX."""
    with zipfile.ZipFile(docx) as archive:
        into.write_text(_Writer(archive).write(), encoding="ascii")
    return into
