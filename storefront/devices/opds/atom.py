"""OPDS 1.2: feeds as Atom (https://specs.opds.io/opds-1.2), and the OpenSearch description."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from common.text_cleaning import for_xml
from storefront.devices.opds.feed import Door, Facet, Feed, Kind, Link, Publication, Rel

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/terms/"
_OPDS = "http://opds-spec.org/2010/catalog"
_THR = "http://purl.org/syndication/thread/1.0"
_OPEN_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NAMESPACES = {None: _ATOM, "dc": _DC, "opds": _OPDS, "thr": _THR, "opensearch": _OPEN_SEARCH}
_THEMA = "https://www.editeur.org/151/Thema/"
DESCRIPTION = "application/opensearchdescription+xml"
TEMPLATE = "application/atom+xml"


def media_type(kind: Kind) -> str:
    """Return the type of such a feed."""
    return f"application/atom+xml;profile=opds-catalog;kind={kind}"


def written(feed: Feed, *, author: str, language: str) -> bytes:
    """Return the feed as XML. `author` is the shop's name, `language` that of its words."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)  # type: ignore[arg-type]  # None is the default one
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _add(_add(root, "author"), "name", author)
    _add_links(root, feed)
    if feed.total is not None:
        etree.SubElement(root, f"{{{_OPEN_SEARCH}}}totalResults").text = str(feed.total)
        etree.SubElement(root, f"{{{_OPEN_SEARCH}}}itemsPerPage").text = str(feed.page_size)
    for group in feed.facets:
        for facet in group.facets:
            _add_facet(root, group.title, facet)
    for door in feed.doors:
        _add_door(root, door, feed.updated)
    for publication in feed.publications:
        _add_publication(root, publication)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def search_description(*, name: str, about: str, templates: dict[str, str]) -> bytes:
    """Return the OpenSearch description: the address of a search by the type of its answer."""
    root = etree.Element(f"{{{_OPEN_SEARCH}}}OpenSearchDescription", nsmap={None: _OPEN_SEARCH})  # type: ignore[dict-item]
    for tag, text in {"ShortName": name[:16], "Description": about, "InputEncoding": "UTF-8"}.items():
        etree.SubElement(root, f"{{{_OPEN_SEARCH}}}{tag}").text = for_xml(text)
    for kind, template in templates.items():
        etree.SubElement(root, f"{{{_OPEN_SEARCH}}}Url", type=kind, template=template)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _add_links(root: etree._Element, feed: Feed) -> None:
    ways = feed.ways
    _add_link(root, "self", feed.href, media_type(feed.kind))
    _add_link(root, "start", ways.start, media_type(Kind.NAVIGATION))
    _add_link(root, Rel.SHELF, ways.shelf, media_type(Kind.ACQUISITION))
    _add_link(root, "search", ways.description, DESCRIPTION)
    if feed.next_href:
        _add_link(root, "next", feed.next_href, media_type(feed.kind))


def _add_facet(root: etree._Element, group: str, facet: Facet) -> None:
    link = _add_link(root, Rel.FACET, facet.href, media_type(Kind.ACQUISITION), title=facet.title)
    link.set(f"{{{_OPDS}}}facetGroup", for_xml(group))
    if facet.count is not None:
        link.set(f"{{{_THR}}}count", str(facet.count))
    if facet.is_active:
        link.set(f"{{{_OPDS}}}activeFacet", "true")


def _add_door(root: etree._Element, door: Door, updated: datetime) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", door.title)
    _add(entry, "id", door.id)
    _add(entry, "updated", _moment(updated))
    _add(entry, "content", door.note or door.title).set("type", "text")
    link = _add_link(entry, door.rel, door.href, media_type(door.kind))
    if door.count is not None:
        link.set(f"{{{_THR}}}count", str(door.count))


def _add_publication(root: etree._Element, publication: Publication) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", publication.title)
    _add(entry, "id", publication.id)
    _add(entry, "updated", _moment(publication.updated))
    if publication.published is not None:
        _add(entry, "published", _moment(publication.published))
    for author in publication.authors:
        _add(_add(entry, "author"), "name", author)
    for tag, text in _dublin_core(publication):
        etree.SubElement(entry, f"{{{_DC}}}{tag}").text = for_xml(text)
    for subject in publication.subjects:
        category = _add(entry, "category")
        category.set("scheme", _THEMA)
        category.set("term", subject.code)
        category.set("label", for_xml(subject.label))
    if publication.description:
        _add(entry, "content", publication.description).set("type", "text")
    for link in (*publication.images, *publication.links):
        _add_way(entry, link)


def _dublin_core(publication: Publication) -> Iterator[tuple[str, str]]:
    found = {
        "language": publication.language,
        "publisher": publication.publisher,
        "identifier": publication.identifier,
    }
    return ((tag, text) for tag, text in found.items() if text)


def _add_way(entry: etree._Element, link: Link) -> None:
    element = _add_link(entry, link.rel, link.href, link.type, title=link.title)
    if link.size_bytes:
        element.set("length", str(link.size_bytes))
    if link.price is not None:
        price = etree.SubElement(element, f"{{{_OPDS}}}price", currencycode=link.price.currency)
        price.text = str(link.price.decimal)


def _add_link(parent: etree._Element, rel: str, href: str, kind: str, *, title: str = "") -> etree._Element:
    link = _add(parent, "link")
    for name, value in {"rel": str(rel), "href": href, "type": kind, "title": for_xml(title)}.items():
        if value:
            link.set(name, value)
    return link


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}")
    if text is not None:
        element.text = for_xml(text)
    return element


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()
