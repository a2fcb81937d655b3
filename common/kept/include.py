"""Django's `include`, which finds a template that is named in words once."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import loader_tags as original
from django.template.base import Parser, Template, Token
from django.utils.safestring import SafeString

register = template.Library()


class KeptInclude(original.IncludeNode):
    """An `include` node whose template's name stands in the template.

    Django asks its loaders for it in each rendering. A template that is loaded anew is compiled anew, this node too.
    """

    def __init__(self, node: original.IncludeNode) -> None:
        self.__dict__.update(node.__dict__)
        self._name: str = node.template.var
        self._found: Template | None = None

    def render(self, context: Any) -> SafeString:
        if self._found is None:
            self._found = context.template.engine.get_template(self._name)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.isolated_context:
            return self._found.render(context.new(values))
        with context.push(**values):
            return self._found.render(context)


@register.tag("include")
def include(parser: Parser, token: Token) -> original.IncludeNode:
    """{% include "storefront/_card.html" with book=one only %}, as Django has it."""
    node: Any = original.do_include(parser, token)
    is_fixed = isinstance(node.template.var, str) and not node.template.filters
    return KeptInclude(node) if is_fixed else node
