"""Findings that a requested file could not be made."""

from __future__ import annotations

from .model import Finding
from .registry import severity

PDF, FILE = "pdf.not-made", "artifact.not-made"


def pdf(target: str) -> Finding:
    """Return the finding that the PDF for a target is missing."""
    return Finding(PDF, severity(PDF), facts={"target": target})
