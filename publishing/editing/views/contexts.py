"""What every page of a text shows: the work's head, the tabs of the proof, and how the text stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from publishing import permissions
from publishing import selectors as publishing_selectors
from publishing.editing import selectors
from publishing.editing.services import builds
from publishing.models import Edition, EditionState
from publishing.views.loading import load_edition
from publishing.views.steps import proof_context


def load_text_page(request: VisitorRequest | PersonRequest, public_id: str) -> Edition:
    """Return the edition whose text is shown; a base that a job left meanwhile is adopted. Raises NotFound."""
    edition = load_edition(request, public_id, permissions.require_work_on_text)
    builds.adopt_newest(edition.work, at=clock.now())
    return edition


def text_context(request: VisitorRequest | PersonRequest, edition: Edition) -> dict[str, Any]:
    """Return the context of a page of the text."""
    published = publishing_selectors.published_of(edition.work)
    may_edit_text = permissions.may_edit_text(request.user, edition.work)
    return proof_context(request.user, edition, "work-text") | {
        "state": selectors.text_state(edition),
        "may_edit_text": may_edit_text,
        "may_suggest": permissions.may_suggest(request.user, edition.work),
        "is_maker": permissions.may_see(request.user, edition.work),
        "may_decide": permissions.may_decide(request.user, edition.work),
        "publish_url": _publish_url(request, edition),
        "is_draft": edition.state == EditionState.DRAFT,
        "readers_have": published.label if published is not None else "",
    }


def _publish_url(request: VisitorRequest | PersonRequest, edition: Edition) -> str:
    """Return the page where the person publishes the draft; "" for those who may not, and where there is no draft."""
    work = edition.work
    if edition.state != EditionState.DRAFT or not permissions.may_release(request.user, work):
        return ""
    page = "work-publish" if permissions.may_publish(request.user, work) else "collaboration:publish"
    return reverse(page, args=[work.public_id])
