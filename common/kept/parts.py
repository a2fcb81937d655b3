"""Parts of templates that say the same on every page of a region."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.urls import get_script_prefix
from django.utils.translation import get_language

from common.recent import Recent

register = template.Library()

_MOST = 256  # regions, more than are asked for at a time


class KeptPart(Node):
    """Rendered once for each region, language and value of its names; of the page it sees nothing but those."""

    def __init__(self, nodelist: NodeList, names: list[str]) -> None:
        self.nodelist = nodelist
        self._names = names
        self._kept: Recent[tuple[Any, ...], str] = Recent(most=_MOST, size=lambda _part: 1)

    def render(self, context: template.Context) -> str:
        values = [context.get(name, "") for name in self._names]
        key = (get_language(), get_script_prefix(), context.autoescape, *values)
        kept = self._kept.get(key)
        if kept is None:
            kept = self.nodelist.render(context.new(dict(zip(self._names, values, strict=True))))
            self._kept.put(key, kept)
        return kept


@register.tag("kept")
def kept(parser: Parser, token: Token) -> Node:
    """{% kept SITE_NAME %}...{% endkept %}: markup made of nothing but the region, the language and these settings."""
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptPart(nodelist, token.split_contents()[1:])
