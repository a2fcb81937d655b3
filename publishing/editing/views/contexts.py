"""What every page of a text shows: the work's head, the tabs of the proof, and how the text stands."""

from __future__ import annotations

from typing import Any

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.services import builds
from publishing.models import Edition
from publishing.views.loading import load_edition
from publishing.views.steps import proof_context


def load_text_page(request: VisitorRequest | PersonRequest, public_id: str) -> Edition:
    """Return the edition whose text is shown; a base that a job left meanwhile is adopted. Raises NotFound."""
    edition = load_edition(request, public_id, permissions.require_see)
    builds.adopt_newest(edition.work, at=clock.now())
    return edition


def text_context(request: VisitorRequest | PersonRequest, edition: Edition) -> dict[str, Any]:
    """Return the context of a page of the text."""
    may_edit_text = permissions.may_edit_text(request.user, edition.work)
    return proof_context(request.user, edition, "work-text") | {
        "state": selectors.text_state(edition),
        "may_edit_text": may_edit_text,
        "may_decide": permissions.may_decide(request.user, edition.work),
    }
