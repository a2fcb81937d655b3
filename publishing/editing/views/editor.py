"""What the page of a chapter hands to the editor in the browser: its words and addresses, and pictures of the text."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import VisitorRequest
from common.errors import NotFound
from conversion import selectors as conversion_selectors
from conversion.errors import ChapterNotFound
from publishing import permissions
from publishing.editing.editor_words import editor_words
from publishing.models import Work
from publishing.views.files import NO_ACTION
from publishing.views.loading import load_edition

_PICTURE_TYPES = {"jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml"}
_ANY = "asset"  # stands for a picture's hash in an address


def editor_data(user: User, work: Work, chapter_id: str) -> dict[str, Any]:
    """Return what `static/js/editor` reads from the page."""
    return {
        "person": str(user.public_id),
        "work": str(work.public_id),
        "chapter": chapter_id,
        "language": work.language,
        "pictures": reverse("work-text-picture", args=[work.public_id, _ANY]).replace(f"/{_ANY}/", "/{asset}/"),
        "words": editor_words(),
    }


@never_cache
@require_GET
def picture(request: VisitorRequest, public_id: str, asset: str) -> HttpResponse:
    """Send a picture of the text, by its hash. Raises NotFound."""
    edition = load_edition(request, public_id, permissions.require_see)
    for ending, media_type in _PICTURE_TYPES.items():
        try:
            content = conversion_selectors.web_member(edition.job, f"assets/{asset}.{ending}")
        except ChapterNotFound:
            continue
        return HttpResponse(content, content_type=media_type, headers=NO_ACTION)
    raise NotFound
