"""Updates stored and cached copies of a person's name when it changes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.catalogue.services.versions import bump_version
from storefront.community.models import Shelf
from storefront.community.services import shelves


@transaction.atomic
def person_renamed(user: User) -> None:
    """Index the person's shelves under the new name, and invalidate the pages of books that show it with their
    shelves, reviews and replies."""
    _name_shelves(user)
    told = Q(work__reviews__user=user) | Q(work__reviews__reply__author=user)
    of_reviews = set(Listing.objects.filter(told).values_list("work", flat=True))
    # Lock all rows at once, ordered by key, as everywhere else: this avoids deadlocks.
    rows = Listing.objects.filter(work__in=of_reviews).order_by("pk").values_list("pk")
    list(rows.select_for_update(no_key=True))
    listings.bump_reviews_version(*of_reviews)
    shown = user.contributions.filter(is_on_page=True)
    is_shown = Listing.objects.on_sale().filter(work__contributors__in=shown).exists()
    if is_shown or Shelf.objects.chosen().filter(owner=user).exists():
        bump_version()  # books' pages and the front page name shelf owners, an author's feed its author


def _name_shelves(user: User) -> None:
    rows = list(Shelf.objects.select_for_update().filter(owner=user).order_by("pk"))
    for shelf in rows:
        shelf.search_words = shelves.search_words(shelf.title, user)
    Shelf.objects.bulk_update(rows, ["search_words"])
