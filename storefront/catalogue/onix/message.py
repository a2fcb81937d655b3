"""An ONIX message: a header followed by records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parseaddr
from itertools import batched

from django.conf import settings
from lxml import etree

from storefront.catalogue.models import Listing
from storefront.catalogue.onix.product import Custom, product, serialised

NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
_BATCH = 200


def message(listings: Iterable[Listing], *, sent_at: datetime, custom: Custom, note: str = "") -> Iterator[bytes]:
    """Yield the message in pieces of some hundred records, so that it is never in memory as a whole."""
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + f'<ONIXMessage release="3.0" xmlns="{NAMESPACE}">\n'.encode()
        + _header(sent_at, note)
    )
    is_empty = True
    for batch in batched(listings, _BATCH):
        is_empty = False
        yield serialised(product(listing, custom=custom) for listing in batch)
    yield b"<NoProduct/>\n</ONIXMessage>\n" if is_empty else b"</ONIXMessage>\n"


def _header(sent_at: datetime, note: str) -> bytes:
    header = etree.Element("Header")
    sender = etree.SubElement(header, "Sender")
    etree.SubElement(sender, "SenderName").text = settings.SITE_NAME
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "." in address.partition("@")[2]:  # the schema rejects host names without a domain
        etree.SubElement(sender, "EmailAddress").text = address
    etree.SubElement(header, "SentDateTime").text = f"{sent_at:%Y%m%dT%H%M%SZ}"
    if note:
        etree.SubElement(header, "MessageNote").text = note
    return serialised([header])
