"""Django's `extends`, which finds a layout that is named in words, and the layout's blocks, once."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import loader_tags as original
from django.template.base import Parser, Template, TextNode, Token
from django.utils.safestring import SafeString

register = template.Library()


class KeptExtends(original.ExtendsNode):
    """An `extends` node whose layout's name stands in the template.

    Django asks its loaders for the layout in each rendering, and walks through all of it to find the blocks.
    """

    def __init__(self, node: original.ExtendsNode, name: str) -> None:
        self.__dict__.update(node.__dict__)
        self._name = name
        self._layout: Any = None
        self._roots: dict[str, Any] = {}  # the layout's own blocks, where it extends no other

    def render(self, context: Any) -> SafeString:
        if self._layout is None:
            self._layout = self._found(context)
        blocks = context.render_context.get(original.BLOCK_CONTEXT_KEY)
        if blocks is None:
            blocks = context.render_context[original.BLOCK_CONTEXT_KEY] = original.BlockContext()
        blocks.add_blocks(self.blocks)
        blocks.add_blocks(self._roots)
        with context.render_context.push_state(self._layout, isolated_context=False):
            return SafeString(self._layout._render(context))

    def _found(self, context: Any) -> Template:
        layout: Template = context.template.engine.get_template(self._name)
        first = next((node for node in layout.nodelist if not isinstance(node, TextNode)), None)
        if not isinstance(first, original.ExtendsNode):
            blocks: list[Any] = list(layout.nodelist.get_nodes_by_type(original.BlockNode))
            self._roots = {node.name: node for node in blocks}
        return layout


@register.tag("extends")
def extends(parser: Parser, token: Token) -> original.ExtendsNode:
    """{% extends "layouts/shop.html" %}, as Django has it, but that a template cannot extend one of its own name."""
    node: Any = original.do_extends(parser, token)
    name = node.parent_name.var
    is_fixed = isinstance(name, str) and not node.parent_name.filters
    is_its_own = parser.origin is not None and parser.origin.template_name == name
    return KeptExtends(node, name) if is_fixed and not is_its_own else node
