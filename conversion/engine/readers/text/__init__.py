"""The reader for plain text: paragraphs, chapters and scene breaks from how the lines lie.

Files come in three shapes: hard-wrapped with blank lines between paragraphs, one paragraph to a line,
and indented paragraphs without blank lines. Project Gutenberg's wrapping is taken off.
"""

from __future__ import annotations

import re
from collections import Counter

from ...book import clean
from ...book.model import Contributor, Emphasis, Inline, NoteRef, Paragraph, ReaderResult, SceneBreak, Text
from ...findings.model import Severity, SourcePlace
from ...gate.admission import Manuscript
from ..assembly.draft import Draft
from ..assembly.sink import Sink, is_ornament
from ..assembly.stanzas import verse_line
from ..assembly.structure import assemble
from ..html import tell_encoding
from .notes import NOTE_MARK, NOTE_SIGNS, Group, lift_notes
from .verse import stanzas

MAX_PARAGRAPH_CHARS = 200_000
_START = re.compile(r"^\*{3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]{0,300}$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(
    r"^\s*(?:\*{3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg)[^\n]{0,300}$",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER_FIELD = re.compile(
    r"^(Title|Author|Language|Translator|Illustrator):[ \t]{1,10}(\S[^\n]{0,300})$", re.MULTILINE
)
_ITALIC = re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]{1,400}(?:\n[^_\n]{1,400}){0,4})(?<=\S)_(?![\w_])")
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "finnish": "fi",
    "swedish": "sv",
    "danish": "da",
    "latin": "la",
}
_ROLES = {"Author": "aut", "Translator": "trl", "Illustrator": "ill"}


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in a plain text file."""
    draft = Draft()
    tell_encoding(manuscript, draft)
    text = manuscript.text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    text = NOTE_SIGNS.sub("", clean.text(_without_gutenberg(text, draft)))
    lines = [line.rstrip() for line in text.expandtabs(8).split("\n")]
    sink = Sink()
    groups = _groups(lines)
    _take_title(groups, draft)
    margin = _margin(lines)
    groups, notes = lift_notes(groups)
    poems = stanzas(groups, margin)
    for place, (number, group) in enumerate(groups):
        _paragraph(group, number, margin, sink, is_verse=place in poems)
    for note_lines in notes:
        inner = Sink()
        poems = stanzas(note_lines, margin)
        for place, (number, group) in enumerate(note_lines):
            _paragraph(group, number, margin, inner, is_verse=place in poems)
        draft.new_note("endnote").blocks = inner.finish()
    return assemble(draft, sink)


def _without_gutenberg(text: str, draft: Draft) -> str:
    start = _START.search(text, 0, 60_000)
    if start is None:
        return text
    for name, value in _HEADER_FIELD.findall(text[: start.start()]):
        if name == "Title":
            draft.metadata.title = clean.title(value)
        elif name == "Language":
            draft.metadata.language = _LANGUAGES.get(value.strip().lower(), "")
        else:
            draft.metadata.contributors.append(Contributor(clean.title(value, 200), _ROLES[name]))
    draft.count("source.gutenberg-dropped", Severity.INFO)
    end = None
    for match in _END.finditer(text, start.end()):
        end = match.start()
        break
    return text[start.end() : end]


def _groups(lines: list[str]) -> list[Group]:
    """Lines that belong to one paragraph, each with the number of its first line, counted from 1."""
    filled = [line for line in lines if line]
    blanks = len(lines) - len(filled)
    long = sum(len(line) > 100 for line in filled)
    if blanks * 12 < len(filled) and long * 4 > len(filled):
        return [(number, [line]) for number, line in enumerate(lines, 1) if line]
    groups: list[Group] = []
    current: list[str] = []
    indented = blanks * 12 < len(filled) and len(filled) > 20
    for number, line in enumerate(lines, 1):
        begins = indented and line[:1] == " " and current and current[-1][:1] != " "
        if (not line or begins) and current:
            groups.append((number - len(current), current))
            current = []
        if line:
            current.append(line)
    if current:
        groups.append((len(lines) - len(current) + 1, current))
    return groups


def _take_title(groups: list[Group], draft: Draft) -> None:
    """A first short group of one to three lines that stands apart gives title and author."""
    metadata = draft.metadata
    if not groups or metadata.title:
        return
    first = [line.strip() for line in groups[0][1]]
    if len(first) > 3 or any(len(line) > 80 or line.endswith((".", ",", ";")) for line in first):
        return
    apart = len(groups) > 1 and groups[1][0] - groups[0][0] - len(first) >= 2
    if len(groups) < 3 or not apart:
        return
    metadata.title = clean.title(first[0])
    if len(first) > 1:
        names = [line.removeprefix("by ").removeprefix("By ") for line in first[1:]]
        metadata.contributors = [Contributor(clean.title(names[-1], 200))]
        metadata.subtitle = clean.title(" ".join(names[:-1]))
    del groups[0]


def _margin(lines: list[str]) -> int:
    """The usual left margin: what most lines are indented by."""
    margins = Counter(len(line) - len(line.lstrip()) for line in lines if line)
    return margins.most_common(1)[0][0] if margins else 0


def _paragraph(group: list[str], number: int, margin: int, sink: Sink, *, is_verse: bool) -> None:
    place = SourcePlace("", number)
    bare = [line.strip() for line in group]
    if len(group) == 1 and is_ornament(bare[0], centred=len(group[0]) - len(bare[0]) > margin + 8):
        sink.add(SceneBreak(place=place, sign=bare[0]))
        return
    if is_verse:
        sink.blank()
        sink.verse(
            [verse_line(_inlines(line), _indent(raw, margin)) for raw, line in zip(group, bare, strict=True)], place
        )
        return
    text = "\n".join(bare)
    set_in = len(group) > 1 and min(len(line) - len(line.lstrip()) for line in group) >= margin + 4
    for start in range(0, len(text), MAX_PARAGRAPH_CHARS):
        piece = text[start : start + MAX_PARAGRAPH_CHARS]
        block = Paragraph(_inlines(piece), place=place)
        if set_in:
            sink.quotation(block)
        else:
            sink.add(block)


def _indent(line: str, margin: int) -> int:
    return min(max(len(line) - len(line.lstrip()) - margin, 0) // 2, 12)


def _inlines(text: str) -> list[Inline]:
    """Words with _emphasis_ as typists mark it and with note marks; line ends become spaces."""
    nodes: list[Inline] = []
    position = 0
    for match in _ITALIC.finditer(text) if "_" in text else ():
        _words(text[position : match.start()], nodes)
        inner: list[Inline] = []
        _words(match.group(1), inner)
        nodes.append(Emphasis(inner))
        position = match.end()
    _words(text[position:], nodes)
    return nodes


def _words(text: str, nodes: list[Inline]) -> None:
    for number, piece in enumerate(NOTE_MARK.split(text.replace("\n", " "))):
        if number % 2:
            nodes.append(NoteRef(f"note-{piece}", piece))
        elif piece:
            nodes.append(Text(piece))
