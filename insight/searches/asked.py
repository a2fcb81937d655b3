"""What a page's address says that somebody looked for: words, subject, language, service."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict
from django.utils.translation import get_language, override

from common.search_text import runs
from hiring.offers.forms import OfferSearch
from hiring.service_kinds import TEXT_KINDS, ServiceKind
from publishing import thema
from storefront.catalogue.facets import base_language
from storefront.catalogue.selectors.browse import Filters
from storefront.search.query import ARTICLES, MAX_QUERY_LENGTH, MAX_TERMS
from storefront.search.synonyms import SUBJECT_SYNONYMS

_MAX_VALUE = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What is stored of a search. Other filters, such as a price, are not."""

    words: str = ""
    subject: str = ""
    language: str = ""
    service: str = ""


def books(query: QueryDict) -> Asked | None:
    """Return what a search or a narrowed list of books was for; None if it says nothing."""
    filters = Filters(
        subject=query.get("subject", "")[:_MAX_VALUE], language=query.get("language", "")[:_MAX_VALUE]
    ).known()
    words = normalized(query.get("q", ""))
    if not (words or filters.subject or filters.language):
        return None
    page_language = get_language() or "en"
    return Asked(
        words=words,
        subject=filters.subject or _subjects_by_words(page_language).get(words, ""),
        language=base_language(filters.language or page_language).lower(),
    )


def services(query: QueryDict) -> Asked | None:
    """Return what a search for people to hire was for; None if it names no service."""
    wanted = OfferSearch(query).wanted
    if not wanted.kind:
        return None
    kind = ServiceKind(wanted.kind)
    language = wanted.target or wanted.language or get_language() or "en"
    return Asked(
        subject=thema.nearest(wanted.genre),
        language=base_language(language).lower() if kind in TEXT_KINDS else "",
        service=kind.value,
    )


def normalized(text: str) -> str:
    """Return the words without case, accents, punctuation and a leading article, in order."""
    found = [run for run in runs(text[:MAX_QUERY_LENGTH]) if run]
    if len(found) > 1 and found[0] in ARTICLES:
        found = found[1:]
    return " ".join(found[:MAX_TERMS])[:MAX_QUERY_LENGTH]


@lru_cache(maxsize=32)
def _subjects_by_words(language: str) -> dict[str, str]:
    """Return the subjects by their headings and synonyms, so that “krimi” counts as somebody who wants crime novels."""
    found: dict[str, str] = {}
    with override(language):
        for code, synonyms in SUBJECT_SYNONYMS.items():
            for words in str(synonyms).split(","):
                found[normalized(words)] = code
        for code, heading in (thema.SECTIONS | thema.SUBJECTS).items():
            found[normalized(str(heading))] = code
    found.pop("", None)
    return found
