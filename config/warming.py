"""The first pages of a web process, asked for before its workers are forked.

Code writes to what is loaded when it runs for the first times: bytecode is specialised, addresses, words and markup are
looked up and kept. What was written before the fork stays shared by all workers, and no visitor waits for it.
"""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, connections
from django.urls import reverse

from accounts import regions
from config.page_cache import Application, Environ
from storefront.models import Listing

logger = logging.getLogger(__name__)

_BOOKS = 2


def warm(application: Application) -> None:
    """Ask for the pages that most visitors see. Without a database that answers there is nothing to ask for.

    Leaves no connection open.
    """
    try:
        for path in addresses():
            status = ask(application, path)
            if status >= HTTPStatus.BAD_REQUEST:
                logger.warning("The first %s was answered with %s.", path, status)
    except DatabaseError as error:
        logger.warning("No page is asked for before workers start, since the database does not answer: %s", error)
    finally:
        connections.close_all()


def addresses() -> Iterator[str]:
    """Pages of every kind that people without a session see, and the busiest in the other featured regions."""
    bestsellers = Listing.objects.on_sale().filter(is_adult=False).order_by("-sales_count", "-id")
    books = [*bestsellers.values_list("slug", "title")[:_BOOKS]]
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


def ask(application: Application, path: str) -> int:
    """The status of the page, fetched as by a visitor of the shop's own host."""
    site, asked = urlsplit(settings.SITE_URL), urlsplit(path)
    environ: Environ = {
        **{"PATH_INFO": asked.path, "QUERY_STRING": asked.query, "HTTP_HOST": site.netloc},
        **{"wsgi.url_scheme": site.scheme, "HTTP_X_FORWARDED_PROTO": site.scheme},
        **{"HTTP_ACCEPT_ENCODING": "gzip", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr},
    }
    setup_testing_defaults(environ)
    answers: list[str] = []
    body: Any = application(environ, lambda status, headers, exc_info=None: answers.append(status))
    for _part in body:
        pass
    if hasattr(body, "close"):
        body.close()  # ends the request for Django
    return int(answers[-1].split()[0])
