"""Downloads for the makers of a work: manuscripts, made files, and pictures of the preview.

Nothing here is shown as a page of ours: everything except pictures is sent as an attachment, and no file may run
scripts.
"""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest, VisitorRequest
from common import storage
from common.errors import NotFound
from conversion import selectors as conversion_selectors
from conversion.models import Artifact
from publishing import permissions
from publishing.models import Manuscript, Work
from publishing.services import covers
from publishing.views.loading import load_edition, load_work

NO_ACTION = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@never_cache
@require_GET
def manuscript(request: VisitorRequest, public_id: str, manuscript_id: str) -> FileResponse:
    """Send the manuscript exactly as uploaded."""
    work = load_work(request, public_id, permissions.require_see)
    found = Manuscript.objects.filter(work=work, public_id=manuscript_id).first()
    if found is None:
        raise NotFound
    return _attachment(found.file, found.name, "application/octet-stream")


@login_required
@never_cache
@require_GET
def artifact(request: PersonRequest, public_id: str, artifact_id: str) -> FileResponse:
    """Send a file of one of the work's editions, without a personal stamp."""
    work = load_work(request, public_id, permissions.require_see)
    jobs = work.editions.values("job")
    found = Artifact.objects.filter(public_id=artifact_id, job__in=jobs).first()
    if found is None:
        raise NotFound
    return _attachment(found.file, _file_name(work, found), found.media_type, public=found.kind in {"cover"})


@login_required
@never_cache
@require_GET
def cover_picture(request: PersonRequest, public_id: str) -> FileResponse:
    """Send the cover as uploaded, for its makers to see until the engine has redrawn it."""
    work = load_work(request, public_id, permissions.require_see)
    media_type = covers.browser_type(work.cover_file)
    if not media_type:
        raise NotFound
    return FileResponse(storage.private().open(work.cover_file), content_type=media_type, headers=NO_ACTION)


@never_cache
@require_GET
def preview_file(request: VisitorRequest, public_id: str, name: str) -> HttpResponse:
    """Send a picture of the web book."""
    edition = load_edition(request, public_id, permissions.require_read_text)
    media_type = mimetypes.guess_type(name)[0] if name.startswith("assets/") else None
    if not (media_type or "").startswith("image/"):
        raise NotFound
    content = conversion_selectors.web_member(edition.job, name)
    return HttpResponse(content, content_type=media_type, headers=NO_ACTION)


def _attachment(file: str, name: str, media_type: str, *, public: bool = False) -> FileResponse:
    home = storage.public() if public else storage.private()
    try:
        content = home.open(file)
    except FileNotFoundError:
        raise NotFound from None
    return FileResponse(content, as_attachment=True, filename=name, content_type=media_type, headers=NO_ACTION)


def _file_name(work: Work, artifact: Artifact) -> str:
    """Return the file name of the download, for example the-lighthouse-phone.pdf."""
    parts = [
        slugify(work.title) or work.slug,
        *{"pdf": [artifact.target], "print-cover": ["cover", artifact.target], "sample-epub": ["sample"]}.get(
            artifact.kind, []
        ),
    ]
    return "-".join(parts) + PurePath(artifact.file).suffix
