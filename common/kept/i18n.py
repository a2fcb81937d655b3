"""Django's `i18n`, whose `translate` remembers what a fixed text is in each language."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Node, Parser, Token, Variable
from django.templatetags import i18n as original
from django.utils.translation import get_language

register = template.Library()
register.tags = dict(original.register.tags)
register.filters = dict(original.register.filters)


class KeptTranslation(Node):
    """A `translate` node of a text that stands in the template, with nothing done to it."""

    child_nodelists = ()

    def __init__(self, node: original.TranslateNode) -> None:
        self._node = node
        self._kept: dict[tuple[str | None, bool], str] = {}

    def render(self, context: template.Context) -> str:
        key = get_language(), context.autoescape
        if key not in self._kept:
            self._kept[key] = self._node.render(context)
        return self._kept[key]


class KeptBlockTranslation(original.BlockTranslateNode):
    """A `blocktranslate` node, which puts its message together once for all renderings.

    Django does so each time, though only the values differ.
    """

    def __init__(self, node: original.BlockTranslateNode) -> None:
        self.__dict__.update(node.__dict__)
        self._messages: dict[int, tuple[str, list[str]]] = {}

    def render_token_list(self, tokens: list[Token]) -> tuple[str, list[str]]:
        key = id(tokens)  # of the singular or of the plural, which live as long as the node
        if key not in self._messages:
            self._messages[key] = super().render_token_list(tokens)
        message, names = self._messages[key]
        return message, list(names)  # Django adds those of the plural to them


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """{% translate "Books" %}, as Django has it."""
    node: Any = original.do_translate(parser, token)
    text = node.filter_expression.var
    is_fixed = isinstance(text, Variable) and text.lookups is None and not node.filter_expression.filters
    return KeptTranslation(node) if is_fixed and not node.asvar and node.message_context is None else node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def block_translate(parser: Parser, token: Token) -> Node:
    """{% blocktranslate %}, as Django has it."""
    return KeptBlockTranslation(original.do_block_translate(parser, token))
