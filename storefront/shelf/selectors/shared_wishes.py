"""A wish list as those see it to whom its owner gave the link."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from common.errors import NotFound
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_from
from storefront.checkout import permissions
from storefront.library.models import Wish
from storefront.shelf.models import WishLink

_MAX = 200


@dataclass(frozen=True, slots=True)
class SharedWish:
    card: Card
    is_owned: bool  # only where the owner of the list lets it be said


@dataclass(frozen=True, slots=True)
class SharedWishes:
    name: str
    wishes: list[SharedWish]


def address_of(link: WishLink) -> str:
    """Return what the owner gives to others."""
    return settings.SITE_URL + reverse("library:shared-wishes", args=[link.secret])


def shared_wishes(secret: str) -> SharedWishes:
    """Return the list behind a link: books on sale, the newest wish first, without those for adults. Raises NotFound.

    Nothing of the owner is in it but the name that they chose for it.
    """
    link = WishLink.objects.select_related("user").filter(secret=secret, user__is_active=True).first()
    if link is None:
        raise NotFound
    wished = Wish.objects.filter(user=link.user_id, removed_at=None).order_by("-wished_at", "-pk")
    works = list(wished.values_list("work", flat=True)[:_MAX])
    rows = Listing.objects.on_sale().filter(work__in=works, is_adult=False).only("work", *CARD_FIELDS)
    listings = {row.work_id: row for row in rows}
    shown = [listings[pk] for pk in works if pk in listings]
    owned = permissions.works_bought_or_made(link.user, works) if link.shows_owned else set()
    cards = cards_from(shown)
    return SharedWishes(
        link.name,
        [SharedWish(card, row.work_id in owned) for card, row in zip(cards, shown, strict=True)],
    )
