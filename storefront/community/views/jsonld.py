"""Structured data of shelves."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storefront.catalogue.views.jsonld.words import breadcrumbs, item_list, script
from storefront.community.selectors.shelves import ShelfPage


def shelf_jsonld(page: ShelfPage) -> SafeString:
    """What stands on a reader's shelf, and the way there."""
    shelf, path = page.shelf, page.shelf.get_absolute_url()
    books = {**item_list([one.listing.get_absolute_url() for one in page.books]), "name": shelf.title}
    if shelf.description:
        books["description"] = shelf.description
    return script(books, breadcrumbs([(_("Readers’ shelves"), reverse("community:shelves")), (shelf.title, path)]))
