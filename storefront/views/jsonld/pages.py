"""The front page, lists, authors, series, bundles and shelves."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storefront.selectors.authors import AuthorPage
from storefront.selectors.book import SeriesPage
from storefront.selectors.bundles import BundleOffer
from storefront.selectors.cards import Card
from storefront.selectors.shelves import ShelfPage
from storefront.views.jsonld.words import Node, absolute, breadcrumbs, item_list, organization, script


def front_jsonld() -> SafeString:
    """The site with its search, and who runs it."""
    shop = organization()
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": absolute(reverse("search")) + "?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    site = {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#site",
        "name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "publisher": {"@id": shop["@id"]},
        "potentialAction": search,
    }
    return script(site, {**shop, "logo": absolute(static("social.jpg"))})


def catalogue_jsonld(cards: Iterable[Card], *, name: str, path: str) -> SafeString:
    """The books of one page of the list `name`, and the way there."""
    return script({**item_list(_paths(cards)), "name": name}, _way_to_list(name, path))


def _way_to_list(name: str, path: str) -> Node:
    crumbs = [(_("Books"), reverse("catalogue"))]
    return breadcrumbs(crumbs if path == crumbs[0][1] else [*crumbs, (name, path)])


def author_jsonld(page: AuthorPage) -> SafeString:
    """A person, what they made, and the way there."""
    author, path = page.author, reverse("author", args=[page.author.public_id])
    person = {"@type": "Person", "@id": absolute(path), "url": absolute(path), "name": author.display_name}
    if author.bio:
        person["description"] = author.bio
    profile = {"@type": "ProfilePage", "mainEntity": person, "hasPart": item_list(_paths(page.cards))}
    return script(profile, breadcrumbs([(_("Books"), reverse("catalogue")), (author.display_name, path)]))


def series_jsonld(page: SeriesPage) -> SafeString:
    """A series with its books in order."""
    path = reverse("series", args=[page.series.slug])
    parts = [{"@type": "Book", "@id": absolute(one), "url": absolute(one)} for one in _paths(page.cards)]
    books = {
        "@type": "BookSeries",
        "@id": absolute(path),
        "url": absolute(path),
        "name": page.series.title,
        "hasPart": parts,
    }
    return script(books, breadcrumbs([(_("Books"), reverse("catalogue")), (page.series.title, path)]))


def shelf_jsonld(page: ShelfPage) -> SafeString:
    """What stands on a reader's shelf, and the way there."""
    shelf, path = page.shelf, page.shelf.get_absolute_url()
    books = {**item_list([one.listing.get_absolute_url() for one in page.books]), "name": shelf.title}
    if shelf.description:
        books["description"] = shelf.description
    return script(books, breadcrumbs([(_("Readers’ shelves"), reverse("shelves")), (shelf.title, path)]))


def bundle_jsonld(offer: BundleOffer) -> SafeString:
    """Books sold together, and for how much."""
    bundle, here = offer.bundle, absolute(offer.bundle.get_absolute_url())
    parts = [absolute(reverse("book", args=[part.work.slug])) for part in offer.parts]
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
    return script(node, breadcrumbs([(_("Books"), reverse("catalogue")), (bundle.title, bundle.get_absolute_url())]))


def _paths(cards: Iterable[Card]) -> list[str]:
    return [reverse("book", args=[card.slug]) for card in cards]
