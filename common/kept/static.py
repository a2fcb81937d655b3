"""Django's `static`, which remembers the address of a file named in the template."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token
from django.templatetags import static as original

register = template.Library()
register.tags = dict(original.register.tags)
register.filters = dict(original.register.filters)


class KeptAddress(Node):
    """A `static` node of a name that stands in the template."""

    child_nodelists = ()

    def __init__(self, node: original.StaticNode) -> None:
        self._node = node
        self._kept: dict[bool, str] = {}

    def render(self, context: template.Context) -> str:
        if context.autoescape not in self._kept:
            self._kept[context.autoescape] = self._node.render(context)
        return self._kept[context.autoescape]


@register.tag("static")
def static(parser: Parser, token: Token) -> Node:
    """{% static "vendor/octavo.css" %}, as Django has it."""
    node: Any = original.do_static(parser, token)
    path: FilterExpression = node.path
    is_fixed = isinstance(path.var, str) and not path.filters
    return KeptAddress(node) if is_fixed and node.varname is None else node
