from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from operations.setup import bucket


@pytest.fixture
def settings_of_bucket() -> Iterator[dict[str, str]]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "S3_BUCKET": "octavo-init",
        "S3_ENDPOINT_URL": f"http://{host}:{port}",
        "S3_REGION": "eu-central-1",
        "S3_ACCESS_KEY": "test",
        "S3_SECRET_KEY": "test",
    }
    server.stop()


def test_makes_a_bucket_that_keeps_versions_and_is_closed(settings_of_bucket: dict[str, str]) -> None:
    for _ in range(2):  # the second time it is there already
        bucket.create(settings_of_bucket)
    client = boto3.client(
        "s3",
        endpoint_url=settings_of_bucket["S3_ENDPOINT_URL"],
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    assert client.get_bucket_versioning(Bucket="octavo-init")["Status"] == "Enabled"
    closed = client.get_public_access_block(Bucket="octavo-init")["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    client.close()
