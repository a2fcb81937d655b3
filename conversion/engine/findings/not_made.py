"""The remark that a file was asked for and could not be made, by code."""

from __future__ import annotations

from .model import Finding
from .registry import severity

PDF, FILE = "pdf.not-made", "artifact.not-made"


def pdf(target: str) -> Finding:
    """The remark that the PDF for a target is missing."""
    return Finding(PDF, severity(PDF), facts={"target": target})
