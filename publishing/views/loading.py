"""Loading a work or edition for a view, with the permission check, and checks before large uploads are read."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from accounts.permissions import Visitor
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.body_limits import declared_bytes
from common.errors import NotAllowed, NotFound
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.models import Edition, Work
from publishing.services import quotas
from publishing.views.staff_access import record_staff_access

type Requirement = Callable[[Visitor, Work], None]


def load_work(request: PersonRequest | VisitorRequest, public_id: str, require: Requirement) -> Work:
    """Return the work; its empty details are filled from a conversion that has ended meanwhile.

    Views by staff are recorded in the audit log. Raises NotFound, NotAllowed, ReasonNeeded.
    """
    work = selectors.work_by_public_id(public_id)
    require(request.user, work)
    if _is_staff_access(request, work):
        record_staff_access(request, work)
    publishing_services.fill_details_from_conversion(work=work, at=clock.now())
    return work


def _is_staff_access(request: PersonRequest | VisitorRequest, work: Work) -> bool:
    """Whether only a staff role lets the user see the work. Staff whom the owner invited give a reason all the same."""
    if permissions.is_maker(request.user, work):
        return False
    return permissions.may_inspect(request.user, work) or not permissions.is_invited(request.user, work)


def load_edition(request: PersonRequest | VisitorRequest, public_id: str, require: Requirement) -> Edition:
    """Return the work's edition in preparation, or else its newest. Raises NotFound, NotAllowed, ReasonNeeded."""
    work = load_work(request, public_id, require)
    edition = selectors.newest_of(work)
    if edition is None:
        raise NotFound
    edition.work = work
    return edition


def check_upload(request: HttpRequest, public_id: str = "") -> HttpResponseBase | None:
    """Check before a large manuscript is read whether the user may upload it here. Raises DomainError."""
    instead = _judged(request, public_id)
    if isinstance(request.user, User):
        quotas.require_upload(actor=request.user, size_bytes=declared_bytes(request), at=clock.now())
    return instead


def check_cover_upload(request: HttpRequest, public_id: str) -> HttpResponseBase | None:
    """Check before a cover is read whether the user may upload it here. Raises DomainError."""
    return _judged(request, public_id)


def _judged(request: HttpRequest, public_id: str) -> HttpResponseBase | None:
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    if public_id:
        permissions.require_edit(request.user, selectors.work_by_public_id(public_id))
    elif not permissions.may_create(request.user):
        raise NotAllowed
    return None
