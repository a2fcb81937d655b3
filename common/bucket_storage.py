"""The storage of files in an S3 bucket."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S, _ATTEMPTS = 2, 10, 2


class BucketStorage(S3Storage):
    """A bucket that hangs costs a request seconds: botocore would wait a minute in each of five attempts."""

    def get_default_settings(self) -> dict[str, Any]:
        limits = Config(  # type: ignore[no-untyped-call]  # botocore and django-storages have no types
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        )
        defaults = super().get_default_settings()  # type: ignore[no-untyped-call]
        return {**defaults, "client_config": limits}
