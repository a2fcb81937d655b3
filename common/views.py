"""The outbox of an installation without SMTP, public files of one without a web server, and the health check."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from common import storage
from common.models import OutboxMessage

_OUTBOX_LENGTH = 50


def outbox(request: HttpRequest) -> HttpResponse:
    """The newest mails that were kept instead of sent."""
    if not settings.OUTBOX_PAGE:
        raise Http404
    return render(request, "common/outbox.html", {"outbox": OutboxMessage.objects.all()[:_OUTBOX_LENGTH]})


def public_file(request: HttpRequest, name: str) -> FileResponse:
    """A cover from the file system. Its name holds its checksum, so it may be kept for ever."""
    try:
        file = storage.public().open(name)
    except (FileNotFoundError, SuspiciousFileOperation, IsADirectoryError):
        raise Http404 from None
    response = FileResponse(file, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
