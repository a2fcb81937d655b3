"""The Atom feed of a shelf, with each new book and the reason for it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import linebreaks

from accounts.page_cache import public_page
from common.feeds import Atom
from storefront.community.models import Shelf
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.selectors.shelves import ShelfPage, ShelvedBook


@method_decorator(public_page(), name="__call__")
class ShelfFeed(Feed):  # type: ignore[type-arg] # takes no parameters when it runs
    """A shelf's books, newest first."""

    feed_type = Atom

    def get_object(self, request: HttpRequest, slug: str) -> ShelfPage:
        page = shelf_selectors.shelf_page(slug)
        if page is None:
            raise Http404
        return page

    def title(self, obj: ShelfPage) -> str:
        return obj.shelf.title

    def subtitle(self, obj: ShelfPage) -> str:
        return obj.shelf.description

    def link(self, obj: ShelfPage) -> str:
        return settings.SITE_URL + obj.shelf.get_absolute_url()

    def feed_url(self, obj: ShelfPage) -> str:
        return settings.SITE_URL + reverse("community:shelf-feed", args=[obj.shelf.address])

    def author_name(self, obj: ShelfPage) -> str:
        return self._keeper(obj.shelf)

    def items(self, obj: ShelfPage) -> list[ShelvedBook]:
        return sorted(obj.books, key=lambda book: book.row.added_at, reverse=True)

    def item_title(self, item: ShelvedBook) -> str:
        return f"{item.listing.title}, {item.listing.byline}"

    def item_description(self, item: ShelvedBook) -> str:
        # Feed readers treat the summary as HTML.
        return linebreaks(item.row.reason, autoescape=True) if item.row.reason else ""

    def item_link(self, item: ShelvedBook) -> str:
        return settings.SITE_URL + item.listing.get_absolute_url()

    def item_guid(self, item: ShelvedBook) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: ShelvedBook) -> datetime:
        return item.row.added_at

    def item_updateddate(self, item: ShelvedBook) -> datetime:
        return item.row.added_at

    def _keeper(self, shelf: Shelf) -> str:
        return shelf.owner.display_name
