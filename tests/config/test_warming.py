"""Pages asked for before workers are forked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connections

from config import warming
from config.page_cache import Application
from config.wsgi import application
from storefront.models import Cart
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db

_OF_REQUESTS = (request_started, request_finished)


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Notes that connections are closed. Neither that nor the end of a request may end the test's transaction."""
    found: list[bool] = []
    monkeypatch.setattr(connections, "close_all", lambda: found.append(True))
    for signal in _OF_REQUESTS:
        signal.disconnect(close_old_connections)
    yield found
    for signal in _OF_REQUESTS:
        signal.connect(close_old_connections)


def test_pages_of_every_kind_and_region_are_there() -> None:
    make_published_edition(title="The Harbour", slug="the-harbour")
    found = list(warming.addresses())
    assert {"/", "/books/", "/de-de/", "/cart/"} <= set(found)
    assert {path: status for path in found if (status := warming.ask(application, path)) != 200} == {}
    assert [path for path in found if path.endswith("/the-harbour/")]


@pytest.mark.parametrize("books", [0, 1])
def test_warming_leaves_no_connection_and_no_thread(
    books: int, closed: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(books):
        make_published_edition()
    threads = threading.active_count()
    with caplog.at_level(logging.WARNING):
        warming.warm(application)
    assert (closed, threading.active_count(), caplog.messages) == ([True], threads, [])


def test_books_go_through_a_cart_to_checkout(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published_edition(title="The Harbour")
    make_published_edition(title="The Oar")
    found: list[tuple[str, int]] = []

    def noted(application: Application, path: str, *args: Any, **more: Any) -> int:
        found.append((path, asked(application, path, *args, **more)))
        return found[-1][1]

    asked = warming.ask
    monkeypatch.setattr(warming, "ask", noted)
    warming.buy(application)
    assert found == [("/cart/add/", 302), ("/cart/", 200), ("/checkout/", 200)] * 2
    assert Cart.objects.get().lines.count() == 2


def test_nothing_stays_of_what_was_bought() -> None:
    make_published_edition()
    warming.warm(application)
    assert (Cart.objects.count(), Session.objects.count()) == (0, 0)


def test_a_database_that_does_not_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, closed: list[bool], caplog: pytest.LogCaptureFixture
) -> None:
    def silent() -> Iterator[str]:
        raise DatabaseError("connection refused")
        yield ""

    monkeypatch.setattr(warming, "addresses", silent)
    warming.warm(application)
    assert closed == [True]
    assert caplog.messages == [
        "No page is asked for before workers start, since the database does not answer: connection refused"
    ]


def test_a_page_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def failing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("500 Internal Server Error", [])
        return [b""]

    broken: Application = failing
    warming.warm(broken)
    assert "The first / was answered with 500." in caplog.messages
