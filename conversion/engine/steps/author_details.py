"""The book's metadata: the author's details applied over the manuscript's own, and made safe.

Titles and names come from strangers and appear in file lists, page titles and library catalogues, so control characters
are removed and lengths limited here, once, before any writer sees them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import Any

from ..book import isbn
from ..book.model import Book, Contributor, Metadata, TradeFacts
from ..book.names import one_line, shortened
from ..contract import AuthorDetails, ConversionRequest
from ..findings.model import Finding, Severity

TITLE_CHARACTERS = 300
NAME_CHARACTERS = 200
DESCRIPTION_CHARACTERS = 8000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def complete(book: Book, request: ConversionRequest, identifier: Callable[[], str]) -> list[Finding]:
    """Complete and clean `book.metadata`; `identifier` is called when neither author nor manuscript provides one."""
    about = _overlaid(book.metadata, request)
    book.trade = _trade(request.overrides)
    findings = _missing(about)
    full_title = one_line(about.title)
    if len(full_title) > TITLE_CHARACTERS:
        facts: dict[str, str | int] = {"characters": len(full_title), "limit": TITLE_CHARACTERS}
        findings.append(Finding("metadata.title-long", Severity.PROBLEM, facts=facts))
    book.metadata = replace(
        about,
        title=shortened(full_title, TITLE_CHARACTERS) or _title_of_file(request.name),
        subtitle=shortened(one_line(about.subtitle), TITLE_CHARACTERS),
        contributors=[Contributor(name, person.role) for person in about.contributors if (name := _name(person.name))],
        language=about.language if _LANGUAGE.fullmatch(about.language) else "",
        description=about.description[:DESCRIPTION_CHARACTERS],
        publisher=_name(about.publisher),
        rights=shortened(one_line(about.rights), DESCRIPTION_CHARACTERS),
        source=shortened(one_line(about.source), NAME_CHARACTERS),
        published=about.published or request.modified[:10],
        subjects=list(dict.fromkeys(name for subject in about.subjects if (name := _name(subject)))),
        identifier=one_line(about.identifier)[:NAME_CHARACTERS] or identifier(),
    )
    return findings


def open_findings(findings: list[Finding], request: ConversionRequest) -> list[Finding]:
    """Return the readers' findings, without those on the language where the author's details state it."""
    if not request.overrides.language:
        return findings
    return [finding for finding in findings if not finding.code.startswith("language.")]


def _overlaid(own: Metadata, request: ConversionRequest) -> Metadata:
    given = request.overrides
    chosen: dict[str, Any] = {
        item.name: list(value) if isinstance(value, tuple) else value
        for item in fields(own)
        if (value := getattr(given, item.name, None))
    }
    chosen["subjects"] = [*given.subjects, *own.subjects]
    return replace(own, **chosen)


def _trade(given: AuthorDetails) -> TradeFacts:
    """Return what the record alone knows. A number that is no ISBN is left out."""
    digits = one_line(given.print_isbn)
    return TradeFacts(
        print_isbn=digits if digits and isbn.is_valid(digits) else "",
        subject_codes=tuple(zip(map(_name, given.subjects), given.subject_codes, strict=False)),
        licence=one_line(given.licence),
        is_mining_reserved=given.is_mining_reserved,
    )


def _missing(about: Metadata) -> list[Finding]:
    findings = []
    if not one_line(about.title):
        findings.append(Finding("metadata.title-missing", Severity.PROBLEM))
    if not about.language:
        findings.append(Finding("metadata.language-missing", Severity.PROBLEM))
    elif not _LANGUAGE.fullmatch(about.language):
        findings.append(Finding("metadata.language-wrong", Severity.PROBLEM, facts={"language": _name(about.language)}))
    if not any(person.role == "aut" for person in about.contributors):
        findings.append(Finding("metadata.author-missing", Severity.ADVICE))
    return findings


def _name(text: str) -> str:
    return shortened(one_line(text), NAME_CHARACTERS)


def _title_of_file(name: str) -> str:
    stem = PurePosixPath(name.replace("\\", "/")).stem
    return shortened(one_line(re.sub(r"[_%]+", " ", stem)), TITLE_CHARACTERS) or "Untitled"
