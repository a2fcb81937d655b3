"""Tag URIs, by which feeds name books: they stay the same when a book's URL changes (RFC 4151)."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

_FOUNDED = 2026  # any year in which the shop had its host name


def tag_uri(name: str) -> str:
    """Return the tag URI of something of ours, such as a work (public id)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{_FOUNDED}:{name}"
