"""Subscribing and unsubscribing; a link in every email unsubscribes without a log-in (RFC 8058)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from common.errors import NotAllowed, NotFound
from storefront.newsletters import permissions, selectors
from storefront.newsletters.errors import OwnNewsletter
from storefront.newsletters.models import Newsletter, Subscription

_SIGNER = signing.Signer(salt="newsletters.stop")


@transaction.atomic
def subscribe(*, actor: User, author_id: str, at: datetime) -> Subscription:
    """Subscribe to the newsletter of the author (public id). Safe to repeat.

    Raises NotFound if there is none that is open, NotAllowed for guests, OwnNewsletter.
    """
    newsletter = selectors.open_newsletter(author_id)
    if newsletter is None:
        raise NotFound
    if not permissions.may_subscribe(actor):
        raise NotAllowed
    if newsletter.pk == actor.pk:
        raise OwnNewsletter
    defaults = {"subscribed_at": at}
    return Subscription.objects.get_or_create(newsletter=newsletter, reader=actor, defaults=defaults)[0]


def unsubscribe(*, reader: User, author_id: str) -> None:
    """Stop the newsletter of one author (public id). Safe to repeat."""
    Subscription.objects.filter(reader=reader, newsletter__author__public_id=author_id).delete()


def stop_link(*, reader: User, newsletter: Newsletter) -> str:
    """Return the URL that unsubscribes the reader from this newsletter. It does not expire."""
    token = _SIGNER.sign(f"{reader.public_id}.{newsletter.author.public_id}")
    return settings.SITE_URL + reverse("newsletters:stop-link", args=[token])


def parse_token(token: str) -> tuple[User, User]:
    """Return the reader and the author of a link that unsubscribes. Raises NotFound for a forged link."""
    try:
        reader_id, _dot, author_id = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    people = {one.public_id: one for one in User.objects.filter(public_id__in=[reader_id, author_id])}
    if reader_id not in people or author_id not in people:
        raise NotFound
    return people[reader_id], people[author_id]
