"""Opens, changes and ends the link to a person's wish list."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.errors import NotFound
from storefront.shelf.models import WishLink


def open_link(*, actor: User, at: datetime) -> WishLink:
    """Make the link, or return the one there is."""
    link, _is_new = WishLink.objects.get_or_create(user=actor, defaults={"secret": _new_secret(), "made_at": at})
    return link


@transaction.atomic
def renew_link(*, actor: User, at: datetime) -> WishLink:
    """Make another link; the one before leads nowhere from now on. Raises NotFound."""
    link = _locked(actor)
    link.secret, link.made_at = _new_secret(), at
    link.save(update_fields=["secret", "made_at"])
    return link


@transaction.atomic
def change_link(*, actor: User, name: str, shows_owned: bool) -> WishLink:
    """Change what the page says. Raises NotFound."""
    link = _locked(actor)
    link.name, link.shows_owned = name, shows_owned
    link.save(update_fields=["name", "shows_owned"])
    return link


def close_link(*, actor: User) -> None:
    """End the link."""
    WishLink.objects.filter(user=actor).delete()


def _new_secret() -> str:
    """Return a secret of 128 bits."""
    return secrets.token_urlsafe(16)


def _locked(actor: User) -> WishLink:
    link = WishLink.objects.select_for_update().filter(user=actor).first()
    if link is None:
        raise NotFound
    return link
