"""Building blocks of structured data (JSON-LD)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from storefront.catalogue.selectors.cards import Card

type Node = dict[str, Any]

# The text of a script element ends at "</", so these characters are escaped.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(*nodes: Node) -> SafeString:
    """Return nodes as the text of one `application/ld+json` element."""
    graph: Node = {"@context": "https://schema.org", "@graph": list(nodes)}
    document = {"@context": "https://schema.org", **nodes[0]} if len(nodes) == 1 else graph
    return mark_safe(json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def breadcrumbs(crumbs: Iterable[tuple[str, str]]) -> Node:
    """Return breadcrumbs, from (name, path)."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(crumbs, start=1)
        ],
    }


def paths_of(cards: Iterable[Card]) -> list[str]:
    return [reverse("pages:book", args=[card.slug]) for card in cards]


def item_list(paths: Iterable[str]) -> Node:
    """Return a list of pages, by URL only."""
    rows = [{"@type": "ListItem", "position": place, "url": absolute(path)} for place, path in enumerate(paths, 1)]
    return {"@type": "ItemList", "numberOfItems": len(rows), "itemListElement": rows}


def organization() -> Node:
    """Return the shop as an organization."""
    address = f"{settings.SITE_URL}/"
    return {"@type": "Organization", "@id": f"{address}#shop", "name": settings.SITE_NAME, "url": address}
