"""Structured data (JSON-LD) of a book: the work, the edition on sale, its prices and its reviews."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.money import Money
from publishing.record import isbn, licences
from publishing.territories import Territory, TerritoryRule
from storefront.catalogue import accessibility
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import ListedPerson
from storefront.catalogue.selectors.cards import price_now
from storefront.catalogue.selectors.translations import OtherLanguage
from storefront.catalogue.views.jsonld.words import Node, absolute, breadcrumbs, script
from storefront.community.selectors.reviews import ReviewCard
from storefront.pages.selectors.book import BookPage

_ROLES = {"aut": "author", "edt": "editor", "trl": "translator", "ill": "illustrator"}
_MAX_REVIEWS = 3
_REVIEW_CHARACTERS = 500


def book_jsonld(page: BookPage) -> SafeString:
    """Return the page's data as the text of an `application/ld+json` element."""
    crumbs = [(_("Books"), reverse("catalogue:books"))]
    if page.subject_label:
        crumbs.append((str(page.subject_label), f"{crumbs[0][1]}?subject={page.listing.subject}"))
    crumbs.append((page.listing.title, page.listing.get_absolute_url()))
    return script(_book(page), breadcrumbs(crumbs))


def _book(page: BookPage) -> Node:
    listing, details = page.listing, page.listing.details
    here = absolute(listing.get_absolute_url())
    book: Node = {
        "@type": "Book",
        "@id": here,
        "url": here,
        "name": listing.title,
        "inLanguage": listing.language,
        "datePublished": _published(page),
        "workExample": _edition(page, here),
        **_translations(page),
    }
    told = {"description": listing.description, "alternativeHeadline": listing.subtitle}
    book |= {name: words for name, words in told.items() if words}
    if image := listing.jpeg_cover:
        book["image"] = absolute(f"/public/{image}")
    if page.subject_label:
        book["genre"] = str(page.subject_label)
    if details.keywords:
        book["keywords"] = ", ".join(details.keywords)
    if details.imprint:
        book["publisher"] = {"@type": "Organization", "name": details.imprint}
    for person in details.authors:
        book.setdefault(_ROLES.get(person.role, "contributor"), []).append(_person(person))
    if series := details.series:
        path = reverse("pages:series", args=[series.slug])
        book["isPartOf"] = {"@type": "BookSeries", "@id": absolute(path), "name": series.title}
        if listing.series_number:
            book["position"] = listing.series_number
    if listing.rating_count:
        book["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": listing.mean_stars,
            "ratingCount": listing.rating_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    # Reviews that the page folds are left out.
    if reviews := [_review(one) for one in page.reviews if not one.fold]:
        book["review"] = reviews[:_MAX_REVIEWS]
    if listing.prices and not page.barred_in and not page.is_delayed:
        offer = {"availability": f"https://schema.org/{_state(page)}", "url": here, **_regions(page.territory)}
        book["offers"] = [_price(listing, code) | offer for code in sorted(listing.prices)]
    return book


def _translations(page: BookPage) -> Node:
    """Return what the book is translated from, and its own translations; not the others of its original."""
    found: Node = {"translationOfWork": _in_language(page.original)} if page.original else {}
    own = [_in_language(one) for one in page.translations if one.is_translation]
    return found | ({"workTranslation": own} if own else {})


def _in_language(other: OtherLanguage) -> Node:
    there = absolute(reverse("pages:book", args=[other.slug]))
    return {"@type": "Book", "@id": there, "url": there, "name": other.title, "inLanguage": other.language}


def _published(page: BookPage) -> str:
    return (page.listing.release_date or page.listing.published_at.date()).isoformat()


def _edition(page: BookPage, here: str) -> Node:
    listing, details = page.listing, page.listing.details
    edition: Node = {
        "@type": "Book",
        "@id": f"{here}#edition",
        "name": listing.title,
        "bookFormat": "https://schema.org/EBook",
        "bookEdition": details.label,
        "inLanguage": listing.language,
        **accessibility.schema_org(details.accessibility, details.pictures),
    }
    if details.isbn:
        edition["isbn"] = isbn.compact(details.isbn)
    if address := licences.address(details.rights.licence):
        edition["license"] = address
    if page.fixed_pages:
        edition["numberOfPages"] = page.fixed_pages
    return edition


def _person(person: ListedPerson) -> Node:
    node: Node = {"@type": "Person", "name": person.name}
    if person.author:
        node["@id"] = node["url"] = absolute(reverse("pages:author", args=[person.author]))
    if person.biography:
        node["description"] = person.biography
    addresses = [f"https://orcid.org/{person.orcid}"] * bool(person.orcid)
    addresses += [f"https://isni.org/isni/{person.isni}"] * bool(person.isni)
    if addresses:
        node["sameAs"] = addresses
    return node


def _review(review: ReviewCard) -> Node:
    node: Node = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.writer},
        "datePublished": review.day.isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": 5, "worstRating": 1},
    }
    if review.title:
        node["name"] = review.title
    if review.body:
        node["reviewBody"] = review.body[:_REVIEW_CHARACTERS]
    return node


def _state(page: BookPage) -> str:
    return "PreOrder" if page.listing.release_date else "InStock"


def _price(listing: Listing, currency: str) -> Node:
    now = price_now(listing, currency, country=regions.current().country, at=clock.now())
    offer = {
        "@type": "Offer",
        "price": str(Money(now.minor, currency).decimal),
        "priceCurrency": currency,
    }
    if now.ends_at is not None:
        offer["priceValidUntil"] = now.ends_at.isoformat(timespec="seconds")
    return offer


def _regions(territory: Territory) -> Node:
    """Return where the offer applies, or where it does not; nothing if it applies everywhere."""
    if territory.is_world:
        return {}
    name = "eligibleRegion" if territory.rule == TerritoryRule.ONLY else "ineligibleRegion"
    return {name: [{"@type": "Country", "name": code} for code in territory.countries]}
