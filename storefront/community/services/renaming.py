"""A person is called something else: what the shop keeps of the name, and pages that show it, follow."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.catalogue.services.versions import raise_version
from storefront.community.models import Shelf
from storefront.community.services import shelves


@transaction.atomic
def person_renamed(user: User) -> None:
    """Let their shelves be found by the new name, and pages of books with their shelves, reviews and replies say it."""
    _name_shelves(user)
    told = Q(work__reviews__user=user) | Q(work__reviews__reply__author=user)
    of_reviews = set(Listing.objects.filter(told).values_list("work", flat=True))
    # All rows at once, by key: whoever else locks several does so in that order.
    rows = Listing.objects.filter(work__in=of_reviews).order_by("pk").values_list("pk")
    list(rows.select_for_update(no_key=True))
    listings.touch_reviews(*of_reviews)
    shown = user.contributions.filter(is_on_page=True)
    is_shown = Listing.objects.on_sale().filter(work__contributors__in=shown).exists()
    if is_shown or Shelf.objects.chosen().filter(owner=user).exists():
        raise_version()  # pages of books and the front page name keepers, and an author's feed is called by their name


def _name_shelves(user: User) -> None:
    rows = list(Shelf.objects.select_for_update().filter(owner=user).order_by("pk"))
    for shelf in rows:
        shelf.search_words = shelves.words_of(shelf.title, user)
    Shelf.objects.bulk_update(rows, ["search_words"])
