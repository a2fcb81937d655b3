"""Findings that a requested file could not be made, and why, in words that `conversion/fact_terms.py` knows."""

from __future__ import annotations

from ..errors import AuthorFixable, ConversionError, PlatformFault, limit_error
from .model import Finding
from .registry import severity

PDF, FILE = "pdf.not-made", "artifact.not-made"
_FAILED = "a program of ours failed"
_OF_LIMITS = {
    "memory": "it needs too much memory",
    "time": "it takes too much time",
    "size": "the file becomes too large",
    "storage": "the files become too large",
    "files": "it needs too many files",
    "depth": "the text is nested too deeply",
    "processes": "it needs too many processes",
}
_OF_FAULTS = {
    "platform.no-space": "this server has no space left",
    "pdf.helper_died": "a program of ours ended unexpectedly",
    "child.crashed": "a program of ours ended unexpectedly",
    "child.killed": "this server ran short of memory",
}


def pdf(target: str, cause: str = _FAILED, chapter: str = "") -> Finding:
    """Return the finding that the PDF for a target is missing, because of a chapter where that is known."""
    return Finding(PDF, severity(PDF), chapter=chapter, facts={"target": target, "cause": cause})


def file(name: str, kind: str, cause: str = _FAILED) -> Finding:
    """Return the finding that another file is missing."""
    return Finding(FILE, severity(FILE), facts={"file": name, "format": kind, "cause": cause})


def cause_of(error: Exception | None) -> str:
    """Return in words why something was not made."""
    if error is None:
        return _FAILED
    known = error if isinstance(error, ConversionError) else limit_error(error)
    if isinstance(known, AuthorFixable):
        return _OF_LIMITS.get(str(known.facts.get("limit", "")), _FAILED)
    return _OF_FAULTS.get(known.code, _FAILED) if isinstance(known, PlatformFault) else _FAILED
