"""Files for the makers of a work: what was uploaded, what was made, the pictures of a preview.

They never become pages: all but the pictures of a preview leave as attachments, and none may run anything.
"""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import services as account_services
from accounts.permissions import Visitor, is_operator
from accounts.requests import PersonRequest, VisitorRequest
from common import storage
from common.errors import NotFound
from conversion import selectors as conversion_selectors
from conversion.models import Artifact
from publishing import permissions
from publishing.forms import ReasonForm
from publishing.models import Manuscript, Work
from publishing.services import covers
from publishing.views.access import load_edition, load_work

_NO_ACTION = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@never_cache
def manuscript(request: VisitorRequest, public_id: str, manuscript_id: str) -> HttpResponse | FileResponse:
    """The manuscript exactly as uploaded. An operator says why first, and that is written down."""
    work = load_work(request.user, public_id, permissions.require_see)
    found = Manuscript.objects.filter(work=work, public_id=manuscript_id).first()
    if found is None:
        raise NotFound
    if not permissions.is_maker(request.user, work):
        form = ReasonForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "publishing/reason.html", {"form": form, "manuscript": found})
        _record(request.user, "manuscript.read", found, {"reason": form.cleaned_data["reason"]})
    return _attachment(found.file, found.name, "application/octet-stream")


@login_required
@never_cache
@require_GET
def artifact(request: PersonRequest, public_id: str, artifact_id: str) -> FileResponse:
    """A file of one of the work's editions, unstamped."""
    work = load_work(request.user, public_id, permissions.require_see)
    jobs = work.editions.values("job")
    found = Artifact.objects.filter(public_id=artifact_id, job__in=jobs).first()
    if found is None:
        raise NotFound
    if not permissions.is_maker(request.user, work):
        _record(request.user, "artifact.read", found, {"work": work.public_id})
    return _attachment(found.file, _file_name(work, found), found.media_type, public=found.kind in {"cover"})


@login_required
@never_cache
@require_GET
def cover_picture(request: PersonRequest, public_id: str) -> FileResponse:
    """The cover as uploaded, for its makers to look at until the engine has drawn it again."""
    work = load_work(request.user, public_id, permissions.require_see)
    media_type = covers.browser_type(work.cover_file)
    if not media_type:
        raise NotFound
    return FileResponse(storage.private().open(work.cover_file), content_type=media_type, headers=_NO_ACTION)


@never_cache
@require_GET
def preview_file(request: VisitorRequest, public_id: str, name: str) -> HttpResponse:
    """A picture of the web book."""
    edition = load_edition(request.user, public_id, permissions.require_see)
    media_type = mimetypes.guess_type(name)[0] if name.startswith("assets/") else None
    if not (media_type or "").startswith("image/"):
        raise NotFound
    content = conversion_selectors.web_member(edition.job, name)
    return HttpResponse(content, content_type=media_type, headers=_NO_ACTION)


def _attachment(file: str, name: str, media_type: str, *, public: bool = False) -> FileResponse:
    home = storage.public() if public else storage.private()
    try:
        content = home.open(file)
    except FileNotFoundError:
        raise NotFound from None
    return FileResponse(content, as_attachment=True, filename=name, content_type=media_type, headers=_NO_ACTION)


def _file_name(work: Work, artifact: Artifact) -> str:
    """What the file is called on its maker's disk: the-lighthouse-phone.pdf."""
    parts = [
        slugify(work.title) or work.slug,
        *{"pdf": [artifact.target], "print-cover": ["cover", artifact.target], "sample-epub": ["sample"]}.get(
            artifact.kind, []
        ),
    ]
    return "-".join(parts) + PurePath(artifact.file).suffix


def _record(user: Visitor, verb: str, subject: Manuscript | Artifact, facts: dict[str, str | int]) -> None:
    if is_operator(user) and user.is_authenticated:
        account_services.record_audit(actor=user, verb=verb, subject=subject, facts=facts)
