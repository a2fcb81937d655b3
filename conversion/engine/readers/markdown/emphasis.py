"""Asterisks beside scripts without spaces.

CommonMark asks for a space or a sign after a closing `*` that stands behind a sign. Chinese, Japanese and others write
no spaces, and typesetters put word joiners there: by the rule alone `**「強調」**です` shows its asterisks.
"""

from __future__ import annotations

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.rules_inline.state_inline import Delimiter

_WITHOUT_SPACES = frozenset({"Lo", "Cf"})  # letters without case; joiners and marks that do not show


def emphasis_plugin(parser: MarkdownIt) -> None:
    """Let `parser` see emphasis there too."""
    parser.inline.ruler.at("emphasis", _emphasis)


def _emphasis(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if silent or state.src[start] != "*":
        return bool(emphasis.tokenize(state, silent))
    end = start
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_is_uncased(before) or _is_uncased(after)):
        return bool(emphasis.tokenize(state, silent))
    opens = not isWhiteSpace(ord(after)) and (not _is_sign(after) or _parts(before))
    closes = not isWhiteSpace(ord(before)) and (not _is_sign(before) or _parts(after))
    for _ in range(end - start):
        state.push("text", "", 0).content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"), length=end - start, token=len(state.tokens) - 1, end=-1, open=opens, close=closes
            )
        )
    state.pos = end
    return True


def _is_uncased(char: str) -> bool:
    return unicodedata.category(char) in _WITHOUT_SPACES


def _is_sign(char: str) -> bool:
    return bool(isMdAsciiPunct(ord(char)) or isPunctChar(char))


def _parts(char: str) -> bool:
    """Whether a character may stand outside of emphasis that begins or ends with a sign."""
    return bool(isWhiteSpace(ord(char))) or _is_sign(char) or _is_uncased(char)
