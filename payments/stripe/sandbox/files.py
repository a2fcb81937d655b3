"""Files uploaded to the sandbox as evidence: checked and measured, but their bytes are not stored."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from payments.stripe.sandbox.resources import Json, create, fetch, invalid, new_id, now_seconds

_LARGEST_BYTES = 5 * 1024 * 1024
_LASTS = timedelta(days=365)
_TYPES = {"pdf": (".pdf",), "png": (".png",), "jpg": (".jpg", ".jpeg")}


def create_file(params: Json) -> Json:
    """Store a file's metadata; `file` holds its filename, type by its first bytes, size and sha256."""
    if params.get("purpose") != "dispute_evidence":
        raise invalid("parameter_unknown", "The sandbox knows the purpose dispute_evidence only.", "purpose")
    upload = params.get("file")
    if not isinstance(upload, dict):
        raise invalid("parameter_missing", "Missing required param: file.", "file")
    if not upload["size"]:
        raise invalid("parameter_invalid_empty", "The file is empty.", "file")
    if upload["size"] > _LARGEST_BYTES:
        raise invalid("", "The file exceeds the maximum size of 5 MB for dispute evidence.", "file")
    if not upload["filename"].lower().endswith(_TYPES.get(upload["type"], ())):
        raise invalid("", "Dispute evidence must be a PDF, JPEG or PNG file, named accordingly.", "file")
    return create(
        "file",
        {
            "id": new_id("file"),
            "object": "file",
            "created": now_seconds(),
            "expires_at": int((clock.now() + _LASTS).timestamp()),
            "filename": upload["filename"],
            "links": {"object": "list", "data": [], "has_more": False, "url": "/v1/file_links"},
            "purpose": params["purpose"],
            "size": upload["size"],
            "type": upload["type"],
            "_sha256": upload["sha256"],
        },
    )


def retrieve_file(params: Json, file_id: str) -> Json:
    return fetch("file", file_id)
