"""Errors of the bucket that are not the shop's."""

from __future__ import annotations

import sys
from http import HTTPStatus


def is_bucket_away(error: BaseException | None) -> bool:
    """Return whether the bucket does not answer, or says that it cannot now."""
    if "botocore" not in sys.modules:  # no bucket; importing it takes a while
        return False
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

    if isinstance(error, ClientError):
        return int(error.response["ResponseMetadata"].get("HTTPStatusCode", 0)) >= HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, ConnectionError | HTTPClientError)
