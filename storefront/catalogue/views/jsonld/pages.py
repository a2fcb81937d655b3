"""Structured data (JSON-LD) of lists and bundles."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storefront.catalogue.selectors.bundles import BundleOffer
from storefront.catalogue.selectors.cards import Card
from storefront.catalogue.views.jsonld.words import Node, absolute, breadcrumbs, item_list, paths_of, script


def catalogue_jsonld(cards: Iterable[Card], *, name: str, path: str) -> SafeString:
    """Return the books on one page of the list `name`, and its breadcrumbs."""
    return script({**item_list(paths_of(cards)), "name": name}, _way_to_list(name, path))


def _way_to_list(name: str, path: str) -> Node:
    crumbs = [(_("Books"), reverse("catalogue:books"))]
    return breadcrumbs(crumbs if path == crumbs[0][1] else [*crumbs, (name, path)])


def bundle_jsonld(offer: BundleOffer) -> SafeString:
    """Return a bundle with its books and its price."""
    bundle, here = offer.bundle, absolute(offer.bundle.get_absolute_url())
    parts = [absolute(reverse("pages:book", args=[part.work.slug])) for part in offer.parts]
    node: Node = {
        "@type": ["Product", "Collection"],
        "@id": here,
        "url": here,
        "name": bundle.title,
        "hasPart": [{"@type": "Book", "@id": one, "url": one} for one in parts],
    }
    if bundle.description:
        node["description"] = bundle.description
    if offer.price is not None:
        price = {"price": str(offer.price.decimal), "priceCurrency": offer.price.currency}
        node["offers"] = {"@type": "Offer", "url": here, "availability": "https://schema.org/InStock", **price}
    return script(
        node, breadcrumbs([(_("Books"), reverse("catalogue:books")), (bundle.title, bundle.get_absolute_url())])
    )
