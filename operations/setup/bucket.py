"""The bucket for files, if S3_BUCKET is set."""

from __future__ import annotations

from collections.abc import Mapping

import boto3
from botocore.exceptions import ClientError

_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
# Servers that are not Amazon's may know neither of both. The doctor looks at what came of it.
_NOT_KNOWN = {"NotImplemented", "MethodNotAllowed", "MalformedXML", "AccessDenied"}


def create(settings: Mapping[str, str]) -> None:
    """Create the bucket unless it is there, keep versions of its files, and close it to the public."""
    name, region = settings["S3_BUCKET"], settings.get("S3_REGION") or None
    client = boto3.client(
        "s3",
        endpoint_url=settings.get("S3_ENDPOINT_URL") or None,
        region_name=region,
        aws_access_key_id=settings.get("S3_ACCESS_KEY") or None,
        aws_secret_access_key=settings.get("S3_SECRET_KEY") or None,
    )
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region and region != "us-east-1" else {}
    try:
        client.create_bucket(Bucket=name, **place)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _OURS_ALREADY:
            raise
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    for change, values in (
        (client.put_bucket_versioning, {"VersioningConfiguration": {"Status": "Enabled"}}),
        (client.put_public_access_block, {"PublicAccessBlockConfiguration": closed}),
    ):
        try:
            change(Bucket=name, **values)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_KNOWN:
                raise
