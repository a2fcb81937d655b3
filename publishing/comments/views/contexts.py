"""What pages of comments have in common: loading, and what they show of the work."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import NotFound
from publishing import permissions as publishing_permissions
from publishing import selectors as publishing_selectors
from publishing.comments import permissions
from publishing.editing import selectors as editing_selectors
from publishing.editing.models import WorkText
from publishing.editing.services import builds
from publishing.models import Edition
from publishing.views.loading import Requirement, load_edition


def load(
    request: VisitorRequest | PersonRequest,
    public_id: str,
    require: Requirement = publishing_permissions.require_read_text,
) -> tuple[Edition, WorkText]:
    """Return the edition whose text is talked about, and the text. Raises NotFound, NotAllowed, NoText."""
    edition = load_edition(request, public_id, require)
    builds.adopt_newest(edition.work, at=clock.now())
    text = editing_selectors.require_text(edition.work)
    text.work = edition.work
    return edition, text


def context_of(request: VisitorRequest | PersonRequest, edition: Edition) -> dict[str, Any]:
    work = edition.work
    return {
        "work": work,
        "name": publishing_selectors.display_name(work, edition),
        "is_maker": publishing_permissions.may_see(request.user, work),
        "sees_all": permissions.may_see_all(request.user, work),
        "may_comment": publishing_permissions.may_comment(request.user, work),
        "may_suggest": publishing_permissions.may_suggest(request.user, work),
    }


def is_script(request: VisitorRequest | PersonRequest) -> bool:
    """Return whether the editor asks, which stays where it is."""
    return request.headers.get("Accept") == "application/json"


def person_of(request: VisitorRequest | PersonRequest) -> User:
    """Return who is logged in. Raises NotFound; the permission check lets nobody else pass."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user
