"""Slugs of works in the shop.

A slug follows the title until readers may know it. From then on it changes only when the owner chooses a new one, and
the old one redirects.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from text_unidecode import unidecode

from accounts import services as account_services
from accounts.models import User
from publishing import permissions, selectors
from publishing.errors import SlugInvalid, SlugTaken
from publishing.models import OldAddress, Work
from publishing.services import editions

MAX_SLUG_LENGTH = 80
_ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTEST = 2


@transaction.atomic
def set_address(*, actor: User, work: Work, slug: str, at: datetime) -> Work:
    """Set the work's slug. The previous slug redirects to it if readers may know it. Safe to repeat.

    Raises SlugInvalid, SlugTaken.
    """
    work = editions.lock_work(work)
    permissions.require_publish(actor, work)
    if not (_ADDRESS.fullmatch(slug) and _SHORTEST <= len(slug) <= MAX_SLUG_LENGTH):
        raise SlugInvalid(most=MAX_SLUG_LENGTH)
    if slug != work.slug:
        if _is_taken(slug, by_others_than=work):
            raise SlugTaken(slug=slug)
        _move(work, slug, at)
        account_services.record_audit(actor=actor, verb="work.moved", subject=work)
    if not work.has_own_address:
        work.has_own_address = True
        work.save(update_fields=["has_own_address"])
    editions.announce_change(work)
    return work


def follow_title(work: Work) -> None:
    """Update the slug before a work with a changed title is saved, unless it was chosen or is known to readers."""
    base = _base(work.title)
    if not base or work.has_own_address or selectors.is_address_known(work):
        return
    if not re.fullmatch(re.escape(base) + r"(-[0-9a-f]{6})?", work.slug):
        work.slug = free_slug(work.title)


def free_slug(text: str) -> str:
    """Return a slug for the title that no other work has or had."""
    base = _base(text) or "book"
    return f"{base}-{secrets.token_hex(3)}" if _is_taken(base) else base


def _base(text: str) -> str:
    """Turn a title into a slug: accents are removed, other scripts are transliterated to Latin letters."""
    latin = str(unidecode(slugify(text, allow_unicode=True)))
    return slugify(latin)[:MAX_SLUG_LENGTH].strip("-")


def _is_taken(slug: str, *, by_others_than: Work | None = None) -> bool:
    works, old = Work.objects.filter(slug=slug), OldAddress.objects.filter(slug=slug)
    if by_others_than is not None:
        works, old = works.exclude(pk=by_others_than.pk), old.exclude(work=by_others_than)
    return works.exists() or old.exists()


def _move(work: Work, slug: str, at: datetime) -> None:
    old = work.slug
    OldAddress.objects.filter(slug=slug, work=work).delete()
    if selectors.is_address_known(work):
        OldAddress.objects.create(slug=old, work=work, left_at=at)
    work.slug = slug
    work.save(update_fields=["slug"])
