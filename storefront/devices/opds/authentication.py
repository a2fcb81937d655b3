"""How to sign in, as programs read it (Authentication for OPDS 1.0)."""

from __future__ import annotations

from typing import Any

TYPE = "application/opds-authentication+json"
REL = "http://opds-spec.org/auth/document"
_BASIC = "http://opds-spec.org/auth/basic"


def document(
    *, address: str, title: str, about: str, help_page: str, icon: str, labels: dict[str, str]
) -> dict[str, Any]:
    """Return the document. `labels` name the two fields of a log-in: "login" and "password"."""
    return {
        "id": address,
        "title": title,
        "description": about,
        "links": [
            {"rel": "help", "href": help_page, "type": "text/html"},
            {"rel": "logo", "href": icon, "type": "image/png"},
        ],
        "authentication": [{"type": _BASIC, "labels": labels}],
    }
