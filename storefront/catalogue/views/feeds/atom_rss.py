"""Atom and RSS feeds of new books: in the whole shop, on a subject, in a language, by a person, in a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.feeds import Atom, Rss
from publishing import thema
from publishing.languages import language_name
from publishing.models import Series
from storefront.catalogue import facets
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors import authors as author_selectors
from storefront.catalogue.selectors import feeds
from storefront.catalogue.selectors import shop_state as catalogue_selectors
from storefront.catalogue.tag_uris import tag_uri
from storefront.catalogue.views import versions

_MEDIA = {"xmlns:media": "http://search.yahoo.com/mrss/"}


class AtomWithCovers(Atom):
    """Atom with covers in Media RSS."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), **_MEDIA}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        _add_cover(handler, item)


class RssWithCovers(Rss):
    """RSS 2.0 with covers in Media RSS."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **_MEDIA}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        _add_cover(handler, item)


def _add_cover(handler: Any, item: dict[str, Any]) -> None:
    if item["cover"]:
        handler.addQuickElement("media:thumbnail", None, {"url": item["cover"]})


@dataclass(frozen=True, slots=True)
class Shown:
    """A feed's title, the page it belongs to, and its books, newest first."""

    title: str
    page: str
    books: Sequence[Listing]

    TYPES: ClassVar[dict[str, type[AtomWithCovers | RssWithCovers]]] = {"atom": AtomWithCovers, "rss": RssWithCovers}


@require_safe
@public_page(etag=versions.of_listings)
def newest(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the new books of the whole shop."""
    return _response(request, kind, Shown(_("New books"), reverse("catalogue:books"), feeds.newest()))


@require_safe
@public_page(etag=versions.of_listings)
def subject(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Return the new books of a subject or a section."""
    if code not in thema.SUBJECTS and code not in thema.SECTIONS:
        raise Http404
    title = _("New books: %(what)s") % {"what": thema.label(code)}
    page = f"{reverse('catalogue:books')}?subject={code}"
    return _response(request, kind, Shown(title, page, feeds.newest(subject=code)))


@require_safe
@public_page(etag=versions.of_listings)
def language(request: HttpRequest, tag: str, kind: str) -> HttpResponse:
    """Return the new books in a language in which the shop has books."""
    if not any(facets.is_in(one, tag) for one in catalogue_selectors.listed_state().languages):
        raise Http404
    title = _("New books: %(what)s") % {"what": language_name(tag)}
    page = f"{reverse('catalogue:books')}?language={tag}"
    return _response(request, kind, Shown(title, page, feeds.newest(language=tag)))


@require_safe
@public_page(etag=versions.of_listings)
def author(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Return the new books of a person with an author page; readers have none."""
    person = author_selectors.author_with_books(public_id)
    if person is None:
        raise Http404
    books = feeds.newest_by(public_id)
    title = _("New books by %(name)s") % {"name": person.display_name}
    return _response(request, kind, Shown(title, reverse("pages:author", args=[public_id]), books))


@require_safe
@public_page(etag=versions.of_listings)
def series(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Return the new books of a series with a page."""
    found = Series.objects.filter(slug=slug).first()
    if found is None or not Listing.objects.on_sale().filter(series=found).exists():
        raise Http404
    books = feeds.newest_of_series(found)
    return _response(request, kind, Shown(found.title, reverse("pages:series", args=[slug]), books))


# ---------------------------------------------------------------- writing


def _response(request: HttpRequest, kind: str, shown: Shown) -> HttpResponse:
    if kind not in Shown.TYPES:
        raise Http404
    page = settings.SITE_URL + shown.page
    feed = Shown.TYPES[kind](
        title=f"{shown.title} · {settings.SITE_NAME}",
        link=page,
        description=_("The latest books on sale."),
        language=get_language(),
        feed_url=settings.SITE_URL + request.path,
        feed_guid=page,
    )
    for book in shown.books:
        address = settings.SITE_URL + reverse("pages:book", args=[book.slug])
        cover = f"{settings.SITE_URL}/public/{book.jpeg_cover}" if book.jpeg_cover else ""
        feed.add_item(
            title=book.title,
            link=address,
            description=_description(book, cover),
            author_name=book.byline or None,
            pubdate=book.published_at,
            updateddate=book.changed_at,
            unique_id=tag_uri(book.work.public_id),
            unique_id_is_permalink=False,
            categories=[str(thema.label(book.subject))] if book.subject else [],
            cover=cover,
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _description(book: Listing, cover: str) -> str:
    picture = format_html('<p><img src="{}" alt="{}"></p>', cover, _("Cover of %(title)s") % {"title": book.title})
    return (picture if cover else "") + linebreaks(book.description, autoescape=True)
