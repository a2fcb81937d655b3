"""Responses with private files: from this process with ranges, by the web server in front, or from the bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import IO

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from common import storage
from conversion.models import Artifact
from storefront.library.models import WatermarkedCopy
from storefront.library.services import file_stamps, watermarks

_CHUNK_BYTES = 1 << 16
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # enough digits for any file
_PROTECTED_PREFIX = "/_protected/"


@dataclass(frozen=True, slots=True)
class _Source:
    """An open file with its length and its tag."""

    file: IO[bytes]
    size: int
    etag: str


def private_file(
    request: HttpRequest,
    artifact: Artifact,
    name: str,
    *,
    copy: WatermarkedCopy | None = None,
    may_redirect: bool = True,
) -> HttpResponseBase:
    """Return the artifact as a download called `name`, in the way set by DOWNLOAD_BACKEND. Raises FileDamaged.

    With the marks of a copy it is made for this response, so it comes from this process. So does what a bucket holds
    for programs that do not follow redirects.
    """
    storage.require_whole(storage.private(), artifact.file, artifact.sha256)
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    marked = _marked(artifact, copy) if copy is not None else None
    if marked is not None:
        return _guarded(_from_here(request, marked), artifact, disposition)
    if settings.DOWNLOAD_BACKEND == "signed" and may_redirect:
        return _redirect_to_bucket(artifact, disposition)
    response = (
        _handed_over(artifact) if settings.DOWNLOAD_BACKEND == "accel" else _from_here(request, _stored(artifact))
    )
    return _guarded(response, artifact, disposition)


def stamped_file(artifact: Artifact, name: str, words: str) -> HttpResponseBase:
    """Return a copy that says who it was made for; always from this process, since it is made for this response."""
    storage.require_whole(storage.private(), artifact.file, artifact.sha256)
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    with storage.private().open(artifact.file) as file:
        copy = file_stamps.stamped(file, artifact.media_type, words)
    return _guarded(FileResponse(copy), artifact, disposition)


def _guarded(response: HttpResponseBase, artifact: Artifact, disposition: str) -> HttpResponseBase:
    """Mark the response as an attachment that is never cached and runs no scripts."""
    response["Content-Type"] = artifact.media_type
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _redirect_to_bucket(artifact: Artifact, disposition: str) -> HttpResponse:
    """Redirect to a signed URL of the bucket that expires like the link."""
    parameters = {"ResponseContentDisposition": disposition, "ResponseContentType": artifact.media_type}
    url = storage.private().url(  # type: ignore[call-arg]  # django-storages' S3 takes more than Django's base
        artifact.file, parameters=parameters, expire=settings.BUCKET_LINK_SECONDS
    )
    response = HttpResponseRedirect(url)
    response["Cache-Control"] = "private, no-store"
    return response


def _handed_over(artifact: Artifact) -> HttpResponse:
    """Let nginx send the file, so that a slow client does not occupy a worker."""
    response = HttpResponse()
    response["X-Accel-Redirect"] = _PROTECTED_PREFIX + artifact.file
    return response


def _stored(artifact: Artifact) -> _Source:
    return _Source(storage.private().open(artifact.file), artifact.size_bytes, f'"{artifact.sha256}"')


def _marked(artifact: Artifact, copy: WatermarkedCopy) -> _Source | None:
    """Return the file with its marks; None if it cannot carry any."""
    file = watermarks.open_marked(artifact, copy)
    if file is None:
        return None
    size = file.seek(0, SEEK_END)
    return _Source(file, size, f'"{watermarks.etag_of(artifact, copy)}"')


def _from_here(request: HttpRequest, source: _Source) -> HttpResponseBase:
    part = _wanted_range(request, source.size, source.etag)
    if part is None:
        response = _stream(source, 0, source.size)
    elif part[0] >= part[1]:
        source.file.close()
        unsatisfiable = HttpResponse(status=416)
        unsatisfiable["Content-Range"] = f"bytes */{source.size}"
        return unsatisfiable
    else:
        response = _stream(source, *part)
        response.status_code = 206
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{source.size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = source.etag
    return response


def _wanted_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return the requested half-open range; None for the whole file; an empty range if it cannot be satisfied."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match[1], match[2]
    if not first:
        return (max(size - int(last), 0), size) if int(last) else (size, size)
    return int(first), min(int(last) + 1, size) if last else size


def _stream(source: _Source, start: int, end: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_Part(source.file, start, end))
    response["Content-Length"] = str(end - start)
    return response


class _Part:
    """A half-open range of an open file, in chunks; closed with the response even if it was never read."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self.file, self.rest = file, end - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self.file.read(min(_CHUNK_BYTES, self.rest)) if self.rest > 0 else b""
        if not chunk:
            raise StopIteration
        self.rest -= len(chunk)
        return chunk

    def close(self) -> None:
        self.file.close()
