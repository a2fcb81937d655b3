"""The files of bought books."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.client_ip import client_address
from common.errors import NotFound
from common.limits import limited
from publishing import permissions as publishing_permissions
from publishing.hooks import open_case
from publishing.models import Work
from publishing.views.staff_access import record_staff_access
from storefront.checkout.guests.views.current_readers import first_holder, for_holders
from storefront.library.errors import LinkExpired
from storefront.library.selectors import library as library_selectors
from storefront.library.services import downloads as download_services
from storefront.library.services import watermarks
from storefront.library.services.downloads import NamedFile
from storefront.library.services.file_stamps import stamp
from storefront.library.views.files import private_file, stamped_file


@never_cache
@require_safe
@for_holders
def choose_file(request: VisitorRequest, holders: list[User], work_id: str, artifact_id: str) -> HttpResponseBase:
    """Redirect from the permanent URL of a file to one that is valid for five minutes."""

    def link_for(holder: User) -> str:
        return download_services.download_link(actor=holder, work_id=work_id, artifact_id=artifact_id)

    try:
        return redirect(first_holder(holders, link_for, NotFound))
    except NotFound:
        return _inspected_file(request, work_id, artifact_id)


def _inspected_file(request: VisitorRequest, work_id: str, artifact_id: str) -> HttpResponseBase:
    """Return the file to staff who may inspect it without having bought it; a moderator's copy names the case."""
    user = request.user
    work = Work.objects.filter(public_id=work_id).first() if isinstance(user, User) and user.is_staff_member else None
    if work is None or not isinstance(user, User) or not publishing_permissions.may_inspect(user, work):
        raise NotFound
    artifact = library_selectors.file_of(work, artifact_id)
    record_staff_access(request, work)
    name = download_services.file_name(work.title, artifact)
    case = open_case(user, work)
    return (
        stamped_file(artifact, name, stamp(user, case, clock.now())) if case else private_file(request, artifact, name)
    )


@require_safe
@for_holders
def download(request: VisitorRequest, holders: list[User], token: str) -> HttpResponseBase:
    """Return the file itself."""

    def open_for(holder: User) -> NamedFile:
        return download_services.open_link(actor=holder, token=token, address=client_address(request))

    file = first_holder(holders, open_for, LinkExpired)
    return private_file(request, file.artifact, file.name, copy=file.copy)


@login_required
@never_cache
@require_POST
@limited("mark")
def line(request: PersonRequest, work_id: str) -> HttpResponse:
    """Put the reader's name into the line at the end of their files, or leave it out."""
    is_shown = request.POST.get("show") == "on"
    watermarks.choose_name(actor=request.user, work_id=work_id, is_shown=is_shown, at=clock.now())
    messages.success(request, _("Saved. Download the EPUB again to get it with that line."))
    return redirect("library:book", work_id)
