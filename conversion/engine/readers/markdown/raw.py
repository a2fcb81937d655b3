"""Raw passages, escaped spaces, page breaks in TeX: what pandoc's Markdown says to one format only."""

from __future__ import annotations

import itertools
import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_RAW = re.compile(r"\s*\{=([\w-]{1,20})\}\s*")
_RAW_INLINE = re.compile(r"\{=([\w-]{1,20})\}")
_TEX_LAYOUT = re.compile(
    r"\\(?:newpage|pagebreak|clearpage|cleardoublepage|bigskip|medskip|smallskip|vfill|noindent|centering)(?:\{\})?"
)


def raw_plugin(parser: MarkdownIt) -> None:
    """Let `parser` keep raw HTML (for the closed set) and drop what is raw for other formats."""
    parser.inline.ruler.before("escape", "escaped_space", _escaped_space)
    parser.core.ruler.after("block", "raw_blocks", _blocks)
    parser.core.ruler.after("inline", "raw_inlines", _inlines)


def _escaped_space(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos : state.pos + 2] != "\\ ":
        return False
    if not silent:
        state.pending += "\u00a0"
    state.pos += 2
    return True


def _blocks(state: StateCore) -> None:
    kept: list[Token] = []
    for token in state.tokens:
        form = _RAW.fullmatch(token.info) if token.type == "fence" else None
        if form is not None and form.group(1) in ("html", "html5", "html4"):
            token.type = "html_block"
        if form is None or token.type == "html_block":
            kept.append(token)
        if token.type == "paragraph_close" and _TEX_LAYOUT.fullmatch(kept[-2].content):
            del kept[-3:]
    state.tokens = kept


def _inlines(state: StateCore) -> None:
    for token in state.tokens:
        children = token.children or []
        for code, after in itertools.pairwise(children):
            if code.type != "code_inline" or after.type != "text" or not (form := _RAW_INLINE.match(after.content)):
                continue
            after.content = after.content[form.end() :]
            code.type = "html_inline" if form.group(1).startswith("html") else "text"
            code.content = code.content if code.type == "html_inline" else ""
