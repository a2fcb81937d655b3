"""The only writers of users."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from accounts import hooks, regions
from accounts.models import Guest, User
from accounts.services.audit import record_audit
from common.ids import public_id


@transaction.atomic
def become_author(*, actor: User) -> User:
    """Let the person publish. Safe to repeat."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    if not user.is_author:
        user.is_author = True
        user.save(update_fields=["is_author"])
        record_audit(actor=user, verb="user.became_author", subject=user)
    return user


@transaction.atomic
def update_profile(*, actor: User, display_name: str, country: str, language: str, bio: str) -> User:
    """Change the person's profile."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    is_renamed = user.display_name != display_name
    user.display_name, user.country, user.language, user.bio = display_name, country, language, bio
    user.save(update_fields=["display_name", "country", "language", "bio"])
    if is_renamed:
        hooks.announce_renamed(user)
    return user


@transaction.atomic
def make_guest(*, email: str, at: datetime) -> User:
    """Create a passive account for someone who buys without one: no password, and no address that log-in would accept.

    Emails to them are in the language of the page they buy on. `email` is where emails go; an account with the same
    address is neither looked up nor changed.
    """
    name = public_id("usr")
    user = User(public_id=name, email=f"guest:{name}", is_guest=True, language=regions.current().language)
    user.set_unusable_password()
    user.save()
    Guest.objects.create(user=user, email=normal_email(email), made_at=at)
    return user


def change_guest_email(*, guest: User, email: str) -> None:
    """Change the guest's address, corrected by the visitor before buying anything.

    The guest is locked by the caller.
    """
    Guest.objects.filter(user=guest, claimed_at=None).update(email=normal_email(email))


def renew_guest_links(*, guest: User) -> None:
    """Make all links given out so far invalid. The guest is locked by the caller."""
    Guest.objects.filter(user=guest).update(link_version=models.F("link_version") + 1)


def close_guest(*, guest: User, claimed_by: User, at: datetime) -> None:
    """Close a guest that now belongs to an account. Both are locked by the caller."""
    User.objects.filter(pk=guest.pk).update(is_active=False)
    Guest.objects.filter(user=guest).update(claimed_by=claimed_by, claimed_at=at)


def normal_email(email: str) -> str:
    """Return the form in which guests' addresses are stored and compared."""
    return email.strip().lower()
