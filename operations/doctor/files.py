"""Where files are kept: a folder, or a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from common import storage
from operations.doctor.examination import Finding, ok, warning, wrong

_POLICY = "Take public access away from the bucket: files are handed out by links that we sign."


def stored_files() -> Iterator[Finding]:
    """Write a file to each storage, read it back and delete it. In a bucket, try its link too."""
    for kind, place in (("private", storage.private()), ("public", storage.public())):
        name = f"doctor/{uuid4()}.txt"
        content = name.encode()
        name = place.save(name, ContentFile(content))
        try:
            with place.open(name) as file:
                is_same = file.read() == content
            if not is_same:
                yield wrong("files", f"A {kind} file came back changed.", "Check the disk, or the bucket.")
            elif kind == "private" and not _is_folder(place):
                yield from _links(place, name, content)
        finally:
            place.delete(name)
    if not _is_folder(storage.private()):
        yield from _versions(storage.private())
    yield ok("files", "Files can be written, read and deleted.")


def _is_folder(place: Storage) -> bool:
    try:
        place.path("doctor")
    except NotImplementedError:
        return False
    return True


def _links(place: Storage, name: str, content: bytes) -> Iterator[Finding]:
    link = place.url(name)
    if _fetched(link) != content:
        advice = "Readers get such links: S3_ENDPOINT_URL has to be reachable, and the key may read (s3:GetObject)."
        yield wrong("files", "The signed link to a private file does not work.", advice)
    if _fetched(link.partition("?")[0]) is not None:
        yield wrong("files", "Anybody can read private files by their address, without a signature.", _POLICY)


def _fetched(link: str) -> bytes | None:
    try:
        with urlopen(link, timeout=10) as response:  # noqa: S310 # our own bucket's
            body: bytes = response.read()
    except URLError:
        return None
    return body


def _versions(place: Storage) -> Iterator[Finding]:
    client = place.connection.meta.client  # type: ignore[attr-defined]
    state = client.get_bucket_versioning(Bucket=place.bucket.name).get("Status")  # type: ignore[attr-defined]
    if state == "Enabled":
        yield ok("files", "The bucket keeps versions.")
    else:
        advice = "Switch versioning on: what is overwritten or deleted by mistake can then be restored."
        yield warning("files", "The bucket keeps no versions.", advice)
