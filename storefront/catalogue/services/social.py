"""Pictures of links to books: wanted when a listing's cover or words change, drawn by a worker, never in a request.

`social_key` is a digest of what the picture is to show. A listing that has a key and no picture waits for one; the
sweeper finds those that a lost message left behind.
"""

from __future__ import annotations

import hashlib
import io

from django.conf import settings
from django.db import transaction

from common import jobs, storage
from conversion.engine.covers import social_image as drawing
from storefront.catalogue.models import Listing
from storefront.catalogue.services.versions import raise_version

_SWEPT_AT_ONCE = 20


def is_drawn(listing: Listing) -> bool:
    """Whether the listing has the picture it should have."""
    return bool(listing.social_image) and listing.social_key == _key(listing)


def want(listing: Listing) -> None:
    """Let the listing wait for its picture. It is still to be saved, and the picture to be asked for."""
    listing.social_key, listing.social_image = _key(listing), ""


def draw(*, listing_id: int) -> None:
    """Draw the picture that the listing waits for. Safe to repeat; does nothing when the listing changed meanwhile."""
    listing = Listing.objects.filter(pk=listing_id, social_image="").exclude(social_key="").first()
    if listing is None:
        return
    key = listing.social_key
    picture = drawing.book_picture(_cover(listing), title=listing.title, byline=listing.byline, shop=settings.SITE_NAME)
    sha256 = hashlib.sha256(picture).hexdigest()
    name = storage.keep(storage.public(), f"social/{sha256[:2]}/{sha256}.jpg", io.BytesIO(picture), sha256)
    with transaction.atomic():
        # A change since we read it has another key, and a job of its own.
        if Listing.objects.filter(pk=listing_id, social_key=key).update(social_image=name):
            raise_version()


def sweep() -> None:
    """Ask again for some of the pictures that are waited for."""
    waiting = Listing.objects.filter(social_image="").exclude(social_key="").order_by("pk")
    for pk in waiting.values_list("pk", flat=True)[:_SWEPT_AT_ONCE]:
        jobs.enqueue("catalogue.draw_social", listing_id=pk)


def _key(listing: Listing) -> str:
    parts = (str(drawing.DESIGN), settings.SITE_NAME, listing.jpeg_cover, listing.title, listing.byline)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _cover(listing: Listing) -> bytes | None:
    name = listing.jpeg_cover
    if not name:
        return None
    try:
        with storage.public().open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None
