"""Views for the outbox of an installation without SMTP, public files of one without a web server, icons, the health
check and error pages.
"""

from __future__ import annotations

import errno
import mimetypes
import sys

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from common import error_pages, icons, storage
from common.bucket_errors import is_bucket_away
from common.database_errors import is_database_away
from common.limits import TooManyRequests
from common.models import OutboxMessage
from common.request_logs import current_request_id

_OUTBOX_LENGTH = 50
_RETRY_AFTER_S = 10
# What the file system reports for a name that none of our files has.
_NO_SUCH_FILE = {errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG}


def outbox(request: HttpRequest) -> HttpResponse:
    """Show the newest emails that were kept instead of sent."""
    if not settings.OUTBOX_PAGE:
        raise Http404
    return render(request, "common/outbox.html", {"outbox": OutboxMessage.objects.all()[:_OUTBOX_LENGTH]})


def public_file(request: HttpRequest, name: str) -> FileResponse:
    """Serve a cover from the file system. Its name contains its checksum, so it can be cached for ever."""
    try:
        file = storage.public().open(name)
    except SuspiciousFileOperation:
        raise Http404 from None
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno in _NO_SUCH_FILE:  # a bucket's error has no number
            raise Http404 from None
        raise
    response = FileResponse(file, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Serve the icon for programs that look only here: bookmarks, feed readers, older browsers."""
    return _icon(icons.ico(), "image/x-icon")


def touch_icon(request: HttpRequest) -> HttpResponse:
    """Serve the icon for phone home screens."""
    return _icon(icons.png(180), "image/png")


def app_icon(request: HttpRequest, size: int) -> HttpResponse:
    """Serve the icon of the installed reader."""
    if size not in icons.APP_SIZES:
        raise Http404
    return _icon(icons.png(size), "image/png")


def _icon(content: bytes, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "public, max-age=604800"})


def health(request: HttpRequest) -> HttpResponse:
    """Return 200 if the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def server_error(request: HttpRequest) -> HttpResponse:
    """Handle every error that is ours: 503 while database or bucket are away, so that visitors try again."""
    headers, error = {"Cache-Control": "no-store"}, sys.exception()
    if is_database_away(error) or is_bucket_away(error):
        page = render_to_string("errors/503.html")
        return HttpResponse(page, status=503, headers={**headers, "Retry-After": str(_RETRY_AFTER_S)})
    page = render_to_string("errors/500.html", {"request_id": current_request_id()})
    return HttpResponse(page, status=500, headers=headers)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Handle allauth's own rate limits, which are by the minute."""
    return error_pages.too_many_requests_response(request, TooManyRequests(seconds=60))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handle requests that Django cannot process."""
    return render(request, "errors/400.html", status=400)
