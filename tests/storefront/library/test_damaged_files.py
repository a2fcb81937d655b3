"""Files that are no longer what was stored: nobody is given one, in whichever way files are delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import caches
from structlog.testing import capture_logs

from common import storage
from storefront.library.services import downloads
from tests.factories.buying import buy, make_book
from tests.factories.conversion import make_artifact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


@pytest.fixture
def book():
    edition = make_book()
    edition.job.artifacts.filter(kind="epub").delete()
    make_artifact(edition.job, kind="epub", content=b"an EPUB that no other test has")
    return edition


@pytest.fixture
def path(book) -> Path:
    return Path(storage.private().path(book.job.artifacts.get(kind="epub").file))


@pytest.fixture
def link(reader, book) -> str:
    buy(reader, book)
    epub = book.job.artifacts.get(kind="epub")
    return downloads.download_link(actor=reader, work_id=book.work.public_id, artifact_id=epub.public_id)


@pytest.fixture(params=["direct", "accel"])
def way(request, settings) -> str:
    settings.DOWNLOAD_BACKEND = request.param
    return request.param


def status_of(client, link, **headers) -> int:
    """The status of the response, whose body is read so that its file is closed."""
    response = client.get(link, headers=headers)
    b"".join(response)
    return response.status_code


def test_a_whole_file_is_given(signed_in, link, way):
    assert status_of(signed_in, link) == 200


def test_a_flipped_bit_is_never_given(signed_in, link, path, way):
    path.write_bytes(b"an EPUB that no other tesT has")
    with capture_logs() as lines:
        response = signed_in.get(link)
    assert response.status_code == 503
    assert "damaged on our side" in response.content.decode()
    assert "X-Accel-Redirect" not in response
    assert [line["log_level"] for line in lines if line["event"] == "files.fault_found"] == ["error"]


def test_a_part_of_it_neither(signed_in, link, path, way):
    path.write_bytes(b"an EPUB that no other tesT has")
    assert status_of(signed_in, link, **{"Range": "bytes=0-3"}) == 503


def test_a_missing_file_is_a_page_of_ours(signed_in, link, path, way):
    path.unlink()
    assert status_of(signed_in, link) == 503


def test_a_file_is_given_again_once_it_is_restored(signed_in, link, path, way):
    whole = path.read_bytes()
    path.unlink()
    status_of(signed_in, link)
    path.write_bytes(whole)
    assert status_of(signed_in, link) == 200


def test_it_is_read_once_in_ten_minutes(signed_in, link, path, way):
    status_of(signed_in, link)
    path.write_bytes(b"changed meanwhile")
    assert status_of(signed_in, link) == 200
    caches["process"].clear()
    assert status_of(signed_in, link) == 503
