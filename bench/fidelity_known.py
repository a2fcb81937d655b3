"""Differences that are known, with the reason: part of `bench/fidelity.py`. What is not listed here fails the bench."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """At most `most` differences of a kind, for one opinion about one file, are right as they are."""

    file: str
    opinion: str
    kind: str
    most: int
    reason: str


KNOWN: tuple[Known, ...] = ()


def explain(file: str, opinion: str, kind: str, amount: int) -> str:
    """The reason for a difference, or "" when it is not explained, or larger than was explained."""
    for known in KNOWN:
        if known.file == file and known.opinion in (opinion, "*") and known.kind == kind and amount <= known.most:
            return known.reason
    return ""
