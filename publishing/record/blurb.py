"""The blurb: plain text with a few signs for emphasis, lists, quotations and headings, as authors know them from mail.

What was copied from another shop may hold its HTML. Both become the same safe elements; nothing else reaches a page.
"""

from __future__ import annotations

import html
import re
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

MAX_LENGTH = 4000  # in characters that readers see
MAX_SOURCE_LENGTH = 8000
TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h4", "h5", "h6"})
_SILENT = {"script", "style", "title", "iframe", "textarea", "noscript", "template"}
_LARGER = {"h1", "h2", "h3", "b", "i"}
_INSTEAD = {"h1": "h4", "h2": "h4", "h3": "h4", "b": "strong", "i": "em"}
_TAG = re.compile(r"<(/?)(h[123]|b|i)>")
_YEAR = re.compile(r"^(\s*)(\d{2,})([.)])(?=\s)", re.MULTILINE)
_SIGNS = re.compile(r"[<&\\]")
_MARKUP = re.compile(r"<(?!/?p>|br>)[a-z]")


def shown(text: str) -> SafeString:
    """Return the blurb as safe HTML."""
    # "1984. A novel" begins no list.
    rendered = _markdown().render(_YEAR.sub(r"\1\2\\\3", text))
    safe = nh3.clean(rendered, tags=set(TAGS | _LARGER), attributes={}, clean_content_tags=_SILENT, link_rel=None)
    return mark_safe(_TAG.sub(lambda found: f"<{found[1]}{_INSTEAD[found[2]]}>", safe).strip())


def has_markup(text: str) -> bool:
    """Whether the blurb is more than paragraphs and lines."""
    return bool(_MARKUP.search(shown(text)))


def plain(text: str) -> str:
    """Return the blurb without its signs, for places that show text alone; plain text stays as it is."""
    if not has_markup(text) and not _SIGNS.search(text):
        return text
    marked = re.sub(r"<br>\s*|</li>\s*", "\n", re.sub(r"<li>\s*(?:<p>)?", "• ", shown(text)))
    marked = re.sub(r"</(?:p|h[456]|blockquote|ul|ol)>\s*", "\n\n", marked)
    bare = html.unescape(nh3.clean(marked, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", bare)).strip()


@cache
def _markdown() -> MarkdownIt:
    """Return the reader of the few signs: no links, pictures, code, tables or rules."""
    reader = MarkdownIt("zero", {"breaks": True, "html": True})
    signs = ["emphasis", "list", "blockquote", "heading", "escape", "entity", "newline", "html_block", "html_inline"]
    return reader.enable(signs)
