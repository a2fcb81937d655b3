"""The blocks of an XHTML document: the flow, and the containers in it."""

from __future__ import annotations

import re
from typing import Any

from ...book import clean
from ...book.inlines import is_blank, trim
from ...book.model import (
    Align,
    AnyBlock,
    Aside,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    SceneBreak,
    Strong,
    Verse,
)
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly.numbers import whole
from ..assembly.sink import Sink
from ..assembly.spans import STRONG
from ..assembly.xhtml_names import BLOCKS, SILENT, XHTML, classes, local_name, types
from .flow import Flow
from .inline import Context, Line
from .pages import Page, Site
from .tables import read_table

_LIST_STYLES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_CODE_LANGUAGE = re.compile(r"(?:language-|lang-|brush:\s*)([\w+#-]{1,30})")
_PLAIN_CODE = frozenset({"sourcecode", "numberlines", "highlight", "code", "literate"})


class Walker(Flow):
    """Turns one page into blocks."""

    def __init__(self, site: Site, page: Page, own_language: str) -> None:
        super().__init__(site, page, own_language)
        self._handlers |= {
            "blockquote": self._quotation,
            "ul": self._list,
            "ol": self._list,
            "menu": self._list,
            "dir": self._list,
            "dl": self._definitions,
            "table": self._table,
            "figure": self._figure,
            "pre": self._code,
            "hr": self._rule,
            "aside": self._aside,
            "nav": self._nav,
            "summary": self._summary,
        }

    def _about(self, element: Element, context: Context) -> dict[str, Any]:
        """What every block has."""
        about = {"lang": context.lang, "direction": context.direction, "dress": context.dress}
        return {**about, "place": self._place(element)}

    def _quotation(self, element: Element, sink: Sink, context: Context) -> None:
        blocks = self._inside(element, context)
        for number, block in enumerate(blocks):
            if isinstance(block, Heading):
                blocks[number] = Paragraph([Strong(block.inlines)], place=block.place)
        if len(blocks) == 1 and isinstance(blocks[0], Verse):
            sink.add(blocks[0])
        elif blocks:
            sink.add(Quotation(blocks, **self._about(element, context)))

    def _aside(self, element: Element, sink: Sink, context: Context) -> None:
        blocks = self._inside(element, context)
        if blocks:
            sink.add(Aside(blocks, **self._about(element, context)))

    def _nav(self, element: Element, sink: Sink, context: Context) -> None:
        if types(element) & {"toc", "landmarks", "page-list"} or str(element.get("id", "")).lower() == "toc":
            self._site.draft.count("source.contents-dropped", Severity.INFO)
        else:
            self.flow(element, sink, context)

    def _list(self, element: Element, sink: Sink, context: Context) -> None:
        ordered = local_name(element) == "ol"
        style = _LIST_STYLES.get(str(element.get("type", "")), "decimal" if ordered else "")
        block = ListBlock(
            [],
            ordered,
            whole(element.get("start", "1"), 1, -9999),
            style if ordered else "",
            **self._about(element, context),
        )
        for child in element.iterchildren():
            name = local_name(child)
            if not name or name in SILENT or self._inliner.is_dropped(child, name):
                continue
            self._list_child(child, name, block, context)
        if block.items:
            sink.add(block)

    def _list_child(self, child: Element, name: str, block: ListBlock, context: Context) -> None:
        inner = Sink()
        checked = _checkbox(child) if name == "li" else None
        if name in ("ul", "ol") and block.items:  # a list directly inside a list belongs to the item before
            self._list(child, inner, context)
            block.items[-1].blocks += inner.finish()
            return
        line = Line()
        self._inliner.anchor(child, line)
        self._pending += line.spans.build()
        self.flow(child, inner, self._enter(child, name, context))
        blocks = inner.finish()
        if self._pending and blocks:
            inner.blocks = blocks
            self._attach(inner)
        if blocks or checked is not None:
            block.items.append(ListItem(blocks, checked))

    def _definitions(self, element: Element, sink: Sink, context: Context) -> None:
        block = DefinitionList([], **self._about(element, context))
        self._definition_children(element, block, context, 0)
        if block.items:
            sink.add(block)

    def _definition_children(self, element: Element, block: DefinitionList, context: Context, depth: int) -> None:
        for child in element.iterchildren():
            name = local_name(child)
            if not name or name in SILENT or self._inliner.is_dropped(child, name):
                continue
            if name == "dt":
                line = Line()
                self._inliner.anchor(child, line)
                self._inliner.children(child, line, context)
                term = [*self._pending, *trim(line.spans.build())]
                self._pending = []
                block.items.append(Definition(term, []))
            elif name == "div" and depth < 5:
                self._definition_children(child, block, context, depth + 1)
            else:
                blocks = self._inside(child, context)
                if not block.items:
                    block.items.append(Definition([], []))
                block.items[-1].blocks += blocks

    def _table(self, element: Element, sink: Sink, context: Context) -> None:
        def caption(child: Element) -> list[Inline]:
            line = Line()
            self._inliner.children(child, line, context)
            return trim(line.spans.build())

        def cell(child: Element) -> list[AnyBlock]:
            sink = Sink()
            self.flow(child, sink, self._enter(child, "td", context._replace(align=Align.AUTO)))
            return sink.finish()

        before, self._pending = self._pending, []
        block = read_table(element, cell, caption)
        if before:
            self._pending = [*before, *self._pending]
        if isinstance(block, list):
            self._site.draft.count("source.table-flattened", Severity.PROBLEM)
            for inner in block:
                sink.add(inner)
        elif block is not None:
            block.lang, block.direction, block.dress = context.lang, context.direction, context.dress
            block.place = self._place(element)
            if self._pending:
                sink.add(Paragraph(self._pending))
                self._pending = []
            sink.add(block)

    def _figure(self, element: Element, sink: Sink, context: Context) -> None:
        captions = self._captions(element, context)
        inner = Sink()
        for child in element.iterchildren():
            name = local_name(child)
            if name and name != "figcaption":
                wrapper = Line()
                if self._is_block(child, name):
                    self._block(child, name, inner, context)
                else:
                    self._inliner.element(child, wrapper, context)
                    self._flush(wrapper, inner, context, child)
        blocks = inner.finish()
        figures = [block for block in blocks if isinstance(block, Figure)]
        for figure in figures:
            figure.dress = context.dress
        if captions and figures and not is_blank(captions):
            figures[-1].caption = captions
            captions = []
        for block in blocks:
            sink.add(block)
        if captions and not is_blank(captions):
            sink.add(Paragraph(captions, role="caption", place=self._place(element)))

    def _captions(self, element: Element, context: Context) -> list[Inline]:
        captions: list[Inline] = []
        for child in element.iterchildren():
            if local_name(child) != "figcaption":
                continue
            if any(local_name(grand) in BLOCKS for grand in child.iterchildren()):
                for block in self._inside(child, context):
                    captions += block.inlines if isinstance(block, Paragraph) else []
            else:
                line = Line()
                self._inliner.children(child, line, context)
                captions += trim(line.spans.build())
        return captions

    def _code(self, element: Element, sink: Sink, context: Context) -> None:
        text = _code_text(element).strip("\n")
        named = f"{classes(element)} " + " ".join(classes(child) for child in element.iterchildren())
        match = _CODE_LANGUAGE.search(named)
        code_language = match.group(1) if match else ""
        if not code_language and "sourcecode" in named.lower():
            code_language = next((n for n in named.split() if n.lower() not in _PLAIN_CODE and n.isalnum()), "")
        sink.add(CodeBlock(clean.text(text), code_language, dress=context.dress, place=self._place(element)))

    def _rule(self, element: Element, sink: Sink, context: Context) -> None:
        if "footnotes-sep" not in classes(element):
            sink.add(SceneBreak(dress=context.dress, place=self._place(element)))

    def _summary(self, element: Element, sink: Sink, context: Context) -> None:
        self.flow(element, sink, context._replace(look=context.look._replace(flags=context.look.flags | STRONG)))


def _checkbox(item: Element) -> bool | None:
    """Whether the item of a task list is ticked; None for other items."""
    for child in item.iter():
        if local_name(child) == "input" and child.get("type") == "checkbox":
            return child.get("checked") is not None
        if child is not item and local_name(child) in ("ul", "ol"):
            return None
    return None


def _code_text(element: Element) -> str:
    """Text as it stands; line breaks are kept."""
    for child in element.iter("br", XHTML + "br"):
        child.tail = "\n" + (child.tail or "")
    return "".join(str(text) for text in element.itertext())
