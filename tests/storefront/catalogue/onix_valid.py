"""ONIX held against what EDItEUR published: the XSD and the RELAX NG schema, with their code lists, by onixcheck."""

from __future__ import annotations

import io
from functools import cache

from lxml import etree
from onixcheck.models import OnixFile


@cache
def _schemas() -> tuple[etree.XMLSchema, etree.RelaxNG]:
    sample = OnixFile(io.BytesIO(b'<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference"/>'))
    return sample.get_validator("xsd"), sample.get_validator("rng")


def onix_faults(message: bytes) -> list[str]:
    """What either schema finds wrong; nothing when the message is valid."""
    tree = etree.parse(io.BytesIO(message))
    return [str(fault) for schema in _schemas() if not schema.validate(tree) for fault in schema.error_log]
