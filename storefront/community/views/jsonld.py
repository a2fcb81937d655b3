"""Structured data (JSON-LD) of shelves."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storefront.catalogue.views.jsonld.words import breadcrumbs, item_list, script
from storefront.community.selectors.shelves import ShelfPage


def shelf_jsonld(page: ShelfPage) -> SafeString:
    """Return the books on a shelf and its breadcrumbs as JSON-LD."""
    shelf, path = page.shelf, page.shelf.get_absolute_url()
    books = {**item_list([one.listing.get_absolute_url() for one in page.books]), "name": shelf.title}
    if shelf.description:
        books["description"] = shelf.description
    return script(books, breadcrumbs([(_("Readers’ shelves"), reverse("community:shelves")), (shelf.title, path)]))
