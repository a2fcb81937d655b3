"""Our public pages for machines: schema.org's words as JSON-LD."""

from storefront.views.jsonld.book import book_jsonld
from storefront.views.jsonld.pages import (
    author_jsonld,
    bundle_jsonld,
    catalogue_jsonld,
    front_jsonld,
    series_jsonld,
    shelf_jsonld,
)

__all__ = [
    "author_jsonld",
    "book_jsonld",
    "bundle_jsonld",
    "catalogue_jsonld",
    "front_jsonld",
    "series_jsonld",
    "shelf_jsonld",
]
