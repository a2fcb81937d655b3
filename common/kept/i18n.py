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


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """{% translate "Books" %}, as Django has it."""
    node: Any = original.do_translate(parser, token)
    text = node.filter_expression.var
    is_fixed = isinstance(text, Variable) and text.lookups is None and not node.filter_expression.filters
    return KeptTranslation(node) if is_fixed and not node.asvar and node.message_context is None else node
