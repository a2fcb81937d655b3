"""Covers of own books for devices, whose catalogues take no WebP."""

from __future__ import annotations

import io

from PIL import Image

from accounts.models import User
from common import storage
from common.errors import NotFound
from storefront.own_books import permissions
from storefront.own_books.selectors import pages

_QUALITY = 85


def jpeg_cover(*, owner: User, work_id: str) -> bytes:
    """Return the small cover of a person's own book as JPEG. Raises NotFound."""
    artifact = pages.cover_of(permissions.require_own(owner, work_id))
    if artifact is None:
        raise NotFound
    out = io.BytesIO()
    with storage.private().open(artifact.file, "rb") as file, Image.open(file, formats=("WEBP",)) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
