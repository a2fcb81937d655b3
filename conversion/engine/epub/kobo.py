"""Kobo's additions to a page: every sentence in a numbered span, the text in two boxes with fixed names.

Kobo's bookmarks, highlights and statistics rely on these spans; a page without them is read as an ordinary EPUB,
without Kobo's better typesetting. The pages are our own markup, so one pass over the tags is enough.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_SENTENCE = re.compile(r"[^.!?…。！？]*[.!?…。！？]+[\"'”’»)\]』」]*\s*|[^.!?…。！？]+")
_NAME = re.compile(r"</?([A-Za-z0-9]+)")
# Each of these begins a new paragraph in Kobo's count.
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "caption", "figcaption", "blockquote"}
)
# Text in these stays as it is: it is not running text, or the element may not contain spans.
_PASSED_OVER = frozenset({"pre", "math", "svg", "rt", "rp"})

STYLE = (
    '<style type="text/css" class="kobostylehacks">div#book-inner { margin-top: 0; margin-bottom: 0; }</style>\n</head>'
)


def with_spans(page: str) -> str:
    """Return one of our pages with Kobo's spans and boxes. The count starts again on each page."""
    head, start, rest = page.partition("<body")
    opening, _, body = rest.partition(">")
    inside, end, tail = body.rpartition("</body>")
    spanned = "".join(_Spans().of(inside))
    return (
        f"{head.replace('</head>', STYLE, 1)}{start}{opening}>\n"
        f'<div id="book-columns"><div id="book-inner">{spanned}</div></div>\n{end}{tail}'
    )


class _Spans:
    """Counts paragraphs and sentences while passing over the tags."""

    def __init__(self) -> None:
        self.paragraph = 0
        self.sentence = 0
        self.is_new = True
        self.passed_over = ""

    def of(self, markup: str) -> list[str]:
        """Return the markup in pieces, with text and pictures in spans."""
        out: list[str] = []
        for token in _TOKEN.findall(markup):
            if token[0] != "<":
                out.append(token if self.passed_over or token.isspace() else self._text(token))
            elif token.startswith("<img") and not self.passed_over:
                self.is_new = True
                out.append(self._span(token))
            else:
                self._tag(token)
                out.append(token)
        return out

    def _tag(self, tag: str) -> None:
        match = _NAME.match(tag)
        if match is None:
            return
        name = match.group(1)
        if name in _PASSED_OVER and not tag.endswith("/>"):
            if not self.passed_over and tag[1] != "/":
                self.passed_over = name
            elif self.passed_over == name and tag[1] == "/":
                self.passed_over = ""
        elif name in _PARAGRAPHS and tag[1] != "/":
            self.is_new = True

    def _text(self, text: str) -> str:
        return "".join(sentence if sentence.isspace() else self._span(sentence) for sentence in _SENTENCE.findall(text))

    def _span(self, inside: str) -> str:
        if self.is_new:
            self.paragraph += 1
            self.sentence = 0
            self.is_new = False
        self.sentence += 1
        return f'<span class="koboSpan" id="kobo.{self.paragraph}.{self.sentence}">{inside}</span>'
