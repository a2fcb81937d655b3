"""Access by staff to works that are not theirs: each view needs a reason and is recorded in the audit log.

A moderator's reason is the open case. An operator enters one, once an hour for each work (`accounts.access_reasons`).
"""

from __future__ import annotations

from accounts import access_reasons
from accounts import services as account_services
from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common.errors import NotFound
from publishing import hooks
from publishing.models import Work

# Requests that a page makes by itself. They are recorded only if the page itself was not.
_PARTS = frozenset(
    {
        "catalogue:fresh-turns",
        "checkout:preorders-waiting",
        "reading:file",
        "work-cover-picture",
        "work-picture",
        "work-preview-file",
        "work-proof-status",
    }
)
_MAX_LENGTH = 100


def record_staff_access(request: PersonRequest | VisitorRequest, work: Work) -> None:
    """Record that staff view the work. Call it before anything of the work is shown. Raises ReasonNeeded."""
    user, match = request.user, request.resolver_match
    if not isinstance(user, User) or match is None:  # the permission check lets nobody else pass
        raise NotFound
    case = hooks.open_case(user, work)
    reason = case or access_reasons.reason_for(request, work.public_id)
    if match.view_name in _PARTS and access_reasons.was_read(request, work.public_id):
        return
    access_reasons.note_read(request, work.public_id)
    what = " ".join(str(value) for name, value in match.kwargs.items() if value not in {work.public_id, work.slug})
    facts: dict[str, str | int] = {"page": match.view_name or "", "what": what[:_MAX_LENGTH], "reason": reason}
    account_services.record_audit(
        actor=user, verb="work.read", subject=work, facts={name: value for name, value in facts.items() if value}
    )
