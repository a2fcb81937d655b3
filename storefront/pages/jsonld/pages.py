"""Structured data (JSON-LD) of the front page, authors and series."""

from __future__ import annotations

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from storefront.catalogue.selectors.authors import AuthorPage
from storefront.catalogue.views.jsonld.words import absolute, breadcrumbs, item_list, organization, paths_of, script
from storefront.pages.selectors.series import SeriesPage


def front_jsonld() -> SafeString:
    """Return the site with its search, and the organization that runs it."""
    shop = organization()
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": absolute(reverse("search:results")) + "?q={search_term_string}",
        },
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


def author_jsonld(page: AuthorPage) -> SafeString:
    """Return a person, their books, and the breadcrumbs."""
    author, path = page.author, reverse("pages:author", args=[page.author.public_id])
    person = {"@type": "Person", "@id": absolute(path), "url": absolute(path), "name": author.display_name}
    if author.bio:
        person["description"] = author.bio
    profile = {"@type": "ProfilePage", "mainEntity": person, "hasPart": item_list(paths_of(page.cards))}
    return script(profile, breadcrumbs([(_("Books"), reverse("catalogue:books")), (author.display_name, path)]))


def series_jsonld(page: SeriesPage) -> SafeString:
    """Return a series with its books in order."""
    path = reverse("pages:series", args=[page.series.slug])
    parts = [{"@type": "Book", "@id": absolute(one), "url": absolute(one)} for one in paths_of(page.cards)]
    books = {
        "@type": "BookSeries",
        "@id": absolute(path),
        "url": absolute(path),
        "name": page.series.title,
        "hasPart": parts,
    }
    return script(books, breadcrumbs([(_("Books"), reverse("catalogue:books")), (page.series.title, path)]))
