"""Django's tables of addresses, made once for all languages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, include, path
from django.urls.resolvers import RegexPattern
from django.utils import translation

from common.addresses import share_between_languages


def _table(resolver: Any, language: str) -> dict[Any, Any]:
    with translation.override(language):
        return dict(resolver.reverse_dict.lists())


def test_no_address_of_the_shop_depends_on_the_language() -> None:
    """Which is why they may be shared."""
    assert _table(get_resolver(), "en") == _table(get_resolver(), "de")


def test_tables_are_made_once() -> None:
    below = [path("<slug:slug>/", lambda _request: HttpResponse(), name="book")]
    resolver: Any = URLResolver(RegexPattern(r"^/"), [path("books/", include((below, "shop")))])
    share_between_languages(resolver)
    found = []
    for language in ("en", "de", "en-gb"):
        with translation.override(language):
            found.append((resolver.reverse_dict, resolver.app_dict, resolver.namespace_dict["shop"][1].reverse_dict))
    assert all(one is first for others in found[1:] for one, first in zip(others, found[0], strict=True))
    assert (found[0][1], "book" in found[0][2]) == ({"shop": ["shop"]}, True)


def test_resolvers_not_shared_make_a_table_for_each_language() -> None:
    """What Django does by itself; when it stops, sharing can go."""
    resolver: Any = URLResolver(RegexPattern(r"^/"), [path("books/", lambda _request: HttpResponse(), name="list")])
    for language in ("en", "de"):
        _table(resolver, language)
    assert set(resolver._reverse_dict) == {"en", "de"}
