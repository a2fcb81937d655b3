"""OPDS 2.0: feeds as JSON (https://specs.opds.io/opds-2.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.money import Money
from storefront.devices.opds import authentication
from storefront.devices.opds.feed import Door, Facet, FacetGroup, Feed, Link, Publication, Rel

TYPE = "application/opds+json"
_THEMA = "https://www.editeur.org/151/Thema/"


def written(feed: Feed, *, icon: str) -> bytes:
    """Return the feed as JSON. `icon` is the address of the shop's own picture, for books without a cover."""
    parts: dict[str, Any] = {"metadata": _metadata(feed), "links": _links(feed)}
    if feed.doors:
        parts["navigation"] = [_door(door, feed) for door in feed.doors]
    elif not feed.publications:  # a feed must have something, and some programs trip over an empty list
        parts["navigation"] = [{"title": feed.title, "href": feed.ways.start, "type": TYPE, "rel": "start"}]
    if feed.publications:
        parts["publications"] = [_publication(one, icon) for one in feed.publications]
    if feed.facets:
        parts["facets"] = [_group(group) for group in feed.facets]
    return json.dumps(parts, ensure_ascii=False).encode()


def _metadata(feed: Feed) -> dict[str, Any]:
    counted = {"numberOfItems": feed.total, "itemsPerPage": feed.page_size} if feed.total is not None else {}
    return {"title": feed.title, "identifier": feed.id, "modified": _moment(feed.updated), **counted}


def _links(feed: Feed) -> list[dict[str, Any]]:
    ways = feed.ways
    links: list[dict[str, Any]] = [
        {"rel": "self", "href": feed.href, "type": TYPE},
        {"rel": "start", "href": ways.start, "type": TYPE},
        {"rel": "search", "href": ways.search, "type": TYPE, "templated": True},
        {"rel": str(Rel.SHELF), "href": ways.shelf, "type": TYPE, "properties": _authenticated(feed)},
    ]
    return [*links, {"rel": "next", "href": feed.next_href, "type": TYPE}] if feed.next_href else links


def _door(door: Door, feed: Feed) -> dict[str, Any]:
    properties: dict[str, Any] = {} if door.count is None else {"numberOfItems": door.count}
    if door.href == feed.ways.shelf:
        properties |= _authenticated(feed)
    link = {"title": door.title, "href": door.href, "type": TYPE, "rel": str(door.rel)}
    return {**link, **({"properties": properties} if properties else {})}


def _authenticated(feed: Feed) -> dict[str, Any]:
    """Return the property that says that a link asks who is there (OPDS Authentication 1.0)."""
    return {"authenticate": {"href": feed.ways.authentication, "type": authentication.TYPE}}


def _group(group: FacetGroup) -> dict[str, Any]:
    return {"metadata": {"title": group.title}, "links": [_facet(facet) for facet in group.facets]}


def _facet(facet: Facet) -> dict[str, Any]:
    """Return the facet; programs mark one as active by "self", whose link leads to the list without it."""
    return {
        "title": facet.title,
        "href": facet.href,
        "type": TYPE,
        **({"rel": "self"} if facet.is_active else {}),
        **({} if facet.count is None else {"properties": {"numberOfItems": facet.count}}),
    }


def _publication(one: Publication, icon: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@type": "http://schema.org/Book",
        "identifier": one.identifier or one.id,
        "title": one.title,
        "author": [{"name": name} for name in one.authors],
        "language": one.language,
        "publisher": one.publisher,
        "modified": _moment(one.updated),
        "published": _moment(one.published) if one.published is not None else "",
        "description": one.description,
        "subject": [{"name": subject.label, "code": subject.code, "scheme": _THEMA} for subject in one.subjects],
    }
    images = [_way(link) for link in one.images] or [{"href": icon, "type": "image/png"}]
    return {"metadata": _known(facts), "links": [_way(link) for link in one.links], "images": images}


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _way(link: Link) -> dict[str, Any]:
    facts: dict[str, Any] = {"rel": str(link.rel), "href": link.href, "type": link.type, "title": link.title}
    if link.price is not None:
        facts["properties"] = {"price": {"currency": link.price.currency, "value": _number(link.price)}}
    if link.size_bytes:
        facts["size"] = link.size_bytes
    return _known(facts)


def _number(price: Money) -> Any:
    """Return the JSON number with the price's digits; nobody reckons with it."""
    return json.loads(str(price.decimal))


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()
