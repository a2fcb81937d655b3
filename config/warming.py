"""The first pages of a web process, asked for before its workers are forked.

Code writes to what is loaded when it runs for the first times: bytecode is specialised, addresses, words and markup are
looked up and kept. What was written before the fork stays shared by all workers, and no visitor waits for it.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connections, transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import regions
from config.page_cache import Application, Environ, Headers
from storefront.models import Listing

logger = logging.getLogger(__name__)

_BOOKS = 2
_OF_REQUESTS = (request_started, request_finished)


def warm(application: Application) -> None:
    """Ask for the pages that most visitors see. Without a database that answers there is nothing to ask for.

    Leaves no connection open.
    """
    try:
        for path in addresses():
            _tell(path, ask(application, path))
        with _in_vain():
            buy(application)
    except DatabaseError as error:
        logger.warning("No page is asked for before workers start, since the database does not answer: %s", error)
    finally:
        connections.close_all()


def addresses() -> Iterator[str]:
    """Pages of every kind that people without a session see, and the busiest in the other featured regions."""
    books = [*_bestsellers().values_list("slug", "title")[:_BOOKS]]
    searches = [title for _, title in books] or ["a"]
    busiest = [("front", ""), ("catalogue", ""), ("search", f"?q={quote(searches[0])}")]
    others = [
        *(("search", f"?q={quote(title.split()[-1])}") for title in searches),
        ("catalogue", "?sort=bestselling&price=5"),
        ("search-suggestions", f"?q={quote(searches[0][:4])}"),
        *((name, "") for name in ("account-menu", "cart", "cart-badge", "account_login")),
    ]
    for region in [regions.default(), *regions.featured()]:
        with regions.active(region):
            wanted = busiest if region.country else [*busiest, *others]
            yield from [reverse(name) + query for name, query in wanted]
            yield from [reverse("book", args=[slug]) for slug, _ in books]


@contextmanager
def _in_vain() -> Iterator[None]:
    """One transaction for all requests of the block, rolled back. Django would end it with the first of them."""
    for signal in _OF_REQUESTS:
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for signal in _OF_REQUESTS:
            signal.connect(close_old_connections)


def buy(application: Application) -> None:
    """Put the bestsellers into a cart, one after another, and look at it and at checkout each time.

    For a transaction that is rolled back: nothing of it stays, and nothing is sent.
    """
    cookies = SimpleCookie()
    for details in _bestsellers().values_list("details", flat=True)[:_BOOKS]:
        form = urlencode({"edition": details["edition"]}).encode()
        sent: Environ = {
            **{"REQUEST_METHOD": "POST", "HTTP_SEC_FETCH_SITE": "same-origin", "wsgi.input": io.BytesIO(form)},
            **{"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(form))},
        }
        for name, more in [("cart-add", sent), ("cart", {}), ("checkout", {})]:
            told = "; ".join(f"{one.key}={one.coded_value}" for one in cookies.values())
            _tell(reverse(name), ask(application, reverse(name), cookies, HTTP_COOKIE=told, **more))


def ask(application: Application, path: str, cookies: SimpleCookie | None = None, **more: Any) -> int:
    """The status of the page, fetched as by a visitor of the shop's own host, who notes `cookies`."""
    site, asked = urlsplit(settings.SITE_URL), urlsplit(path)
    environ: Environ = {
        **{"PATH_INFO": asked.path, "QUERY_STRING": asked.query, "HTTP_HOST": site.netloc},
        **{"wsgi.url_scheme": site.scheme, "HTTP_X_FORWARDED_PROTO": site.scheme},
        **{"HTTP_ACCEPT_ENCODING": "gzip", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr},
    }
    environ |= more
    setup_testing_defaults(environ)
    answers: list[tuple[str, Headers]] = []
    body: Any = application(environ, lambda status, headers, exc_info=None: answers.append((status, headers)))
    for _part in body:
        pass
    if hasattr(body, "close"):
        body.close()  # ends the request for Django
    status, headers = answers[-1]
    for name, value in headers:
        if cookies is not None and name.lower() == "set-cookie":
            cookies.load(value)
    return int(status.split()[0])


def _tell(path: str, status: int) -> None:
    if status >= HTTPStatus.BAD_REQUEST:
        logger.warning("The first %s was answered with %s.", path, status)


def _bestsellers() -> QuerySet[Listing]:
    return Listing.objects.on_sale().filter(is_adult=False).order_by("-sales_count", "-id")
