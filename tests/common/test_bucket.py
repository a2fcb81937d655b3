"""Files in a bucket: the settings' S3 storage against a server that speaks S3."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from common import storage

ROOT = Path(__file__).resolve().parent.parent.parent
BUCKET = "octavo-test"
CONTENT = b"%PDF-1.7 a book"


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """The environment that puts Octavo's files into a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": f"http://{host}:{port}",
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": "test",
        "S3_SECRET_KEY": "test",
    }
    client = boto3.client(
        "s3",
        endpoint_url=environment["S3_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket=BUCKET)
    yield environment
    server.stop()


@pytest.fixture
def in_bucket(bucket: dict[str, str], settings) -> None:
    """The storages that the base settings make of that environment, read by a process of its own."""
    program = (
        "import json; from config.settings import base; "
        "print(json.dumps([base.STORAGES['private'], base.STORAGES['public'], base.DOWNLOAD_BACKEND]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **bucket},
        capture_output=True,
        text=True,
        check=True,
    )
    private, public, downloads_by = json.loads(told.stdout)
    settings.STORAGES = {**settings.STORAGES, "private": private, "public": public, "default": private}
    settings.DOWNLOAD_BACKEND = downloads_by


@pytest.mark.usefixtures("in_bucket")
class TestBucket:
    def test_keeps_a_file_under_its_checksum_and_reads_it_again(self) -> None:
        digest = hashlib.sha256(CONTENT).hexdigest()
        for _ in range(2):
            name = storage.store(storage.private(), f"artifacts/{digest}.pdf", io.BytesIO(CONTENT), digest)
        with storage.private().open(name) as file:
            assert storage.sha256_of(storage.chunks_of(file)) == digest

    def test_downloads_leave_by_a_signed_address_alone(self, settings) -> None:
        assert settings.DOWNLOAD_BACKEND == "signed"
        name = storage.private().save("artifacts/signed.pdf", ContentFile(CONTENT))
        address = storage.private().url(name, parameters={"ResponseContentDisposition": 'attachment; filename="b.pdf"'})
        assert "Signature=" in address
        assert 0 < int(parse_qs(urlsplit(address).query)["Expires"][0]) - time.time() <= 60
        assert requests.get(address, timeout=5).content == CONTENT

    def test_private_and_public_files_live_apart(self) -> None:
        storage.private().save("same-name", ContentFile(b"private"))
        assert not storage.public().exists("same-name")
