"""Social images of books: requested when a listing's cover or title changes, drawn by a worker and never by a request.

`social_key` is a digest of what the image is to show. A listing that has a key and no image waits for one; a periodic
task finds those whose message was lost.
"""

from __future__ import annotations

import hashlib
import io

from django.conf import settings
from django.db import transaction

from common import jobs, storage
from conversion.engine.covers import social_image as drawing
from storefront.catalogue.models import Listing
from storefront.catalogue.services.versions import bump_version

_SWEPT_AT_ONCE = 20


def is_drawn(listing: Listing) -> bool:
    """Return whether the listing has an up-to-date social image."""
    return bool(listing.social_image) and listing.social_key == _key(listing)


def request_image(listing: Listing) -> None:
    """Mark the listing as waiting for a social image. The caller saves it and queues the task."""
    listing.social_key, listing.social_image = _key(listing), ""


def draw(*, listing_id: int) -> None:
    """Draw the image that the listing waits for. Safe to repeat; does nothing if the listing has changed since."""
    listing = Listing.objects.filter(pk=listing_id, social_image="").exclude(social_key="").first()
    if listing is None:
        return
    key = listing.social_key
    picture = drawing.book_picture(_cover(listing), title=listing.title, byline=listing.byline, shop=settings.SITE_NAME)
    sha256 = hashlib.sha256(picture).hexdigest()
    name = storage.store(storage.public(), f"social/{sha256[:2]}/{sha256}.jpg", io.BytesIO(picture), sha256)
    with transaction.atomic():
        # If the listing changed since we read it, it has another key and a task of its own.
        if Listing.objects.filter(pk=listing_id, social_key=key).update(social_image=name):
            bump_version()


def requeue_missing() -> None:
    """Queue some of the images again that are still waited for."""
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
