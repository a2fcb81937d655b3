"""Visitors of whom nothing is known get what the whole chain of middlewares answers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from config import public_handler
from config.public_handler import ByVisitor, PublicHandler
from tests.factories.publishing import make_published_edition

ROUTES = [
    "/",
    "/books/",
    "/books/?sort=rising&adult=1",
    "/books/?subject=FM&language=de",
    "/de-at/books/",
    "/xx-yy/books/",
    "/books/the-lamp/",
    "/de-de/books/the-lamp/",
    "/books/nothing/",
    "/search/",
    "/search/?q=lamp",
    "/en-us/search/?q=lmap",
    "/search/suggestions/?q=la",
    "/books/?after=%00",
]


def answered(application: Any, path: str, **more: Any) -> tuple[str, list[tuple[str, str]], bytes]:
    said: list[Any] = []
    environ = {**RequestFactory().get(path).environ, "wsgi.input": BytesIO(), **more}
    environ.pop("HTTP_COOKIE", None)
    body = application(environ, lambda status, headers, exc_info=None: said.append((status, headers)))
    text = b"".join(body)
    body.close()
    return said[-1][0], sorted(said[-1][1]), text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ROUTES)
def test_the_short_way_answers_as_the_long_one(path: str) -> None:
    make_published_edition(slug="the-lamp", title="The Lamp")
    long, short = (answered(handler, path) for handler in (WSGIHandler(), PublicHandler()))
    assert short == long
    assert not any(name.lower() == "set-cookie" for name, _ in short[1])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/books/", "/books/the-lamp/", "/search/?q=lamp"])
def test_unchanged_pages_are_not_sent_again(path: str) -> None:
    make_published_edition(slug="the-lamp", title="The Lamp")
    tag = dict(answered(PublicHandler(), path)[1]).get("ETag", "")
    long, short = (answered(handler, path, HTTP_IF_NONE_MATCH=tag) for handler in (WSGIHandler(), PublicHandler()))
    assert short == long
    assert short[0].startswith("304") is bool(tag)


def test_what_is_left_out_is_in_the_long_way() -> None:
    """A middleware that is called something else, or is gone, is to be looked at here, too."""
    assert set(settings.MIDDLEWARE) > public_handler._OF_PEOPLE


def test_the_settings_stay_as_they_are() -> None:
    before = list(settings.MIDDLEWARE)
    PublicHandler()
    assert before == settings.MIDDLEWARE


WAYS = [
    ("/", {}, "short"),
    ("/books/the-lamp/", {}, "short"),
    ("/de-at/search/suggestions/", {}, "short"),
    ("/books/", {"HTTP_COOKIE": "theme=dark"}, "long"),
    ("/books/", {"HTTP_AUTHORIZATION": "Basic eDp5"}, "long"),
    ("/books/", {"REQUEST_METHOD": "POST"}, "long"),
    ("/books/", {"REQUEST_METHOD": "HEAD"}, "long"),
    ("/books/the-lamp/review/", {}, "long"),
    ("/cart/", {}, "long"),
    ("/accounts/login/", {}, "long"),
    ("/books/\n", {}, "long"),
    ("/books", {}, "long"),
]


@pytest.mark.parametrize(("path", "more", "way"), WAYS)
def test_whoever_may_be_known_goes_the_long_way(path: str, more: dict[str, str], way: str) -> None:
    chosen = ByVisitor(lambda _environ, _start: [b"short"], lambda _environ, _start: [b"long"])
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, **more}
    assert chosen(environ, lambda *_: None) == [way.encode()]
