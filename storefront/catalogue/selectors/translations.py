"""A book in other languages: what it is translated from, and its translations that are on sale."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from storefront.catalogue.models import Listing


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The same work in another language. `is_original`: the book is translated from it."""

    slug: str
    title: str
    language: str
    is_original: bool
    is_translation: bool  # of the book itself, not of the original that both have


def in_other_languages(listing: Listing) -> list[OtherLanguage]:
    """Return the original, translations of the book and others of its original that are on sale, in one query.

    Books for adults are shown only beside such books.
    """
    work = listing.work_id
    related = (
        Q(work__translations=work)
        | Q(work__translation_of=work)
        | (Q(work__translation_of__translations=work) & ~Q(work=work))
    )
    rows = Listing.objects.on_sale().filter(related).order_by("language", "pk").distinct()
    if not listing.is_adult:
        rows = rows.filter(is_adult=False)
    found = rows.values_list("slug", "title", "language", "work__translation_of", "work_id", "work__translations")
    originals = {row[4] for row in found if row[5] == work}
    by_work = {
        key: OtherLanguage(slug, title, language, is_original=key in originals, is_translation=original == work)
        for slug, title, language, original, key, _translations in found
    }
    return list(by_work.values())
