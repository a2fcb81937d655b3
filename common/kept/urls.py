"""Django's `url`, which remembers the addresses of a template in each region: whole, or with places for their words.

Only what is looked up is remembered. An address whose words are more than letters, digits, "-" and "_", or whose
pattern wants anything but a word, is Django's own each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.template import defaulttags as original
from django.template.base import FilterExpression, Node, Parser, Token
from django.urls import get_resolver, get_script_prefix, get_urlconf
from django.urls.converters import SlugConverter, StringConverter

register = template.Library()

_WORD = re.compile(r"[-a-zA-Z0-9_]+")
_STAND_IN = "stand-in-of-place-{}"  # a word of its own, which no pattern of ours holds

type _Shape = Sequence[str]  # what stands before, between and behind the words


class KeptURL(Node):
    """A `url` node of a name that stands in the template, with words by place or without any."""

    child_nodelists = ()

    def __init__(self, node: original.URLNode) -> None:
        self._node = node
        self._args: Sequence[FilterExpression] = node.args
        self._shapes: dict[tuple[str | None, bool], _Shape | None] = {}

    def render(self, context: template.Context) -> str:
        words = [arg.resolve(context) for arg in self._args]
        if not all(isinstance(word, str) and _WORD.fullmatch(word) for word in words):
            return self._node.render(context)
        key = get_urlconf(), context.autoescape
        if key not in self._shapes:
            self._shapes[key] = self._shape(context)
        shape = self._shapes[key]
        if shape is None:
            return self._node.render(context)
        address = (
            get_script_prefix()
            + shape[0]
            + "".join([f"{word}{text}" for word, text in zip(words, shape[1:], strict=True)])
        )
        if self._node.asvar:
            context[self._node.asvar] = address
            return ""
        return address

    def _shape(self, context: template.Context) -> _Shape | None:
        """What follows the script prefix, of which each region has its own, by asking Django once with stand-ins; None
        where the pattern might refuse or change other words."""
        name = self._node.view_name.resolve(context)
        stand_ins = [_STAND_IN.format(place) for place in range(len(self._args))]
        if not _takes_words(name, len(stand_ins)):
            return None
        node: Any = original.URLNode(
            self._node.view_name, [FilterExpression(f'"{one}"', _NO_FILTERS) for one in stand_ins], {}, None
        )
        address, prefix, shape = node.render(context), get_script_prefix(), list[str]()
        if not address.startswith(prefix):
            return None
        rest = address.removeprefix(prefix)
        for one in stand_ins:
            before, _, rest = rest.partition(one)
            shape.append(before)
        return [*shape, rest]


_NO_FILTERS = Parser([])


def _takes_words(name: str, count: int) -> bool:
    """Whether there is one pattern of the name, and it takes so many words, each without a slash."""
    patterns = get_resolver(get_urlconf()).reverse_dict.getlist(name)
    if len(patterns) != 1:
        return False
    possibilities, _pattern, defaults, converters = patterns[0]
    if len(possibilities) != 1 or defaults:
        return False
    places = possibilities[0][1]
    return len(places) == count and all(
        type(converters.get(place)) in {SlugConverter, StringConverter} for place in places
    )


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """{% url "book" slug %}, as Django has it."""
    node: Any = original.url(parser, token)
    is_fixed = isinstance(node.view_name.var, str) and not node.view_name.filters
    return KeptURL(node) if is_fixed and not node.kwargs else node
