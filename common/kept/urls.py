"""Django's `url`, by `common.addresses` where it names a pattern and gives words by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import defaulttags as original
from django.template.base import FilterExpression, Node, Parser, Token

from common.addresses import remembered

register = template.Library()


class KeptURL(Node):
    """A `url` node of a name that stands in the template, with words by place or without any."""

    child_nodelists = ()

    def __init__(self, node: original.URLNode) -> None:
        self._node = node
        self._name: str = node.view_name.var
        self._args: Sequence[FilterExpression] = node.args

    def render(self, context: template.Context) -> str:
        found = remembered(self._name, tuple([arg.resolve(context) for arg in self._args]))
        if not found:
            return self._node.render(context)
        if self._node.asvar:
            context[self._node.asvar] = found
            return ""
        return found


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """{% url "book" slug %}, as Django has it."""
    node: Any = original.url(parser, token)
    is_fixed = isinstance(node.view_name.var, str) and not node.view_name.filters
    return KeptURL(node) if is_fixed and not node.kwargs else node
