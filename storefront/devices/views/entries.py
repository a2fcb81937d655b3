"""Books as entries of feeds: what they say, and the links to buy, to try and to download them."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from storefront.catalogue.tag_uris import tag_uri
from storefront.devices.opds.feed import JPEG, Link, Publication, Rel
from storefront.devices.selectors.details import Details, Offer
from storefront.devices.selectors.shelf import device_files
from storefront.devices.views.answers import address
from storefront.library.selectors.library import OwnedBook, OwnedFile
from storefront.library.services.downloads import suffix_of
from storefront.library.services.watermarks import MARKED_KINDS

_EPUB = "application/epub+zip"


def offered(offer: Offer) -> Publication:
    """Return the entry of a book on sale."""
    return _entry(offer.details, links=tuple(_ways_to_buy(offer)))


def owned(book: OwnedBook, details: Details | None, *, has_own_cover: bool) -> Publication:
    """Return the entry of a book in a library; without `details` if it was never listed. `has_own_cover`: the person
    brought it, with a cover."""
    links = tuple(_download(book, file) for file in device_files(book))
    if details is not None:
        return _entry(details, links=links)
    authors = (book.byline,) if book.byline else ()
    cover = address("opds-own-cover", book.work_id)
    images = tuple(Link(rel, cover, JPEG) for rel in (Rel.IMAGE, Rel.THUMBNAIL)) if has_own_cover else ()
    return Publication(tag_uri(book.work_id), book.title, authors, "", book.granted_at, links, images)


def buy_title(offer: Offer) -> str:
    """Return what the link to the shop's page says: programs show it as a button."""
    if not offer.price:
        return _("Choose your price") if offer.is_open else _("Free, in the shop")
    if offer.is_preorder:
        return _("Pre-order, %(price)s") % {"price": offer.price_text}
    return _("Buy, %(price)s") % {"price": offer.price_text}


def _ways_to_buy(offer: Offer) -> list[Link]:
    slug = offer.details.slug
    links = []
    if offer.price is not None:
        there = address("opds-buy", slug)
        links.append(Link(Rel.BUY, there, "text/html", title=buy_title(offer), price=offer.price))
    if offer.has_sample:
        links.append(Link(Rel.SAMPLE, address("opds-sample", slug), _EPUB, title=_("Sample")))
    return links


def _download(book: OwnedBook, file: OwnedFile) -> Link:
    there = address("opds-file", book.work_id, file.public_id, book.slug, suffix_of(file.kind))
    title = f"{file.name} {file.purpose}".strip()
    # A marked file is made when it is fetched, so its size is not known.
    is_marked = book.is_watermarked and file.kind in MARKED_KINDS
    return Link(Rel.ACQUISITION, there, file.media_type, title=title, size_bytes=0 if is_marked else file.size_bytes)


def _entry(details: Details, *, links: tuple[Link, ...]) -> Publication:
    pictures = [(Rel.IMAGE, details.cover), (Rel.THUMBNAIL, details.thumbnail)]
    return Publication(
        id=tag_uri(details.work_id),
        title=details.title,
        authors=details.authors,
        language=details.language,
        updated=details.changed_at,
        published=details.published_at,
        links=links,
        images=tuple(Link(rel, f"{settings.SITE_URL}/public/{name}", JPEG) for rel, name in pictures if name),
        description=details.description,
        subjects=details.subjects,
        publisher=details.publisher,
        identifier=details.identifier,
    )
