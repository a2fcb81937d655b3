"""Render running text as Markdown: possible markup characters are escaped, emphasis is written so that it is read as
such."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ...book.inlines import alternative, plain_text
from ...book.model import (
    Anchor,
    Book,
    CodeSpan,
    Emphasis,
    Figure,
    Inline,
    InlineImage,
    Language,
    LineBreak,
    Link,
    Math,
    NoteRef,
    Ruby,
    SmallCaps,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)
from ...markup import mathml
from ...markup.links import external_url
from ...markup.text import attribute, clean, escape, language_tag

_SPECIAL = re.compile(r"[\\`*_\[\]<>~^$|@]")
_BLANKS = re.compile(r"[ \t\r\n]+")
# Text that starts a block at the beginning of a line.
_LINE_START = re.compile(
    r"(?m)^([ \t]*)([#+=:%>-]|\((?=\w{1,9}\)\s)|(?:\d{1,9}|[A-Za-z]|[ivxlcIVXLC]{2,7}|#)(?=[.)](?:\s|$)))"
)
_TAGS: dict[type, str] = {Underline: "u", Strike: "s", Subscript: "sub", Superscript: "sup"}
_MATH_TEXT = re.compile(r">([^<]+)<")


class MarkdownInlines:
    """Renders inline elements. `notes` gives each note its number, in order of reference."""

    def __init__(self, book: Book, pictures: dict[str, str]) -> None:
        self.book = book
        self.pictures = pictures
        self.numbers: dict[str, int] = {}
        self.waiting: list[str] = []

    def line(self, nodes: Sequence[Inline]) -> str:
        """Return inline elements as lines of a paragraph, none of which could be read as the start of another block."""
        text = self.inlines(nodes).strip(" \t\n")
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
        return _LINE_START.sub(_escape_start, text)

    def one_line(self, nodes: Sequence[Inline]) -> str:
        """Return inline elements on a single line: breaks are HTML."""
        return self.line(nodes).replace("\\\n", "<br>").replace("\n", " ")

    def inlines(self, nodes: Sequence[Inline]) -> str:
        """Return inline elements as they appear in the middle of a line."""
        out = ""
        for number, node in enumerate(nodes):
            after = plain_text(nodes[number + 1 :])[:1]
            out += self._inline(node, out[-1:], after)
        return out

    def _inline(self, node: Inline, before: str, after: str) -> str:
        if isinstance(node, Text):
            # After a note's reference a bracket would make it a link, a colon the definition of the note.
            return ("\\" if before == "]" and node.text[:1] in (":", "(") else "") + escaped(node.text)
        if isinstance(node, Emphasis | Strong):
            sign, tag = ("*", "em") if isinstance(node, Emphasis) else ("**", "strong")
            return self._stressed(node.children, sign, tag, before, after)
        render = _RENDER.get(type(node))
        return render(self, node) if render is not None else ""

    def _tagged(self, node: Underline | Strike | Subscript | Superscript) -> str:
        tag = _TAGS[type(node)]
        return f"<{tag}>{self.inlines(node.children)}</{tag}>"

    def _small_caps(self, node: SmallCaps) -> str:
        return f'<span class="smallcaps">{self.inlines(node.children)}</span>'

    def _code(self, node: CodeSpan) -> str:
        return code_span(node.text)

    def _note_ref(self, node: NoteRef) -> str:
        return f"[^{self.number(node.note_id)}]" if node.note_id in self.book.notes else escaped(node.label)

    def _break(self, node: LineBreak) -> str:
        return "\\\n"

    def _picture(self, node: InlineImage) -> str:
        return self.picture(node)

    def _ruby(self, node: Ruby) -> str:
        pairs = (f"{escaped(base)}<rt>{escaped(reading)}</rt>" for base, reading in node.pairs)
        return f"<ruby>{''.join(pairs)}</ruby>" if node.pairs else ""

    def _math(self, node: Math) -> str:
        rebuilt = mathml.rebuild(node.mathml, node.alt, is_display=node.display)
        return _MATH_TEXT.sub(lambda match: f">{_escaped_signs(match.group(1))}<", rebuilt) or escaped(node.alt)

    def _anchor(self, node: Anchor) -> str:
        return f'<span id="{attribute(node.id)}"></span>'

    def number(self, note_id: str) -> int:
        """Return a note's number; queue a new note to be written."""
        if note_id not in self.numbers:
            self.numbers[note_id] = len(self.numbers) + 1
            self.waiting.append(note_id)
        return self.numbers[note_id]

    def picture(self, node: Figure | InlineImage) -> str:
        """Return a picture, or its description where the file is missing."""
        path, alt = self.pictures.get(node.asset), alternative(node)
        if not path:
            return escaped(alt)
        role = '{role="presentation"}' if node.decorative else ""
        return f"![{escaped(_BLANKS.sub(' ', alt).strip())}]({path}){role}"

    def _stressed(self, children: Sequence[Inline], sign: str, tag: str, before: str, after: str) -> str:
        """Return emphasis as signs where they are certain to be read as such (next to spaces or at the ends, around
        letters), else as tags."""
        inside = self.inlines(children)
        if not inside.strip():
            return inside
        plain = plain_text(children)
        is_sure = (
            plain[:1].isalnum()
            and plain[-1:].isalnum()
            and (not before or before.isspace())
            and (not after or not after.isalnum())
            and not inside.startswith(("*", "<", "["))
            and not inside.endswith(("*", ">", "}", "]"))
            and "\n" not in inside
        )
        return f"{sign}{inside}{sign}" if is_sure else f"<{tag}>{inside}</{tag}>"

    def _language(self, node: Language) -> str:
        tag = language_tag(node.lang)
        attributes = f' lang="{tag}"' if tag else ""
        attributes += f' dir="{node.direction}"' if node.direction in ("ltr", "rtl") else ""
        inside = self.inlines(node.children)
        return f"<span{attributes}>{inside}</span>" if attributes and inside else inside

    def _link(self, node: Link) -> str:
        """Return a link, split around the notes in it, as in the EPUB."""
        address = attribute(node.href) if node.href.startswith("#") else external_url(node.href)
        out, run = "", list[Inline]()
        for child in [*node.children, None]:
            if child is not None and not isinstance(child, NoteRef):
                run.append(child)
                continue
            words = self.inlines(run)
            out += f"[{words}](<{address}>)" if address and words.strip() else words
            run = []
            out += self._note_ref(child) if child is not None else ""
        return out


def escaped(text: str) -> str:
    """Return text with every Markdown sign escaped and white space reduced to single spaces."""
    text = _BLANKS.sub(" ", clean(text))
    return _escaped_signs(escape(text)) if text else text


def _escaped_signs(text: str) -> str:
    """Escape the Markdown signs of text that is already escaped for XML. Braces become entities: attributes are parsed
    before escapes."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return text.replace("{", "&#123;").replace("}", "&#125;").replace("!\\[", "\\!\\[").replace(":::", "\\:\\:\\:")


def code_span(text: str) -> str:
    """Return code between more backticks than it contains in a row."""
    text = _BLANKS.sub(" ", clean(text))
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else f"{fence}{text}{fence}"


def _escape_start(match: re.Match[str]) -> str:
    blanks, sign = match.groups()
    if sign[0].isalnum():  # "1." and "a)": the sign after the label is escaped
        return f"{blanks}{sign}\\"
    return f"{blanks}\\{sign}"


_RENDER: dict[type, Callable[[MarkdownInlines, Any], str]] = {
    **dict.fromkeys(_TAGS, MarkdownInlines._tagged),
    SmallCaps: MarkdownInlines._small_caps,
    Language: MarkdownInlines._language,
    Link: MarkdownInlines._link,
    CodeSpan: MarkdownInlines._code,
    NoteRef: MarkdownInlines._note_ref,
    LineBreak: MarkdownInlines._break,
    InlineImage: MarkdownInlines._picture,
    Ruby: MarkdownInlines._ruby,
    Math: MarkdownInlines._math,
    Anchor: MarkdownInlines._anchor,
}
