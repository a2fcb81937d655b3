"""The reader for Markdown: CommonMark with GFM's and pandoc's additions.

Notes, definition lists, attributes, divisions and mathematics come from plugins; pandoc's tables, line blocks, lists
and raw passages from this package.

markdown-it turns it into HTML, which goes through the same closed set as any HTML; raw HTML in the
source is therefore as harmless as an HTML manuscript.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from latex2mathml import converter as latex
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, normalizeReference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from ...book.model import ReaderResult
from ...findings.model import Severity
from ...gate.admission import Manuscript
from ..assembly.draft import Draft
from ..html import read_markup, tell_encoding
from .blocks import blocks_plugin, definitions_not_in_code
from .emphasis import emphasis_plugin
from .metadata import front_matter, title_block
from .raw import raw_plugin
from .tables import tables_plugin

MAX_FORMULA_CHARS = 3000
_PLAIN_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")  # no command of TeX
_MIN_WORDS = 3
_COMMAND = re.compile(r"<m[ion]>\\[A-Za-z]")
_HEADING_ATTRIBUTES = re.compile(r"\s*\{([^{}]{1,300})\}\s*#*\s*$")
_SLUG_DROP = re.compile(r"[^\w\s.-]")
_EXAMPLE = re.compile(r"@([A-Za-z][\w-]{0,60})")
_COMMENTED_REFERENCE = re.compile(r"^( {0,3}\[[^\]\n]{1,300}\]:[ \t]*[^\s<]+)[ \t]*<!--[^\n]*?-->[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"</?([A-Za-z][\w:-]*)")
_KNOWN_TAGS = frozenset(
    (  # noqa: SIM905 (a list of them fills two screens)
        "a abbr address article aside audio b base bdi bdo big blockquote body br button canvas caption center cite "
        "code col colgroup data dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font "
        "footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label "
        "legend li link main map mark math menu meta meter nav noscript object ol optgroup option output p param "
        "picture pre progress q rb rp rt rtc ruby s samp script section select small source span strike strong style "
        "sub summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr "
        "applet area image"
    ).split()
)


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in a Markdown file."""
    draft = Draft()
    tell_encoding(manuscript, draft)
    return read_markup(f"<html><body>{markup(manuscript.text, draft)}</body></html>", draft)


def markup(text: str, draft: Draft) -> str:
    """The text as HTML for a body; what it says of itself goes to the draft's metadata."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = _COMMENTED_REFERENCE.sub(r"\1", title_block(text, draft.metadata))
    parser = _parser(text, draft)
    environment: dict[str, Any] = {}
    tokens = parser.parse(text, environment)
    for token in tokens:
        if token.type == "front_matter":
            front_matter(token.content, draft.metadata)
    _tell_unused_notes(environment, text, draft)
    return str(parser.renderer.render(tokens, parser.options, environment))


def _tell_unused_notes(environment: dict[str, Any], text: str, draft: Draft) -> None:
    """A note that nothing refers to is in no book: its words are told."""
    for name, number in environment.get("footnotes", {}).get("refs", {}).items():
        if number < 0:
            label = re.escape(str(name).removeprefix(":"))
            found = re.search(rf"^ {{0,3}}\[\^{label}\]:(.*)$", text, re.MULTILINE)
            draft.tell("note.unused", Severity.ADVICE, found[1] if found else "")


def _parser(text: str, draft: Draft) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False, "typographer": False})
    parser.enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin).use(tasklists_plugin)
    parser.use(attrs_plugin, spans=True, allowed=["id", "class", "lang", "dir", "width", "start", "role"])
    parser.use(attrs_block_plugin, allowed=["id", "class", "lang", "dir", "start"])
    parser.use(superscript_plugin).use(sub_plugin)
    parser.use(container_plugin, "div", validate=lambda params, *_: True, render=_render_division)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, renderer=_formulas(draft))
    _no_sentences_as_formulas(parser)
    parser.core.ruler.after("block", "headings_and_places", _headings_and_places)
    parser.use(tables_plugin).use(blocks_plugin).use(definitions_not_in_code).use(raw_plugin).use(
        emphasis_plugin
    )  # raw blocks go first
    closed = {name.lower() for name in re.findall(r"</([A-Za-z][\w:-]*)", text)} | _KNOWN_TAGS

    def raw(renderer: Any, tokens: list[Token], index: int, options: Any, environment: Any) -> str:
        """Raw HTML stays; what only looks like a tag, such as Vec<T>, is text."""
        content = tokens[index].content
        match = _TAG.match(content.lstrip())
        return content if match is None or match.group(1).lower() in closed else escapeHtml(content)

    parser.add_render_rule("html_inline", raw)
    parser.add_render_rule("html_block", raw)
    return parser


# ---------------------------------------------------------------- rules


def _no_sentences_as_formulas(parser: MarkdownIt) -> None:
    """Let no "$" close a formula where a letter follows and words stand before it: "$HOME is set, then $PATH" is none,
    "the $n$th" is one."""
    ruler = parser.inline.ruler
    read = next(rule.fn for rule in ruler.__rules__ if rule.name == "math_inline")

    def rule(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not read(state, True):
            return False
        inside, after = state.src[start : state.pos], state.src[state.pos : state.pos + 1]
        state.pos = start
        if after.isalpha() and len(_PLAIN_WORD.findall(inside)) >= _MIN_WORDS:
            return False
        return bool(read(state, silent))

    ruler.at("math_inline", rule)


def _headings_and_places(state: StateCore) -> None:
    """Identifiers for headings, languages for code, the line each block came from; a heading's words in square
    brackets are a link to it, and a labelled example's label its number."""
    used: dict[str, int] = {}
    examples: dict[str, int] = state.env.get("examples", {})
    references: dict[str, Any] = state.env.setdefault("references", {})
    for index, token in enumerate(state.tokens):
        if token.map and token.nesting >= 0 and token.type != "inline":
            token.attrSet("data-line", str(token.map[0] + 1))
        if token.type == "heading_open":
            _heading(token, state.tokens[index + 1], used)
            name = normalizeReference(state.tokens[index + 1].content)
            references.setdefault(name, {"href": f"#{token.attrGet('id')}", "title": ""})
        elif token.type == "fence":
            token.info = _code_language(token.info)
        elif token.type == "inline" and examples and "@" in token.content:
            token.content = _EXAMPLE.sub(lambda m: str(examples.get(m.group(1), m.group())), token.content)


def _heading(opening: Token, inline: Token, used: dict[str, int]) -> None:
    match = _HEADING_ATTRIBUTES.search(inline.content[-320:])
    identifier = ""
    if match and re.match(r"[#.\w-]", match.group(1)):
        inline.content = inline.content[: len(inline.content) - len(match.group())]
        identifier = next((word[1:] for word in match.group(1).split() if word.startswith("#")), "")
    if not identifier:
        slug = re.sub(r"\s+", "-", _SLUG_DROP.sub("", inline.content.lower()).strip()) or "section"
        used[slug] = used.get(slug, -1) + 1
        identifier = f"{slug}-{used[slug]}" if used[slug] else slug
    opening.attrSet("id", identifier[:200])


def _code_language(info: str) -> str:
    """The language of a fence, written "python", "{.python .numberLines}" or "rust,ignore"."""
    words = re.findall(r"[\w+#-]+", info.split("=", maxsplit=1)[0] if info.lstrip().startswith("{") else info)
    return words[0][:30] if words else ""


def _render_division(renderer: Any, tokens: list[Token], index: int, options: Any, environment: Any) -> str:
    token = tokens[index]
    if token.nesting < 0:
        return "</div>\n"
    named = " ".join(re.findall(r"\.([\w-]+)", token.info)) or " ".join(re.findall(r"^\s*([\w-]+)\s*$", token.info))
    identifier = re.search(r"#([\w:.-]{1,200})", token.info)
    place = f' id="{escapeHtml(identifier.group(1))}"' if identifier else ""
    return f'<div class="{escapeHtml(named[:200])}"{place}>\n'


def _formulas(draft: Draft) -> Callable[[str, dict[str, Any]], str]:
    """Return a function that gives MathML for TeX. What cannot be read stays as it was written, with a finding."""

    def formula(content: str, options: dict[str, Any]) -> str:
        is_display = bool(options.get("display_mode"))
        mathml = _mathml(content, "block" if is_display else "inline")
        if mathml:
            return mathml
        sign = "$$" if is_display else "$"
        draft.count("source.formula-unread", Severity.PROBLEM, content)
        return f"<code>{escapeHtml(sign + content + sign)}</code>"

    return formula


def _mathml(content: str, display: str) -> str:
    """Return "" for TeX that the converter does not know: it raises anything, or takes a command for a letter."""
    if len(content) > MAX_FORMULA_CHARS:
        return ""
    try:
        mathml = str(latex.convert(content, display=display))
    except Exception:
        return ""
    return "" if _COMMAND.search(mathml) else mathml
