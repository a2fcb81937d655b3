"""Inspect a generated catalogue: the facts that the cases need, and the number of queries of each case.

    python -m bench.shop_probe FACTS.json            facts and queries of the shop that the environment names

Leaves behind a reader with three books in the cart and a long file to download.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import django

from bench.shop_cases import CASES
from bench.shop_measure import HOST

_SAMPLE = 40
_TITLES = 440  # more than one case requests
_LONG_FILE_BYTES = 24 * 1024 * 1024
_CONTROL = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK|SET )", re.IGNORECASE)


def main() -> None:
    django.setup()
    facts = _facts()
    facts["queries"] = _queries(facts)
    facts["searchable_ms"] = _searchable_ms()
    Path(sys.argv[1]).write_text(json.dumps(facts, indent=1))


def _facts() -> dict[str, Any]:
    from storefront.catalogue.models import Listing

    listings = Listing.objects.on_sale().filter(is_adult=False)
    count = listings.count()
    middle = listings.order_by("-published_at", "-id")[count // 3 : count // 3 + _SAMPLE]
    books = list(middle.values_list("slug", "details", "byline"))
    unasked = listings.order_by("-published_at", "-id")[count // 2 : count // 2 + _TITLES]
    reviewed = listings.order_by("-rating_count")[:_SAMPLE].values_list("slug", flat=True)
    authors = [byline.partition(",")[0] for _slug, _details, byline in books]
    return {
        "books": [slug for slug, _details, _byline in books],
        "titles": list(unasked.values_list("title", flat=True)),
        "reviewed": list(reviewed),
        "editions": [details.edition for _slug, details, _byline in books],
        "authors": authors,
        "typos": [f"{name[:-2]}{name[-1]}" for name in authors],
        "on_sale": count,
        "cursors": _cursors(listings, count),
        **_reader([details.edition for _slug, details, _byline in books[:3]]),
    }


def _cursors(listings: Any, count: int) -> dict[str, str]:
    """Return where deep pages begin, as cursors made by the shop's own pages."""
    from storefront.catalogue.selectors import browse, cursors

    def at(depth: int, column: str) -> str:
        value, key = listings.order_by(f"-{column}", "-id")[depth : depth + 1].values_list(column, "id").get()
        return cursors.text(cursors.microseconds(value) if column == "published_at" else value, key)

    last = max(count - browse.PAGE_SIZE - 1, 0)
    return {
        "page 400": at(min(399 * browse.PAGE_SIZE, last), "published_at"),
        "last": at(min(960_000, last), "published_at"),
        "last bestsellers": at(min(960_000, last), "sales_count"),
    }


def _reader(editions: list[str]) -> dict[str, str]:
    """Create a logged-in reader with three books in the cart, who bought one with a long file."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User
    from common import clock, storage
    from conversion.models import Artifact
    from publishing.models import Edition
    from storefront.checkout.cart.services import carts
    from storefront.checkout.models import Entitlement
    from storefront.library.services import downloads

    reader, _ = User.objects.get_or_create(
        email="bench@example.org", defaults={"display_name": "Bench", "country": "US", "password": "!"}
    )
    for edition_id in editions:
        carts.add_edition(actor=reader, cart_id="", edition_id=edition_id, currency="USD", at=clock.now())
    client = Client()
    client.force_login(reader)
    edition = Edition.objects.exclude(public_id__in=editions).order_by("pk").first()
    Entitlement.objects.get_or_create(
        user=reader, work=edition.work, defaults={"granted_at": clock.now(), "edition": edition}
    )
    path = Path(storage.private().path("bench/long.epub"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(_LONG_FILE_BYTES))
    artifact = edition.job.artifacts.get(kind="epub")
    Artifact.objects.filter(pk=artifact.pk).update(file="bench/long.epub", size_bytes=_LONG_FILE_BYTES)
    link = downloads.download_link(actor=reader, work_id=edition.work.public_id, artifact_id=artifact.public_id)
    name = settings.SESSION_COOKIE_NAME
    return {"session": f"{name}={client.cookies[name].value}", "download": link}


def _queries(facts: dict[str, Any]) -> dict[str, int]:
    """Count the database statements of each case."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    queries: dict[str, int] = {}
    client = Client(SERVER_NAME=HOST)  # one client for all, as one process serves them: its caches stay warm
    for case in CASES:
        asked = list(islice(case.requests(facts), 2))
        for number, request in enumerate([*asked, asked[-1]]):  # the first request warms the caches
            client.cookies.clear()
            if "Cookie" in request.headers:
                client.cookies.load(facts["session"])
            with CaptureQueriesContext(connection) as captured:
                kind = request.headers.get("Content-Type", "text/plain")
                client.generic(
                    request.method, request.path, request.body, kind, secure=True, headers=dict(request.headers)
                )
            if number:
                asked_of_it = [one for one in captured if not _CONTROL.match(one["sql"])]
                queries[case.name] = max(queries.get(case.name, 0), len(asked_of_it))
    return queries


def _searchable_ms() -> float:
    """Return the time from putting a withdrawn book on sale again until search finds it, with the commit in between."""
    from common import jobs
    from publishing import hooks
    from publishing.models import Edition
    from storefront.catalogue.models import Listing
    from storefront.catalogue.selectors.browse import Filters
    from storefront.search.selectors import search

    listing = Listing.objects.on_sale().filter(is_adult=False).order_by("id").first()
    edition = Edition.objects.get(pk=listing.edition_id)
    words = f"{listing.title} {listing.byline}"
    hooks.notify_withdrawn(edition)
    if any(card.slug == listing.slug for card in search.search(Filters(query=words)).cards):
        raise SystemExit("search shows a book that is off sale")
    began = time.perf_counter()
    with jobs.collect_messages():  # there is no broker here
        hooks.notify_listed(edition)
    if not any(card.slug == listing.slug for card in search.search(Filters(query=words)).cards):
        raise SystemExit("search does not find a book that is on sale")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
