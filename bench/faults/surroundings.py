"""What a shop has around it: a volume of limited size for its database, a bucket, a mail server, another broker."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

_BUCKET = "octavo-faults"
_VOLUME_MB = 900
_BALLAST = "ballast"


@contextmanager
def volume(folder: Path) -> Iterator[Path]:
    """Yield a folder that is a file system of its own, which can be filled; an ordinary one unless root asks."""
    folder.mkdir()
    is_mounted = os.geteuid() == 0
    if is_mounted:
        options = f"size={_VOLUME_MB}m,mode=755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "octavo-faults", str(folder)], check=True)
    try:
        yield folder
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no byte free on the volume inside the block."""
    ballast, block = folder / _BALLAST, bytes(1 << 12)
    try:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(block)
    except OSError:
        pass
    try:
        yield
    finally:
        ballast.unlink()


def bucket_settings(port: int) -> dict[str, str]:
    """Return the settings of a shop whose files are in a bucket."""
    return {
        "S3_BUCKET": _BUCKET,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": "test",
        "S3_SECRET_KEY": "test",
        "DOWNLOAD_BACKEND": "signed",
    }


def make_bucket(port: int) -> bool:
    """Make the bucket; return whether its server answers yet."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import EndpointConnectionError

    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # moto takes any
        config=Config(retries={"total_max_attempts": 1}),
    )
    try:
        client.create_bucket(Bucket=_BUCKET)
    except EndpointConnectionError:
        return False
    return True


def mail_settings(port: int) -> dict[str, str]:
    """Return the settings of a shop that sends its mails to that port."""
    return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "no"}


def mails(folder: Path) -> list[EmailMessage]:
    """Return every mail that the mail server has taken."""
    parse = email.message_from_bytes
    return [parse(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*.eml")]
